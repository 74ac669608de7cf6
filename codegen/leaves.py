"""Shapes that hold no object: scalars, choices, unions, and what may be said about their size."""

from __future__ import annotations

import math
from typing import Any

from codegen.text import WIDTH, wrapped

Shape = dict[str, Any]
FORMATS = frozenset({"date-time", "date", "uuid"})
_SCALARS = frozenset({"string", "integer", "number", "boolean", "null"})
_STRING_BOUNDS = ("minLength", "maxLength")
_NUMBER_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum")
_SIZES = (*_STRING_BOUNDS, *_NUMBER_BOUNDS, "minItems", "maxItems")
_PYTHON_TYPES = {
    "string": str,
    "integer": int,
    "number": int | float,
    "boolean": bool,
    "array": list,
    "object": dict,
    "null": type(None),
}


def scalar(schema: dict[str, Any], types: list[str]) -> Shape:
    """Return the shape of a schema of one simple type, or of one simple type and null."""
    if not types:
        return {}
    main = next((kind for kind in types if kind != "null"), "null")
    shape: Shape = {"type": types[0] if len(types) == 1 else [main, "null"]}
    if main == "string":
        if schema.get("format") in FORMATS:
            return {**shape, "format": schema["format"]}
        return {**shape, **bounds(schema, _STRING_BOUNDS)}
    if main in {"integer", "number"}:
        return {**shape, **bounds(schema, _NUMBER_BOUNDS, whole=main == "integer")}
    return shape


def types_of(schema: dict[str, Any]) -> list[str]:
    """Return the types that a schema declares, as a list."""
    declared = schema.get("type")
    return [declared] if isinstance(declared, str) else list(declared or ())


def is_nullable_object(schema: dict[str, Any]) -> bool:
    """Whether a schema is an object with members of its own, or null."""
    return sorted(types_of(schema)) == ["null", "object"] and "properties" in schema


def is_simple(schema: dict[str, Any], types: list[str]) -> bool:
    """Whether one shape can stand for all of `types`: choices, or a scalar that may be null."""
    if "enum" in schema or "const" in schema:
        return True
    others = [kind for kind in types if kind != "null"]
    return len(others) <= 1 and not set(others) & {"object", "array"}


def bounds(schema: dict[str, Any], words: tuple[str, ...], *, whole: bool = False) -> Shape:
    """Return those keywords of `words` that hold numbers; whole ones, where only these compare."""
    found: Shape = {}
    for word in words:
        value = schema.get(word)
        if not isinstance(value, int | float) or isinstance(value, bool):
            continue
        if not math.isfinite(value) or (whole and value != int(value)):
            continue
        found[word] = value if word in _NUMBER_BOUNDS and not whole else int(value)
    return found


def without_bounds(shape: Shape) -> Shape:
    """Return an item's shape without sizes, for which the model generator would need a name."""
    return {word: value for word, value in shape.items() if word not in _SIZES}


def choices(schema: dict[str, Any], types: list[str]) -> Shape:
    """Return the shape of an enumeration; of its type alone where Python has no literal for it."""
    values = schema["enum"] if "enum" in schema else [schema["const"]]
    kinds = tuple(_PYTHON_TYPES[kind] for kind in types)
    admitted = [v for v in values if not types or _is_of(v, kinds, types)]
    whole = [int(v) if isinstance(v, float) and v.is_integer() else v for v in admitted]
    distinct = list({(type(v), str(v)): v for v in whole}.values())
    if not distinct or not all(isinstance(v, str | int | None) for v in distinct):
        return scalar({}, types) if len(types) == 1 and types[0] in _SCALARS else {}
    if distinct == [None]:
        return {"type": "null"}
    if None in distinct:
        rest = [v for v in distinct if v is not None]
        return union([{"enum": rest}, {"type": "null"}])
    return {"enum": distinct}


def _is_of(value: Any, kinds: tuple[Any, ...], types: list[str]) -> bool:
    if isinstance(value, bool):
        return "boolean" in types
    if isinstance(value, float) and value.is_integer() and "integer" in types:
        return True
    return any(isinstance(value, kind) for kind in kinds)


def union(shapes: list[Shape]) -> Shape:
    """Return one shape for several: flat, without repetition, anything last."""
    flat: list[Shape] = []
    for shape in shapes:
        inner = shape.get("anyOf", [shape])
        flat += [without_bounds(s) for s in inner]
    distinct = [s for index, s in enumerate(flat) if s and s not in flat[:index]]
    if any(not s for s in flat):
        distinct.append({})
    if len(distinct) == 1:
        return shapes[0] if len(shapes) == 1 else distinct[0]
    return {"anyOf": distinct}


def description(text: Any) -> Shape:
    """Return the description of a shape, wrapped as a docstring will hold it."""
    if not isinstance(text, str) or not text.strip():
        return {}
    return {"description": wrapped(text, WIDTH - 7)}


def described(shape: Shape, schema: Any) -> Shape:
    """Return a member's shape with what the document says about it: description and default."""
    if not isinstance(schema, dict):
        return shape
    extra = description(schema.get("description"))
    if "default" in schema and _is_plain_default(schema["default"], shape):
        extra["default"] = schema["default"]
    return {**shape, **extra} if extra else shape


def _is_plain_default(value: Any, shape: Shape) -> bool:
    """Whether a default can stand in a class body as it is, being of the member's Python type."""
    if "format" in shape or "$ref" in shape or "anyOf" in shape or "customTypePath" in shape:
        return value is None and {"type": "null"} in shape.get("anyOf", ())
    if "enum" in shape:
        return any(value == v and type(value) is type(v) for v in shape["enum"])
    types = types_of(shape)
    if not types or "array" in types or "object" in types:
        return False
    return _is_of(value, tuple(_PYTHON_TYPES[kind] for kind in types), types)
