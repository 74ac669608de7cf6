"""Who watches requests: the contract tells, and knows nothing of metrics or traces."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from starlette.types import Scope

from app.contract.exchange import Exchange


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
