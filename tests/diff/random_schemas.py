"""Small schemas by chance, an edit of each, and values to try them with."""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

from hypothesis import strategies as st

SHARED: dict[str, dict[str, Any]] = {
    "Text": {"type": "string", "maxLength": 2},
    "Closed": {"properties": {"m": {"type": "integer"}}, "additionalProperties": False},
}
SCALARS: list[Any] = [None, True, False, 0, 1, 2, 3, 4, 6, -1, 0.5, 2.0, "", "a", "b", "ab", "abc"]
LISTS: list[Any] = [
    *([], [1], ["a"], [1, 1], ["a", "b", "ab"], [None], [[]], [{}], [1, "a"], ["a", 1]),
    *(["a", 1, 1], [{"m": 1}], [{"n": "a"}, {"x": 2}], [1, 2, 3]),
]
OBJECTS: list[Any] = [
    *({}, {"m": 1}, {"m": "a"}, {"m": None}, {"n": 1}, {"m": 1, "n": "a"}, {"m": {"m": 1}}),
    *({"x": 1}, {"m": 1, "x": "a"}, {"m": [], "n": {}}, {"m": {"n": "b"}, "n": 2}, {"n": "abc"}),
    *({"m": [1, "a"]}, {"x": "ab", "n": 4}),
]
VALUES = [*SCALARS, *LISTS, *OBJECTS]
TYPES = ("string", "integer", "number", "boolean", "null", "array", "object")
NAMES = st.sampled_from("mn")
# Keywords that have to do with one another.
KINDS: dict[str, list[str]] = {
    "integer": ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "enum"],
    "number": ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "const", "format"],
    "string": ["minLength", "maxLength", "pattern", "enum", "const", "format", "$ref"],
    "array": [
        *("items", "prefixItems", "contains", "minContains", "maxContains"),
        *("minItems", "maxItems", "uniqueItems"),
    ],
    "object": [
        *("properties", "required", "additionalProperties", "patternProperties", "$ref", "allOf"),
        *("propertyNames", "unevaluatedProperties", "dependentRequired"),
        *("minProperties", "maxProperties"),
    ],
    "": ["anyOf", "anyOf", "allOf", "not", "if", "then", "else", "properties", "$ref"],
}
PLAIN: dict[str, st.SearchStrategy[Any]] = {
    "type": st.sampled_from(TYPES) | st.lists(st.sampled_from(TYPES), min_size=1, unique=True),
    "enum": st.lists(st.sampled_from(SCALARS[:2] + SCALARS[3:]), min_size=1, max_size=4),
    "const": st.sampled_from(SCALARS),
    "minimum": st.sampled_from([-1, 0, 0.5, 1, 2, 3]),
    "maximum": st.sampled_from([0, 1, 2, 2.5, 3, 4]),
    "exclusiveMinimum": st.sampled_from([-1, 0, 0.5, 1, 2]),
    "exclusiveMaximum": st.sampled_from([0, 1, 2, 2.5, 3]),
    "multipleOf": st.integers(1, 4),
    "format": st.sampled_from(["int8", "uint8", "uuid"]),
    "minLength": st.integers(0, 3),
    "maxLength": st.integers(0, 3),
    "pattern": st.sampled_from(["a", "^a", "b$"]),
    "minItems": st.integers(0, 3),
    "maxItems": st.integers(0, 3),
    "minContains": st.integers(0, 2),
    "maxContains": st.integers(0, 2),
    "uniqueItems": st.booleans(),
    "minProperties": st.integers(0, 2),
    "maxProperties": st.integers(0, 2),
    "required": st.lists(NAMES, unique=True),
    "dependentRequired": st.dictionaries(NAMES, st.lists(NAMES, max_size=1), max_size=1),
    "unevaluatedProperties": st.just(False),
    "$ref": st.sampled_from([f"#/components/schemas/{name}" for name in SHARED]),
}
LISTED = {"allOf": (1, 2), "anyOf": (2, 3), "prefixItems": (1, 2)}
MAPPED = {"properties": NAMES, "patternProperties": st.sampled_from(["^m", "n"])}
# A schema that is itself where nothing lies between means nothing.
FLAT = frozenset({"allOf", "anyOf", "not", "if", "then", "else", "propertyNames", "contains"})
WITHIN = ("additionalProperties", "items", "contains", "propertyNames", "not", "if", "then", "else")


def demand(keyword: str, depth: int) -> st.SearchStrategy[Any]:
    """What a keyword may say, with schemas of at most this depth within."""
    if keyword in PLAIN:
        return PLAIN[keyword]
    schema: st.SearchStrategy[Any] = schemas(depth - 1)
    if keyword not in FLAT:
        schema |= st.booleans() | st.just({"$ref": "#/components/schemas/Thing"})
    if keyword in LISTED:
        fewest, most = LISTED[keyword]
        return st.lists(schema, min_size=fewest, max_size=most)
    if keyword in MAPPED:
        return st.dictionaries(MAPPED[keyword], schema, min_size=1, max_size=2)
    return schema


@st.composite
def schemas(draw: st.DrawFn, depth: int = 2) -> dict[str, Any]:
    """A schema of up to three keywords of one kind, mostly with the type that they are about."""
    kind = draw(st.sampled_from(list(KINDS)))
    known = [word for word in KINDS[kind] if depth or word in PLAIN]
    words = draw(st.lists(st.sampled_from(known), max_size=3, unique=True)) if known else []
    found = {word: draw(demand(word, depth)) for word in words}
    is_typed = kind and draw(st.sampled_from([True, True, False]))
    return {"type": kind, **found} if is_typed else found


@st.composite
def edits(draw: st.DrawFn) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema, and the same where in some place a keyword comes, goes, or says something else."""
    old = draw(schemas())
    new = copy.deepcopy(old)
    place = draw(st.sampled_from(list(parts(new))))
    related = [words for words in KINDS.values() if place.keys() & {*words}] or [*KINDS.values()]
    word = draw(st.sampled_from(["type", *draw(st.sampled_from(related))]))
    is_gone = word in place and draw(st.booleans())
    if is_gone and word in LISTED and draw(st.booleans()):
        place[word].pop()
    elif is_gone:
        del place[word]
    elif word in LISTED and word in place:
        place[word].append(draw(schemas(0)))
    else:
        place[word] = draw(demand(word, 1))
    return old, new


def parts(schema: Any) -> Iterator[dict[str, Any]]:
    """Yield a schema and all within it."""
    if not isinstance(schema, dict):
        return
    yield schema
    inside = [inner for word in MAPPED for inner in schema.get(word, {}).values()]
    inside += [inner for word in LISTED for inner in schema.get(word, ())]
    inside += [schema[word] for word in WITHIN if word in schema]
    for inner in inside:
        yield from parts(inner)
