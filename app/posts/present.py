"""How posts are shown, and under which entity tag."""

from __future__ import annotations

from app.db.etags import State, entity_tag
from app.db.paging import Page, Window
from app.posts.queries import PostRow
from generated.representations import PostAuthorDict, PostDict, PostPageDict


def present_post(row: PostRow) -> PostDict:
    author: PostAuthorDict = {
        "id": row.author_id,
        "username": row.author_username,
        "full_name": row.author_full_name,
    }
    return {
        "id": row.id,
        "title": row.title,
        "content": row.content,
        "published": row.published,
        "author_id": row.author_id,
        "author": author,
        "created_at": row.created_at,
        "updated_at": row.updated_at,
    }


def present_page(page: Page[PostRow], window: Window) -> PostPageDict:
    return {
        "posts": [present_post(row) for row in page.rows],
        "total": page.total,
        "total_is_capped": page.total_is_capped,
        "page": window.page,
        "page_size": window.page_size,
        "next_cursor": page.next_cursor,
    }


def etag_of(row: PostRow) -> str:
    return entity_tag(*state_of(row))


def etag_of_page(page: Page[PostRow], window: Window) -> str:
    return entity_tag(page.figures, window, [state_of(row) for row in page.rows])


def state_of(row: PostRow) -> State:
    """Of what is shown of the author only: a new password of theirs makes no new post."""
    return row.id, row.version, row.updated_at, row.author_username, row.author_full_name
