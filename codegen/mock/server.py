"""The process of the mock: its port, what it says when it starts, a line for each request."""

from __future__ import annotations

import json
import os
import secrets
import signal
import socket
import sys
from collections.abc import Iterator, MutableMapping
from contextlib import contextmanager
from typing import Any, TextIO

import structlog
import uvicorn
from fastapi import FastAPI
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from app.contract import Document
from app.contract.exchange import Exchange, last_message
from app.contract.gate import unrouted
from app.contract.problems import MalformedRequest

GRACEFUL_SECONDS = 2
_MOST_NAMED = 5


class PortTaken(Exception):
    """Which address cannot be listened on."""


@contextmanager
def listening(host: str, port: int) -> Iterator[socket.socket]:
    """Take the port; port 0 is any that is free."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((host, port))
        except OSError as error:
            raise PortTaken(
                f"Nothing can listen on {host} port {port}: {error.strerror}. Choose another by "
                "--port (0 is any that is free), or an address of this machine by --host."
            ) from None
        yield listener


def address_of(listener: socket.socket) -> str:
    """Return the address under which this machine reaches it."""
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
    return f"http://{shown}:{port}"


def serve(app: FastAPI, document: Document, listener: socket.socket) -> None:
    """Serve until a signal ends it."""
    structlog.configure(processors=[line], logger_factory=lambda *_: Output())
    for number in (signal.SIGINT, signal.SIGTERM):
        signal.signal(number, lambda *_: None)  # uvicorn repeats what stopped it; that is the end
    config = uvicorn.Config(
        app,
        http=protocol_of(document),
        ws="none",
        lifespan="off",
        log_level="warning",
        access_log=False,
        server_header=False,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    uvicorn.Server(config).run(sockets=[listener])


def protocol_of(document: Document) -> type[HttpToolsProtocol]:
    """Return uvicorn's protocol, which refuses what is no HTTP in the document's words."""

    class Protocol(HttpToolsProtocol):
        def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the document has a sentence
            request_id = secrets.token_hex(16)
            refusal = unrouted(MalformedRequest(), document, Exchange(request_id), challenge="")
            self.transport.write(last_message(refusal, request_id))
            self.transport.close()

    return Protocol


def announcement(document: Document, address: str, collections: list[str]) -> str:
    """Return what a person reads when the mock has started."""
    info = document.source.get("info", {})
    plain = (o for o in document.operations if o.method == "GET" and "{" not in o.path)
    reading = next(plain, None)
    path = document.base_path + reading.path if reading else "/openapi.json"
    statuses = [s for s in reading.responses if s.isdigit() and s >= "400"] if reading else []
    lines = [
        f"A mock of {info.get('title', 'the document')} {info.get('version', '')} is at {address}",
        f"  the document   {address}/openapi.json and {address}/openapi.yaml",
        f"  try            curl -i {address}{path}",
    ]
    if statuses:
        lines.append(f"  another answer curl -i -H 'Prefer: code={statuses[0]}' {address}{path}")
    if collections:
        named = ", ".join(
            document.base_path + c for c in collections[:_MOST_NAMED]
        ) + " and more" * (len(collections) > _MOST_NAMED)
        lines.append(f"  kept in memory {named}: empty until something is created")
    return "\n".join([*lines, "  Ctrl-C stops it."])


def line(_logger: Any, _method: str, event: MutableMapping[str, Any]) -> str:
    """Return one line for a request, and one for whatever else is logged."""
    if event.get("event") != "request":
        return json.dumps(event, default=str)
    shown = [str(event.get("status", "-")), event["method"], json.dumps(event["path"])[1:-1]]
    said = [event[word] for word in ("operation_id", "problem") if word in event]
    return " ".join([*shown, *said])


class Output:
    """Where lines go. Serving goes on when nobody reads them any more."""

    def msg(self, text: str) -> None:
        """Print a line."""
        try:
            say(text)
        except OSError:
            # What is left to write would be tried again, and fail again, when the process ends.
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())

    debug = info = warning = error = critical = exception = log = msg


def say(text: str, to: TextIO | None = None) -> None:
    """Print for people, at once."""
    print(text, flush=True, file=to or sys.stdout)
