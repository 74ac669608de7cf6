"""The statements about single posts, one to a function; `lists` has those about many."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from sqlalchemy import bindparam, delete, func, insert, or_, select, update

from app.context import Actor
from app.db.moments import Moment
from app.db.session import Session
from app.db.tables import posts, users


class PostRow(NamedTuple):
    id: int
    author_id: int
    title: str
    content: str
    published: bool
    version: int
    created_at: Moment
    updated_at: Moment
    author_username: str
    author_full_name: str | None


# What a `PostRow` is without its names, which a page of many rows does not need.
PostColumns = tuple[int, int, str, str, bool, int, Moment, Moment, str, str | None]
POST_FIELDS = PostRow._fields[:-2]
AUTHOR = [users.c.username, users.c.full_name]
POST_COLUMNS = [posts.c[name] for name in POST_FIELDS]
COLUMNS = [*POST_COLUMNS, *AUTHOR]

# Whose post a write may meet stands in the write itself, whatever was decided before it.
# For somebody who is nobody, `actor_id` is null and equals no author.
MAY_CHANGE = or_(
    posts.c.author_id == bindparam("actor_id", type_=posts.c.author_id.type),
    bindparam("sees_all", type_=posts.c.published.type),
)
IS_VISIBLE = or_(posts.c.published, MAY_CHANGE)
FIND_POST = (
    select(*COLUMNS)
    .join_from(posts, users, users.c.id == posts.c.author_id)
    .where(posts.c.id == bindparam("post_id"), IS_VISIBLE)
)
LOCK_POST = FIND_POST.with_for_update(of=posts)

WRITTEN = ("title", "content", "published", "author_id")
INSERTED = (
    insert(posts)
    .values({name: bindparam(name) for name in WRITTEN})
    .returning(*posts.c)
    .cte("inserted")
)
INSERT_POST = select(*(INSERTED.c[name] for name in POST_FIELDS), *AUTHOR).join_from(
    INSERTED, users, users.c.id == INSERTED.c.author_id
)
UPDATE_POST = (
    update(posts)
    .where(posts.c.id == bindparam("post_id"), users.c.id == posts.c.author_id, MAY_CHANGE)
    .values(version=posts.c.version + 1, updated_at=func.now())
    .returning(*COLUMNS)
)
DELETE_POST = delete(posts).where(posts.c.id == bindparam("post_id"), MAY_CHANGE)


def viewer(actor: Actor | None) -> dict[str, Any]:
    if actor is None:
        return {"actor_id": None, "sees_all": False}
    return {"actor_id": actor.id, "sees_all": actor.is_superuser}


async def find_post(session: Session, post_id: int, actor: Actor | None) -> PostRow | None:
    """The post, None where it does not exist for this actor."""
    found = await session.execute(FIND_POST, {"post_id": post_id, **viewer(actor)})
    row = found.one_or_none()
    return None if row is None else PostRow(*row)


async def lock_post(session: Session, post_id: int, actor: Actor) -> PostRow | None:
    """As `find_post`, and nobody else changes the post until the transaction ends."""
    found = await session.execute(LOCK_POST, {"post_id": post_id, **viewer(actor)})
    row = found.one_or_none()
    return None if row is None else PostRow(*row)


async def insert_post(session: Session, values: Mapping[str, Any]) -> PostRow:
    """Sets the columns of WRITTEN."""
    return PostRow(*(await session.execute(INSERT_POST, values)).one())


async def update_post(
    session: Session, post_id: int, actor: Actor, changes: Mapping[str, Any]
) -> PostRow | None:
    """Sets only the columns of `changes`; None where there is no post that the actor may change."""
    found = await session.execute(UPDATE_POST, {**changes, "post_id": post_id, **viewer(actor)})
    row = found.one_or_none()
    return None if row is None else PostRow(*row)


async def delete_post(session: Session, post_id: int, actor: Actor) -> None:
    await session.execute(DELETE_POST, {"post_id": post_id, **viewer(actor)})
