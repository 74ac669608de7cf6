"""How often somebody may try to sign in, with the figures of the document itself."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import func, update

from app.db.tables import rate_limits
from app.main import create_app
from app.settings import Settings
from tests.client import Api, Reply
from tests.conftest import settings_for
from tests.people import PASSWORD, Account, People

From = Callable[[str], Api]
MINE, YOURS = "192.0.2.1", "198.51.100.7"


WRONG = "difference-engine-1822"


def form(username: str = "alice", password: str = WRONG) -> dict[str, Any]:
    return {"username": username, "password": password}


RIGHT = form(password=PASSWORD)


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.fixture(scope="module")
async def limited(settings: Settings) -> AsyncIterator[FastAPI]:
    app = create_app(settings.model_copy(update={"rate_limit_factor": 1}))
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture
async def coming_from(limited: FastAPI, people: People) -> AsyncIterator[From]:
    clients: list[httpx2.AsyncClient] = []

    def at(address: str) -> Api:
        transport = httpx2.ASGITransport(app=limited, client=(address, 1))
        clients.append(httpx2.AsyncClient(transport=transport, base_url="http://testserver"))
        return Api(clients[-1])

    yield at
    for client in clients:
        await client.aclose()


async def tried(api: Api, times: int, username: str = "alice") -> list[Reply]:
    return [await api("log_in", body=form(username)) for _ in range(times)]


@pytest.mark.parametrize("username", ["alice", "nobody"])
async def test_the_eleventh_attempt_is_refused_whether_there_is_such_a_user_or_not(
    coming_from: From, alice: Account, username: str
) -> None:
    api = coming_from(MINE)
    replies = await tried(api, 11, username)

    assert [reply.status for reply in replies] == [401] * 10 + [429]
    refused = replies[-1]
    assert refused.code == "too_many_requests"
    assert 290 <= int(refused.headers["retry-after"]) <= 300
    assert refused.headers["ratelimit"] == f'"sign-in";r=0;t={refused.headers["retry-after"]}'
    assert refused.headers["ratelimit-policy"] == (
        '"sign-in";q=10;w=300, "sign-in-address";q=50;w=300, "passwords";q=1000;w=300'
    )


async def test_the_right_password_does_not_help_while_attempts_are_refused(
    coming_from: From, alice: Account
) -> None:
    api = coming_from(MINE)
    await tried(api, 10)

    assert (await api("log_in", body=RIGHT)).status == 429
    assert (await api("log_in", body=form("ALICE", PASSWORD))).status == 429


async def test_nobody_locks_the_owner_out_from_elsewhere(coming_from: From, alice: Account) -> None:
    await tried(coming_from(MINE), 12)

    assert (await coming_from(YOURS)("log_in", body=RIGHT)).status == 200


async def test_whoever_signs_in_is_not_counted(coming_from: From, alice: Account) -> None:
    api = coming_from(MINE)
    replies = [await api("log_in", body=RIGHT) for _ in range(12)]
    failed = await tried(api, 9)
    last = await api("log_in", body=RIGHT)

    assert {reply.status for reply in (*replies, last)} == {200}
    assert {reply.status for reply in failed} == {401}
    assert replies[0].headers["ratelimit"] == '"sign-in";r=9;t=300'
    assert last.headers["ratelimit"].startswith('"sign-in";r=0;t=')


async def test_a_sign_in_that_succeeds_forgives_no_failed_one(
    coming_from: From, alice: Account
) -> None:
    api = coming_from(MINE)
    await tried(api, 9)
    await api("log_in", body=RIGHT)

    assert [reply.status for reply in await tried(api, 2)] == [401, 429]


async def test_attempts_are_served_again_when_the_span_is_over(
    coming_from: From, people: People, alice: Account
) -> None:
    api = coming_from(MINE)
    await tried(api, 11)
    await people.execute(update(rate_limits).values(ends_at=func.now() - timedelta(milliseconds=1)))

    assert [reply.status for reply in await tried(api, 11)] == [401] * 10 + [429]


async def test_an_address_has_fifty_attempts_whoever_it_tries(
    coming_from: From, alice: Account
) -> None:
    names = [f"user-{n}" for n in range(5) for _ in range(10)]
    replies = await asyncio.gather(*(coming_from(MINE)("log_in", body=form(n)) for n in names[:20]))
    for name in names[20:]:
        replies.append(await coming_from(MINE)("log_in", body=form(name)))
    refused = await coming_from(MINE)("log_in", body=form("somebody"))

    assert {reply.status for reply in replies} == {401}
    assert refused.status == 429
    assert refused.headers["ratelimit"].startswith('"sign-in-address";r=0;')
    assert (await coming_from(YOURS)("log_in", body=RIGHT)).status == 200


async def test_an_ipv6_network_is_one_address(coming_from: From, alice: Account) -> None:
    for host in range(10):
        await tried(coming_from(f"2001:db8::{host}:1"), 1)

    assert (await tried(coming_from("2001:db8::ffff:1"), 1))[0].status == 429
    assert (await tried(coming_from("2001:db8:0:1::1"), 1))[0].status == 401


async def test_attempts_at_the_same_moment_are_all_counted(
    coming_from: From, alice: Account
) -> None:
    api = coming_from(MINE)
    replies = await asyncio.gather(*(api("log_in", body=form()) for _ in range(20)))

    assert sorted(reply.status for reply in replies) == [401] * 10 + [429] * 10


async def test_a_form_that_is_refused_is_no_attempt(coming_from: From, alice: Account) -> None:
    api = coming_from(MINE)
    for _ in range(12):
        assert (await api("log_in", body={"username": "alice"})).status == 400

    assert (await api("log_in", body=RIGHT)).status == 200


async def test_what_was_typed_is_not_stored(
    coming_from: From, people: People, alice: Account
) -> None:
    await tried(coming_from(MINE), 1, "a-password-typed-into-the-wrong-field")
    async with people.database.session(read_only=True) as session:
        keys = [row["key"] for row in await session.execute(rate_limits.select())]

    assert len(keys) == 3
    assert {len(key) for key in keys} == {16}


async def test_a_refused_attempt_uses_up_nothing_of_others(
    coming_from: From, alice: Account
) -> None:
    """An address that goes on after its limit would otherwise lock everybody out."""
    api = coming_from(MINE)
    for _ in range(60):
        await api("log_in", body=form())
    others = [await api("log_in", body=form(f"user-{n}")) for n in range(20)]

    assert {reply.status for reply in others} == {401}, "ten of the address's fifty are used up"


async def test_a_lost_database_is_an_answer_of_the_document() -> None:
    """Nobody gets in uncounted."""
    app = create_app(settings_for("postgresql://nobody@/nothing?host=/nowhere"))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http:
        reply = await Api(http)("log_in", body=RIGHT)

    assert (reply.status, reply.code) == (503, "unavailable")
