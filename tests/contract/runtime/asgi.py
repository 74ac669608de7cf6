"""An ASGI client that sends exactly the bytes it is given and hands back exactly those it gets."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from starlette.types import ASGIApp, Message, Scope

Fields = Iterable[tuple[str, str]]


@dataclass(slots=True)
class Received:
    """An answer as it left the application."""

    status: int = 0
    fields: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""
    chunks: int = 0

    def json(self) -> Any:
        return json.loads(self.body)

    def header(self, name: str) -> str | None:
        """Return the one field of that name; two of them are a failure."""
        values = [value for key, value in self.fields if key == name]
        assert len(values) <= 1, f"{name} came {len(values)} times"
        return values[0] if values else None

    @property
    def code(self) -> str | None:
        """The code of the problem that it is, None where it is none."""
        is_problem = self.header("content-type") == "application/problem+json"
        return str(self.json()["code"]) if is_problem and self.body else None

    @property
    def faults(self) -> set[tuple[str, str]]:
        """The (place, code) of each fault that the problem names."""
        return {
            (e.get("pointer") or e.get("parameter") or e.get("header") or "", e["code"])
            for e in self.json()["errors"]
        }


def scope_of(method: str, target: str, fields: Sequence[tuple[str, str]]) -> Scope:
    path, _, query = target.partition("?")
    return {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode("latin-1"),
        "query_string": query.encode("latin-1"),
        "root_path": "",
        "headers": [(k.lower().encode(), v.encode("latin-1")) for k, v in fields],
        "client": ("127.0.0.1", 1),
        "server": ("testserver", 80),
    }


async def ask(
    app: ASGIApp,
    method: str,
    target: str,
    *,
    fields: Fields = (),
    body: bytes = b"",
    chunks: Sequence[bytes] | None = None,
    journal: list[str] | None = None,
) -> Received:
    """Send one request, in `chunks` where they are given, and note what is sent in `journal`."""
    head = list(fields)
    if not any(name.lower() == "host" for name, _ in head):
        head.append(("host", "testserver"))
    if chunks is not None:
        head.append(("transfer-encoding", "chunked"))
    elif body and not any(name.lower() == "content-length" for name, _ in head):
        head.append(("content-length", str(len(body))))
    pending = list(chunks) if chunks is not None else [body]
    received = Received()

    async def receive() -> Message:
        if not pending:
            return {"type": "http.disconnect"}
        chunk = pending.pop(0)
        return {"type": "http.request", "body": chunk, "more_body": bool(pending)}

    async def send(message: Message) -> None:
        _take(message, received, journal if journal is not None else [])

    await app(scope_of(method, target, head), receive, send)
    await asyncio.sleep(0)  # What is put off to the end of the event loop's turn is done then.
    return received


def _take(message: Message, received: Received, journal: list[str]) -> None:
    if message["type"] == "http.response.start":
        assert received.status == 0, "two answers to one request"
        received.status = message["status"]
        received.fields = [(k.decode(), v.decode("latin-1")) for k, v in message["headers"]]
        journal.append("answer starts")
    else:
        assert received.status, "content before the start of the answer"
        received.body += message.get("body", b"")
        received.chunks += 1
