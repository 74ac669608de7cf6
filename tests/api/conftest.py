from __future__ import annotations

from collections.abc import AsyncIterator

import httpx2
import pytest

from app.main import create_app
from app.settings import Settings
from tests.client import Api


@pytest.fixture
async def narrow(settings: Settings) -> AsyncIterator[Api]:
    """The service with a single connection, with which nobody may wait for a second one."""
    app = create_app(settings.model_copy(update={"db_pool_size": 1, "db_max_overflow": 0}))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        yield Api(http)


@pytest.fixture
async def strict(settings: Settings) -> AsyncIterator[Api]:
    """The service with a twenty-fifth of each rate limit, which takes few requests to reach."""
    app = create_app(settings.model_copy(update={"rate_limit_factor": 0.04}))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        yield Api(http)
