"""The Python type of a shape, as it is written in an annotation."""

from __future__ import annotations

import re
from typing import Any

from codegen.leaves import types_of
from codegen.shapes import REFERENCE, Shapes
from codegen.text import literal

_SCALARS = {
    "string": "str",
    "integer": "int",
    "number": "float",
    "boolean": "bool",
    "null": "None",
}
_FORMATS = {"date-time": "datetime", "date": "date", "uuid": "UUID"}


def spell(shape: dict[str, Any], *, formats: bool = True) -> str:
    """Return the annotation of a shape; without `formats`, texts of any format are `str`."""
    if "$ref" in shape:
        return str(shape["$ref"]).removeprefix(REFERENCE)
    if "customTypePath" in shape:
        return str(shape["customTypePath"]).rpartition(".")[2]
    if "anyOf" in shape:
        return " | ".join(dict.fromkeys(spell(s, formats=formats) for s in shape["anyOf"]))
    if "enum" in shape:
        return f"Literal[{', '.join(literal(value) for value in shape['enum'])}]"
    kinds = types_of(shape)
    return " | ".join(_of_type(kind, shape, formats=formats) for kind in kinds) or "Any"


def _of_type(kind: str, shape: dict[str, Any], *, formats: bool) -> str:
    if kind == "array":
        return f"list[{spell(shape.get('items', {}), formats=formats)}]"
    if kind == "object":
        return f"dict[str, {spell(shape.get('additionalProperties', {}), formats=formats)}]"
    if kind == "string" and formats and shape.get("format") in _FORMATS:
        return _FORMATS[shape["format"]]
    return _SCALARS[kind]


def or_none(annotation: str) -> str:
    """Return the annotation of a value that may be absent."""
    is_nullable = annotation in {"None", "Any"} or annotation.endswith(" | None")
    return annotation if is_nullable else f"{annotation} | None"


def names_in(annotation: str) -> set[str]:
    """Return the identifiers that an annotation uses, those inside of string literals aside."""
    bare = re.sub(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'', "", annotation)
    return set(re.findall(r"[A-Za-z_][A-Za-z0-9_]*", bare))


def is_model(shape: dict[str, Any], shapes: Shapes) -> bool:
    """Whether a shape is a class of schemas.py, and not an alias or a type of Python's own."""
    return "$ref" in shape and "properties" in shapes.resolve_once(shape)


def is_plain(shape: dict[str, Any], shapes: Shapes, seen: frozenset[str] = frozenset()) -> bool:
    """Whether the JSON value itself is of the Python type, so that nothing needs to be built."""
    if "$ref" in shape:
        if shape["$ref"] in seen:
            return False
        return is_plain(shapes.resolve_once(shape), shapes, seen | {shape["$ref"]})
    if "format" in shape or "properties" in shape or shape.get("additionalProperties") is False:
        return False
    inner = [*shape.get("anyOf", ())]
    inner += [shape[word] for word in ("items", "additionalProperties") if word in shape]
    return all(is_plain(s, shapes, seen) for s in inner if isinstance(s, dict))
