"""One request and its answer, as the runtime and the log line see them."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Mapping
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from starlette.types import Scope, Send

from app.contract.parameters import Texts
from app.contract.styles import cookie_texts, query_texts

if TYPE_CHECKING:
    from app.contract.limits import Allowance

SCOPE_KEY = "contract.exchange"
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Request ids have to differ, not to be secret, and asking the system for each costs 3 us.
_ids = random.Random()  # noqa: S311


@dataclass(slots=True)
class Exchange:
    """What is known of a request while it is answered; `is_judged` once the contract answers it.

    `client` is the address that it came from, `allowance` what its limits leave the client.
    """

    request_id: str
    operation_id: str | None = None
    problem_code: str | None = None
    is_judged: bool = False
    client: str | None = None
    allowance: Allowance | None = None

    @classmethod
    def of(cls, scope: Scope) -> Exchange:
        """Return the exchange of an ASGI scope, opened where nobody has."""
        exchange: Exchange | None = scope.get(SCOPE_KEY)
        if exchange is None:
            exchange = scope[SCOPE_KEY] = cls(request_id_of(scope))
        return exchange


# Of everything that a request does, however deep, it is the same.
_current: ContextVar[Exchange] = ContextVar("exchange")


def begin(scope: Scope) -> Exchange:
    """Return the exchange of a request that the contract answers, from now on the current one."""
    exchange = Exchange.of(scope)
    exchange.is_judged = True
    client = scope.get("client")
    if client:
        exchange.client = client[0]
    _current.set(exchange)
    return exchange


def current() -> Exchange:
    """Return the exchange of the request that is being answered; LookupError where none is."""
    return _current.get()


def current_or_none() -> Exchange | None:
    """Return the exchange of the request that is being answered, None in a command."""
    return _current.get(None)


def request_id_of(scope: Scope) -> str:
    """Return the client's X-Request-Id where it is harmless, a new one otherwise."""
    for name, value in scope["headers"]:
        if name == b"x-request-id" and _REQUEST_ID.fullmatch(value.decode("latin-1")):
            return str(value.decode("latin-1"))
    return f"{_ids.getrandbits(128):032x}"


def texts_of(scope: Scope, path: dict[str, str]) -> Texts:
    """Return what a request carries, by location; raises MalformedRequest (400)."""
    headers: dict[str, list[str]] = {}
    for raw_name, value in scope["headers"]:  # ASGI has the names in lower case
        name = raw_name.decode("latin-1")
        if name in headers:
            headers[name].append(value.decode("latin-1"))
        else:
            headers[name] = [value.decode("latin-1")]
    raw_query = scope["query_string"]
    return Texts(
        path,
        query_texts(raw_query) if raw_query else {},
        headers,
        cookie_texts(headers["cookie"]) if "cookie" in headers else {},
    )


@dataclass(slots=True)
class Outgoing:
    """An answer that has passed the gate: what the server is about to send."""

    status: int
    headers: dict[str, str] = field(default_factory=dict)
    body: bytes = b""
    stream: AsyncIterator[bytes] | None = None

    def add(self, fields: Mapping[str, str]) -> None:
        """Add fields, whose values join those of the same name (RFC 9110, section 5.3)."""
        for name, value in fields.items():
            own = self.headers.get(name)
            self.headers[name] = value if own is None else f"{own}, {value}"

    async def send(self, send: Send, *, is_head: bool = False) -> None:
        """Send it. A HEAD answer carries the headers of GET and no content (RFC 9110, 9.3.2)."""
        await send(self._start())
        if is_head or self.stream is None:
            content = b"" if is_head else self.body
            await send({"type": "http.response.body", "body": content})
            return
        async for chunk in self.stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def _start(self) -> dict[str, Any]:
        headers = [
            (k.lower().encode("latin-1"), v.encode("latin-1")) for k, v in self.headers.items()
        ]
        if self.stream is None and self.status not in {204, 304}:
            headers.append((b"content-length", str(len(self.body)).encode()))
        return {"type": "http.response.start", "status": self.status, "headers": headers}


def last_message(refusal: Outgoing, request_id: str) -> bytes:
    """Return the last answer of a connection as it is written (RFC 9112, section 9.6)."""
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
