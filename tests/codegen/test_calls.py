"""Handlers get values of the types that their Protocol names, decoded from real requests."""

from __future__ import annotations

import importlib
import json
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, date, datetime
from pathlib import Path
from types import ModuleType
from typing import Any, NoReturn
from uuid import UUID

import pytest
from fastapi import FastAPI
from starlette.testclient import TestClient

from app.contract import Contract, Document, Operation, Router, Upload, install
from codegen.write import write
from tests.codegen.golden import generated


class Recorder:
    """Handlers of every operation, which keep what they are called with."""

    def __init__(self) -> None:
        self.called: dict[str, Any] = {}

    def __getattr__(self, name: str) -> Any:
        async def handler(*_: Any, **arguments: Any) -> None:
            self.called = arguments

        handler.__annotations__["return"] = NoReturn  # which fits whatever the Protocol says
        return handler


@asynccontextmanager
async def nothing(_: Operation) -> AsyncIterator[None]:
    yield None


@pytest.fixture
def service(
    request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[tuple[TestClient, Recorder, ModuleType]]:
    name = f"called_{request.param}"
    write(generated(request.param), tmp_path / name)
    monkeypatch.syspath_prepend(str(tmp_path))
    document = Document(json.loads((tmp_path / name / "openapi.json").read_bytes()))
    handlers, routers = Recorder(), list[Router[None, None]]()
    for tag in {operation.tag for operation in document.operations}:
        module = importlib.import_module(f"{name}.{tag}")
        routers.append(getattr(module, f"{tag.capitalize()}Router")(handlers))
    app = FastAPI(openapi_url=None)
    contract: Contract[None, None] = Contract(document, routers, open_context=nothing)
    install(app, contract, documents=[], allowed_hosts=["*"])
    schemas = importlib.import_module(f"{name}.schemas")
    yield TestClient(app), handlers, schemas
    for loaded in [m for m in sys.modules if m.partition(".")[0] == name]:
        del sys.modules[loaded]


@pytest.mark.parametrize("service", ["parameters"], indirect=True)
def test_parameters_come_as_their_types(service: Any) -> None:
    client, handlers, schemas = service
    uuid = "0b7f2ab8-8f54-4b0a-9d5a-2f5f4b7a1c11"
    query = (
        "day=2024-02-29&since=2024-01-01T00:00:00Z&color=red|green&filter[author]=ada&class=true"
    )
    where = "where=%7B%22at%22%3A%222024-01-01T00%3A00%3A00Z%22%7D&thing_id=1.5&body=b"
    client.cookies.set("session", "s")
    answer = client.get(
        f"/things/5.0/;matrix=a;matrix=b/.{uuid}?{query}&{where}", headers={"X-Trace-Id": "t"}
    )
    assert answer.status_code == 204, answer.text
    moment = datetime(2024, 1, 1, tzinfo=UTC)
    assert handlers.called == {
        "thing_id": 5,
        "matrix": ["a", "b"],
        "label": UUID(uuid),
        "page": 1,
        "sort": "asc",
        "since": moment,
        "day": date(2024, 2, 29),
        "color": ["red", "green"],
        "filter": schemas.FindThingsFilter(author="ada"),
        "where": schemas.Where(at=moment),
        "x_trace_id": "t",
        "session": "s",
        "thing_id_query": 1.5,
        "class_": True,
        "body_query": "b",
    }
    assert isinstance(handlers.called["thing_id"], int)


@pytest.mark.parametrize("service", ["bodies_several"], indirect=True)
@pytest.mark.parametrize(
    ("media_type", "content", "body"),
    [
        ("application/json", b'{"text": "a"}', {"text": "a"}),
        ("application/vnd.notes.v2+json", b'[{"text": "a"}]', [{"text": "a"}]),
        ("text/markdown", b"# a", "# a"),
        ("application/octet-stream", b"\xff\x00", b"\xff\x00"),
        ("application/problem+json", b"{}", b"{}"),
    ],
)
def test_a_body_comes_as_its_media_type_says(
    service: Any, media_type: str, content: bytes, body: Any
) -> None:
    client, handlers, schemas = service
    answer = client.post("/notes", content=content, headers={"Content-Type": media_type})
    assert answer.status_code == 201, answer.text
    if isinstance(body, dict):
        body = schemas.Note(**body)
    elif isinstance(body, list):
        body = [schemas.Note(**item) for item in body]
    meant = "*/*" if media_type == "application/problem+json" else media_type
    assert handlers.called == {"body": body, "media_type": meant}


@pytest.mark.parametrize("service", ["bodies_several"], indirect=True)
def test_a_body_that_does_not_come_is_none(service: Any) -> None:
    client, handlers, _ = service
    assert client.post("/notes").status_code == 201
    assert handlers.called == {"body": None, "media_type": None}


@pytest.mark.parametrize("service", ["bodies_forms"], indirect=True)
def test_files_of_a_form_come_as_uploads_and_the_rest_as_json(service: Any) -> None:
    client, handlers, schemas = service
    files = [
        ("title", (None, "Summer")),
        ("cover", ("cover.png", b"\x89PNG", "image/png")),
        ("photos", ("1.bin", b"\x00\xff")),
        ("photos", (None, "plain text is a file as well", "text/plain")),
        ("place", (None, '{"lat": 1, "lon": 2.5}', "application/json")),
    ]
    answer = client.post("/albums", files=files)
    assert answer.status_code == 204, answer.text
    body = handlers.called["body"]
    assert isinstance(body, schemas.UploadAlbumBody)
    assert (body.title, body.cover, body.cover.filename) == ("Summer", b"\x89PNG", "cover.png")
    assert body.cover.content_type == "image/png"
    assert body.photos == [b"\x00\xff", b"plain text is a file as well"]
    assert all(isinstance(photo, Upload) for photo in body.photos)
    assert body.place == schemas.UploadAlbumBodyPlace(lat=1, lon=2.5)
    assert "thumbnail" not in body.model_fields_set


@pytest.mark.parametrize("service", ["bodies_forms"], indirect=True)
def test_an_urlencoded_form_comes_as_a_model(service: Any) -> None:
    client, handlers, schemas = service
    form = {"email": "a@b.c", "age": "5", "interests": ["x", "y"]}
    assert client.post("/sign-up", data=form).status_code == 204
    assert handlers.called["body"] == schemas.SignUp(email="a@b.c", age=5, interests=["x", "y"])


@pytest.mark.parametrize("service", ["streams"], indirect=True)
def test_a_stream_comes_as_it_is_sent(service: Any) -> None:
    client, handlers, _ = service
    received: list[bytes] = []

    async def write_file(*_: Any, body: AsyncIterator[bytes], **__: Any) -> None:
        received.extend([chunk async for chunk in body])

    handlers.write_file = write_file
    octets = {"Content-Type": "application/octet-stream"}
    assert client.put("/files/a", content=iter([b"one", b"two"]), headers=octets).status_code == 204
    assert b"".join(received) == b"onetwo"
