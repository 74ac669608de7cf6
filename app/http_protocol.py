"""Uvicorn's HTTP protocol, which refuses what is no HTTP in the words of the document too: no
application has seen such a request.
"""

from __future__ import annotations

import secrets
from functools import cache

import orjson
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

import generated
from app.contract import Document
from app.contract.exchange import Outgoing
from app.contract.gate import unrouted
from app.contract.problems import MalformedRequest


class ProblemProtocol(HttpToolsProtocol):
    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - the document has a sentence
        request_id = secrets.token_hex(16)
        refusal = unrouted(MalformedRequest(), document(), request_id, challenge="")
        self.transport.write(message_of(refusal, request_id))
        self.transport.close()


@cache
def document() -> Document:
    return Document(orjson.loads(generated.DOCUMENT.read_bytes()))


def message_of(refusal: Outgoing, request_id: str) -> bytes:
    """The last answer of a connection (RFC 9112, section 9.6)."""
    fields = {
        **refusal.headers,
        "content-length": str(len(refusal.body)),
        "connection": "close",
        "x-request-id": request_id,
        "x-content-type-options": "nosniff",
    }
    lines = [f"HTTP/1.1 {refusal.status} Bad Request"]
    lines += [f"{name}: {value}" for name, value in fields.items()]
    return "\r\n".join([*lines, "", ""]).encode("latin-1") + refusal.body
