"""Posts, with the service's own statements, entity tags and cursors."""

from __future__ import annotations

from typing import Any

from api import models
from api.server import HTTPResult
from api.services import posts
from fastapi import HTTPException

from benchmarks.contestants.records import page_of, post_of, tag_of
from benchmarks.contestants.statements import Database, Row

OK, CREATED, NOT_MODIFIED = 200, 201, 304


class Posts(posts.Posts):  # type: ignore[misc]  # made at run time, so mypy knows nothing of it
    def __init__(self, database: Database) -> None:
        self._database = database

    async def list_posts(
        self,
        *,
        page: int,
        page_size: int,
        cursor: str | None,
        author_id: int | None,
        **_: Any,
    ) -> models.PostPage:
        window = {"limit": page_size + 1, "offset": (page - 1) * page_size}
        if cursor is not None:
            before = {"before": int(cursor, 16), "offset": 0}
            rows = await self._database.rows("list_posts_from", **{**window, **before})
            return models.PostPage(**page_of(rows, None, page_size))
        if author_id is not None:
            author = {"published_author_id": author_id}
            rows = await self._database.rows("list_posts_of", **window, **author)
        else:
            name = "list_posts" if page == 1 else "list_posts_far_down"
            rows = await self._database.rows(name, **window)
        return models.PostPage(**page_of(rows, page, page_size))

    async def get_post(
        self,
        *,
        principal: Row | None,
        post_id: int,
        If_None_Match: str | None,  # noqa: N803
    ) -> HTTPResult:
        row = await self._database.row("find_post", post_id=post_id, **viewer(principal))
        if row is None:
            raise HTTPException(404, "Post not found")
        if If_None_Match == tag_of(row):
            return HTTPResult(NOT_MODIFIED, headers={"ETag": tag_of(row)})
        return tagged(OK, row)

    async def create_post(self, *, principal: Row, body: models.PostCreate, **_: Any) -> HTTPResult:
        row = await self._database.row(
            "insert_post", author_id=principal["id"], **body.model_dump()
        )
        return tagged(CREATED, row)

    async def update_post(
        self, *, principal: Row, post_id: int, body: models.PostUpdate, **_: Any
    ) -> HTTPResult:
        changed = {"post_id": post_id, "title": body.title, **viewer(principal)}
        row = await self._database.row("update_post", **changed)
        if row is None:
            raise HTTPException(404, "Post not found")
        return tagged(OK, row)


def viewer(principal: Row | None) -> dict[str, Any]:
    if principal is None:
        return {"actor_id": None, "sees_all": False}
    return {"actor_id": principal["id"], "sees_all": principal["is_superuser"]}


def tagged(status: int, row: Row) -> HTTPResult:
    return HTTPResult(status, models.Post(**post_of(row)), {"ETag": tag_of(row)})
