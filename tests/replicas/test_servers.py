"""To which of several servers a connection leads."""

from __future__ import annotations

import asyncio
import socket
import time
from collections.abc import Iterator

import asyncpg
import pytest

from app.db.errors import problem_of
from app.db.servers import Servers, one_url_each
from generated.problems import Unavailable
from tests.processes import free_port
from tests.replicas.pair import Pair

WHOLE = "SELECT current_setting('port')::int"


@pytest.fixture
def silent() -> Iterator[str]:
    """An address that takes connections and never says a word."""
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        listener.listen(50)
        yield f"127.0.0.1:{listener.getsockname()[1]}"


def servers_at(pair: Pair, *addresses: str) -> Servers:
    hosts = ",".join(addresses)
    url = pair.one.url.replace(pair.one.address, hosts)
    return Servers(f"{url}?target_session_attrs=read-write")


async def port_of(servers: Servers) -> int:
    connection = await servers.connect(timeout=2.0)
    try:
        port: int = await connection.fetchval(WHOLE)
        return port
    finally:
        await connection.close()


async def test_the_one_that_takes_writes_is_found_wherever_it_stands(
    steady: Pair, silent: str
) -> None:
    gone = f"127.0.0.1:{free_port()}"
    one, two = steady.one.address, steady.two.address
    for addresses in ([one, two], [two, one], [gone, two, one], [silent, one], [silent, two, one]):
        began = time.monotonic()
        assert await port_of(servers_at(steady, *addresses)) == steady.one.port
        assert time.monotonic() - began < 1.5, addresses


async def test_the_one_that_was_fit_is_asked_first_the_next_time(steady: Pair, silent: str) -> None:
    servers = servers_at(steady, silent, steady.one.address)
    await port_of(servers)
    began = time.monotonic()
    await port_of(servers)
    assert time.monotonic() - began < 0.2


async def test_who_was_too_late_is_hung_up_on(steady: Pair) -> None:
    servers = servers_at(steady, steady.two.address, steady.one.address, steady.one.address)
    connections = await asyncio.gather(*[servers.connect(timeout=2.0) for _ in range(8)])
    for connection in connections:
        await connection.close()
    await asyncio.sleep(0.2)
    count = "SELECT count(*) FROM pg_stat_activity WHERE usename = 'colophon'"
    assert [await server.run(count) for server in (steady.one, steady.two)] == [0, 0]


async def test_where_none_takes_writes_a_client_may_come_again(pair: Pair) -> None:
    pair.one.kill()
    for addresses in ([pair.one.address, pair.two.address], [pair.two.address]):
        with pytest.raises(asyncpg.TargetServerAttributeNotMatched) as caught:
            await servers_at(pair, *addresses).connect(timeout=2.0)
        assert isinstance(problem_of(caught.value), Unavailable)


@pytest.mark.parametrize(
    ("url", "each"),
    [
        ("postgresql://r:p@one/n?a=b", ["postgresql://r:p@one/n?a=b"]),
        (
            "postgresql://r:p@one:1,two:2/n?a=b",
            ["postgresql://r:p@one:1/n?a=b", "postgresql://r:p@two:2/n?a=b"],
        ),
        (
            "postgresql://r:p@[::1]:1,two/n",
            ["postgresql://r:p@[::1]:1/n", "postgresql://r:p@two/n"],
        ),
        (
            "postgresql:///n?host=one,two&port=1,2",
            ["postgresql:/n?host=one&port=1", "postgresql:/n?host=two&port=2"],
        ),
        (
            "postgresql:///n?host=%2Frun%2Fa,two&port=5",
            ["postgresql:/n?host=%2Frun%2Fa&port=5", "postgresql:/n?host=two&port=5"],
        ),
        ("postgresql:///n?host=one,two", ["postgresql:/n?host=one", "postgresql:/n?host=two"]),
    ],
)
def test_a_url_is_split_as_libpq_reads_it(url: str, each: list[str]) -> None:
    assert one_url_each(url) == each
