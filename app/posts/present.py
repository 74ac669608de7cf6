"""How posts are shown, and under which entity tag."""

from __future__ import annotations

from collections.abc import Iterable
from operator import itemgetter

from app.db.etags import entity_tag
from app.db.paging import Page, Window
from app.posts.queries import PostColumns, PostRow
from generated.representations import PostDict, PostPageDict

# Of what is shown of the author only: a new password of theirs makes no new post.
OF_STATE = ("id", "version", "updated_at", "author_username", "author_full_name")
state_of = itemgetter(*(PostRow._fields.index(name) for name in OF_STATE))


def present_post(row: PostRow) -> PostDict:
    return present_posts([row])[0]


def present_posts(rows: Iterable[PostColumns]) -> list[PostDict]:
    """All at once: a function called for each row, and each column asked for by its name, would
    cost half as much again.
    """
    return [
        {
            "id": post_id,
            "title": title,
            "content": content,
            "published": published,
            "author_id": author_id,
            "author": {"id": author_id, "username": username, "full_name": full_name},
            "created_at": created_at,
            "updated_at": updated_at,
        }
        for (
            post_id,
            author_id,
            title,
            content,
            published,
            _version,
            created_at,
            updated_at,
            username,
            full_name,
        ) in rows
    ]


def present_page(page: Page[PostColumns], window: Window) -> PostPageDict:
    return {
        "posts": present_posts(page.rows),
        "total": page.total,
        "total_is_capped": page.total_is_capped,
        "page": window.page,
        "page_size": window.page_size,
        "next_cursor": page.next_cursor,
    }


def etag_of(row: PostRow) -> str:
    return entity_tag(*state_of(row))


def etag_of_page(page: Page[PostColumns], window: Window) -> str:
    return entity_tag(page.figures, window, list(map(state_of, page.rows)))
