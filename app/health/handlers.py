"""The operations of the tag health. The document says what they do; this is how."""

from __future__ import annotations

import asyncio
from typing import Literal

from app import __version__, draining
from app.context import Context
from app.db.revisions import superseded
from app.health import present, queries
from generated import CONTRACT_DIGEST
from generated.health import GetIndexOkHtml, GetIndexOkJson
from generated.problems import (
    DatabaseNotMigrated,
    DatabaseUnreachable,
    PoolExhausted,
    ShuttingDown,
)
from generated.representations import LivenessDict
from generated.schemas import (
    DatabaseState,
    Health,
    PoolState,
    RateLimitState,
    Readiness,
    ServiceIndex,
)

PATIENCE = 1.5


async def get_index(
    context: Context, *, accept: Literal["application/json", "text/html"]
) -> GetIndexOkJson | GetIndexOkHtml:
    index = ServiceIndex(
        service=context.settings.app_name,
        version=__version__,
        documentation="/docs",
        reference="/redoc",
        openapi_json="/openapi.json",
        openapi_yaml="/openapi.yaml",
        problems="/problems",
        health="/health",
    )
    if accept == "text/html":
        return GetIndexOkHtml(body=present.as_page(index))
    return GetIndexOkJson(body=index)


async def get_health(context: Context) -> Health:
    return Health(
        status="ok",
        service=context.settings.app_name,
        version=__version__,
        contract=CONTRACT_DIGEST,
    )


async def get_readiness(context: Context) -> Readiness:
    if draining.has_begun():
        raise ShuttingDown
    try:
        # Whoever sends traffic must hear of it sooner than a request that waits for its data.
        async with asyncio.timeout(PATIENCE):
            state = await queries.find_state(context.session)
    except TimeoutError:
        if context.database.is_exhausted:
            raise PoolExhausted from None
        raise DatabaseUnreachable from None
    if state.migration is None or state.migration in superseded():
        raise DatabaseNotMigrated
    limits, pool = context.limits, context.database.pool_figures()
    return Readiness(
        status="ready",
        database=DatabaseState(
            status="reachable",
            server_version=state.server_version,
            migration=state.migration,
        ),
        pool=PoolState(size=pool.size, checked_out=pool.checked_out, overflow=pool.overflow),
        rate_limits=RateLimitState(
            kept_in=limits.kept_in, is_reachable=await limits.is_reachable()
        ),
    )


async def get_liveness(context: Context) -> LivenessDict:
    return {"status": "alive"}
