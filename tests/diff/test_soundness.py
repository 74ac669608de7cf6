"""Verdicts against a validator: a value that was right and is not must have been told of.

`oneOf` is left out: its variants are taken to exclude one another, which is what it is for.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from app.contract.schema import Direction, Schemas
from codegen.diff.changes import Change
from tests.diff.small import compared, document

THING = "#/components/schemas/Thing"
NAMES = st.sampled_from("mn")
SCALARS: list[Any] = [None, True, False, 0, 1, 2, 3, 4, 6, -1, 0.5, 2.0, "", "a", "b", "ab", "abc"]
VALUES: list[Any] = [
    *SCALARS,
    *(
        [],
        [1],
        ["a"],
        [1, 1],
        ["a", "b", "ab"],
        [None],
        [[]],
        [{}],
        [1, "a"],
        ["a", 1],
        ["a", 1, 1],
    ),
    *({}, {"m": 1}, {"m": "a"}, {"m": None}, {"n": 1}, {"m": 1, "n": "a"}, {"m": {"m": 1}}),
    *({"x": 1}, {"m": 1, "x": "a"}, {"m": [], "n": {}}, {"m": {"n": "b"}, "n": 2}, {"n": "abc"}),
    *([{"m": 1}], [{"n": "a"}, {"x": 2}], {"m": [1, "a"]}, {"x": "ab", "n": 4}),
]
TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")
DEMANDS: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
    "enum": st.lists(st.sampled_from(SCALARS[:2] + SCALARS[3:]), min_size=1, max_size=4),
    "const": st.sampled_from(SCALARS),
    "minimum": st.integers(-1, 4) | st.just(0.5),
    "maximum": st.integers(-1, 4) | st.just(2.5),
    "exclusiveMinimum": st.integers(-1, 4) | st.just(0.5),
    "exclusiveMaximum": st.integers(-1, 4),
    "multipleOf": st.integers(1, 4),
    "minLength": st.integers(0, 3),
    "maxLength": st.integers(0, 3),
    "pattern": st.sampled_from(["a", "^a", "b$"]),
    "minItems": st.integers(0, 3),
    "maxItems": st.integers(0, 3),
    "uniqueItems": st.booleans(),
    "minProperties": st.integers(0, 2),
    "maxProperties": st.integers(0, 2),
    "required": st.lists(NAMES, unique=True),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=1),
    "additionalProperties": st.booleans(),
    "unevaluatedProperties": st.just(False),
    "format": st.sampled_from(["int8", "uint8", "uuid"]),
    "$ref": st.sampled_from(["#/components/schemas/Text", "#/components/schemas/Closed"]),
}
SHARED = {
    "Text": {"type": "string", "maxLength": 2},
    "Closed": {"properties": {"m": {"type": "integer"}}, "additionalProperties": False},
}
GROUPS = [
    [
        *("type", "enum", "const", "format", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
    ],
    ["type", "enum", "minLength", "maxLength", "pattern", "format", "$ref"],
    [
        *("type", "items", "prefixItems", "contains", "minContains", "maxContains"),
        *("minItems", "maxItems", "uniqueItems"),
    ],
    [
        *("type", "properties", "required", "additionalProperties", "patternProperties", "$ref"),
        *("propertyNames", "unevaluatedProperties", "dependentRequired"),
        *("minProperties", "maxProperties"),
    ],
    ["type", "allOf", "anyOf", "not", "if", "then", "else", "properties", "$ref"],
]


def combined(schema: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    # A schema that is itself where nothing lies between means nothing.
    flat, schema = schema, schema | st.just({"$ref": THING}) | st.booleans()
    inside = {
        "properties": st.dictionaries(NAMES, schema, max_size=2),
        "additionalProperties": schema,
        "patternProperties": st.dictionaries(st.sampled_from(["^m", "n"]), schema, max_size=1),
        "propertyNames": flat,
        "items": schema,
        "prefixItems": st.lists(schema, min_size=1, max_size=2),
        "contains": flat,
        "minContains": st.integers(0, 2),
        "maxContains": st.integers(0, 2),
        "allOf": st.lists(flat, min_size=1, max_size=2),
        "anyOf": st.lists(flat, min_size=1, max_size=3),
        "not": flat,
        "if": flat,
        "then": flat,
        "else": flat,
    }
    return chosen({**DEMANDS, **inside})


def chosen(demands: dict[str, st.SearchStrategy[Any]]) -> st.SearchStrategy[Any]:
    """A schema of one to four of these keywords, of those that have to do with one another."""
    groups = st.sampled_from([[n for n in group if n in demands] for group in GROUPS])
    keywords = groups.flatmap(
        lambda group: st.lists(st.sampled_from(group), min_size=1, max_size=4, unique=True)
    )
    return keywords.flatmap(lambda names: st.fixed_dictionaries({n: demands[n] for n in names}))


DOCUMENTED = st.recursive(chosen(DEMANDS), combined, max_leaves=6)


@st.composite
def edited(draw: st.DrawFn) -> tuple[Any, Any]:
    """A schema and what an edit makes of it: somewhere in it keywords come, go, or say another."""
    old = draw(DOCUMENTED)
    new = json.loads(json.dumps(old))
    changed = draw(st.sampled_from(list(_schemas(new))))
    other = draw(DOCUMENTED)
    for keyword in draw(
        st.lists(st.sampled_from(sorted({*changed, *other})), min_size=1, max_size=2)
    ):
        if keyword in other:
            changed[keyword] = other[keyword]
        else:
            changed.pop(keyword, None)
    return old, new


def _schemas(schema: Any) -> Iterator[dict[str, Any]]:
    if not isinstance(schema, dict):
        return
    yield schema
    for word in ("properties", "patternProperties"):
        for inner in schema.get(word, {}).values():
            yield from _schemas(inner)
    for word in ("allOf", "anyOf", "prefixItems"):
        for inner in schema.get(word, ()):
            yield from _schemas(inner)
    for word in ("additionalProperties", "items", "contains", "not", "if", "then", "else"):
        yield from _schemas(schema.get(word))


def read(schema: Any) -> tuple[dict[str, Any], Any]:
    source = document(schema, schemas=SHARED)
    return source, Schemas(source).validator(THING, Direction.REQUEST)


def has(value: Any, names: set[str]) -> bool:
    """Whether a value has members of these names, however deep."""
    if isinstance(value, dict):
        return bool(names & value.keys()) or any(has(inner, names) for inner in value.values())
    return isinstance(value, list) and any(has(inner, names) for inner in value)


def is_expected(value: Any, changes: list[Change]) -> bool:
    """Whether clients are told to expect it (docs/changes.md): a member more, where nothing was
    said of it before; and any member, in an answer that is opened.
    """
    is_opened = any(c.rule == "response-additional-properties-widened" for c in changes)
    return is_opened or has(
        value, {c.subject for c in changes if c.rule.endswith("property-added")}
    )


@settings(max_examples=600, deadline=None, derandomize=True)
@given(edited())
def test_a_value_that_is_no_longer_right_was_told_of(schemas: tuple[Any, Any]) -> None:
    old, new = schemas
    (before, was), (after, now) = read(old), read(new)
    changes = compared(before, after)
    told = {change.rule.partition("-")[0] for change in changes if change.is_breaking}
    for value in VALUES:
        if was.is_valid(value) == now.is_valid(value) or is_expected(value, changes):
            continue
        way = "request" if was.is_valid(value) else "response"
        assert way in told, (old, new, value, changes)
