"""HTTP over connections of one's own: to send many requests at one moment, or halves of them."""

from __future__ import annotations

import json
import select
import socket
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from http.client import HTTPException, HTTPResponse
from typing import Any, Self
from urllib.parse import urlencode

TIMEOUT = 20.0


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    fields: Mapping[str, str]
    content: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.content)

    @property
    def code(self) -> str:
        """Which problem it is."""
        return str(self.body["code"])


class Line:
    """One connection. What goes wrong on it is an OSError."""

    def __init__(self, port: int, timeout: float = TIMEOUT) -> None:
        self.socket = socket.create_connection(("127.0.0.1", port), timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.socket.close()

    def send(self, sent: bytes) -> None:
        self.socket.sendall(sent)

    def is_answered(self) -> bool:
        """Whether there is something to receive."""
        poll = select.poll()  # select() knows 1,024 files and no more
        poll.register(self.socket, select.POLLIN)
        return bool(poll.poll(0))

    def receive(self) -> Answer:
        response = HTTPResponse(self.socket)
        try:
            response.begin()
            content = response.read()
        except HTTPException as error:
            raise ConnectionError(f"no whole answer: {error!r}") from error
        fields = {name.lower(): value for name, value in response.getheaders()}
        return Answer(response.status, fields, content)

    def ask(self, sent: bytes) -> Answer:
        self.send(sent)
        return self.receive()


def request(
    method: str,
    target: str,
    *,
    token: str = "",
    body: Any = None,
    form: Mapping[str, str] | None = None,
    fields: Mapping[str, str] | None = None,
) -> bytes:
    """The bytes of a request, with a body of JSON or of a form."""
    content, lines = b"", [f"{method} {target} HTTP/1.1", "Host: localhost"]
    if body is not None:
        content = json.dumps(body).encode()
        lines.append("Content-Type: application/json")
    if form is not None:
        content = urlencode(form).encode()
        lines.append("Content-Type: application/x-www-form-urlencoded")
    if token:
        lines.append(f"Authorization: Bearer {token}")
    if body is not None or form is not None:
        lines.append(f"Content-Length: {len(content)}")
    lines += [f"{name}: {value}" for name, value in (fields or {}).items()]
    return "\r\n".join([*lines, "", ""]).encode() + content


def at_once(lines: Sequence[Line], requests: Sequence[bytes]) -> list[Answer]:
    """Each request on a connection of its own, all sent before the first answer is read."""
    for line, sent in zip(lines, requests, strict=True):
        line.send(sent)
    return [line.receive() for line in lines]
