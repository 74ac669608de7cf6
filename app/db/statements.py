"""What is noted of each statement when it has ended: how long it took, for the request's account,
and a line in the log where it was slow. Parameters are no part of it.
"""

from __future__ import annotations

import time
from collections.abc import Callable

import structlog

from app.contract.exchange import current_exchange

# Is told the SQL of a statement, how many seconds it took, and how it failed.
Follow = Callable[[str, float, BaseException | None], None]

log = structlog.get_logger("database")


class Statements:
    """Those of one process. `slow` counts what took `slow_after` seconds or longer; 0 is never."""

    def __init__(self, *, slow_after: float) -> None:
        self._slow_after = slow_after or float("inf")
        self.slow = 0
        self.follow: Follow | None = None

    def ended(self, sql: str, started: float, error: BaseException | None = None) -> None:
        """`started` is what the performance counter said then."""
        seconds = time.perf_counter() - started
        exchange = current_exchange()
        if exchange is not None:
            exchange.statements += 1
            exchange.database_seconds += seconds
        if self.follow is not None:
            self.follow(sql, seconds, error)
        if seconds >= self._slow_after:
            self.slow += 1
            log.warning(
                "slow_statement",
                sql=sql,
                duration_ms=round(seconds * 1000, 2),
                operation_id=exchange and exchange.operation_id,
                request_id=exchange and exchange.request_id,
                trace_id=exchange and exchange.trace_id,
            )
