from typing import Any

import pytest

from app.contract import Upload, forms
from tests.contract.runtime.workshop import Workshop

FORM = ("content-type", "application/x-www-form-urlencoded")
BOUNDARY = "xyz"
MULTIPART = ("content-type", f"multipart/form-data; boundary={BOUNDARY}")


def part(headers: str, data: bytes) -> bytes:
    return (
        f"--{BOUNDARY}\r\nContent-Disposition: form-data; {headers}\r\n\r\n".encode()
        + data
        + b"\r\n"
    )


def multipart(*parts: bytes) -> bytes:
    return b"".join(parts) + f"--{BOUNDARY}--\r\n".encode()


TITLE = part('name="title"', b"Saw")


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (b"name=saw", {"name": "saw"}),
        (b"name=a+b%2Bc%26%3D%E2%82%AC", {"name": "a b+c&=€"}),
        (b"name=", {"name": ""}),
        (b"name", {"name": ""}),
        (b"&name=saw&", {"name": "saw"}),
        (b"n%61me=5", {"name": "5"}),
        (b"name=x&size=5", {"name": "x", "size": 5}),
        (b"name=x&size=5.0", {"name": "x", "size": 5}),
        (b"name=x&is_sharp=true", {"name": "x", "is_sharp": True}),
        (b"name=x&tags=a,b", {"name": "x", "tags": ["a,b"]}),
        (b"name=x&tags=a&tags=b", {"name": "x", "tags": ["a", "b"]}),
        (b"name=x&sizes=1,2", {"name": "x", "sizes": [1, 2]}),
        (b"name=x&box=%7B%22width%22:5%7D", {"name": "x", "box": {"width": 5}}),
        (b"name=x&more=[1,2]", {"name": "x", "more": [1, 2]}),
    ],
)
async def test_a_form_is_read_as_its_schema_says(
    body: bytes, expected: dict[str, Any], workshop: Workshop
) -> None:
    received = await workshop("POST", "/v1/bodies/form", FORM, body=body)
    assert (received.status, received.json().get("body")) == (200, expected)


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"size=5", 422),
        (b"name=a&name=b", 422),
        (b"name=x&size=1&size=2", 422),
        (b"name=x&size=", 422),
        (b"name=x&size=05", 422),
        (b"name=x&size=five", 422),
        (b"name=x&is_sharp=yes", 422),
        (b"name=x&is_sharp=1", 422),
        (b"name=x&odd=1", 422),
        (b"name=x&box=%7B%22width%22:true%7D", 422),
        (b"name=x&box=%7B%7D&box=%7B%7D", 422),
        (b"name=x&more=[1]&more=[2]", 422),
        (b"name=x&box=%7B", 400),
        (b"name=x&more=[1,NaN]", 400),
        (b"name=%", 400),
        (b"name=%zz", 400),
        (b"name=%ff", 400),
        (b"%ff=x", 400),
        (b"name=\xe9", 400),
    ],
)
async def test_a_form_that_breaks_its_schema_is_refused(
    body: bytes, status: int, workshop: Workshop
) -> None:
    received = await workshop("POST", "/v1/bodies/form", FORM, body=body)
    assert received.status == status, received.body


async def read(workshop: Workshop, *parts: bytes) -> Any:
    seen: list[Any] = []
    workshop.answer("send_multipart", lambda call: seen.append(call.body))
    received = await workshop("POST", "/v1/bodies/multipart", MULTIPART, body=multipart(*parts))
    return seen[0] if seen else (received.status, received.code)


@pytest.mark.parametrize(
    ("more", "name", "value"),
    [
        (b"", "title", "Saw"),
        (part('name="weight"', b"2.50"), "weight", 2.5),
        (part('name="notes"; filename="n.txt"', b"text"), "notes", "text"),
        (part('name="file"', b"\x00\xff\r\n--x"), "file", b"\x00\xff\r\n--x"),
        (part('name="file"; filename="a.json"', b'{"a":1}'), "file", b'{"a":1}'),
        (part('name="photo"; filename="a.png"', b"\x89PNG"), "photo", b"\x89PNG"),
        (part('name="files"', b"a") + part('name="files"', b"b"), "files", [b"a", b"b"]),
        (part('name="files"', b"a"), "files", [b"a"]),
        (part('name="facts"', b'{"length":3}'), "facts", {"length": 3}),
    ],
)
async def test_a_part_is_read_as_its_schema_says(
    more: bytes, name: str, value: Any, workshop: Workshop
) -> None:
    body = await read(workshop, TITLE, more)
    assert body[name] == value


async def test_an_upload_is_bytes_with_a_name_and_a_type(workshop: Workshop) -> None:
    headers = 'name="file"; filename="k\u00e4se.bin"\r\nContent-Type: application/x-saw'
    upload = (await read(workshop, TITLE, part(headers, b"\x00")))["file"]
    assert isinstance(upload, Upload)
    assert (upload, upload.filename) == (b"\x00", "k\u00e4se.bin")
    assert upload.content_type == "application/x-saw"


@pytest.mark.parametrize(
    ("parts", "status"),
    [
        ([], 422),
        ([TITLE, TITLE], 422),
        ([TITLE, part('name="weight"', b"heavy")], 422),
        ([TITLE, part('name="odd"', b"1")], 422),
        ([TITLE, part('name="file"; filename="f"', b"x" * 51)], 422),
        ([TITLE, *[part('name="files"', b"x")] * 3], 422),
        ([part('name="title"', b"x" * 11)], 422),
        ([TITLE, part('name="facts"', b"{")], 400),
        ([TITLE, part('name="facts"', b'{"length":1,"length":2}')], 400),
        ([part('name="title"', b"\xff")], 400),
        ([part('filename="x"', b"nameless")], 400),
    ],
)
async def test_a_multipart_form_that_breaks_its_schema_is_refused(
    parts: list[bytes], status: int, workshop: Workshop
) -> None:
    assert (await read(workshop, *parts))[0] == status


@pytest.mark.parametrize(
    ("field", "body"),
    [
        ("multipart/form-data", multipart(TITLE)),
        ("multipart/form-data; boundary=", multipart(TITLE)),
        ("multipart/form-data; boundary=\u00e9", multipart(TITLE)),
        ("multipart/form-data; boundary=other", multipart(TITLE)),
        ("multipart/form-data; boundary*=utf-8''xyz", multipart(TITLE)),
        (MULTIPART[1], TITLE),
        (MULTIPART[1], b""),
        (MULTIPART[1], b"--xyz\r\nno header\r\n\r\n--xyz--"),
        (MULTIPART[1], b"--xyz\r\n\r\nnameless\r\n--xyz--\r\n"),
        (MULTIPART[1], b"garbage"),
    ],
)
async def test_a_multipart_body_that_cannot_be_read_is_malformed(
    field: str, body: bytes, workshop: Workshop
) -> None:
    fields = [("content-type", field), ("content-length", str(len(body)))]
    received = await workshop("POST", "/v1/bodies/multipart", *fields, body=body)
    assert (received.status, received.code) == (400, "malformed_request")


async def test_the_number_of_parts_is_bounded(
    workshop: Workshop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(forms, "MAX_PARTS", 2)
    assert await read(workshop, *[part('name="files"', b"x")] * 3) == (400, "malformed_request")
