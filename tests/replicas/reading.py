"""The service with a primary and a replica, and one post that is read and rewritten."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx2
from pydantic import SecretStr

from app.db.engine import Database
from app.db.replica import Replica, ReplicatedDatabase, database_of
from app.main import create_app
from tests.client import Api
from tests.conftest import settings_for
from tests.people import Account, People
from tests.replicas.pair import Pair

BOUND = 2.0  # x-max-staleness of get_post


@dataclass
class Reading:
    api: Api
    alice: Account
    post_id: int

    async def write(self, content: str) -> None:
        answer = await self.api(
            "update_post", as_=self.alice, post_id=self.post_id, body={"content": content}
        )
        assert answer.status == 200, answer

    async def read(self, *, signed_in: bool = False) -> str:
        """What is there, in an answer that is no problem."""
        who = self.alice if signed_in else None
        answer = await self.api("get_post", as_=who, post_id=self.post_id)
        assert answer.status == 200, answer
        return str(answer.body["content"])

    async def longest_read(self, seconds: float) -> float:
        """Read for so long, one request after the other; return what the slowest took."""
        longest, until = 0.0, time.monotonic() + seconds
        while time.monotonic() < until:
            began = time.monotonic()
            await self.read()
            longest = max(longest, time.monotonic() - began)
        return longest


@asynccontextmanager
async def reading(pair: Pair) -> AsyncIterator[Reading]:
    """The whole service, in this process."""
    settings = settings_for(pair.url).model_copy(
        update={"database_replica_url": SecretStr(pair.two.url)}
    )
    database = Database.create(settings, pair.one.url)
    people = People(settings, database)
    await people.clear()
    alice = await people.add("alice")
    post_id = await people.post(alice, content="first", published=True)
    await pair.catch_up()
    app = create_app(settings)
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client,
    ):
        yield Reading(Api(client), alice, post_id)
    await database.dispose()


@asynccontextmanager
async def watched(pair: Pair) -> AsyncIterator[Replica]:
    """The replica as the service has it, compared with its primary by the test alone."""
    settings = settings_for(pair.one.url).model_copy(
        update={"database_replica_url": SecretStr(pair.two.url)}
    )
    database = database_of(settings, pair.one.url)
    assert isinstance(database, ReplicatedDatabase)
    assert database.replica is not None
    yield database.replica
    await database.dispose()
