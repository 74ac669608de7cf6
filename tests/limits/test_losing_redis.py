"""A real Redis that is killed, stopped, full or demoted, below the real service in this process."""

from __future__ import annotations

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from pathlib import Path

import httpx2
import pytest
from pydantic import SecretStr

from app.main import create_app
from app.settings import Settings
from tests.client import Api, Reply
from tests.limits.redis_server import RedisServer
from tests.people import PASSWORD, People

ANSWERED_WITHIN, BACK_WITHIN = 2.5, 2.0
WRONG = {"username": "nobody", "password": "difference-engine-1822"}
LOSSES: dict[str, tuple[Callable[[RedisServer], object], Callable[[RedisServer], object]]] = {
    "killed": (RedisServer.kill, RedisServer.start),
    "stopped": (RedisServer.stop, RedisServer.go_on),
    "full": (
        lambda server: server.ask("CONFIG SET maxmemory 1"),
        lambda server: server.ask("CONFIG SET maxmemory 0"),
    ),
    "demoted": (
        lambda server: server.ask("REPLICAOF 127.0.0.1 1"),
        lambda server: server.ask("REPLICAOF NO ONE"),
    ),
    "without rights": (
        lambda server: server.ask("ACL SETUSER default -evalsha -eval"),
        lambda server: server.ask("ACL SETUSER default +evalsha +eval"),
    ),
}


@pytest.fixture
def server(tmp_path: Path) -> Iterator[RedisServer]:
    with RedisServer(tmp_path) as server:
        yield server


@pytest.fixture
async def limited(settings: Settings, server: RedisServer, people: People) -> AsyncIterator[Api]:
    """The service, counting in `server`."""
    update = {"redis_url": SecretStr(server.url), "rate_limit_factor": 1}
    app = create_app(settings.model_copy(update=update))
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http,
    ):
        yield Api(http)


async def timed(asked: Awaitable[Reply]) -> Reply:
    started = time.monotonic()
    reply = await asked
    assert time.monotonic() - started < ANSWERED_WITHIN
    return reply


async def is_reachable(api: Api) -> bool:
    """What readiness says, which is ready in any case."""
    reply = await timed(api("get_readiness"))
    assert reply.status == 200
    assert reply.body["rate_limits"]["kept_in"] == "redis"
    return bool(reply.body["rate_limits"]["is_reachable"])


async def counts_again(api: Api) -> None:
    started = time.monotonic()
    while (reply := await api("log_in", body=WRONG)).status == 503:
        assert time.monotonic() - started < BACK_WITHIN
        await asyncio.sleep(0.02)
    assert reply.status == 401
    assert await is_reachable(api)


@pytest.mark.parametrize("loss", LOSSES)
async def test_nobody_gets_in_uncounted_and_all_else_goes_on(
    limited: Api, server: RedisServer, people: People, loss: str
) -> None:
    lose, bring_back = LOSSES[loss]
    await people.add("alice")
    right = {"username": "alice", "password": PASSWORD}
    assert (await limited("log_in", body=right)).status == 200
    assert await is_reachable(limited)

    lose(server)
    for _ in range(3):
        reply = await timed(limited("log_in", body=right))
        assert (reply.status, reply.code) == (503, "unavailable")
        assert int(reply.headers["retry-after"]) > 0
        assert "ratelimit" not in reply.headers
    assert (await limited("list_users")).status == 200
    assert not await is_reachable(limited)

    bring_back(server)
    await counts_again(limited)


async def test_a_loss_is_noticed_by_readiness_before_somebody_needs_it(
    limited: Api, server: RedisServer
) -> None:
    server.stop()
    assert not await is_reachable(limited)
    server.go_on()
    await counts_again(limited)


async def test_a_redis_that_begins_to_forget_is_noticed_by_readiness(
    limited: Api, server: RedisServer
) -> None:
    assert await is_reachable(limited)
    server.ask("CONFIG SET maxmemory-policy allkeys-lru maxmemory 100mb")
    assert not await is_reachable(limited)
    assert (await limited("log_in", body=WRONG)).status == 503

    server.ask("CONFIG SET maxmemory-policy noeviction")
    await counts_again(limited)


async def test_while_it_is_lost_nobody_waits_for_it(limited: Api, server: RedisServer) -> None:
    server.stop()
    started = time.monotonic()
    first = await asyncio.gather(*(limited("log_in", body=WRONG) for _ in range(30)))
    then = [await limited("log_in", body=WRONG) for _ in range(30)]

    assert time.monotonic() - started < ANSWERED_WITHIN, "all of them together"
    assert {reply.status for reply in (*first, *then)} == {503}


async def test_what_was_counted_is_still_there_after_a_silence(
    limited: Api, server: RedisServer
) -> None:
    assert {(await limited("log_in", body=WRONG)).status for _ in range(9)} == {401}
    server.stop()
    assert (await limited("log_in", body=WRONG)).status == 503
    server.go_on()
    await asyncio.sleep(1.1)  # It is sought every half second.

    # The one that was sent into the silence may be counted, or not.
    statuses = [(await limited("log_in", body=WRONG)).status for _ in range(3)]
    assert statuses[1:] == [429, 429]


async def test_a_redis_that_would_forget_counts_is_not_taken_back(
    limited: Api, server: RedisServer
) -> None:
    assert (await limited("log_in", body=WRONG)).status == 401
    server.kill()
    assert (await limited("log_in", body=WRONG)).status == 503
    server.start()
    server.ask("CONFIG SET maxmemory-policy allkeys-lru maxmemory 100mb")
    await asyncio.sleep(1.1)  # Two attempts to find it again.
    assert (await limited("log_in", body=WRONG)).status == 503

    server.ask("CONFIG SET maxmemory-policy noeviction")
    await counts_again(limited)
