"""What is asked of the contestants, what the right answers are, and that they are the same."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from benchmarks.client import Answer, Client, Request
from benchmarks.contestants.lineup import Contestant
from benchmarks.database import Facts

POSTS = "/api/v1/posts"
# More different requests than a round sends, so that no write repeats what is stored already.
VARIANTS = 6_000


@dataclass(frozen=True, slots=True)
class Scene:
    """One contestant, and the rows that it serves."""

    contestant: Contestant
    client: Client
    facts: Facts


Requests = Callable[[Scene], Sequence[Request]]


@dataclass(frozen=True, slots=True)
class Case:
    name: str
    statuses: frozenset[int]
    requests: Requests
    shows: Callable[[Answer], Any]


def live(_: Scene) -> list[Request]:
    return [Request("GET", "/health/live")]


def get_post(scene: Scene) -> list[Request]:
    return [Request("GET", f"{POSTS}/{post_id}") for post_id in scene.facts.post_ids]


def first_page(_: Scene) -> list[Request]:
    return [Request("GET", POSTS)]


def content_of(answer: Answer) -> Any:
    """What is said, whatever way a moment is written; an empty body says nothing."""
    return comparable(answer.content) if answer.body else None


def page_of(answer: Answer) -> Any:
    """Rows and size. How many there are is counted to the end by some and to 1,000 by others."""
    return comparable({name: answer.content[name] for name in ("posts", "page_size")})


def comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: datetime.fromisoformat(inner) if name.endswith("_at") else comparable(inner)
            for name, inner in value.items()
        }
    return [comparable(inner) for inner in value] if isinstance(value, list) else value


OK = frozenset({200})
CASES = (
    Case("live", OK, live, content_of),
    Case("get_post", OK, get_post, content_of),
    Case("list_posts", OK, first_page, page_of),
)
