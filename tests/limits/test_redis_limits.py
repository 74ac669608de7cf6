"""What is Redis's own about the counts in it, and whatever may answer at its address."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import suppress
from pathlib import Path

import pytest

from app.contract import Charge
from app.db.engine import Database
from app.redis.checks import RedisAway, RedisUnfit, judge
from app.redis.limits import RedisLimits
from generated.problems import Unavailable
from tests.limits.redis_server import RedisServer, encrypting
from tests.limits.test_stores import ALICE, NARROW, Counting, policy

TRIES = Charge(NARROW, ALICE)


@pytest.fixture
def server(redis_server: RedisServer) -> RedisServer:
    redis_server.ask("FLUSHALL")
    return redis_server


@pytest.fixture
async def counting(server: RedisServer, database: Database) -> AsyncIterator[Counting]:
    counting = Counting(RedisLimits(server.url, service="test"), database)
    yield counting
    await counting.store.close()


async def test_a_count_goes_by_itself(counting: Counting, server: RedisServer) -> None:
    await counting.charge(Charge(policy(window=1), ALICE), Charge(policy("all", window=1), ""))
    assert len(server.keys()) == 2
    await asyncio.sleep(1.05)

    assert server.keys() == []


async def test_a_count_that_somebody_made_last_is_given_its_span_again(
    counting: Counting, server: RedisServer
) -> None:
    await counting.charge(TRIES)
    (key,) = server.keys()
    assert server.ask("PERSIST", key) == [":1"]
    (standing,) = await counting.charge(TRIES)

    assert (standing.counted, standing.seconds) == (2, 60)
    assert server.ask("TTL", key) == [":60"]


async def test_a_server_that_lost_the_scripts_is_given_them_again(
    counting: Counting, server: RedisServer
) -> None:
    assert await counting.passes(2, TRIES) == [True, True]
    server.ask("SCRIPT FLUSH")

    assert await counting.passes(2, TRIES) == [True, False]


async def test_services_of_other_names_count_for_themselves(
    counting: Counting, server: RedisServer, database: Database
) -> None:
    await counting.passes(4, TRIES)
    other = Counting(RedisLimits(server.url, service="other"), database)

    assert await other.is_passed(TRIES)
    assert not await counting.is_passed(TRIES)
    await other.store.close()


async def test_all_keys_of_a_request_are_in_one_slot_of_a_cluster(
    counting: Counting, server: RedisServer
) -> None:
    await counting.charge(TRIES, Charge(policy("all"), ""))

    keys = server.keys()
    assert len(keys) == 2
    assert len({tuple(server.ask("CLUSTER KEYSLOT", key)) for key in keys}) == 1


async def test_what_cannot_be_given_back_stays_counted_and_refuses_nobody(
    tmp_path: Path, database: Database
) -> None:
    with RedisServer(tmp_path) as server:
        counting = Counting(RedisLimits(server.url, service="test"), database)
        await counting.charge(TRIES)
        server.kill()
        await counting.give_back(TRIES)
    await counting.store.close()


@pytest.mark.parametrize(
    "words",
    [
        b"-LOADING Redis is loading the dataset in memory\r\n",
        b"-MASTERDOWN Link with MASTER is down\r\n",
        b"-MISCONF Redis is configured to save RDB snapshots\r\n",
        b"-NOAUTH Authentication required.\r\n",
        b"-MOVED 3999 127.0.0.1:6381\r\n",
        b"-CLUSTERDOWN The cluster is down\r\n",
        b"-BUSY Redis is busy running a script\r\n",
        b"HTTP/1.1 400 Bad Request\r\n\r\n",
        b"*4\r\n:1\r\n",
        b"",
    ],
    ids=lambda words: words[:9].decode().strip() or "hangs up",
)
async def test_whatever_is_no_count_is_unavailable(database: Database, words: bytes) -> None:
    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError):
            while words and await reader.read(4096):
                writer.write(words)
        writer.close()

    strange = await asyncio.start_server(answer, "127.0.0.1", 0)
    port = strange.sockets[0].getsockname()[1]
    counting = Counting(RedisLimits(f"redis://127.0.0.1:{port}", service="test"), database)
    for _ in range(2):
        with pytest.raises(Unavailable):
            await asyncio.wait_for(counting.charge(TRIES), 2)
    await counting.store.close()
    strange.close()


async def test_a_server_out_of_reach_may_come_back() -> None:
    with pytest.raises(RedisAway, match=r"^Redis at 127.0.0.1:1 cannot count: .*Check REDIS_URL"):
        await judge("redis://user:hidden@127.0.0.1:1/0")


async def test_a_wrong_password_is_told_without_it(server: RedisServer) -> None:
    with pytest.raises(RedisUnfit) as told:
        await judge(server.url.replace("://", "://user:hidden@"))

    assert not isinstance(told.value, RedisAway)
    assert "cannot count: invalid username-password pair" in str(told.value)
    assert "hidden" not in str(told.value)


async def test_a_redis_that_forgets_when_it_is_full_is_refused(server: RedisServer) -> None:
    assert (await judge(server.url)).startswith(("6.", "7.", "8.", "9."))
    server.ask("CONFIG SET maxmemory-policy volatile-ttl maxmemory 100mb")
    try:
        with pytest.raises(RedisUnfit, match=r"is volatile-ttl\).* Set maxmemory-policy to noevic"):
            await judge(server.url)
    finally:
        server.ask("CONFIG SET maxmemory-policy noeviction maxmemory 0")


async def test_it_may_be_reached_by_a_socket_and_by_a_user_with_few_rights(
    tmp_path: Path, database: Database
) -> None:
    """With the rights that docs/operate.md names."""
    path = tmp_path / "redis.sock"
    rights = "+eval +evalsha +script|load +incr +incrby +get +pttl +pexpire +info +select"
    user = f"colophon on >hidden ~{{rate-limits}}:* {rights}"
    with RedisServer(tmp_path, "--unixsocket", str(path), "--user", *user.split()) as server:
        url = f"unix://colophon:hidden@{path}?db=3"
        counting = Counting(RedisLimits(url, service="test"), database)
        assert await judge(url)
        assert await counting.passes(4, TRIES) == [True] * 3 + [False]
        await counting.give_back(TRIES)
        assert await counting.passes(1, TRIES) == [True]
        assert server.ask("SELECT 3")[0] == "+OK"
        await counting.store.close()


async def test_a_certificate_is_asked_for_and_judged(tmp_path: Path) -> None:
    server, certificate = encrypting(tmp_path)
    url = server.url.replace("redis://", "rediss://")
    with server:
        assert await judge(f"{url}?ssl_ca_certs={certificate}")
        with pytest.raises(RedisUnfit, match="certificate verify failed"):
            await judge(url)
        with pytest.raises(RedisUnfit, match="cannot count"):
            await judge(server.url)
