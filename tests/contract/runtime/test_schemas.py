from typing import Any

import pytest

from app.contract import Document
from app.contract.pointers import UnresolvableReferenceError, resolve
from app.contract.schema import Direction, Schemas, reading_types


def judge(schema: Any, value: Any, version: str = "3.1.0", **components: Any) -> bool:
    source = {"openapi": version, "components": {"schemas": {"It": schema, **components}}}
    return bool(Schemas(source).validator("#/components/schemas/It").is_valid(value))


@pytest.mark.parametrize(
    ("schema", "admitted", "refused"),
    [
        ({"type": "integer"}, [5, 5.0, -0.0, 10**30], [5.5, "5", True, None]),
        ({"type": "number"}, [5, 1.5], [True, "1"]),
        ({"type": "boolean"}, [True], [1, "true", 0]),
        ({"enum": [1, "a"]}, [1, 1.0, "a"], [True, "1"]),
        ({"const": 0}, [0, 0.0], [False, "0"]),
        ({"type": "integer", "format": "int32"}, [2**31 - 1, -(2**31)], [2**31, -(2**31) - 1]),
        ({"type": "integer", "format": "int64"}, [2**63 - 1], [2**63, 10**400]),
        ({"type": "integer", "format": "uint8"}, [0, 255], [-1, 256]),
        ({"type": "string", "format": "byte"}, ["", "YQ=="], ["a", "YQ", "Y Q=="]),
        (
            {"type": "string", "format": "uuid"},
            [f"{'0' * 8}-{'-'.join(['0' * 4] * 3)}-{'0' * 12}"],
            ["0"],
        ),
        ({"type": "string", "format": "date"}, ["2024-02-29"], ["2023-02-29", "0000-01-01", "0"]),
        (
            {"type": ["string", "null"], "format": "date-time"},
            ["2024-01-01T00:00:00Z", "9999-12-31T23:59:59.999999+14:00", None],
            ["2024-01-01 00:00:00Z", "2024-12-31T23:59:60Z", "2024-01-01T00:00:00", "", 0],
        ),
        ({"type": "string", "maxLength": 1}, ["\U0001f600", "é"], ["e\u0301"]),
        ({"type": "string", "pattern": "^a$"}, ["a"], ["a\n", "ab"]),
        ({"type": "string", "pattern": "^\\d+$"}, ["1"], ["٣"]),
        ({"uniqueItems": True}, [[1, "1", True]], [[1, 1.0], [{"a": 1}, {"a": 1.0}]]),
        ({"multipleOf": 0.01}, [0.07, 1.1, 3], [0.005]),
    ],
)
def test_values_are_judged_as_json_schema_says(
    schema: Any, admitted: list[Any], refused: list[Any]
) -> None:
    assert [value for value in admitted if not judge(schema, value)] == []
    assert [value for value in refused if judge(schema, value)] == []


@pytest.mark.parametrize(
    ("schema", "admitted", "refused"),
    [
        ({"type": "string", "nullable": True}, ["a", None], [1]),
        ({"type": "string", "nullable": False}, ["a"], [None]),
        ({"type": "string", "nullable": True, "enum": ["a"]}, ["a", None], ["b"]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": True}, [2], [1]),
        ({"type": "integer", "minimum": 1, "exclusiveMinimum": False}, [1], [0]),
        ({"type": "integer", "maximum": 1, "exclusiveMaximum": True}, [0], [1]),
        ({"$ref": "#/components/schemas/Name", "minLength": 5}, ["abc"], [""]),
    ],
)
def test_openapi_3_0_is_put_into_the_words_of_json_schema(
    schema: Any, admitted: list[Any], refused: list[Any]
) -> None:
    name = {"type": "string", "minLength": 1}
    assert all(judge(schema, value, "3.0.3", Name=name) for value in admitted)
    assert not any(judge(schema, value, "3.0.3", Name=name) for value in refused)


def test_beside_a_reference_other_keywords_count_since_3_1() -> None:
    schema = {"$ref": "#/components/schemas/Name", "minLength": 5}
    assert not judge(schema, "abc", "3.1.0", Name={"type": "string"})


def test_what_travels_one_way_is_required_one_way() -> None:
    schema = {
        "required": ["id", "password", "name"],
        "properties": {
            "id": {"readOnly": True},
            "password": {"$ref": "#/components/schemas/Secret"},
            "name": {},
        },
    }
    source = {"components": {"schemas": {"It": schema, "Secret": {"writeOnly": True}}}}
    schemas = Schemas({"openapi": "3.1.0", **source})
    pointer = "#/components/schemas/It"
    sent, got = {"name": 1, "password": 1}, {"name": 1, "id": 1}
    assert schemas.validator(pointer, Direction.REQUEST).is_valid(sent)
    assert schemas.validator(pointer, Direction.RESPONSE).is_valid(got)
    assert not schemas.validator(pointer, Direction.REQUEST).is_valid(got)
    assert not schemas.validator(pointer, Direction.RESPONSE).is_valid(sent)


def test_a_document_is_not_changed_by_being_executed() -> None:
    source = {
        "openapi": "3.0.0",
        "components": {"schemas": {"It": {"type": "integer", "format": "int32", "nullable": True}}},
    }
    before = str(source)
    Schemas(source).validator("#/components/schemas/It")
    assert str(source) == before


@pytest.mark.parametrize(
    ("schema", "types"),
    [
        ({"type": "integer"}, {"integer"}),
        ({"type": ["string", "null"]}, {"string", "null"}),
        ({"enum": [1, 1.5, "a", None, True]}, {"integer", "number", "string", "null", "boolean"}),
        ({"const": []}, {"array"}),
        ({"anyOf": [{"type": "string"}, {"enum": [{}]}]}, {"string", "object"}),
        ({"oneOf": [{"$ref": "#/s"}, {"type": "integer"}]}, {"integer"}),
    ],
)
def test_the_types_that_a_schema_may_admit_are_known(schema: Any, types: set[str]) -> None:
    assert reading_types({"s": schema}, "#/s") == types


def test_a_schema_that_does_not_say_may_admit_any_type() -> None:
    assert len(reading_types({"s": {}}, "#/s")) == 7


@pytest.mark.parametrize(
    ("source", "reason"),
    [
        ({"a": {"$ref": "#/b"}}, "nothing stands there"),
        ({"a": {"$ref": "#/a"}}, "leads back to itself"),
        ({"a": {"$ref": "#/b"}, "b": {"$ref": "#/a"}}, "leads back to itself"),
        ({"a": {"$ref": "other.yaml#/b"}}, "leaves the document"),
        ({"a": {"$ref": "#/b"}, "b": 5}, "an object was expected"),
        ({"a": {"$ref": "#/b/x"}, "b": [1]}, "nothing stands there"),
    ],
)
def test_a_reference_that_leads_nowhere_is_told(source: Any, reason: str) -> None:
    with pytest.raises(UnresolvableReferenceError, match=reason):
        resolve(source, "#/a")


def test_a_pointer_may_hold_any_name() -> None:
    source = {"a/b": {"c~d": {"e%f": {"g h": {"found": 1}}}}}
    assert resolve(source, "#/a~1b/c~0d/e%25f/g%20h")[0] == {"found": 1}


@pytest.mark.parametrize(
    ("servers", "path"),
    [
        (None, ""),
        ([], ""),
        ([{"url": "/"}], ""),
        ([{"url": "/v1/"}], "/v1"),
        ([{"url": "https://api.example.org/v1"}], "/v1"),
        ([{"url": "/{stage}/v1", "variables": {"stage": {"default": "test"}}}], "/test/v1"),
    ],
)
def test_paths_stand_under_that_of_the_first_server(servers: Any, path: str) -> None:
    assert Document({"openapi": "3.1.0", "servers": servers}).base_path == path


@pytest.mark.parametrize(
    ("bounds", "admitted"),
    [
        ({"minimum": 1, "maximum": 5}, [1, 5]),
        ({"minimum": 1}, [1, 2**31 - 1]),
        ({"maximum": 2**40}, [-(2**31), 2**31 - 1]),
        ({"minimum": -(2**40), "maximum": 5}, [-(2**31), 5]),
        ({}, [-(2**31), 2**31 - 1]),
    ],
)
def test_the_narrower_of_format_and_bounds_holds(
    bounds: dict[str, int], admitted: list[int]
) -> None:
    schema = {"type": "integer", "format": "int32", **bounds}
    source = {"openapi": "3.1.0", "components": {"schemas": {"S": schema}}}
    for direction in Direction:
        validator = Schemas(source).validator("#/components/schemas/S", direction)
        lowest, highest = admitted
        judged = [validator.is_valid(n) for n in (lowest - 1, lowest, highest, highest + 1)]
        assert judged == [False, True, True, False]


@pytest.mark.parametrize(("version", "ends_at"), [("3.1.0", "Narrow"), ("3.0.3", "Wide")])
def test_a_way_of_references_ends_where_more_is_said(version: str, ends_at: str) -> None:
    """What stands beside a `$ref` holds since 3.1, also where another reference leads to it."""
    schemas = {
        "Named": {"$ref": "#/components/schemas/Narrow"},
        "Narrow": {"$ref": "#/components/schemas/Wide", "maxLength": 3},
        "Wide": {"type": "string"},
    }
    content = {"text/plain": {"schema": {"$ref": "#/components/schemas/Named"}}}
    responses = {"204": {"description": "Done."}}
    operation = {"requestBody": {"content": content}, "responses": responses}
    paths = {"/": {"post": operation}}
    document = Document({"openapi": version, "paths": paths, "components": {"schemas": schemas}})
    body = document.operations[0].body

    assert body is not None
    assert body.content["text/plain"].schema == f"#/components/schemas/{ends_at}"


def test_what_stands_beside_a_reference_tells_the_default_and_the_constant() -> None:
    schemas = {"Size": {"type": "integer", "default": 50}, "Kind": {"enum": ["a", "b"]}}
    size = {"$ref": "#/components/schemas/Size", "default": 20}
    kind = {"$ref": "#/components/schemas/Kind", "const": "a"}
    responses = {"204": {"description": "Done.", "headers": {"Kind": {"schema": kind}}}}
    parameters = [{"name": "size", "in": "query", "schema": size}]
    paths = {"/": {"get": {"parameters": parameters, "responses": responses}}}
    document = Document({"openapi": "3.1.0", "paths": paths, "components": {"schemas": schemas}})
    (operation,) = document.operations

    assert operation.parameters[0].default == 20
    assert operation.responses["204"].headers["kind"].constant == "a"
