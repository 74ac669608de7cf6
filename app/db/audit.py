"""The audit trail: what happened to accounts and to what belongs to them, by whom, and from where.

An event is written in the transaction of its effect, so that there is neither one without the
other. It holds ids and names of events; nothing that somebody typed, and no secret.
"""

from __future__ import annotations

from typing import Any, Literal
from uuid import UUID

from sqlalchemy import CTE, ColumnElement, Insert, Text, bindparam, insert, literal_column, select

from app.contract.exchange import current_exchange
from app.db.session import Session
from app.db.tables import audit_events

Event = Literal[
    "signed_in",
    "sign_in_failed",
    "signed_out",
    "refresh_token_reused",
    "password_changed",
    "user_disabled",
    "user_enabled",
    "superuser_granted",
    "superuser_revoked",
    "user_deleted",
    "post_deleted",
    "limit_reached",
]
COLUMNS = ("event", "actor_id", "subject_id", "sign_in_id", "address", "request_id")
INSERT: Insert = insert(audit_events).values({name: bindparam(name) for name in COLUMNS})


async def note(
    session: Session,
    event: Event,
    *,
    actor_id: int | None = None,
    subject_id: int | None = None,
    sign_in_id: UUID | None = None,
) -> None:
    """In the transaction of `session`, which begins with it if it has not begun.

    `actor_id` is the user who did it, `subject_id` the id of what it was done to, each None where
    it is not known; `sign_in_id` is the sign-in that it was done in or to.
    """
    await session.execute(INSERT, values_of(event, actor_id, subject_id, sign_in_id))


async def note_at_once(
    session: Session, event: Event, *, actor_id: int | None = None, subject_id: int | None = None
) -> None:
    """In a transaction of its own, because the request is going to be refused and rolled back."""
    await session.at_once(INSERT, values_of(event, actor_id, subject_id, None))


def noted_of(
    effect: CTE, event: Event, user_id: ColumnElement[int], sign_in_id: ColumnElement[UUID]
) -> CTE:
    """As part of the statement that has the effect, for each of its rows: what a user did to
    themselves. The parameters are those of `origin`.
    """
    rows: Any = select(
        literal_column(f"'{event}'"),
        *(user_id, user_id, sign_in_id),
        *(bindparam(name, type_=Text) for name in ("address", "request_id")),
    ).select_from(effect)
    statement = insert(audit_events).from_select(list(COLUMNS), rows)
    return statement.returning(audit_events.c.id).cte("noted")


def values_of(
    event: Event, actor_id: int | None, subject_id: int | None, sign_in_id: UUID | None
) -> dict[str, Any]:
    return {
        "event": event,
        "actor_id": actor_id,
        "subject_id": subject_id,
        "sign_in_id": sign_in_id,
        **origin(),
    }


def origin() -> dict[str, str | None]:
    """Where the present request came from; a command comes from nowhere."""
    request = current_exchange()
    if request is None:
        return {"address": None, "request_id": None}
    return {"address": request.client, "request_id": request.request_id}
