"""Quick words for a schema let the same pass as the document's own."""

from typing import Any

import jsonschema_rs
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.contract import Document
from app.contract.gate import Gate
from app.contract.problems import ContractBroken
from app.contract.quick import quicken
from app.contract.schema import Direction, Schemas


def quick(schema: dict[str, Any]) -> Any:
    source = {"openapi": "3.1.0", "components": {"schemas": {"S": schema}}}
    return Schemas(source).validator("#/components/schemas/S", Direction.RESPONSE, is_quick=True)


@given(st.text() | st.none() | st.integers())
@example("a\0b")
@example("a\n")
@example("\0")
@example("")
def test_a_search_for_one_character_judges_as_the_pattern_that_it_stands_for(value: Any) -> None:
    pattern = r"^[^\u0000]*$"
    validator = quick({"pattern": pattern})
    by_pattern = jsonschema_rs.Draft202012Validator({"pattern": pattern})

    assert validator.is_valid(value) == by_pattern.is_valid(value)


@pytest.mark.parametrize("pattern", ["^[^.]*$", r"^[^\u0000]+$", r"[^\u0000]*$"])
def test_other_patterns_are_left_as_they_are(pattern: str) -> None:
    by_pattern = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    validator = quick({"pattern": pattern})
    for value in ("", ".", "a.b", "a\0b", "x"):
        assert validator.is_valid(value) == by_pattern.is_valid(value)


CLOSED = {
    "type": "object",
    "properties": {"a": {}, "b": {"type": "integer"}},
    "additionalProperties": False,
    "required": ["b", "a"],
}
OBJECTS = st.dictionaries(st.sampled_from("abc"), st.none() | st.integers(), max_size=3)


@pytest.mark.parametrize(
    "more",
    [
        {},
        {"minProperties": 1},
        {"minProperties": 3},
        {"maxProperties": 1},
        {"properties": {"a": {}, "b": False}},
        {"required": ["a"]},
        {"required": ["a", "b", "c"]},
        {"required": ["c", "b"]},
        {"additionalProperties": {"type": "integer"}},
        {"patternProperties": {"c": {}}},
        {"type": ["object", "null"]},
    ],
)
def test_counting_properties_judges_as_looking_for_each(more: dict[str, Any]) -> None:
    schema = CLOSED | more
    validator = quick(schema)
    by_name = jsonschema_rs.Draft202012Validator(schema)

    @given(OBJECTS | st.none() | st.integers())
    @example({"a": 1, "b": 2})
    @example({"a": 1, "c": 2})
    def agree(value: Any) -> None:
        assert validator.is_valid(value) == by_name.is_valid(value)

    agree()


def test_properties_are_counted_where_that_is_enough() -> None:
    source = {"components": {"schemas": {"S": {**CLOSED}, "T": {**CLOSED, "required": ["a"]}}}}
    quicken(source)

    assert "required" not in source["components"]["schemas"]["S"]
    assert source["components"]["schemas"]["T"]["required"] == ["a"]


@pytest.mark.parametrize(
    ("body", "keyword"),
    [
        ({"a": "", "b": 1}, "`minLength`"),
        ({"a": "x"}, "`required`"),
        ({"a": "\0", "b": 1}, "/a does not hold to `pattern`"),
        ({"a": "x", "b": 1, "c": 1}, "`additionalProperties`"),
    ],
)
def test_what_an_answer_breaks_is_told_in_the_words_of_the_document(
    body: Any, keyword: str
) -> None:
    text = {"type": "string", "minLength": 1, "pattern": r"^[^\u0000]*$"}
    schema = CLOSED | {"properties": {"a": text, "b": {"type": "integer"}}}
    answer = {"description": "It.", "content": {"application/json": {"schema": schema}}}
    paths = {"/": {"get": {"operationId": "get_it", "responses": {"200": answer}}}}
    document = Document({"openapi": "3.1.0", "paths": paths})
    gate = Gate(document.operations[0], document, Schemas(document.source))

    assert gate.answer({"a": "x", "b": 1}).status == 200
    with pytest.raises(ContractBroken, match=keyword):
        gate.answer(body)
