"""Less that is taken breaks who sends; more that can come breaks who receives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.diff.cases import parts, values, variants
from tests.diff.cases.case import BOTH, NUMBER, TEXT, member
from tests.diff.small import compared, document, rules, severities

CASES = [*values.CASES, *parts.CASES, *variants.CASES]


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
