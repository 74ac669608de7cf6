"""The operations of the tag posts. The document says what they do; this is how."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.context import Actor, Context
from app.contract import Precondition
from app.db import audit
from app.db.paging import link_to_next, window_of
from app.posts import lists, queries
from app.posts.present import etag_of, etag_of_page, present_page, present_post
from generated.posts import CreatePostCreated, GetPostOk, ListPostsOk, UpdatePostOk
from generated.problems import NotTheAuthor, PostNotFound
from generated.schemas import PostCreate, PostUpdate

POSTS = "/api/v1/posts"


async def list_posts(
    context: Context,
    actor: Actor | None,
    *,
    page: int,
    page_size: int,
    cursor: str | None,
    author_id: int | None,
    published: bool | None,
) -> ListPostsOk:
    window = window_of(page, page_size, cursor)
    ranges = lists.visible_ranges(actor, author_id, published=published)
    found = await lists.list_posts(context.session, ranges, window)
    filters = {"author_id": author_id, "published": published}
    return ListPostsOk(
        body=present_page(found, window),
        etag=etag_of_page(found, window),
        link=link_to_next(POSTS, filters, found, window),
    )


async def create_post(context: Context, actor: Actor, *, body: PostCreate) -> CreatePostCreated:
    values = {**body.model_dump(), "author_id": actor.id}
    row = await queries.insert_post(context.session, values)
    return CreatePostCreated(
        body=present_post(row), location=f"{POSTS}/{row.id}", etag=etag_of(row)
    )


async def get_post(context: Context, actor: Actor | None, *, post_id: int) -> GetPostOk:
    row = await queries.find_post(context.session, post_id, actor)
    if row is None:
        raise PostNotFound
    return GetPostOk(body=present_post(row), etag=etag_of(row))


async def update_post(
    context: Context, actor: Actor, *, post_id: int, precondition: Precondition, body: PostUpdate
) -> UpdatePostOk:
    changes = body.model_dump()
    row = None
    if changes and not precondition.is_conditional:
        row = await queries.update_post(context.session, post_id, actor, changes)
    if row is None:
        row = await update_locked_post(context, actor, post_id, precondition, changes)
    return UpdatePostOk(body=present_post(row), etag=etag_of(row))


async def delete_post(
    context: Context, actor: Actor, *, post_id: int, precondition: Precondition
) -> None:
    await locked_post(context, actor, post_id, precondition)
    await queries.delete_post(context.session, post_id, actor)
    await audit.note(
        context.session,
        "post_deleted",
        actor_id=actor.id,
        subject_id=post_id,
        sign_in_id=actor.sign_in_id,
    )


async def update_locked_post(
    context: Context,
    actor: Actor,
    post_id: int,
    precondition: Precondition,
    changes: Mapping[str, Any],
) -> queries.PostRow:
    """For a change that depends on what the post is, or that has to be refused by a reason."""
    row = await locked_post(context, actor, post_id, precondition)
    updated = (
        await queries.update_post(context.session, post_id, actor, changes) if changes else None
    )
    return row if updated is None else updated


async def locked_post(
    context: Context, actor: Actor, post_id: int, precondition: Precondition
) -> queries.PostRow:
    """A post that this actor may change, and nobody else changes until the transaction ends."""
    row = await queries.lock_post(context.session, post_id, actor)
    if row is None:
        raise PostNotFound
    if not actor.is_superuser and row.author_id != actor.id:
        raise NotTheAuthor
    precondition.check(etag_of(row))
    return row
