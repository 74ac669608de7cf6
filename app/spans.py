"""The spans of OpenTelemetry: one for each request, and one below it for each statement. Attributes
are those of the semantic conventions, as far as they hold nothing that a client wrote but the path.
"""

from __future__ import annotations

import re
import time
from collections.abc import Mapping
from functools import lru_cache

from opentelemetry import context, trace
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.trace import SpanContext, SpanKind, Status, StatusCode
from opentelemetry.trace.propagation.tracecontext import TraceContextTextMapPropagator
from starlette.types import Scope

from app.contract import Ended, Exchange

METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
SERVER_ERROR = 500
PROPAGATED = (b"traceparent", b"tracestate")
# "SELECT ... FROM things", "INSERT INTO things", "UPDATE things": what is done, and to what.
OPERATION = re.compile(r"\s*(?:WITH\b.*?\)\s*)?(\w+)", re.DOTALL)
COLLECTION = re.compile(r"\b(?:FROM|INTO|UPDATE|TABLE)\s+([a-z_][a-z0-9_.]*)", re.IGNORECASE)


class Tracing:
    """Observes the requests and statements of one worker."""

    def __init__(self, provider: TracerProvider, routes: Mapping[str, str]) -> None:
        """`routes` are the paths of operations, by their ids."""
        self._provider = provider
        self._tracer = provider.get_tracer("app")
        self._routes = routes
        self._propagator = TraceContextTextMapPropagator()

    def began(self, scope: Scope, exchange: Exchange) -> None:
        """Open the request's span, below that of the client where it names one."""
        method = scope["method"] if scope["method"] in METHODS else "_OTHER"
        parent = None
        if exchange.traceparent is not None:
            sent = {n.decode(): v.decode("latin-1") for n, v in scope["headers"] if n in PROPAGATED}
            parent = self._propagator.extract(sent, context=context.Context())
        span = self._tracer.start_span(
            method,
            context=parent or context.Context(),
            kind=SpanKind.SERVER,
            attributes={
                "http.request.method": method,
                "url.path": scope["path"],
                "url.scheme": scope["scheme"],
                "network.protocol.version": scope["http_version"],
            },
        )
        exchange.traceparent = traceparent_of(span.get_span_context())
        # A request has a task of its own, and with it this context ends.
        context.attach(trace.set_span_in_context(span, context.Context()))

    def ended(self, scope: Scope, exchange: Exchange, ended: Ended) -> None:  # noqa: ARG002 - any observer's
        """Name the span by the operation, and close it."""
        span = trace.get_current_span()
        if exchange.operation_id is not None:
            span.update_name(exchange.operation_id)
            span.set_attribute("http.route", self._routes[exchange.operation_id])
        span.set_attribute("app.request_id", exchange.request_id)
        if ended.status is not None:
            span.set_attribute("http.response.status_code", ended.status)
        if ended.status is None or ended.status >= SERVER_ERROR:
            span.set_attribute("error.type", exchange.problem_code or str(ended.status or "none"))
            span.set_status(Status(StatusCode.ERROR))
        span.end()

    def statement(self, sql: str, seconds: float, error: BaseException | None) -> None:
        """Add a span that has ended below the request's."""
        if not trace.get_current_span().is_recording():
            return
        end = time.time_ns()
        operation, collection = parts_of(sql)
        attributes = {
            "db.system.name": "postgresql",
            "db.query.text": sql,
            "db.operation.name": operation,
        }
        if collection:
            attributes["db.collection.name"] = collection
        span = self._tracer.start_span(
            f"{operation} {collection}".rstrip(),
            kind=SpanKind.CLIENT,
            attributes=attributes,
            start_time=end - int(seconds * 1e9),
        )
        if error is not None:
            span.set_attribute("error.type", type(error).__qualname__)
            span.set_status(Status(StatusCode.ERROR))
        span.end(end)

    def close(self) -> None:
        """Send what has not been sent."""
        self._provider.shutdown()


def traceparent_of(span: SpanContext) -> str:
    """Return it as W3C Trace Context writes it, section 3.2."""
    trace_id, span_id = trace.format_trace_id(span.trace_id), trace.format_span_id(span.span_id)
    return f"00-{trace_id}-{span_id}-{span.trace_flags:02x}"


@lru_cache(1024)
def parts_of(sql: str) -> tuple[str, str]:
    """Return what a statement does and the table that it names first, empty where it names none."""
    operation = OPERATION.match(sql)
    collection = COLLECTION.search(sql)
    return (
        operation[1].upper() if operation else "SQL",
        collection[1] if collection else "",
    )
