"""Executes the document's schemas: JSON Schema 2020-12, formats included, by jsonschema-rs.

OpenAPI 3.0's dialect, `int32`/`int64` and `readOnly`/`writeOnly` are first put into the words of
JSON Schema, since a validator knows nothing of them. A schema is named by its JSON pointer.
"""

from __future__ import annotations

import base64
import binascii
import copy
from collections.abc import Callable, Iterable, Mapping
from enum import Enum
from functools import cached_property
from typing import Any, Final

import jsonschema_rs

from app.contract import pointers
from app.contract.grammar import schemas
from app.contract.passed import PassedTexts
from app.contract.quick import quicken
from app.contract.written import is_told_by_values

BASE_URI: Final = "urn:contract:document"
INTEGER_RANGES: Final[Mapping[str, tuple[int, int]]] = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "uint16": (0, 2**16 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
}

# Year 0 and leap seconds, which Python cannot hold.
TIMES: Final = {"not": {"type": "string", "pattern": "^0000|:60"}}


class Direction(Enum):
    """Which way a value travels: `readOnly` and `writeOnly` mean something in one of them only."""

    REQUEST = "readOnly"
    RESPONSE = "writeOnly"


class Schemas:
    """The executable schemas of one document. A validator is compiled when first asked for.

    `passed` are the texts of answers that have passed them lately.
    """

    def __init__(self, source: dict[str, Any]) -> None:
        """`source` is the parsed bundle; it is not changed."""
        self._source = source
        self._is_3_0 = str(source.get("openapi", "")).startswith("3.0")
        self._registries: dict[tuple[Direction, bool], jsonschema_rs.Registry] = {}
        self._validators: dict[tuple[str, Direction, bool], Any] = {}
        self.passed = PassedTexts()

    def validator(
        self, pointer: str, direction: Direction = Direction.REQUEST, *, is_quick: bool = False
    ) -> Any:
        """Return the validator (`is_valid`, `iter_errors`) of the schema at `pointer`. A quick one
        tells of answers only whether they pass, as its errors are not in the document's words.
        """
        key = (pointer, direction, is_quick)
        if key not in self._validators:
            self._validators[key] = self._compile(*key)
        return self._validators[key]

    def are_told_by_values(self, pointer: str) -> bool:
        """Tell whether a body of an answer may be judged in place of its text."""
        return is_told_by_values(self._source, pointer)

    def executable(self, direction: Direction) -> dict[str, Any]:
        """Return a copy of the document whose schemas are plain JSON Schema 2020-12."""
        return executable(self._source, direction, is_3_0=self._is_3_0)

    def _compile(self, pointer: str, direction: Direction, is_quick: bool) -> Any:  # noqa: FBT001 - a key's part
        return jsonschema_rs.Draft202012Validator(
            {"$ref": BASE_URI + pointers.as_uri_fragment(pointer)},
            registry=self._registry(direction, is_quick=is_quick),
            validate_formats=True,
            formats=self._formats,
        )

    def _registry(self, direction: Direction, *, is_quick: bool) -> jsonschema_rs.Registry:
        found = self._registries.get((direction, is_quick))
        if found is None:
            # No client is refused a time for what Python cannot hold.
            translated = executable(
                self._source, direction, is_3_0=self._is_3_0, narrows_times=not is_quick
            )
            if is_quick:
                quicken(translated)
            found = jsonschema_rs.Registry(
                [(BASE_URI, translated)], draft=jsonschema_rs.Draft202012
            )
            self._registries[direction, is_quick] = found
        return found

    @cached_property
    def _formats(self) -> dict[str, Callable[[str], bool]]:
        """Only those that the document names: a validator that may call Python takes half as long
        again, whether it does so or not.
        """
        named = [schema.get("format") for _, schema in schemas(self._source)]
        return {name: admits for name, admits in FORMATS.items() if name in named}


def executable(
    source: dict[str, Any], direction: Direction, *, is_3_0: bool, narrows_times: bool = True
) -> dict[str, Any]:
    """Translate every schema of `source` into JSON Schema 2020-12 for one direction. Times are
    narrowed to those that Python can hold, unless told otherwise.
    """
    translated = copy.deepcopy(source)
    one_way = _one_way_properties(source, direction)
    for pointer, schema in list(schemas(translated)):
        if is_3_0:
            _from_3_0(schema)
        _bound_integers(schema)
        if narrows_times:
            _narrow_times(schema)
        if pointer in one_way and "required" in schema:
            schema["required"] = [n for n in schema["required"] if n not in one_way[pointer]]
    return translated


def _one_way_properties(source: dict[str, Any], direction: Direction) -> dict[str, set[str]]:
    """Map the pointer of a schema to its properties that do not travel in `direction`.

    `required` does not apply to them there (OpenAPI 3.0.3, Schema Object, readOnly).
    """
    found: dict[str, set[str]] = {}
    for pointer, schema in schemas(source):
        for name in schema.get("properties", {}):
            at = pointers.child(pointer, "properties", name)
            try:
                resolved = pointers.resolve(source, at)[0]
            except pointers.UnresolvableReferenceError:
                continue
            if resolved.get(direction.value) is True:
                found.setdefault(pointer, set()).add(name)
    return found


def _from_3_0(schema: dict[str, Any]) -> None:
    """Put the words that OpenAPI 3.0 uses differently into those of JSON Schema 2020-12."""
    if "$ref" in schema:
        reference = schema["$ref"]
        schema.clear()
        schema["$ref"] = reference
        return
    for bound in ("Minimum", "Maximum"):
        exclusive = schema.get(f"exclusive{bound}")
        if isinstance(exclusive, bool):
            del schema[f"exclusive{bound}"]
            if exclusive and bound.lower() in schema:
                schema[f"exclusive{bound}"] = schema.pop(bound.lower())
    if schema.pop("nullable", False) is True and "type" in schema:
        schema["type"] = [schema["type"], "null"]
        if "enum" in schema and None not in schema["enum"]:
            schema["enum"] = [*schema["enum"], None]


def _bound_integers(schema: dict[str, Any]) -> None:
    """Add the range that a `format` such as int64 stands for (OpenAPI Format Registry)."""
    declared = schema.get("format")
    bounds = INTEGER_RANGES.get(declared) if isinstance(declared, str) else None
    if bounds is None:
        return
    lowest, highest = bounds
    has_own = (
        schema.get("minimum", lowest - 1) >= lowest
        and schema.get("maximum", highest + 1) <= highest
    )
    if not has_own:
        schema.setdefault("allOf", []).append({"minimum": lowest, "maximum": highest})


def _narrow_times(schema: dict[str, Any]) -> None:
    """Refuse what RFC 3339 can write and Python cannot hold: year 0, leap seconds."""
    if schema.get("format") in {"date", "date-time"}:
        schema.setdefault("allOf", []).append(copy.deepcopy(TIMES))


def _is_base64(text: str) -> bool:
    try:
        base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError):
        return False
    return True


FORMATS: Final[dict[str, Callable[[str], bool]]] = {"byte": _is_base64}


def reading_types(source: dict[str, Any], pointer: str) -> frozenset[str]:
    """Return the JSON types that a schema may admit, all of them where it does not say.

    It tells in which ways a parameter's text is worth reading; the schema then decides.
    """
    return frozenset(_types(source, pointer, set())) or ALL_TYPES


ALL_TYPES: Final = frozenset({"string", "number", "integer", "boolean", "null", "array", "object"})


def _types(source: dict[str, Any], pointer: str, seen: set[str]) -> Iterable[str]:
    schema, pointer = pointers.resolve(source, pointer)
    if pointer in seen:
        return set()
    seen.add(pointer)
    declared = schema.get("type")
    if declared:
        return {declared} if isinstance(declared, str) else set(declared)
    if "const" in schema or "enum" in schema:
        return {_type_of(v) for v in schema.get("enum", [schema.get("const")])}
    found: set[str] = set()
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(keyword, []))):
            found |= set(_types(source, pointers.child(pointer, keyword, index), seen))
    return found


def _type_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    names = {str: "string", int: "integer", float: "number", list: "array", dict: "object"}
    return names[type(value)]
