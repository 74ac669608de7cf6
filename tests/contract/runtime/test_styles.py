from typing import Any

import pytest

from tests.contract.runtime.workshop import Workshop, make

STRING = {"type": "string"}
ARRAY = {"type": "array", "items": STRING}
NUMBERS = {"type": "array", "items": {"type": "integer"}}
OBJECT = {
    "type": "object",
    "properties": {"R": {"type": "integer"}, "G": {"type": "integer"}, "B": {"type": "integer"}},
    "additionalProperties": False,
}
COLOURS = ["blue", "black", "brown"]
RGB = {"R": 100, "G": 200, "B": 150}

# The table of the specification (Parameter Object, Style Examples), completed by RFC 6570:
# place, style, explode, schema, text, value.
TABLE = [
    ("path", "matrix", False, STRING, ";color", ""),
    ("path", "matrix", False, STRING, ";color=blue", "blue"),
    ("path", "matrix", False, ARRAY, ";color=blue,black,brown", COLOURS),
    ("path", "matrix", False, OBJECT, ";color=R,100,G,200,B,150", RGB),
    ("path", "matrix", True, STRING, ";color=blue", "blue"),
    ("path", "matrix", True, ARRAY, ";color=blue;color=black;color=brown", COLOURS),
    ("path", "matrix", True, OBJECT, ";R=100;G=200;B=150", RGB),
    ("path", "label", False, STRING, ".", ""),
    ("path", "label", False, STRING, ".blue", "blue"),
    ("path", "label", False, ARRAY, ".blue,black,brown", COLOURS),
    ("path", "label", False, OBJECT, ".R,100,G,200,B,150", RGB),
    ("path", "label", True, STRING, ".blue", "blue"),
    ("path", "label", True, ARRAY, ".blue.black.brown", COLOURS),
    ("path", "label", True, OBJECT, ".R=100.G=200.B=150", RGB),
    ("path", "simple", False, STRING, "blue", "blue"),
    ("path", "simple", False, ARRAY, "blue,black,brown", COLOURS),
    ("path", "simple", False, OBJECT, "R,100,G,200,B,150", RGB),
    ("path", "simple", True, ARRAY, "blue,black,brown", COLOURS),
    ("path", "simple", True, OBJECT, "R=100,G=200,B=150", RGB),
    ("header", "simple", False, STRING, "blue", "blue"),
    ("header", "simple", False, ARRAY, "blue, black,brown", COLOURS),
    ("header", "simple", False, OBJECT, "R,100, G,200, B,150", RGB),
    ("header", "simple", True, OBJECT, "R=100, G=200,B=150", RGB),
    ("query", "form", False, STRING, "color=", ""),
    ("query", "form", False, STRING, "color", ""),
    ("query", "form", False, STRING, "color=blue", "blue"),
    ("query", "form", False, ARRAY, "color=", []),
    ("query", "form", False, ARRAY, "color=blue,black,brown", COLOURS),
    ("query", "form", False, OBJECT, "color=R,100,G,200,B,150", RGB),
    ("query", "form", True, STRING, "color=blue", "blue"),
    ("query", "form", True, ARRAY, "color=blue&color=black&color=brown", COLOURS),
    ("query", "form", True, OBJECT, "R=100&G=200&B=150", RGB),
    ("query", "spaceDelimited", False, ARRAY, "color=blue%20black+brown", COLOURS),
    ("query", "spaceDelimited", False, OBJECT, "color=R%20100%20G%20200%20B%20150", RGB),
    ("query", "pipeDelimited", False, ARRAY, "color=blue|black%7Cbrown", COLOURS),
    ("query", "pipeDelimited", False, OBJECT, "color=R|100|G|200%7cB|150", RGB),
    ("query", "deepObject", True, OBJECT, "color[R]=100&color%5BG%5D=200&color[B]=150", RGB),
    ("cookie", "form", False, STRING, "color=blue", "blue"),
    ("cookie", "form", False, ARRAY, "color=blue,black,brown", COLOURS),
    ("cookie", "form", False, OBJECT, "color=R,100,G,200,B,150", RGB),
    ("cookie", "form", True, ARRAY, "color=blue; color=black;color=brown", COLOURS),
    # A delimiter inside a value is percent-encoded, and stays in the value.
    ("path", "simple", False, ARRAY, "a%2Cb,c", ["a,b", "c"]),
    ("path", "label", True, ARRAY, ".a%2Cb.c", ["a,b", "c"]),
    ("path", "simple", True, {"type": "object"}, "a%3D=b%2C", {"a=": "b,"}),
    ("query", "form", False, ARRAY, "color=a%2Cb,c%2Bd", ["a,b", "c+d"]),
    ("query", "form", True, ARRAY, "color=a,b&color=c%26d", ["a,b", "c&d"]),
    ("query", "form", True, STRING, "color=a+b%2Bc%3D", "a b+c="),
    ("query", "pipeDelimited", False, ARRAY, "color=a%2Cb|c", ["a,b", "c"]),
    ("cookie", "form", False, ARRAY, "color=a%2Cb,c", ["a,b", "c"]),
    ("header", "simple", False, STRING, "a%2Cb", "a%2Cb"),
    # Items and members are read as their own schemas say.
    ("query", "form", True, NUMBERS, "color=1&color=2.0", [1, 2]),
    ("query", "form", False, NUMBERS, "color=1,2", [1, 2]),
    ("header", "simple", False, NUMBERS, "1, 2", [1, 2]),
    ("query", "form", True, {"type": "object"}, "a=1&b=x", {"a": "1", "b": "x"}),
]


def document(place: str, style: str, explode: bool, schema: Any, **more: Any) -> dict[str, Any]:
    parameter = {"name": "color", "in": place, "style": style, "explode": explode} | more
    path = "/colours/{color}" if place == "path" else "/colours"
    return {
        "openapi": "3.1.0",
        "paths": {
            path: {
                "get": {
                    "operationId": "get_colour",
                    "parameters": [parameter | {"schema": schema, "required": place == "path"}],
                    "responses": {
                        "200": {"description": "", "content": {"application/json": {"schema": {}}}}
                    },
                }
            }
        },
    }


async def send(workshop: Workshop, place: str, text: str) -> Any:
    """Send `text` at its place; return the value that the handler saw, or the faults."""
    target = {"path": f"/colours/{text}", "query": f"/colours?{text}"}.get(place, "/colours")
    fields = {"header": ("color", text), "cookie": ("cookie", text)}
    received = await workshop("GET", target, *([fields[place]] if place in fields else []))
    if received.status != 200:
        return received.status, received.json().get("errors")
    by_place = received.json().get({"cookie": "cookies", "header": "headers"}.get(place, place), {})
    return by_place.get("color", "absent")


@pytest.mark.parametrize(("place", "style", "explode", "schema", "text", "value"), TABLE)
async def test_each_style_gives_the_value_of_the_specifications_table(
    *, place: str, style: str, explode: bool, schema: Any, text: str, value: Any
) -> None:
    workshop = make(document(place, style, explode, schema))
    assert await send(workshop, place, text) == value


@pytest.mark.parametrize(
    ("place", "style", "explode", "schema", "text", "code"),
    [
        ("path", "matrix", False, STRING, "blue", "bad_style"),
        ("path", "matrix", False, STRING, ";colour=blue", "bad_style"),
        ("path", "matrix", True, ARRAY, ";color=blue;colour=black", "bad_style"),
        ("path", "matrix", True, ARRAY, ";color=blue;black", "bad_style"),
        ("path", "label", False, STRING, "blue", "bad_style"),
        ("path", "simple", False, OBJECT, "R,100,G", "bad_style"),
        ("path", "simple", False, OBJECT, "R,1,R,2", "repeated"),
        ("path", "simple", True, OBJECT, "R=1,X=2", "unknown_member"),
        ("path", "simple", True, OBJECT, "R=x", "wrong_type"),
        ("query", "form", False, STRING, "color=a&color=b", "repeated"),
        ("query", "form", False, ARRAY, "color=a&color=b", "repeated"),
        ("query", "form", True, STRING, "color=a&color=b", "repeated"),
        ("query", "form", True, OBJECT, "R=1&R=2", "repeated"),
        ("query", "form", True, OBJECT, "R=1&X=2", "unknown_parameter"),
        ("query", "deepObject", True, OBJECT, "color[R]=1&color[R]=2", "repeated"),
        ("query", "deepObject", True, OBJECT, "color[R][x]=1&color[R]=2", "bad_style"),
        ("query", "deepObject", True, OBJECT, "color[R]=1&color[R][x]=2", "bad_style"),
        ("query", "deepObject", True, OBJECT, "color[R]x=1", "bad_style"),
        ("query", "deepObject", True, OBJECT, "color[R=1", "bad_style"),
        ("query", "deepObject", True, OBJECT, "color" + "[R]" * 101 + "=1", "bad_style"),
        ("query", "deepObject", True, OBJECT, "color[X]=1", "unknown_member"),
        ("query", "deepObject", True, OBJECT, "color=1", "unknown_parameter"),
        ("cookie", "form", False, STRING, "color=a; color=b", "repeated"),
        ("cookie", "form", False, STRING, "color=%ff", "bad_encoding"),
        ("cookie", "form", False, STRING, "color=%", "bad_encoding"),
    ],
)
async def test_a_text_in_another_style_is_refused(
    *, place: str, style: str, explode: bool, schema: Any, text: str, code: str
) -> None:
    status, errors = await send(make(document(place, style, explode, schema)), place, text)
    assert (status, errors[0]["code"]) == (422, code)


JOINED = "A comma between values must be sent as it is: %2C is a comma within a value."


@pytest.mark.parametrize(
    ("place", "style", "explode", "schema", "text", "detail"),
    [
        ("query", "form", False, NUMBERS, "color=1%2C2", JOINED),
        ("query", "form", False, NUMBERS, "color=1%2c2,3", JOINED),
        ("query", "form", False, OBJECT, "color=R%2C1", JOINED),
        ("query", "form", False, NUMBERS, "color=1%2Cx", "This must be an integer."),
        ("query", "form", False, NUMBERS, "color=x", "This must be an integer."),
        ("query", "form", True, NUMBERS, "color=1%2C2", "This must be an integer."),
        ("query", "form", False, {"enum": ["a"]}, "color=a%2Ca",
         "This must be one of the values that the document lists."),
        ("path", "simple", False, {"type": "array", "items": {"enum": ["a", "b"]}}, "a%2Cb",
         JOINED),
        ("path", "label", True, NUMBERS, ".1%2C2", "This must be an integer."),
        ("cookie", "form", False, NUMBERS, "color=1%2C2", JOINED),
        ("cookie", "form", True, OBJECT, "R=x; color=%2C", "This must be an integer."),
        ("header", "simple", False, NUMBERS, "1%2C2", "This must be an integer."),
    ],
)  # fmt: skip
async def test_who_encodes_the_commas_between_values_is_told_so(
    *, place: str, style: str, explode: bool, schema: Any, text: str, detail: str
) -> None:
    status, errors = await send(make(document(place, style, explode, schema)), place, text)
    assert (status, [error["detail"] for error in errors]) == (422, [detail])


async def test_a_deep_object_is_read_to_any_depth() -> None:
    schema = {
        "type": "object",
        "properties": {
            "author": {"type": "object", "properties": {"id": {"type": "integer"}}},
            "tags": {"type": "array", "items": STRING},
        },
    }
    workshop = make(document("query", "deepObject", True, schema))
    text = "color[author][id]=5&color[tags]=a&color[tags]=b&color[x][y][z]=1"
    expected = {"author": {"id": 5}, "tags": ["a", "b"], "x": {"y": {"z": "1"}}}
    assert await send(workshop, "query", text) == expected


async def test_an_open_object_takes_the_names_that_no_other_parameter_has() -> None:
    source = document("query", "form", True, {"type": "object", "additionalProperties": STRING})
    operation = source["paths"]["/colours"]["get"]
    operation["parameters"].append({"name": "page", "in": "query", "schema": {"type": "integer"}})
    received = await make(source)("GET", "/colours?page=2&a=1&b=x")
    assert received.json()["query"] == {"page": 2, "color": {"a": "1", "b": "x"}}


async def test_a_parameter_with_content_is_a_json_text() -> None:
    source = document("query", "form", True, OBJECT)
    parameter = source["paths"]["/colours"]["get"]["parameters"][0]
    parameter["content"] = {"application/json": {"schema": parameter.pop("schema")}}
    workshop = make(source)
    assert await send(workshop, "query", "color=%7B%22R%22:1%7D") == {"R": 1}
    for text in ("color=%7B", "color=NaN", "color=%7B%22R%22:1,%22R%22:2%7D"):
        status, errors = await send(workshop, "query", text)
        assert (status, errors[0]["code"]) == (422, "bad_format")
    status, errors = await send(workshop, "query", "color=%7B%22R%22:true%7D")
    assert (status, errors[0]["code"]) == (422, "wrong_type")


@pytest.mark.parametrize(
    ("place", "style", "schema", "text", "value"),
    [
        ("query", "form", {"type": ["integer", "string"], "maximum": 9}, "color=5", 5),
        ("query", "form", {"type": ["integer", "string"], "maximum": 9}, "color=50", "50"),
        ("path", "label", {"type": ["integer", "string"], "maximum": 9}, ".50", "50"),
        ("path", "matrix", {"type": ["integer", "string"], "maximum": 9}, ";color=50", "50"),
        ("query", "form", {"enum": [1, "2", True, None]}, "color=2", "2"),
        ("query", "form", {"enum": [1, "2", True, None]}, "color=true", True),
        ("query", "form", {"type": ["string", "null"]}, "color=null", None),
        ("query", "form", {"type": "string"}, "color=null", "null"),
        ("query", "form", {"type": "string"}, "color=5", "5"),
        ("query", "form", {"type": "number"}, "color=-1.5e-3", -0.0015),
        ("header", "simple", {"type": "boolean"}, "false", False),
        ("query", "form", {"type": "integer", "default": 7}, "", 7),
    ],
)
async def test_a_text_is_read_as_what_the_schema_admits(
    *, place: str, style: str, schema: Any, text: str, value: Any
) -> None:
    workshop = make(document(place, style, False, schema))
    assert await send(workshop, place, text) == value


@pytest.mark.parametrize("text", ["1e999", "9" * 401, "0." + "1" * 500, "Infinity", "NaN", "--1"])
async def test_what_no_double_can_hold_is_no_number(text: str) -> None:
    workshop = make(document("query", "form", False, {"type": "number"}))
    status, errors = await send(workshop, "query", f"color={text}")
    assert (status, errors[0]["code"]) == (422, "wrong_type")


async def test_a_required_parameter_that_is_missing_is_named() -> None:
    for place in ("query", "header", "cookie"):
        source = document(place, "simple" if place == "header" else "form", False, STRING)
        source["paths"]["/colours"]["get"]["parameters"][0]["required"] = True
        status, errors = await send(make(source), "nowhere", "")
        named = errors[0].get("header") or errors[0]["parameter"]
        assert (status, named, errors[0]["code"]) == (422, "color", "required")
