"""What must be so of a Redis before it is trusted to count, and a sentence where it is not."""

from __future__ import annotations

import asyncio
from pathlib import Path

from redis.asyncio import Redis
from redis.exceptions import (
    AuthenticationError,
    BusyLoadingError,
    ConnectionError,  # noqa: A004 - not Python's own, of which it is none
    OutOfMemoryError,
    ReadOnlyError,
    TimeoutError,  # noqa: A004 - as above
)

from app.failure import Failure
from app.redis.client import NO_ANSWER, client_of
from app.redis.keys import PROBE
from app.redis_url import described

ASK_TIMEOUT = 3.0
CHARGE = Path(__file__).with_name("charge.lua").read_text(encoding="utf-8")
# What can be over by itself, and so does not stop a start.
PASSING = (
    *(BusyLoadingError, ConnectionError, OutOfMemoryError, ReadOnlyError, TimeoutError),
    OSError,
)


class RedisUnfit(Failure):
    """Why nothing can be counted in the Redis that REDIS_URL names."""


class RedisAway(RedisUnfit):
    """The same, where waiting may help."""


async def judge(url: str) -> str:
    """Return the version of the server. Raises RedisUnfit, RedisAway."""
    client = client_of(url)
    try:
        async with asyncio.timeout(ASK_TIMEOUT):
            fault = await fault_of(client)
            version = (await client.info("server"))["redis_version"]
    except NO_ANSWER as error:
        is_passing = isinstance(error, PASSING) and not isinstance(error, AuthenticationError)
        raise (RedisAway if is_passing else RedisUnfit)(_unusable(url, error)) from None
    finally:
        await client.aclose()
    if fault is not None:
        raise RedisUnfit(fault)
    return str(version)


async def fault_of(client: Redis) -> str | None:
    """Count something, which shows rights, memory and role. Raises what the client raises."""
    await client.eval(CHARGE, 1, PROBE, "1", "1000")
    memory = await client.info("memory")
    policy = memory["maxmemory_policy"]
    if not memory["maxmemory"] or policy == "noeviction":
        return None
    return (
        f"Redis forgets counts when its memory is full (maxmemory-policy is {policy}), so that "
        "whoever fills it is no longer limited. Set maxmemory-policy to noeviction."
    )


def _unusable(url: str, error: Exception) -> str:
    """The words of client and server name host, user or right, never the password."""
    what = str(error) or "it does not answer"
    return (
        f"Redis at {described(url)} cannot count: {what.rstrip('.')}. "
        "Check REDIS_URL and the server."
    )
