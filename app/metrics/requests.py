"""Counts requests: what the edge of the service tells, by operation. Costs about a microsecond."""

from __future__ import annotations

from bisect import bisect_left

from starlette.types import Scope

from app.contract import Ended, Exchange
from app.metrics.board import Board, Row
from app.metrics.families import DURATIONS

# Of a request that means no operation of the document.
NONE = "none"
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE"})
OTHER = "other"


class RequestMetrics:
    """Observes all requests of one worker."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._active = board.row("http_server_active_requests")
        self._rows: dict[tuple[str | None, str, int | None, str | None], tuple[Row, ...]] = {}

    def began(self, scope: Scope, exchange: Exchange) -> None:  # noqa: ARG002 - any observer's
        self._active[0] += 1

    def ended(self, scope: Scope, exchange: Exchange, ended: Ended) -> None:
        self._active[0] -= 1
        method = scope["method"]
        if method not in METHODS:
            method = OTHER
        key = (exchange.operation_id, method, ended.status, exchange.problem_code)
        rows = self._rows.get(key)
        requests, durations, sent, statements = self._new(key) if rows is None else rows
        requests[0] += 1
        durations[bisect_left(DURATIONS, ended.seconds)] += 1
        durations[-1] += ended.seconds
        sent[0] += ended.sent
        if exchange.statements:
            statements[0] += exchange.statements
            statements[1] += exchange.database_seconds

    def _new(self, key: tuple[str | None, str, int | None, str | None]) -> tuple[Row, ...]:
        operation, method, status, problem = key
        name = operation or NONE
        labels = (name, method, str(status or 0), problem or "")
        rows = self._rows[key] = (
            self._board.row("http_server_requests", *labels),
            self._board.row("http_server_request_duration_seconds", name),
            self._board.row("http_server_response_body_bytes", name),
            self._board.row("db_client_statement_seconds", name),
        )
        return rows
