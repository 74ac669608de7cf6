"""The edge: what holds for every request, whatever it is for. A pure ASGI middleware.

It opens the exchange, refuses what no route should see, puts the request id and the security
headers on every answer, turns a framework's plain error into a problem, and writes the log line.
"""

from __future__ import annotations

import re
import time
from collections.abc import Awaitable, Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import Any

import structlog
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.contract.contract import Contract
from app.contract.exchange import WHOLE, Exchange, Outgoing
from app.contract.failures import Failures, log_failure
from app.contract.observers import Ended, Observer
from app.contract.problems import (
    BY_STATUS,
    HeaderFieldsTooLarge,
    InternalError,
    MalformedRequest,
    Problem,
)

MAX_HEADER_BYTES = 16 * 1024
MAX_HEADER_FIELDS = 100
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9._-]+)(?::[0-9]{0,5})?")
_PLAIN_ERRORS = (b"text/plain", b"")
Record = Callable[[Mapping[str, Any]], None]

log = structlog.get_logger("access")


def log_line(line: Mapping[str, Any]) -> None:
    """Write a request's line as every other is written."""
    log.info("request", **line)


class Edge:
    """Wraps the application. `allowed_hosts` are exact names or `*.example.org`; `*` is any."""

    def __init__(
        self,
        app: ASGIApp,
        contract: Contract[Any, Any],
        *,
        is_direct: bool,
        allowed_hosts: Iterable[str],
        record: Record,
        observers: Sequence[Observer] = (),
    ) -> None:
        """`app` answers what is not the document's, and all else too unless the way to the contract
        `is_direct`. `record` writes the line of a request, given what is to stand in it.
        """
        self._app = app
        self._contract = contract
        self._is_direct = is_direct
        self._hosts = frozenset(host.lower() for host in allowed_hosts)
        # The clients of a service send few different ones.
        self._is_allowed = lru_cache(256)(self._names_allowed_host)
        self._record = record
        self._observers = observers

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass a lifespan through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        started = time.perf_counter()
        exchange = Exchange.opened(scope)
        answer = _Answer(exchange, scope, send, self._contract.failures)
        for observer in self._observers:
            observer.began(scope, exchange)
        try:
            refusal = self._refusal(scope, exchange)
            found = self._contract.find(scope) if self._is_direct else None
            if refusal is not None:
                await answer.give(self._contract.refuse(refusal, scope))
            elif found is None:
                await self._app(scope, receive, answer.send)
            else:
                fields = exchange.fields
                await answer.give(await self._contract.respond(found, scope, receive, fields))
        except ClientDisconnect:
            answer.status = answer.status or 499
        except Exception as error:  # noqa: BLE001 - nothing may leave without an answer
            log_failure(error, exchange)
            await answer.fail()
        finally:
            seconds = time.perf_counter() - started
            self._record(line_of(scope, exchange, answer.status, seconds))
            for observer in self._observers:
                observer.ended(scope, exchange, Ended(answer.status, seconds, answer.sent))

    def _refusal(self, scope: Scope, exchange: Exchange) -> Problem | None:
        fields = scope["headers"]
        size = len(scope.get("raw_path") or b"") + len(scope["query_string"]) + 4 * len(fields)
        for name, value in fields:
            size += len(name) + len(value)
        if size > MAX_HEADER_BYTES or len(fields) > MAX_HEADER_FIELDS:
            return HeaderFieldsTooLarge()
        hosts = exchange.fields.get("host", ())
        if len(hosts) != 1 or not self._is_allowed(hosts[0]):
            return MalformedRequest("The request must name exactly one host that is served here.")
        return None

    def _names_allowed_host(self, field: str) -> bool:
        host = _HOST.fullmatch(field.lower())
        if host is None or "*" in self._hosts:
            return host is not None
        name = host[1]
        return name in self._hosts or any(
            known.startswith("*.") and name.endswith(known[1:]) for known in self._hosts
        )


class _Answer:
    """One answer on its way out."""

    def __init__(self, exchange: Exchange, scope: Scope, send: Send, failures: Failures) -> None:
        self.exchange = exchange
        self.status: int | None = None
        self.sent = 0
        self._scope = scope
        self._send = send
        self._failures = failures
        self._replacement: Outgoing | None = None

    def give(self, outgoing: Outgoing) -> Awaitable[None]:
        """Send an answer of the contract, in one message if it can be and the server takes such."""
        outgoing.headers.update(self._fields())
        is_head = self._scope["method"] == "HEAD"
        takes_whole = not is_head and WHOLE in self._scope.get("extensions", ())
        message = outgoing.whole() if takes_whole else None
        if message is None:
            return outgoing.send(self._pass_on, is_head=is_head)
        self.status, self.sent = outgoing.status, len(outgoing.body)
        return self._send(message)

    async def send(self, message: Message) -> None:
        """Send what the application does; put a problem in place of a framework's plain error."""
        if message["type"] == "http.response.start":
            if not self.exchange.is_judged:
                self._replacement = self._instead_of(message)
            if self._replacement is None:
                added = [(n.encode(), v.encode("latin-1")) for n, v in self._fields().items()]
                message["headers"] = [*message.get("headers", ()), *added]
                await self._pass_on(message)
        elif self._replacement is None:
            await self._pass_on(message)
        elif not message.get("more_body", False):
            replacement, self._replacement = self._replacement, None
            self.exchange.is_judged = True
            await self.give(replacement)

    async def _pass_on(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
        self.sent += len(message.get("body", b""))
        await self._send(message)

    async def fail(self) -> None:
        """Answer 500 where nothing has been sent; otherwise the server ends the connection."""
        if self.status is None:
            await self.give(self._failures.unrouted(InternalError(), self.exchange))

    def _fields(self) -> dict[str, str]:
        """Return what every answer carries."""
        fields = {"x-request-id": self.exchange.request_id, "x-content-type-options": "nosniff"}
        if self.exchange.traceparent is not None:
            fields["traceparent"] = self.exchange.traceparent
        return fields

    def _instead_of(self, message: Message) -> Outgoing | None:
        status = message["status"]
        if status not in BY_STATUS:
            return None
        fields = dict(message.get("headers", ()))
        kind = fields.get(b"content-type", b"").partition(b";")[0].strip()
        if kind not in _PLAIN_ERRORS:
            return None
        kept = {
            name.decode("latin-1"): value.decode("latin-1")
            for name, value in fields.items()
            if name in {b"allow", b"vary", b"retry-after", b"www-authenticate"}
        }
        return self._failures.unrouted(BY_STATUS[status](headers=kept), self.exchange)


def line_of(
    scope: Scope, exchange: Exchange, status: int | None, seconds: float
) -> dict[str, str | int | float]:
    """Return what is logged of a request."""
    line: dict[str, str | int | float] = {"method": scope["method"], "path": scope["path"]}
    if status is not None:
        line["status"] = status
    line["duration_ms"] = int(seconds * 100_000) / 100
    line["request_id"] = exchange.request_id
    if exchange.trace_id is not None:
        line["trace_id"] = exchange.trace_id
    if exchange.operation_id is not None:
        line["operation_id"] = exchange.operation_id
    if exchange.problem_code is not None:
        line["problem"] = exchange.problem_code
    if exchange.client is not None:
        line["client"] = exchange.client
    return line
