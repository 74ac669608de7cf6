from __future__ import annotations

import time
from random import Random
from typing import Any

import pytest

from app.contract import Document
from app.contract.grammar import schemas
from app.contract.schema import Direction, Schemas
from codegen.mock import patterns
from codegen.mock.folding import Contradiction
from codegen.mock.values import Values
from tests.codegen.golden import CASES
from tests.judge import DOCUMENT, faults_of
from tests.mock.test_other_documents import document_for

EMPTY = {("schemas_combined", "#/components/schemas/Contradiction")}


def made(schema: Any, seed: int = 1, version: str = "3.1.0", **components: Any) -> Any:
    """Return a value for a schema, which the schema admits."""
    members = {"schemas": {"It": schema, **components}}
    document = Document({"openapi": version, "paths": {}, "components": members})
    validator = Schemas(document.source).validator("#/components/schemas/It", Direction.RESPONSE)
    value = Values(document, seed).make("#/components/schemas/It", validator.is_valid)
    assert validator.is_valid(value)
    return value


@pytest.fixture
def random() -> Random:
    return Random(1)  # noqa: S311 - to be repeated


@pytest.mark.parametrize("case", CASES)
def test_a_value_is_made_for_every_schema_that_has_one(case: str) -> None:
    document = document_for(case)
    validators, values = Schemas(document.source), Values(document, 1)
    for pointer, _ in schemas(document.source):
        admits = validators.validator(pointer, Direction.RESPONSE).is_valid
        if (case, pointer) in EMPTY:
            with pytest.raises(Contradiction):
                values.make(pointer, admits)
        else:
            values.make(pointer, admits)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_values_of_our_schemas_hold_by_another_validator(seed: int) -> None:
    document = Document(DOCUMENT)
    validators, values = Schemas(DOCUMENT), Values(document, seed)
    for name, schema in DOCUMENT["components"]["schemas"].items():
        pointer = f"#/components/schemas/{name}"
        admits = validators.validator(pointer, Direction.RESPONSE).is_valid
        assert faults_of(schema, values.make(pointer, admits)) == []


@pytest.mark.parametrize(
    "schema",
    [
        True,
        {"const": None},
        {"enum": [None, 1]},
        {"type": "integer", "minimum": -5, "maximum": -3},
        {"type": "integer", "exclusiveMinimum": 2**40, "multipleOf": 7},
        {"type": "integer", "minimum": 2**62, "maximum": 2**63 - 1},
        {"type": "number", "exclusiveMinimum": 0, "exclusiveMaximum": 0.001},
        {"type": "number", "multipleOf": 0.01, "minimum": 9.995},
        {"type": "string", "minLength": 0, "maxLength": 0},
        {"type": "string", "minLength": 300},
        {"type": "string", "pattern": "^(?!amber)[A-Z]{2,3}-\\d{4}(?:/[a-f]+)?$", "minLength": 9},
        {"type": "string", "pattern": "^\\p{Lu}[\\w.-]*@x\\.(com|org)$"},
        {"type": "string", "pattern": "^[^\\u0000-\\u001f]*$", "minLength": 40, "maxLength": 41},
        {"type": "string", "format": "uuid", "not": {"pattern": "^0"}},
        {"type": "string", "format": "email", "maxLength": 254},
        *({"type": "string", "format": f} for f in ("date", "time", "date-time", "duration")),
        *({"type": "string", "format": f} for f in ("hostname", "ipv4", "ipv6", "uri", "iri")),
        *({"type": "string", "format": f} for f in ("json-pointer", "regex", "byte", "unknown")),
        {"type": "array", "items": {"enum": [1, 2, 3]}, "uniqueItems": True, "minItems": 3},
        {"type": "array", "prefixItems": [{"const": 1}], "items": False, "minItems": 1},
        {"type": "array", "contains": {"const": 7}, "minContains": 2, "items": {"type": "integer"}},
        {"type": "object", "minProperties": 3, "propertyNames": {"pattern": "^x-"}},
        {"type": "object", "patternProperties": {"^a[0-9]$": {"type": "null"}}, "minProperties": 2,
         "additionalProperties": False},
        {"type": "object", "required": ["a"], "dependentRequired": {"a": ["b"]},
         "properties": {"b": {"type": "integer"}}},
        {"type": "object", "properties": {"a": {}, "b": {}, "c": {}}, "maxProperties": 1},
        {"oneOf": [{"type": "integer", "multipleOf": 2}, {"type": "integer", "multipleOf": 3}]},
        {"anyOf": [False, {"type": "string", "maxLength": 2}]},
        {"allOf": [{"type": "integer", "minimum": 5}, {"minimum": 700, "maximum": 900}]},
        {"allOf": [{"maxLength": 9, "minLength": 2}, {"type": "string", "minLength": 8}]},
        {"allOf": [{"type": ["string", "null"]}, {"type": ["null", "integer"]}]},
        {"properties": {"a": {"type": "integer"}}, "required": ["a"],
         "if": {"properties": {"a": {"minimum": 50}}}, "then": {"required": ["b"]}},
        {"type": "object", "properties": {"a": {"const": 1}}, "unevaluatedProperties": False},
    ],
    ids=str,
)  # fmt: skip
@pytest.mark.parametrize("seed", [1, 2, 3])
def test_a_value_is_made_for(schema: Any, seed: int) -> None:
    assert made(schema, seed) == made(schema, seed)


ITSELF = {"$ref": "#/components/schemas/It"}


def objects(*required: str, **properties: Any) -> dict[str, Any]:
    return {"type": "object", "required": list(required), "properties": properties}


def test_recursion_ends() -> None:
    assert made(objects("children", children={"type": "array", "items": ITSELF}, parent=ITSELF))
    with pytest.raises(Contradiction):
        made(objects("a", a=ITSELF))


def test_nullable_of_openapi_3_0_is_understood() -> None:
    schema = objects("a", a={"$ref": "#/components/schemas/N"})
    value = made(schema, version="3.0.3", N={"type": "string", "nullable": True})

    assert isinstance(value["a"], str)


def test_examples_and_defaults_are_taken_before_anything_is_made() -> None:
    schema = objects(a={"type": "string", "examples": ["Ada"]}, b={"type": "integer", "default": 7})

    assert made(schema) == {"a": "Ada", "b": 7}


def test_what_only_travels_to_the_service_is_left_out() -> None:
    secret = {"type": "string", "writeOnly": True}

    assert made(objects("secret", "id", secret=secret, id={"type": "integer"})).keys() == {"id"}


def test_a_token_is_of_the_type_that_clients_look_for() -> None:
    assert made(objects(token_type={"type": "string"})) == {"token_type": "Bearer"}


@pytest.mark.parametrize(
    "schema",
    [
        False,
        {"type": "string", "pattern": "^(a)\\1$"},
        {"type": "string", "minLength": 3, "maxLength": 2},
        {"type": "integer", "minimum": 3, "maximum": 2},
        {"type": "array", "items": {"const": 1}, "uniqueItems": True, "minItems": 2},
        {"allOf": [{"enum": [1]}, {"enum": [2]}]},
    ],
    ids=str,
)
def test_where_there_is_no_value_none_is_made(schema: Any) -> None:
    with pytest.raises(Contradiction):
        made(schema)


@pytest.mark.parametrize(
    "pattern",
    ["((a+)+)+", "(((x{99}){99}){99}){99}", "[a-z]{0,100000}", "(a|b|(c|d)*)*", "a" * 5000],
)
def test_no_pattern_makes_the_drawing_slow(pattern: str, random: Random) -> None:
    drawn = patterns.texts(pattern, random)
    began = time.process_time()

    assert all(len(text) <= patterns.LONGEST for text in drawn)
    assert time.process_time() - began < 1


@pytest.mark.parametrize("pattern", ["(", "[", "a)", "\\", "(?<n>", "[a"])
def test_a_pattern_that_cannot_be_read_draws_nothing(pattern: str, random: Random) -> None:
    assert list(patterns.texts(pattern, random)) == []
