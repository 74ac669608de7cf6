"""One request and its answer, as the runtime and the log line see them."""

from __future__ import annotations

import random
import re
from collections.abc import AsyncIterator, Mapping, Sequence
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import lru_cache
from typing import TYPE_CHECKING

from starlette.types import Message, Scope, Send

from app.contract.parameters import Texts
from app.contract.styles import cookie_texts, query_texts

if TYPE_CHECKING:
    from app.contract.limits import Allowance

SCOPE_KEY = "contract.exchange"
# An extension of ASGI: a message with the `status`, the whole `body`, and the lines of the header
# fields as HTTP/1.1 has them. They do not say how the connection goes on.
WHOLE = "http.response.whole"
TO_THE_SERVER = frozenset({"connection", "transfer-encoding"})
# These have no content, and a 304 no length but that of another answer (RFC 9110, section 8.6).
NO_CONTENT = frozenset({204, 304})
# The values of header fields by their lower-case names, in the order in which they came.
Fields = Mapping[str, Sequence[str]]
_REQUEST_ID = re.compile(r"[A-Za-z0-9-]{8,64}")
# Version 00 has four parts, later ones may have more; ff is no version, and zeros are no ids.
_TRACEPARENT = re.compile(
    r"(?:00(?=.{53}\Z)|(?!00|ff)[0-9a-f]{2})"
    r"-((?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16})-([0-9a-f]{2})(?:-[ -~]*)?"
)
# Of the flags, these have a meaning: sampled, and random.
_KNOWN_FLAGS = 0x03
# Request ids have to differ, not to be secret, and asking the system for each costs 3 us.
_ids = random.Random()  # noqa: S311


@dataclass(slots=True)
class Exchange:
    """What is known of a request while it is answered; `is_judged` once the contract answers it.

    `statements` counts what it asked of the database, `database_seconds` how long that took.
    `client` is the address that it came from, `allowance` what its limits leave the client.
    `traceparent` names the trace that it is a part of, and whose part it is: a span of the service
    where it traces, otherwise the one that the client has named. `fields` are those that came.
    """

    request_id: str
    operation_id: str | None = None
    problem_code: str | None = None
    is_judged: bool = False
    statements: int = 0
    database_seconds: float = 0.0
    client: str | None = None
    allowance: Allowance | None = None
    traceparent: str | None = None
    fields: dict[str, list[str]] = field(default_factory=dict, repr=False)

    @property
    def trace_id(self) -> str | None:
        """The trace alone, None where the request is a part of none."""
        return None if self.traceparent is None else self.traceparent[3:35]

    @classmethod
    def of(cls, scope: Scope) -> Exchange:
        """Return the exchange of an ASGI scope, opened where nobody has."""
        exchange: Exchange | None = scope.get(SCOPE_KEY)
        return cls.opened(scope) if exchange is None else exchange

    @classmethod
    def opened(cls, scope: Scope) -> Exchange:
        """Return a new exchange, from now on the current one of this task."""
        fields = fields_of(scope)
        exchange = scope[SCOPE_KEY] = cls(request_id_of(fields))
        exchange.fields = fields
        if scope.get("client"):
            exchange.client = scope["client"][0]
        if "traceparent" in fields:
            exchange.traceparent = traceparent_of(fields)
        enter(exchange)
        return exchange


# Of everything that a request does, however deep, it is the same.
_current: ContextVar[Exchange | None] = ContextVar("exchange", default=None)


def enter(exchange: Exchange) -> None:
    """Make it the current one: a server runs each request in a task of its own."""
    _current.set(exchange)


def current_exchange() -> Exchange | None:
    """Return the exchange of the request that is being answered, None outside of any."""
    return _current.get()


def fields_of(scope: Scope) -> dict[str, list[str]]:
    """Return the header fields of a request."""
    fields: dict[str, list[str]] = {}
    for raw_name, value in scope["headers"]:  # ASGI has the names in lower case
        name = raw_name.decode("latin-1")
        if name in fields:
            fields[name].append(value.decode("latin-1"))
        else:
            fields[name] = [value.decode("latin-1")]
    return fields


def request_id_of(fields: Fields) -> str:
    """Return the client's X-Request-Id where it is harmless, a new one otherwise."""
    for value in fields.get("x-request-id", ()):
        if _REQUEST_ID.fullmatch(value):
            return value
    return _ids.randbytes(16).hex()


def traceparent_of(fields: Fields) -> str | None:
    """Return the client's traceparent in version 00 (W3C Trace Context, section 3.2), None where
    there are several, or one that is not valid: it is ignored then.
    """
    found = fields["traceparent"]
    if len(found) != 1:
        return None
    parts = _TRACEPARENT.fullmatch(found[0])
    return None if parts is None else f"00-{parts[1]}-{int(parts[2], 16) & _KNOWN_FLAGS:02x}"


def texts_of(scope: Scope, path: dict[str, str], fields: dict[str, list[str]]) -> Texts:
    """Return what a request carries, by location; raises MalformedRequest (400)."""
    raw_query = scope["query_string"]
    return Texts(
        path,
        query_texts(raw_query) if raw_query else {},
        fields,
        cookie_texts(fields["cookie"]) if "cookie" in fields else {},
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
        self._declare_length()
        fields = [(encoded_name(n), v.encode("latin-1")) for n, v in self.headers.items()]
        await send({"type": "http.response.start", "status": self.status, "headers": fields})
        if is_head or self.stream is None:
            content = b"" if is_head else self.body
            await send({"type": "http.response.body", "body": content})
            return
        async for chunk in self.stream:
            await send({"type": "http.response.body", "body": chunk, "more_body": True})
        await send({"type": "http.response.body", "body": b""})

    def whole(self) -> Message | None:
        """Return it as one message. None where it is a stream, says something to the server, or has
        a field that could end its own line: a server judges those for itself.
        """
        if self.stream is not None or not self.headers.keys().isdisjoint(TO_THE_SERVER):
            return None
        self._declare_length()
        lines = [*map(": ".join, self.headers.items()), ""]
        if not "".join(lines).isprintable():
            return None
        head = "\r\n".join(lines).encode("latin-1")
        return {"type": WHOLE, "status": self.status, "head": head, "body": self.body}

    def _declare_length(self) -> None:
        if self.stream is None and self.status not in NO_CONTENT:
            self.headers["content-length"] = str(len(self.body))


@lru_cache(1024)
def encoded_name(name: str) -> bytes:
    """Return the name of a field as ASGI wants it; there are few different ones."""
    return name.lower().encode("latin-1")


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
