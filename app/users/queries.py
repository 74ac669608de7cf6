"""The statements about users, one to a function. What they mean is decided in `handlers`."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import Select, bindparam, delete, func, insert, or_, select, update

from app.db.moments import Moment
from app.db.paging import LIMIT, OFFSET, Page, Window, count_of, page_of
from app.db.session import Session
from app.db.tables import users


class UserRow(NamedTuple):
    id: int
    email: str
    username: str
    full_name: str | None
    bio: str | None
    is_active: bool
    is_superuser: bool
    version: int
    token_epoch: int
    created_at: Moment
    updated_at: Moment


class StoredPassword(NamedTuple):
    password_hash: str
    token_epoch: int


COLUMNS = [users.c[name] for name in UserRow._fields]
BY_ID = users.c.id == bindparam("user_id")

FIND_USER = select(*COLUMNS).where(BY_ID)
FIND_PASSWORD = select(users.c.password_hash, users.c.token_epoch).where(BY_ID)
# Weaker than FOR UPDATE: writing a post of this user, which reads the key, need not wait.
LOCK_USER = FIND_USER.with_for_update(key_share=True)
# In one statement and in the order of ids, so that two of them never wait for each other.
LOCK_USER_AND_SUPERUSERS = (
    select(*COLUMNS)
    .where(or_(BY_ID, users.c.is_superuser & users.c.is_active))
    .order_by(users.c.id)
    .with_for_update(key_share=True)
)
INSERT_USER = insert(users).returning(*COLUMNS)
UPDATE_USER = (
    update(users)
    .where(BY_ID)
    .values(version=users.c.version + 1, updated_at=func.now())
    .returning(*COLUMNS)
)
DELETE_USER = delete(users).where(BY_ID)

COUNT = count_of(select(users.c.id))
FROM_TOP: Select[Any] = (
    select(*COLUMNS, COUNT.scalar_subquery())
    .order_by(users.c.id.desc())
    .limit(LIMIT)
    .offset(OFFSET)
)
FROM_CURSOR = FROM_TOP.where(users.c.id < bindparam("before"))


async def find_user(session: Session, user_id: int) -> UserRow | None:
    row = (await session.execute(FIND_USER, {"user_id": user_id})).one_or_none()
    return None if row is None else UserRow(*row)


async def find_password(session: Session, user_id: int) -> StoredPassword | None:
    row = (await session.execute(FIND_PASSWORD, {"user_id": user_id})).one_or_none()
    return None if row is None else StoredPassword(*row)


async def lock_user(session: Session, user_id: int) -> UserRow | None:
    row = (await session.execute(LOCK_USER, {"user_id": user_id})).one_or_none()
    return None if row is None else UserRow(*row)


async def lock_user_and_superusers(session: Session, user_id: int) -> Sequence[UserRow]:
    """The user, if there is one, and all active superusers."""
    found = await session.execute(LOCK_USER_AND_SUPERUSERS, {"user_id": user_id})
    return [UserRow(*row) for row in found]


async def insert_user(session: Session, values: Mapping[str, Any]) -> UserRow:
    return UserRow(*(await session.execute(INSERT_USER, values)).one())


async def update_user(session: Session, user_id: int, changes: Mapping[str, Any]) -> UserRow:
    """Sets only the columns of `changes`, for a user who is locked."""
    found = await session.execute(UPDATE_USER, {**changes, "user_id": user_id})
    return UserRow(*found.one())


async def delete_user(session: Session, user_id: int) -> None:
    """Posts and sign-ins go with it."""
    await session.execute(DELETE_USER, {"user_id": user_id})


async def count_users(session: Session) -> int:
    counted: int = (await session.execute(COUNT)).scalar_one()
    return counted


async def list_users(session: Session, window: Window) -> Page[UserRow]:
    statement = FROM_TOP if window.before is None else FROM_CURSOR
    found = await session.execute(statement, window.parameters())
    rows = [UserRow(*row[:-1]) for row in found]
    # The count comes along with each row; only a page behind the end has to ask for it.
    counted = found[0][-1] if found else await count_users(session)
    return page_of(rows, counted, window)
