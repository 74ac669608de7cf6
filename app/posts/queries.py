"""The statements about single posts, one to a function; `lists` has those about many."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, NamedTuple

from sqlalchemy import (
    ColumnElement,
    bindparam,
    delete,
    func,
    insert,
    or_,
    select,
    true,
    update,
)
from sqlalchemy.ext.asyncio import AsyncSession

from app.context import Actor
from app.db.tables import posts, users


class PostRow(NamedTuple):
    id: int
    author_id: int
    title: str
    content: str
    published: bool
    version: int
    created_at: datetime
    updated_at: datetime
    author_username: str
    author_full_name: str | None


POST_FIELDS = PostRow._fields[:-2]
AUTHOR = [users.c.username, users.c.full_name]
COLUMNS = [*(posts.c[name] for name in POST_FIELDS), *AUTHOR]

# For somebody who is nobody, `actor_id` is null and equals no author.
IS_VISIBLE = or_(
    posts.c.published,
    posts.c.author_id == bindparam("actor_id", type_=posts.c.author_id.type),
    bindparam("sees_all", type_=posts.c.published.type),
)
FIND_POST = (
    select(*COLUMNS)
    .join_from(posts, users, users.c.id == posts.c.author_id)
    .where(posts.c.id == bindparam("post_id"), IS_VISIBLE)
)
LOCK_POST = FIND_POST.with_for_update(of=posts)


def viewer(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        return {"actor_id": None, "sees_all": False}
    return {"actor_id": actor.id, "sees_all": actor.is_superuser}


async def find_post(session: AsyncSession, post_id: int, actor: Actor | None) -> PostRow | None:
    """The post, None where it does not exist for this actor."""
    found = await session.execute(FIND_POST, {"post_id": post_id, **viewer(actor)})
    row = found.one_or_none()
    return None if row is None else PostRow(*row)


async def lock_post(session: AsyncSession, post_id: int, actor: Actor) -> PostRow | None:
    """As `find_post`, and nobody else changes the post until the transaction ends."""
    found = await session.execute(LOCK_POST, {"post_id": post_id, **viewer(actor)})
    row = found.one_or_none()
    return None if row is None else PostRow(*row)


async def insert_post(session: AsyncSession, values: Mapping[str, Any]) -> PostRow:
    inserted = insert(posts).values(**values).returning(*posts.c).cte("inserted")
    statement = select(*(inserted.c[name] for name in POST_FIELDS), *AUTHOR).join_from(
        inserted, users, users.c.id == inserted.c.author_id
    )
    return PostRow(*(await session.execute(statement)).one())


async def update_post(
    session: AsyncSession, post_id: int, actor: Actor, changes: Mapping[str, Any]
) -> PostRow:
    """Sets only the columns of `changes`, for a post that is locked and the actor's to change."""
    statement = (
        update(posts)
        .where(posts.c.id == post_id, users.c.id == posts.c.author_id, may_change(actor))
        .values(version=posts.c.version + 1, updated_at=func.now(), **changes)
        .returning(*COLUMNS)
    )
    return PostRow(*(await session.execute(statement)).one())


async def delete_post(session: AsyncSession, post_id: int, actor: Actor) -> None:
    await session.execute(delete(posts).where(posts.c.id == post_id, may_change(actor)))


def may_change(actor: Actor) -> ColumnElement[bool]:
    """Whose post a write may meet stands in the write itself, whatever was decided before it."""
    return true() if actor.is_superuser else posts.c.author_id == actor.id
