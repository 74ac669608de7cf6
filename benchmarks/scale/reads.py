"""What is read of the posts: as requests for the service, and as calls of its handlers, which tell
the statements that it runs.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import SimpleNamespace
from typing import Any, NamedTuple, cast
from urllib.parse import urlencode

from app.context import Actor, Context
from app.posts import handlers
from benchmarks.client import Request
from benchmarks.scale.filled import Filled
from benchmarks.scale.plans import Ran, Recorder
from benchmarks.scene import Scene

# The most that the document allows.
LAST_PAGE, LONGEST_PAGE = 100, 100
DEFAULTS = {"page": 1, "page_size": 50, "cursor": None, "author_id": None, "published": None}
Query = Mapping[str, Any]


class Read(NamedTuple):
    """`asked` gives the ids of posts or the queries of lists that are asked for in turn. `limit` is
    how many times what it costs at the smallest size it may cost at the largest, `at_least` how
    many posts a table needs for it to find any.
    """

    name: str
    title: str
    asked: Callable[[Filled], list[int] | list[Query]]
    limit: float | None = None
    at_least: int = 0
    is_own: bool = False


def some_posts(filled: Filled) -> list[int]:
    return filled.facts.post_ids


def first_page(_: Filled) -> list[Query]:
    return [{}]


def from_everywhere(filled: Filled) -> list[Query]:
    return [{"cursor": f"{post_id:016x}"} for post_id in filled.places]


def deepest_page(_: Filled) -> list[Query]:
    return [{"page": LAST_PAGE, "page_size": LONGEST_PAGE}]


def of_the_busy(filled: Filled) -> list[Query]:
    return [{"author_id": filled.busy.id}]


def of_the_quiet(filled: Filled) -> list[Query]:
    return [{"author_id": filled.quiet.id}]


def own_drafts(filled: Filled) -> list[Query]:
    return [{"author_id": filled.busy.id, "published": False}]


TARGET = 1.2
READS = (
    Read("get_post", "a post by its id", some_posts, limit=TARGET),
    Read("first_page", "the first page", first_page, limit=TARGET),
    Read("cursor_page", "a page by cursor, anywhere", from_everywhere, limit=TARGET),
    Read("deepest_page", "page 100 of 100 posts each", deepest_page, at_least=20_000),
    Read("busy_author", "first page of who wrote most", of_the_busy),
    Read("quiet_author", "first page of who wrote least", of_the_quiet),
    Read("own_drafts", "own drafts of who wrote most", own_drafts, is_own=True),
)


def requests_of(read: Read, filled: Filled, scene: Scene) -> list[Request]:
    """As they are sent."""
    headers = scene.authorization() if read.is_own else {}
    return [Request("GET", target_of(asked), headers) for asked in read.asked(filled)]


def target_of(asked: int | Query) -> str:
    if isinstance(asked, int):
        return f"{handlers.POSTS}/{asked}"
    texts = {name: str(value).lower() for name, value in asked.items()}
    return f"{handlers.POSTS}?{urlencode(texts)}" if texts else handlers.POSTS


async def statements_of(read: Read, filled: Filled, connection: Any, most: int) -> list[list[Ran]]:
    """What the service runs for each of up to `most` different requests."""
    actor = Actor(id=filled.busy.id, is_superuser=False) if read.is_own else None
    variants = []
    for asked in read.asked(filled)[:most]:
        recorder = Recorder(connection)
        context = cast("Context", SimpleNamespace(session=recorder))
        if isinstance(asked, int):
            await handlers.get_post(context, actor, post_id=asked)
        else:
            await handlers.list_posts(context, actor, **{**DEFAULTS, **asked})
        variants.append(recorder.ran)
    return variants
