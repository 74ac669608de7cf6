"""Who watches requests: the contract tells, and knows nothing of metrics or traces."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from starlette.types import Scope

from app.contract.exchange import Exchange, enter, trace_id_of


@dataclass(slots=True)
class Ended:
    """What came of a request: `status` is None where no answer was begun, `sent` counts the bytes
    of the content.
    """

    status: int | None
    seconds: float
    sent: int


class Observer(Protocol):
    """Told of each request twice, in its own task. Neither method may raise, or take long."""

    def began(self, scope: Scope, exchange: Exchange) -> None: ...

    def ended(self, scope: Scope, exchange: Exchange, ended: Ended) -> None: ...


def begin(scope: Scope, exchange: Exchange, observers: Iterable[Observer]) -> None:
    """Make `exchange` the current one of this task, and tell who watches."""
    exchange.trace_id = trace_id_of(scope)
    enter(exchange)
    for observer in observers:
        observer.began(scope, exchange)
