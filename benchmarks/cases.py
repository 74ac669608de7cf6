"""What is asked of the contestants, and what the right answers are."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from benchmarks import reads, writes
from benchmarks.agreement import content_of, kind_of_token, nothing, page_of, written_post
from benchmarks.client import Answer, Request
from benchmarks.contestants.lineup import Contestant
from benchmarks.scene import OK, Scene

CREATED, NOT_MODIFIED, INVALID = 201, 304, 422
# Each worker of the service lets 22 wait for their passwords and sends the others away.
MOST_SIGN_INS = 16
# Each connection needs a sign-in for every round, which takes longer than the round.
MOST_EXCHANGES = 32


def everybody(_: Contestant) -> bool:
    return True


def has_cursor(contestant: Contestant) -> bool:
    return contestant.has_cursor


def judges_input(contestant: Contestant) -> bool:
    return contestant.judges_input


@dataclass(frozen=True, slots=True)
class Case:
    """`requests` are sent in turn, or, for an `exchange`, tokens are sent there for new ones;
    `is_fresh` says that each round needs others. `untagged` is the right status from those who
    have no entity tags.
    """

    name: str
    about: str
    status: int
    requests: Callable[[Scene], Sequence[Request]]
    shows: Callable[[Answer], Any]
    suits: Callable[[Contestant], bool] = everybody
    also: tuple[int, ...] = ()
    untagged: int | None = None
    exchange: str | None = None
    is_fresh: bool = False
    most_connections: int | None = None

    def statuses(self, contestant: Contestant) -> frozenset[int]:
        """Which are right."""
        if self.untagged is not None and not contestant.has_entity_tags:
            return frozenset({self.untagged})
        return frozenset({self.status, *self.also})

    def connections(self, wanted: int) -> int:
        return min(wanted, self.most_connections or wanted)


CASES = (
    Case("live", "the liveness probe", OK, reads.live, content_of),
    Case("get_post", "one post with its author, of a thousand", OK, reads.get_post, content_of),
    Case("list_posts", "the newest 50 posts with authors", OK, reads.first_page, page_of),
    Case("deep_page", "page 100 of 50 posts", OK, reads.deep_page, page_of),
    Case(
        "cursor_page",
        "the same page, found by a cursor; the usual stack has none",
        OK,
        reads.cursor_page,
        page_of,
        suits=has_cursor,
    ),
    Case("author_posts", "the newest 50 posts of one author", OK, reads.posts_of_author, page_of),
    Case(
        "get_post_unchanged",
        "one post with If-None-Match, answered 304; the usual stack knows no entity tags and "
        "answers 200 with the post",
        NOT_MODIFIED,
        reads.get_post_unchanged,
        nothing,
        untagged=OK,
    ),
    Case(
        "create_post",
        "a new draft of a kilobyte",
        CREATED,
        writes.create_post,
        written_post,
        is_fresh=True,
    ),
    Case(
        "update_post",
        "another title for one of the author's own posts",
        OK,
        writes.update_post,
        written_post,
        is_fresh=True,
    ),
    Case(
        "log_in",
        "a sign-in by password, argon2id of 19 MiB and two passes everywhere",
        OK,
        writes.log_in,
        kind_of_token,
        most_connections=MOST_SIGN_INS,
    ),
    Case(
        "refresh_token",
        "a refresh token for the next pair; the usual stack keeps nothing of it",
        OK,
        writes.refresh_token,
        kind_of_token,
        exchange=writes.REFRESH,
        is_fresh=True,
        most_connections=MOST_EXCHANGES,
    ),
    Case(
        "invalid_page",
        "page 0 of the list, answered 422; the floor judges nothing and is left out",
        INVALID,
        reads.invalid_page,
        nothing,
        suits=judges_input,
    ),
    Case(
        "mixed",
        "of twenty requests fourteen for posts, four for lists, one new post and one change",
        OK,
        writes.mixed,
        content_of,
        also=(CREATED,),
        is_fresh=True,
    ),
)
