"""The requests that read."""

from __future__ import annotations

from benchmarks.client import Request
from benchmarks.database import LAST_PAGE, PAGE_SIZE
from benchmarks.scene import Scene

POSTS = "/api/v1/posts"
# Enough that no cache of a few rows helps, few enough that their tags are fetched at once.
TAGGED = 200
# What somebody sends to a contestant that never gave out a tag.
ANY_TAG = '"1-1"'


def live(_: Scene) -> list[Request]:
    return [Request("GET", "/health/live")]


def get_post(scene: Scene) -> list[Request]:
    return [Request("GET", f"{POSTS}/{post_id}") for post_id in scene.facts.post_ids]


def get_post_unchanged(scene: Scene) -> list[Request]:
    return [
        request._replace(headers={"If-None-Match": tag_of(scene, request)})
        for request in get_post(scene)[:TAGGED]
    ]


def tag_of(scene: Scene, request: Request) -> str:
    return scene.client.send(request).headers.get("etag", ANY_TAG)


def first_page(_: Scene) -> list[Request]:
    return [Request("GET", POSTS)]


def deep_page(_: Scene) -> list[Request]:
    return [Request("GET", f"{POSTS}?page={LAST_PAGE}&page_size={PAGE_SIZE}")]


def cursor_page(scene: Scene) -> list[Request]:
    """The same rows as the deep page."""
    cursor = f"{scene.facts.before_last_page:016x}"
    return [Request("GET", f"{POSTS}?cursor={cursor}&page_size={PAGE_SIZE}")]


def posts_of_author(scene: Scene) -> list[Request]:
    return [Request("GET", f"{POSTS}?author_id={scene.facts.author_id}")]


def invalid_page(_: Scene) -> list[Request]:
    return [Request("GET", f"{POSTS}?page=0")]
