"""Where the counts of rate limits are kept: in PostgreSQL, or in Redis where REDIS_URL names one.
Without it nothing of Redis is imported.
"""

from __future__ import annotations

from importlib import import_module
from typing import Literal, Protocol

from app.contract import Store
from app.db.limits import InSession, StoredLimits
from app.failure import Failure
from app.settings import Settings


class LimitsUnfit(Failure):
    """Counts are to be kept in Redis, and why there can be none."""


class KeptLimits(Store[InSession], Protocol):
    """A store, and what readiness tells of it."""

    @property
    def kept_in(self) -> Literal["postgresql", "redis"]: ...

    async def is_reachable(self) -> bool: ...

    async def close(self) -> None: ...


def limits_of(settings: Settings) -> KeptLimits:
    """Return what counts. Raises LimitsUnfit."""
    url = redis_url_of(settings)
    if url is None:
        return StoredLimits(settings.rate_limit_factor)
    from app.redis.limits import RedisLimits  # noqa: PLC0415 - now the package is known to be there

    return RedisLimits(url, service=settings.app_name, factor=settings.rate_limit_factor)


async def judge(settings: Settings) -> str:
    """Return where counts are kept, for people. Raises Failure where nothing can be counted."""
    url = redis_url_of(settings)
    if url is None:
        return "rate limits are counted in PostgreSQL"
    from app.redis.checks import judge as judge_redis  # noqa: PLC0415 - as above

    return f"rate limits are counted in Redis {await judge_redis(url)}"


async def warnings_of(settings: Settings) -> list[str]:
    """What is wrong and may be over by itself; the service starts and answers 503 where it would
    have to count. Raises Failure where waiting cannot help.
    """
    if redis_url_of(settings) is None:
        return []
    from app.redis.checks import RedisAway  # noqa: PLC0415 - as above

    try:
        await judge(settings)
    except RedisAway as away:
        return list(away.sentences)
    return []


def redis_url_of(settings: Settings) -> str | None:
    """Return where Redis is, None where nothing is counted there. Raises LimitsUnfit."""
    if settings.redis_url is None:
        return None
    try:
        import_module("redis.asyncio")
    except ImportError:
        raise LimitsUnfit(
            "REDIS_URL is set, and the package redis is missing. "
            "Install requirements/redis.lock, or leave it out."
        ) from None
    return settings.redis_url.get_secret_value()
