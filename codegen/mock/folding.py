"""Several schemas that must hold at once, as one: what a value is made from.

References and `allOf` are taken in; alternatives and conditions are collected, for whoever makes a
value to decide on. A folded schema only guides; the value is judged by the schema itself.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from typing import Any

from app.contract import pointers
from app.contract.pointers import UnresolvableReferenceError

Folded = dict[str, Any]

_LOWER = ("minimum", "exclusiveMinimum", "minLength", "minItems", "minProperties", "minContains")
_UPPER = ("maximum", "exclusiveMaximum", "maxLength", "maxItems", "maxProperties", "maxContains")
_CONDITION = ("if", "then", "else")
ALL_TYPES = ("object", "array", "string", "integer", "number", "boolean", "null")


class Contradiction(ValueError):
    """No value can hold to all of the schemas."""


def fold(source: Any, schema: Any) -> tuple[Folded, frozenset[str]]:
    """Return a schema with all that it refers to, and the pointers that led there.

    Raises Contradiction where it is `false` or its parts exclude one another.
    """
    folded: Folded = {}
    passed: set[str] = set()
    _take(source, schema, folded, passed)
    return folded, frozenset(passed)


def joined(*schemas: Any) -> Any:
    """Return the schema of what holds to all of `schemas`."""
    return schemas[0] if len(schemas) == 1 else {"allOf": list(schemas)}


def _take(source: Any, schema: Any, into: Folded, passed: set[str]) -> None:
    if schema is False:
        raise Contradiction("nothing may stand here")
    if not isinstance(schema, dict):
        return
    for keyword, value in _own_words(schema).items():
        into[keyword] = _MERGE[keyword](into[keyword], value) if keyword in into else value
    reference = schema.get("$ref")
    if isinstance(reference, str) and reference not in passed:
        passed.add(reference)
        try:
            target = pointers.lookup(source, reference)
        except UnresolvableReferenceError as error:
            raise Contradiction(error.reason) from None
        _take(source, target, into, passed)
    for part in schema.get("allOf", ()):
        _take(source, part, into, passed)


def _own_words(schema: dict[str, Any]) -> Folded:
    """Return what a schema says itself, in words that can be merged."""
    own = {keyword: value for keyword, value in schema.items() if keyword in _MERGE}
    if "type" in own:
        declared = own["type"]
        own["type"] = [declared] if isinstance(declared, str) else list(declared)
    if "const" in schema:
        own["enum"] = [schema["const"]]
    own |= {to: [schema[word]] for word, to in _COLLECTED.items() if word in schema}
    if "if" in schema:
        own["conditions"] = [{word: schema[word] for word in _CONDITION if word in schema}]
    return own


_COLLECTED = {"pattern": "patterns", "not": "nots", "oneOf": "choices", "anyOf": "variants"}


def _both_types(one: list[str], other: list[str]) -> list[str]:
    both = [t for t in one if t in other or (t == "integer" and "number" in other)]
    both += [t for t in other if t == "integer" and "number" in one and t not in both]
    if not both:
        raise Contradiction("the types exclude one another")
    return both


def _both_values(one: list[Any], other: list[Any]) -> list[Any]:
    both = [value for value in one if value in other]
    if not both:
        raise Contradiction("no value is in both enumerations")
    return both


def _both_members(one: dict[str, Any], other: dict[str, Any]) -> dict[str, Any]:
    return {
        name: joined(*(part[name] for part in (one, other) if name in part))
        for name in dict.fromkeys((*one, *other))
    }


def _both_prefixes(one: list[Any], other: list[Any]) -> list[Any]:
    longer, shorter = (one, other) if len(one) >= len(other) else (other, one)
    return [joined(item, *shorter[index : index + 1]) for index, item in enumerate(longer)]


def _both_multiples(one: float, other: float) -> float:
    are_whole = isinstance(one, int) and isinstance(other, int)
    return math.lcm(int(one), int(other)) if are_whole else max(one, other)


def _first(one: Any, _: Any) -> Any:
    return one


def _appended(one: list[Any], other: list[Any]) -> list[Any]:
    return [*one, *other]


def _united(one: list[str], other: list[str]) -> list[str]:
    return list(dict.fromkeys((*one, *other)))


_MERGE: dict[str, Callable[[Any, Any], Any]] = {
    **dict.fromkeys(_LOWER, max),
    **dict.fromkeys(_UPPER, min),
    **dict.fromkeys(("properties", "patternProperties", "dependentSchemas"), _both_members),
    **dict.fromkeys(
        ("items", "additionalProperties", "propertyNames", "contains"),
        joined,
    ),
    **dict.fromkeys((*_COLLECTED.values(), "conditions"), _appended),
    **dict.fromkeys(
        ("format", "contentEncoding", "default", "example", "examples", "writeOnly", "uniqueItems"),
        _first,
    ),
    "type": _both_types,
    "enum": _both_values,
    "multipleOf": _both_multiples,
    "required": _united,
    "dependentRequired": lambda one, other: {**one, **other},
    "prefixItems": _both_prefixes,
}
