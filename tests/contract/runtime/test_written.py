"""A body becomes a JSON text, and what is judged is what that text says."""

from __future__ import annotations

import json
import math
from datetime import UTC, date, datetime, timedelta, timezone
from decimal import Decimal
from enum import Enum, StrEnum
from typing import Any, TypedDict
from uuid import UUID

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pydantic import BaseModel, Field

from app.contract import Document
from app.contract.gate import Gate
from app.contract.problems import ContractBroken
from app.contract.schema import Schemas
from app.contract.written import is_told_by_values, plain, written

MOMENT = datetime(2026, 11, 23, 9, 30, 0, 500_000, tzinfo=UTC)


class Colour(Enum):
    RED = "red"


class Hue(StrEnum):
    RED = "red"


class Model(BaseModel):
    self_: int = Field(alias="self")
    made_at: datetime


MODEL = Model(self=1, made_at=MOMENT)
AS_JSON = {"self": 1, "made_at": "2026-11-23T09:30:00.500000Z"}


@pytest.mark.parametrize(
    ("body", "value"),
    [
        (MODEL, AS_JSON),
        ({"self": 1, "made_at": MOMENT}, AS_JSON),
        ({"models": [MODEL], "one": MODEL}, {"models": [AS_JSON], "one": AS_JSON}),
        ([MODEL, {"id": UUID(int=1)}], [AS_JSON, {"id": str(UUID(int=1))}]),
        (
            {"at": MOMENT.astimezone(timezone(timedelta(hours=2)))},
            {"at": "2026-11-23T11:30:00.500000+02:00"},
        ),
        ({"on": date(2026, 11, 23), "colour": Colour.RED}, {"on": "2026-11-23", "colour": "red"}),
        ({"sum": Decimal("1.50")}, {"sum": "1.50"}),
        ({"large": 2**70, "made_at": MOMENT}, {"large": 2**70, "made_at": AS_JSON["made_at"]}),
        ({1: "one"}, {"1": "one"}),
        ("text", "text"),
        (None, None),
        ((1, MODEL), [1, AS_JSON]),
    ],
)
def test_a_body_is_written_as_json(body: Any, value: Any) -> None:
    text, read = written(body)

    assert read(text) == value
    assert json.loads(text) == value


def test_what_json_cannot_say_is_judged_as_it_is_sent() -> None:
    text, read = written({"ratio": math.nan})

    assert text == b'{"ratio":null}'
    assert read(text) == {"ratio": None}


# Where only the text decides: NaN is null there, and to a validator it is no value at all.
NOT_NULL = {"properties": {"a": {"not": {"type": "null"}}}}
TEXTS_ONLY = {"not": {"type": "string", "pattern": "x"}}
SCHEMAS: dict[str, dict[str, Any]] = {
    "anything": {},
    "integer": {"properties": {"a": {"type": "integer", "minimum": 0}}},
    "number": {"properties": {"a": {"type": "number", "multipleOf": 0.5}}},
    "nullable": {"properties": {"a": {"type": ["number", "null"]}}},
    "text": {"properties": {"a": {"type": "string", "maxLength": 1}}},
    "moment": {"properties": {"a": {"type": "string", "format": "date-time"}}},
    "bound": {"properties": {"a": {"maximum": 3}}},
    "list": {"properties": {"a": {"type": "array", "items": {"type": ["number", "null"]}}}},
    "distinct": {"properties": {"a": {"uniqueItems": True}}},
    "enumerated": {"properties": {"a": {"enum": [None, 1, "red", [None]]}}},
    "not null": NOT_NULL,
    "one of": {"properties": {"a": {"oneOf": [{"type": "null"}, {"maximum": 1}]}}},
    "if": {"properties": {"a": {"if": {"type": "null"}, "then": False}}},
    "few": {"properties": {"a": {"maxContains": 1, "contains": {"type": "null"}}}},
    "no x": {"properties": {"a": TEXTS_ONLY}},
    "no such text": {"properties": {"a": {"type": "string", "not": {"pattern": "x"}}}},
    "referred": {"properties": {"a": {"$ref": "#/components/schemas/inner"}}},
}
JSON_VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=1), inner),
    max_leaves=4,
)


def gate_of(schema: dict[str, Any]) -> Gate:
    answer = {"description": "It.", "content": {"application/json": {"schema": schema}}}
    paths = {"/": {"get": {"operationId": "get_it", "responses": {"200": answer}}}}
    components = {"schemas": {"inner": {"not": {"type": "null"}}}}
    document = Document({"openapi": "3.1.0", "paths": paths, "components": components})
    return Gate(document.operations[0], document, Schemas(document.source))


def passes(gate: Gate, body: Any) -> bool:
    try:
        gate.answer(body)
    except ContractBroken:
        return False
    return True


@pytest.mark.parametrize("name", SCHEMAS)
def test_a_body_passes_if_and_only_if_its_text_does(name: str) -> None:
    gate = gate_of(SCHEMAS[name])

    @given(JSON_VALUES | st.datetimes(timezones=st.just(UTC)) | st.uuids() | st.decimals())
    @example(math.nan)
    @example(-math.inf)
    @example([math.nan, math.nan])
    @example([None, math.nan])
    @example(2**70)
    @example(Colour.RED)
    @example(Hue.RED)
    @example(MODEL)
    @example((1, None))
    @example("x")
    @example("\ud800")
    def agree(value: Any) -> None:
        try:
            text, read = written({"a": value})
        except (UnicodeEncodeError, ValueError):
            return  # Nobody can write it, and so nothing leaves.
        assert passes(gate, {"a": value}) == passes(gate, read(text))

    agree()


@pytest.mark.parametrize(
    ("name", "is_told"),
    [
        *((name, True) for name in ("anything", "number", "list", "no x", "no such text")),
        *((name, False) for name in ("not null", "one of", "if", "few", "distinct", "referred")),
    ],
)
def test_it_is_known_where_the_body_tells_what_its_text_would(name: str, *, is_told: bool) -> None:
    source = {"S": SCHEMAS[name], "components": {"schemas": {"inner": {"not": {}}}}}
    assert is_told_by_values(source, "#/S") is is_told


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/nowhere"},
        {"$ref": "other.yaml#/S"},
        {"$ref": "#anchor"},
        {"$id": "another", "$ref": "#/S"},
        {"items": {"$dynamicRef": "#node"}},
    ],
)
def test_what_a_reference_hides_is_judged_by_the_text(schema: dict[str, Any]) -> None:
    assert not is_told_by_values({"S": schema}, "#/S")


def test_a_schema_may_contain_itself() -> None:
    tree = {"properties": {"left": {"$ref": "#/S"}, "right": {"$ref": "#/S"}}}
    assert is_told_by_values({"S": tree}, "#/S")


class Named(TypedDict):
    a: int


class Words(str):
    __slots__ = ()


@pytest.mark.parametrize("body", [{"a": [1, None, "é", True, 1.5, {}]}, [], (), Named(a=1), "x"])
def test_what_json_has_is_plain(body: Any) -> None:
    assert plain(body) == json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


@pytest.mark.parametrize("value", [MOMENT, MODEL, Decimal(1), Words("x"), {1: 2}, b"x", 2**70])
def test_what_json_has_not_is_not_plain(value: Any) -> None:
    assert plain({"a": value}) is None
