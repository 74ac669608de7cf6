"""Less that is taken breaks who sends; more that can come breaks who receives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.small import compared, document, rules, severities

NARROWER = ("breaking", "additive")
WIDER = ("additive", "breaking")
OTHER = ("breaking", "breaking")
FREE = ("additive", "additive")
SAME = ("", "")

TEXT, NULL, NUMBER = {"type": "string"}, {"type": "null"}, {"type": "number"}
A = {"type": "object", "properties": {"kind": {"const": "a"}, "a": TEXT}, "required": ["kind"]}
B = {"type": "object", "properties": {"kind": {"const": "b"}, "b": TEXT}, "required": ["kind"]}
A_REF, B_REF = {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}
BOTH = {"A": A, "B": B}
KIND = {"propertyName": "kind"}


def member(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"m": schema}, **more}


CASES: list[tuple[str, Any, Any, tuple[str, str]]] = [
    # Types.
    ("a number is an integer", NUMBER, {"type": "integer"}, NARROWER),
    ("an integer is a number", {"type": "integer"}, NUMBER, WIDER),
    ("any type is a text", {}, TEXT, NARROWER),
    ("a text is a number", TEXT, NUMBER, OTHER),
    ("null comes", TEXT, {"type": ["string", "null"]}, WIDER),
    ("null goes", {"type": ["string", "null"]}, TEXT, NARROWER),
    # Values.
    ("a value comes", {"enum": ["a"]}, {"enum": ["a", "b"]}, WIDER),
    ("a value goes", {"enum": ["a", "b"]}, {"enum": ["a"]}, NARROWER),
    ("a value for another", {"enum": ["a"]}, {"enum": ["b"]}, OTHER),
    ("values in another order", {"enum": ["a", "b"]}, {"enum": ["b", "a"]}, SAME),
    ("one value is a constant", {"enum": ["a"]}, {"const": "a"}, SAME),
    ("a constant", TEXT, {"type": "string", "const": "a"}, NARROWER),
    ("1 is 1.0", {"const": 1}, {"const": 1.0}, SAME),
    # Bounds.
    ("minimum up", {"minimum": 1}, {"minimum": 2}, NARROWER),
    ("minimum down", {"minimum": 2}, {"minimum": 1}, WIDER),
    ("maximum up", {"maximum": 1}, {"maximum": 2}, WIDER),
    ("maximum comes", NUMBER, {"type": "number", "maximum": 2}, NARROWER),
    ("maximum goes", {"type": "number", "maximum": 2}, NUMBER, WIDER),
    ("a bound is excluded", {"minimum": 1}, {"exclusiveMinimum": 1}, NARROWER),
    ("a bound is included", {"exclusiveMaximum": 1}, {"maximum": 1}, WIDER),
    (
        "an excluded bound of integers is one more",
        {"type": "integer", "exclusiveMinimum": 0},
        {"type": "integer", "minimum": 1},
        SAME,
    ),
    ("no length is length 0", TEXT, {"type": "string", "minLength": 0}, SAME),
    ("length", {"minLength": 1}, {"minLength": 2}, NARROWER),
    ("items", {"maxItems": 1}, {"maxItems": 2}, WIDER),
    ("members", {"minProperties": 1}, {"minProperties": 2}, NARROWER),
    (
        "int32 is int64",
        {"type": "integer", "format": "int32"},
        {"type": "integer", "format": "int64"},
        WIDER,
    ),
    (
        "int32 within bounds is int64",
        {"type": "integer", "format": "int32", "minimum": 0, "maximum": 5},
        {"type": "integer", "format": "int64", "minimum": 0, "maximum": 5},
        SAME,
    ),
    ("even is a multiple of 4", {"multipleOf": 2}, {"multipleOf": 4}, NARROWER),
    ("a multiple of 4 is even", {"multipleOf": 4}, {"multipleOf": 2}, WIDER),
    ("a multiple of 2 is one of 3", {"multipleOf": 2}, {"multipleOf": 3}, OTHER),
    ("a format comes", TEXT, {"type": "string", "format": "uuid"}, NARROWER),
    ("a date comes", TEXT, {"type": "string", "format": "date"}, NARROWER),
    ("a format goes", {"format": "uuid"}, {}, WIDER),
    ("another format", {"format": "uuid"}, {"format": "uri"}, OTHER),
    ("another pattern", {"pattern": "a"}, {"pattern": "b"}, OTHER),
    ("items are unique", {"type": "array"}, {"type": "array", "uniqueItems": True}, NARROWER),
    ("items need not be unique", {"uniqueItems": True}, {"uniqueItems": False}, WIDER),
    ("not", {}, {"not": TEXT}, NARROWER),
    ("not, with a reference", {"not": A_REF}, {"not": B_REF}, OTHER),
    ("if", {"if": TEXT, "then": {"minLength": 1}}, {"if": TEXT, "then": {"minLength": 2}}, OTHER),
    # Members.
    ("a member comes", member(TEXT), member(TEXT) | {"properties": {"m": TEXT, "n": TEXT}}, FREE),
    ("a member goes", member(TEXT), {"type": "object"}, OTHER),
    ("a member is required", member(TEXT), member(TEXT, required=["m"]), NARROWER),
    ("a member is optional", member(TEXT, required=["m"]), member(TEXT), WIDER),
    ("a required member comes", {"type": "object"}, member(TEXT, required=["m"]), NARROWER),
    ("an unnamed member is required", {}, {"required": ["m"]}, NARROWER),
    ("a member is narrower", member(TEXT), member({"const": "a"}), NARROWER),
    ("a member is read-only", member(TEXT), member({**TEXT, "readOnly": True}), ("breaking", "")),
    ("a member is write-only", member(TEXT), member({**TEXT, "writeOnly": True}), ("", "breaking")),
    (
        "a read-only member is required",
        member({**TEXT, "readOnly": True}),
        member({**TEXT, "readOnly": True}, required=["m"]),
        ("", "additive"),
    ),
    ("closed", member(TEXT), member(TEXT, additionalProperties=False), NARROWER),
    ("opened", member(TEXT, additionalProperties=False), member(TEXT), FREE),
    (
        "closed by another keyword",
        member(TEXT, additionalProperties=False),
        member(TEXT, unevaluatedProperties=False),
        SAME,
    ),
    (
        "other members are narrower",
        {"additionalProperties": TEXT},
        {"additionalProperties": {"const": "a"}},
        NARROWER,
    ),
    ("other members are texts", {}, {"additionalProperties": TEXT}, NARROWER),
    ("other members are anything", {"additionalProperties": TEXT}, {}, WIDER),
    ("a map is closed", {"additionalProperties": TEXT}, {"additionalProperties": False}, OTHER),
    (
        "members of a pattern",
        {"patternProperties": {"^x": TEXT}},
        {"patternProperties": {"^x": {"const": "a"}}},
        NARROWER,
    ),
    ("a pattern of members", {}, {"patternProperties": {"^x": TEXT}}, OTHER),
    # Items.
    ("items are narrower", {"items": TEXT}, {"items": {"const": "a"}}, NARROWER),
    ("items are said", {"type": "array"}, {"type": "array", "items": TEXT}, NARROWER),
    ("items are not said", {"type": "array", "items": TEXT}, {"type": "array"}, WIDER),
    ("first items", {"prefixItems": [TEXT]}, {"prefixItems": [{"const": "a"}]}, NARROWER),
    ("more first items", {"prefixItems": [TEXT]}, {"prefixItems": [TEXT, TEXT]}, NARROWER),
    # The same, written otherwise.
    (
        "moved into allOf",
        member(TEXT, required=["m"]),
        {"allOf": [member(TEXT, required=["m"])]},
        SAME,
    ),
    (
        "taken apart",
        member(TEXT, required=["m"]),
        {"allOf": [{"type": "object", "required": ["m"]}, {"properties": {"m": TEXT}}]},
        SAME,
    ),
    ("moved behind a reference", A, A_REF, SAME),
    ("null by anyOf", {"type": ["string", "null"]}, {"anyOf": [TEXT, NULL]}, SAME),
    ("null by oneOf, of a component", {"anyOf": [A_REF, NULL]}, {"anyOf": [NULL, A_REF]}, SAME),
    ("null comes by anyOf", TEXT, {"anyOf": [TEXT, NULL]}, WIDER),
    ("null goes out of anyOf", {"anyOf": [TEXT, NULL]}, TEXT, NARROWER),
    ("texts change", {"description": "A.", **TEXT}, {"description": "B.", **TEXT}, SAME),
    # Variants.
    ("a variant comes", {"oneOf": [A_REF]}, {"oneOf": [A_REF, B_REF]}, WIDER),
    ("a variant goes", {"oneOf": [A_REF, B_REF]}, {"oneOf": [A_REF]}, NARROWER),
    ("variants in another order", {"oneOf": [A_REF, B_REF]}, {"oneOf": [B_REF, A_REF]}, SAME),
    ("one of several is the only one", {"oneOf": [A_REF, B_REF]}, A_REF, NARROWER),
    ("the only one is one of several", A_REF, {"anyOf": [A_REF, B_REF]}, WIDER),
    ("a variant is written out", {"oneOf": [A_REF, B_REF]}, {"oneOf": [A, B]}, SAME),
    (
        "a variant is narrower",
        {"anyOf": [TEXT, NUMBER]},
        {"anyOf": [NUMBER, {"type": "string", "maxLength": 5}]},
        NARROWER,
    ),
    ("anyOf is oneOf", {"anyOf": [A_REF, B_REF]}, {"oneOf": [A_REF, B_REF]}, NARROWER),
    ("a choice beside demands", member(TEXT), member(TEXT, anyOf=[{"required": ["m"]}]), NARROWER),
    (
        "told by another member",
        {"oneOf": [A_REF], "discriminator": KIND},
        {"oneOf": [A_REF], "discriminator": {"propertyName": "a"}},
        OTHER,
    ),
    (
        "a value of the discriminator goes",
        {"oneOf": [A_REF], "discriminator": {**KIND, "mapping": {"a": "A", "x": "A"}}},
        {"oneOf": [A_REF], "discriminator": {**KIND, "mapping": {"a": "A"}}},
        NARROWER,
    ),
    (
        "a value of the discriminator means another variant",
        {"oneOf": [A_REF, B_REF], "discriminator": {**KIND, "mapping": {"a": "A"}}},
        {"oneOf": [A_REF, B_REF], "discriminator": {**KIND, "mapping": {"a": "B"}}},
        OTHER,
    ),
    # Defaults matter to who leaves out.
    ("a default comes", TEXT, {**TEXT, "default": "a"}, FREE),
    ("a default changes", {**TEXT, "default": "a"}, {**TEXT, "default": "b"}, NARROWER),
    ("a default goes", {**TEXT, "default": "a"}, TEXT, NARROWER),
]


@pytest.mark.parametrize(
    ("old", "new", "expected"), [c[1:] for c in CASES], ids=[c[0] for c in CASES]
)
def test_both_directions_are_told(old: Any, new: Any, expected: tuple[str, str]) -> None:
    found = rules(document(old, schemas=BOTH), document(new, schemas=BOTH))
    assert severities(old, new, schemas=BOTH) == expected, found


@pytest.mark.parametrize("schema", [c[1] for c in CASES], ids=[c[0] for c in CASES])
def test_a_schema_that_stays_has_no_changes(schema: Any) -> None:
    assert compared(document(schema, schemas=BOTH), document(schema, schemas=BOTH)) == []


def test_a_schema_may_contain_itself() -> None:
    def tree(leaf: Any) -> dict[str, Any]:
        children = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
        return {"type": "object", "properties": {"leaf": leaf, "children": children}}

    old, new = document(tree(TEXT)), document(tree({"const": "a"}))
    assert rules(old, new) == {
        "request-enum-narrowed": "breaking",
        "response-enum-narrowed": "additive",
    }
    assert [each.operations for each in compared(old, new)] == [("send",), ("send",)]


def test_variants_may_contain_themselves() -> None:
    def expression(*more: Any) -> dict[str, Any]:
        pair = {"type": "array", "items": {"$ref": "#/components/schemas/Thing"}}
        return {"anyOf": [TEXT, pair, *more]}

    old, new = document(expression()), document(expression(NUMBER))
    assert rules(old, new) == {
        "request-variants-widened": "additive",
        "response-variants-widened": "breaking",
    }
    assert rules(new, old) == {
        "request-variants-narrowed": "breaking",
        "response-variants-narrowed": "additive",
    }


def test_3_0_and_3_1_say_the_same_in_different_words() -> None:
    old = {
        "type": "object",
        "properties": {
            "text": {"type": "string", "nullable": True},
            "count": {"type": "integer", "minimum": 0, "exclusiveMinimum": True},
            "choice": {"type": "string", "nullable": True, "enum": ["a", None]},
        },
    }
    new = {
        "type": "object",
        "properties": {
            "text": {"type": ["string", "null"]},
            "count": {"type": "integer", "exclusiveMinimum": 0},
            "choice": {"enum": ["a", None]},
        },
    }
    assert rules(document(old, version="3.0.3"), document(new)) == {}


def test_a_shared_schema_is_told_once_with_every_operation_that_it_concerns() -> None:
    source = document(member(TEXT, required=["m"]))
    twin = {**source["paths"]["/things"]["post"], "operationId": "send_again"}
    source["paths"]["/again"] = {"post": twin}
    changed = {**source, "components": {"schemas": {"Thing": member(TEXT)}}}
    response, request = compared(source, changed)
    assert response.rule == "response-property-optional"
    assert request.rule == "request-property-optional"
    assert response.operations == request.operations == ("send", "send_again")
