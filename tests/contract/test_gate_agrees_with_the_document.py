"""The gate and a second implementation of JSON Schema judge the same values, and must agree."""

import json
import re
from collections.abc import Iterator
from datetime import datetime
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from jsonschema import Draft202012Validator, FormatChecker, ValidationError, validators
from pydantic import BaseModel
from referencing import Registry
from referencing.jsonschema import DRAFT202012

import generated
from app.contract import Document
from app.contract.pointers import child
from app.contract.schema import INTEGER_RANGES, Direction, Schemas
from app.contract.written import jsonable
from generated import schemas as models
from tests.contract.values import ODDITIES, Values

SOURCE = json.loads(generated.DOCUMENT.read_bytes())
DOCUMENT = Document(SOURCE)
GATE = Schemas(SOURCE)
VALUES = Values(SOURCE)
BASE = "document:/"


def pattern(_: Any, regex: str, text: Any, __: Any) -> Iterator[ValidationError]:
    """Match as ECMA-262 does, as JSON Schema demands: `$` is the very end of the text."""
    if isinstance(text, str) and not re.search(re.sub(r"\$$", r"\\Z", regex), text):
        yield ValidationError(f"{regex} does not match")


REGISTRY: Any = Registry().with_resource(BASE, DRAFT202012.create_resource(SOURCE))
Second = validators.extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
FORMATS = FormatChecker(["date-time"])


def is_storable_time(text: Any) -> bool:
    """Narrow date-time as the service does: year 0 and leap seconds are in no calendar of ours.

    The second implementation lets a line feed stand at the end, which RFC 3339 does not.
    """
    well_formed = FORMATS.conforms(text, "date-time")
    return well_formed and not (isinstance(text, str) and re.search(r"^0000|:60|\n", text))


CHECKER = FormatChecker([])
CHECKER.checks("date-time")(is_storable_time)
for name, (lowest, highest) in INTEGER_RANGES.items():
    # OpenAPI's formats, which are assertions there (Format Registry).
    CHECKER.checks(name)(
        lambda value, low=lowest, high=highest: (
            not isinstance(value, int | float) or low <= value <= high
        )
    )


def second(pointer: str) -> Any:
    """Return the second implementation's validator of the schema at `pointer`."""
    return Second({"$ref": BASE + pointer}, registry=REGISTRY, format_checker=CHECKER)


def everywhere() -> Iterator[str]:
    """Yield the pointer of every component, parameter and response header schema."""
    for name in SOURCE["components"]["schemas"]:
        yield child("#/components/schemas", name)
    for operation in DOCUMENT.operations:
        yield from (parameter.schema for parameter in operation.parameters)
        for response in operation.responses.values():
            yield from (header.schema for header in response.headers.values() if header.schema)


POINTERS = sorted(set(everywhere()))


MANY = settings(
    max_examples=40,
    derandomize=True,
    deadline=None,
    database=None,
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.filter_too_much],
)


def gates_of(pointer: str) -> list[Any]:
    """Return what judges requests and answers, and answers in quick words."""
    quick = GATE.validator(pointer, Direction.RESPONSE, is_quick=True)
    return [*(GATE.validator(pointer, direction) for direction in Direction), quick]


@pytest.mark.parametrize("pointer", POINTERS)
def test_the_gate_agrees_with_a_second_implementation(pointer: str) -> None:
    gates = gates_of(pointer)
    oracle = second(pointer)
    admitted = VALUES.admitted({"$ref": pointer})

    @MANY
    @given(admitted, VALUES.beside(admitted))
    def agree(good: Any, other: Any) -> None:
        verdict = oracle.is_valid(other)
        assert oracle.is_valid(good), "the values of this test are wrong"
        for gate in gates:
            assert gate.is_valid(good), repr(good)
            assert gate.is_valid(other) == verdict, repr(other)

    agree()


@pytest.mark.parametrize("pointer", POINTERS)
def test_they_agree_about_values_of_every_kind(pointer: str) -> None:
    oracle = second(pointer)
    for gate in gates_of(pointer):
        for value in ODDITIES:
            assert gate.is_valid(value) == oracle.is_valid(value), repr(value)


MODELS = [
    name
    for name in SOURCE["components"]["schemas"]
    if isinstance(getattr(models, name, None), type)
    and issubclass(getattr(models, name), BaseModel)
]


@pytest.mark.parametrize("name", MODELS)
def test_what_the_gate_admits_builds_a_model_and_comes_back_the_same(name: str) -> None:
    pointer = child("#/components/schemas", name)
    model: type[BaseModel] = getattr(models, name)
    gate = GATE.validator(pointer, Direction.RESPONSE)
    admitted = VALUES.admitted({"$ref": pointer})

    @MANY
    @given(admitted, VALUES.beside(admitted))
    def come_back(good: Any, other: Any) -> None:
        for value in (good, other):
            if gate.is_valid(value):
                back = jsonable(model.model_validate(value))
                assert gate.is_valid(back), repr(back)
                assert back == model.model_validate(back).model_dump(mode="json", by_alias=True)
                assert same(back, value), (back, value)

    come_back()


def same(back: Any, value: Any) -> bool:
    """Whether a value came back: defaults may be filled in, a time may have another offset."""
    if isinstance(back, dict) and isinstance(value, dict):
        return value.keys() <= back.keys() and all(same(back[k], value[k]) for k in value)
    if isinstance(back, list) and isinstance(value, list):
        return len(back) == len(value) and all(map(same, back, value))
    if isinstance(back, str) and isinstance(value, str) and back != value:
        return datetime.fromisoformat(back) == datetime.fromisoformat(value)
    return bool(back == value and (isinstance(back, bool) == isinstance(value, bool)))


def test_python_takes_a_dollar_for_what_ecma_262_does_not() -> None:
    """Why the second implementation matches patterns in its own way here."""
    schema = {"pattern": "^a$"}
    assert Draft202012Validator(schema).is_valid("a\n")
    assert not Second(schema).is_valid("a\n")
    assert Second(schema).is_valid("a")


def test_every_schema_of_the_document_is_judged() -> None:
    assert len(POINTERS) > len(SOURCE["components"]["schemas"])
    assert set(MODELS) >= {"Health", "Liveness", "Problem", "Readiness"}
