"""Changing what somebody else may be changing too (RFC 9110, section 13.1.1)."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any, TypeVar

from ._driving import completed
from .api.responses import Response
from .problem import Problem, SDKError

T = TypeVar("T")
R = TypeVar("R")

PRECONDITION_FAILED = 412


def etag(response: Response[Any]) -> str:
    """Return the entity tag of an answer, for `if_match` and `if_none_match`."""
    tag = response.info.headers.get("etag")
    if tag is None:
        raise SDKError(reason="the answer carries no ETag")
    return tag


def edit(read: Callable[[], Response[T]], write: Callable[[T, str], R], *, attempts: int = 1) -> R:
    """Read, and write under the entity tag of what was read.

    Where somebody else was faster, the problem of status 412 is raised; with more than one attempt,
    `read` and `write` are called again first, so `write` has to make the change from what it is
    given.
    """

    async def reading() -> Response[T]:
        return read()

    async def writing(found: T, tag: str) -> R:
        return write(found, tag)

    return completed(aedit(reading, writing, attempts=attempts))


async def aedit(
    read: Callable[[], Awaitable[Response[T]]],
    write: Callable[[T, str], Awaitable[R]],
    *,
    attempts: int = 1,
) -> R:
    """Do what `edit` does, with calls that are awaited."""
    while True:
        answer = await read()
        attempts -= 1
        try:
            return await write(answer.data, etag(answer))
        except Problem as problem:
            if problem.status != PRECONDITION_FAILED or attempts < 1:
                raise
