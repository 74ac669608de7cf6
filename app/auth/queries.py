"""The statements about sign-ins, one to a function."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import Interval, bindparam, collate, func, insert, select, update

from app.db import audit
from app.db.moments import Moment
from app.db.session import Session
from app.db.tables import refresh_families, users
from app.security.guard import STANDS
from app.security.tokens import RefreshToken

families = refresh_families.c


class Account(NamedTuple):
    """What signing in needs to know of a user."""

    id: int
    password_hash: str
    token_epoch: int
    is_active: bool


class Family(NamedTuple):
    """A sign-in that stands, and the number of its newest refresh token."""

    id: UUID
    user_id: int
    generation: int
    created_at: Moment
    rotated_at: Moment


NAME = func.lower(collate(bindparam("name"), "C"))
ACCOUNT = select(*(users.c[name] for name in Account._fields))
FIND_BY_EMAIL = ACCOUNT.where(func.lower(users.c.email) == NAME)
FIND_BY_USERNAME = ACCOUNT.where(func.lower(users.c.username) == NAME)
# Only if nobody has set another password since this one was found to be right.
UPGRADE_PASSWORD = (
    update(users)
    .where(users.c.id == bindparam("user_id"), users.c.password_hash == bindparam("old_hash"))
    .values(password_hash=bindparam("new_hash"))
)

FAMILY = [families[name] for name in Family._fields]
FIND_FAMILY = select(*FAMILY).where(families.id == bindparam("family_id"), STANDS)
ROTATE = (
    update(refresh_families)
    .where(
        families.id == bindparam("family_id"),
        families.generation == bindparam("presented"),
        STANDS,
    )
    .values(
        generation=families.generation + 1,
        rotated_at=bindparam("now"),
        expires_at=func.least(
            families.created_at + bindparam("longest", type_=Interval), bindparam("idle_until")
        ),
    )
    .returning(*FAMILY)
)
BEGUN = ("user_id", "token_epoch", "created_at", "rotated_at", "expires_at")
INSERTED = (
    insert(refresh_families)
    .values({name: bindparam(name) for name in BEGUN})
    .returning(*FAMILY)
    .cte("inserted")
)
# With its event, by one statement.
INSERT_FAMILY = select(INSERTED).add_cte(
    audit.noted_of(INSERTED, "signed_in", INSERTED.c.user_id, INSERTED.c.id)
)
REVOKED = (
    update(refresh_families)
    .where(families.id == bindparam("family_id"), families.revoked_at.is_(None))
    .values(revoked_at=bindparam("now"))
    .returning(families.id, families.user_id)
)


class Lifetimes(NamedTuple):
    """How long a sign-in lasts: at most, and without being renewed."""

    longest: timedelta
    idle: timedelta


async def find_account(session: Session, name: str) -> Account | None:
    """By email address or user name; only the former contains an @. At once, since hashing comes
    before the transaction.
    """
    statement = FIND_BY_EMAIL if "@" in name else FIND_BY_USERNAME
    row = (await session.at_once(statement, {"name": name})).one_or_none()
    return None if row is None else Account(*row)


async def upgrade_password(session: Session, account: Account, new_hash: str) -> None:
    """The same password in a newer hash: no change that anybody sees."""
    hashes = {"old_hash": account.password_hash, "new_hash": new_hash}
    await session.execute(UPGRADE_PASSWORD, {"user_id": account.id, **hashes})


async def insert_family(
    session: Session, account: Account, now: datetime, lifetimes: Lifetimes
) -> Family:
    values = {
        "user_id": account.id,
        "token_epoch": account.token_epoch,
        "created_at": now,
        "rotated_at": now,
        "expires_at": now + min(lifetimes),
        **audit.origin(),
    }
    return Family(*(await session.execute(INSERT_FAMILY, values)).one())


async def rotate_family(
    session: Session, presented: RefreshToken, now: datetime, lifetimes: Lifetimes
) -> Family | None:
    """Whoever presents the newest token first gets the next; None for everybody else."""
    parameters = {
        "family_id": presented.family_id,
        "presented": presented.generation,
        "now": now,
        "longest": lifetimes.longest,
        "idle_until": now + lifetimes.idle,
    }
    row = (await session.execute(ROTATE, parameters)).one_or_none()
    return None if row is None else Family(*row)


async def find_family(session: Session, family_id: UUID, now: datetime) -> Family | None:
    found = await session.execute(FIND_FAMILY, {"family_id": family_id, "now": now})
    row = found.one_or_none()
    return None if row is None else Family(*row)


async def revoke_family(session: Session, family_id: UUID, now: datetime) -> int | None:
    """Whose sign-in it was, None where it had ended before."""
    row = (await session.execute(REVOKED, {"family_id": family_id, "now": now})).one_or_none()
    return None if row is None else row["user_id"]
