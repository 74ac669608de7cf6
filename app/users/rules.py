"""Who may change what of an account, and which columns a body sets."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.context import Actor
from app.db.audit import Event
from app.users.queries import UserRow
from generated.problems import LastSuperuser, NotYourself, SuperuserRequired
from generated.schemas import UserCreate, UserUpdate

FOR_SUPERUSERS = {"is_active", "is_superuser"}
PASSWORDS = {"password", "current_password"}


def require_self_or_superuser(actor: Actor, user_id: int) -> None:
    if not actor.is_superuser and actor.id != user_id:
        raise NotYourself


def require_rank(actor: Actor, changes: Mapping[str, Any]) -> None:
    if not actor.is_superuser and FOR_SUPERUSERS & changes.keys():
        raise SuperuserRequired


def takes_rank(changes: Mapping[str, Any]) -> bool:
    """Whether these changes could leave one active superuser less."""
    return any(changes.get(name) is False for name in FOR_SUPERUSERS)


def require_another(locked: Sequence[UserRow], user_id: int) -> None:
    """`locked` has all active superusers, who therefore cannot remove one another meanwhile."""
    if [row.id for row in locked if row.is_superuser and row.is_active] == [user_id]:
        raise LastSuperuser


def columns_of(body: UserCreate | UserUpdate) -> dict[str, Any]:
    """The columns that the body sets: a member that it leaves out is not among them."""
    return body.model_dump(exclude=PASSWORDS)


def ends_sign_ins(changes: Mapping[str, Any]) -> bool:
    """Whether whoever is signed in to the account now must not stay so."""
    return "password_hash" in changes or changes.get("is_active") is False


def events_of(before: UserRow, after: UserRow, changes: Mapping[str, Any]) -> Iterator[Event]:
    """What of a change belongs into the audit trail."""
    if "password_hash" in changes:
        yield "password_changed"
    if before.is_superuser != after.is_superuser:
        yield "superuser_granted" if after.is_superuser else "superuser_revoked"
    if before.is_active != after.is_active:
        yield "user_enabled" if after.is_active else "user_disabled"
