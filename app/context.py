"""What a handler is handed: session and clock of the request, the service's parts, the caller."""

from __future__ import annotations

from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import datetime
from types import TracebackType
from typing import Any, Self
from uuid import UUID

from app.db.engine import Database
from app.db.session import Session
from app.limits import KeptLimits
from app.security.passwords import Passwords
from app.security.tokens import Tokens
from app.settings import Settings


# Not frozen: that would cost a microsecond for each request.
@dataclass(slots=True)
class Context:
    """One request's. Leaving it normally commits `session`, leaving it by an exception rolls it
    back; `now` is its only clock and is in UTC; `database` is for the few transactions that must
    outlive a refusal.
    """

    session: Session
    settings: Settings
    passwords: Passwords
    tokens: Tokens
    database: Database
    limits: KeptLimits
    now: datetime

    async def __aenter__(self) -> Self:
        return self

    def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> Coroutine[Any, Any, None]:
        return self.session.__aexit__(kind, error, traceback)


@dataclass(frozen=True, slots=True)
class Actor:
    """Who makes the request, as the database says at this moment, and in which sign-in."""

    id: int
    is_superuser: bool
    sign_in_id: UUID | None = None
