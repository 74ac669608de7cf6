"""Writing posts with an `Idempotency-Key`: real processes, many requests at once, and `kill -9`."""

from __future__ import annotations

import asyncio
import os
import random
import signal
import subprocess
import uuid
from collections import Counter
from collections.abc import AsyncIterator, Mapping
from typing import Any

import httpx2
import pytest
from sqlalchemy import func, select, text

from app.db.engine import Database
from app.db.tables import posts
from tests.client import Api, Reply
from tests.conftest import KEY, Databases, settings_for
from tests.people import Account, People
from tests.processes import Served, serve, wait_until_ready

POSTS = "/api/v1/posts"
# Some of them are killed at work, others between work and answer, others before and after.
KILLS, AT_ONCE = 4, 20
# Each commit takes up to 100 ms, in which there is an effect that nobody has been told of.
SLOW_COMMITS = (
    (
        "CREATE FUNCTION take_long() RETURNS trigger LANGUAGE plpgsql AS "
        "$$ BEGIN PERFORM pg_sleep(random() * 0.1); RETURN NULL; END $$"
    ),
    (
        "CREATE CONSTRAINT TRIGGER slow_commits AFTER INSERT ON posts "
        "DEFERRABLE INITIALLY DEFERRED FOR EACH ROW EXECUTE FUNCTION take_long()"
    ),
)


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def body(title: str = "Note G") -> dict[str, Any]:
    return {"title": title, "content": "It can do whatever we know how to order it to perform."}


async def test_a_key_of_somebody_else_is_another_key(
    api: Api, people: People, alice: Account, key: str
) -> None:
    bob = await people.add("bob")
    first = await api("create_post", as_=alice, body=body(), idempotency_key=key)
    reply = await api("create_post", as_=bob, body=body(), idempotency_key=key)

    assert "idempotent-replayed" not in reply.headers
    assert reply.body["author_id"] == bob.id
    assert reply.body["id"] != first.body["id"]


async def test_a_key_outlives_the_sign_in(
    api: Api, people: People, alice: Account, key: str
) -> None:
    first = await api("create_post", as_=alice, body=body(), idempotency_key=key)
    again = await people.again(alice)
    reply = await api("create_post", as_=again, body=body(), idempotency_key=key)

    assert reply.content == first.content


async def test_who_is_locked_out_gets_no_answer_again(
    api: Api, people: People, alice: Account, key: str
) -> None:
    await api("create_post", as_=alice, body=body(), idempotency_key=key)
    await people.change(alice, is_active=False)

    reply = await api("create_post", as_=alice, body=body(), idempotency_key=key)
    assert reply.code == "invalid_token"


async def test_a_repetition_is_answered_as_it_was_then(api: Api, alice: Account, key: str) -> None:
    first = await api("create_post", as_=alice, body=body(), idempotency_key=key)
    post_id = first.body["id"]
    await api("update_post", as_=alice, post_id=post_id, body={"title": "Note H"})
    await api("delete_post", as_=alice, post_id=post_id)

    reply = await api("create_post", as_=alice, body=body(), idempotency_key=key)
    assert reply.content == first.content


async def test_a_repetition_is_counted_as_any_other_request(
    api: Api, alice: Account, key: str
) -> None:
    first = await api("create_post", as_=alice, body=body(), idempotency_key=key)
    again = await api("create_post", as_=alice, body=body(), idempotency_key=key)

    assert again.headers["idempotent-replayed"] == "true"
    assert again.headers["ratelimit-policy"] == first.headers["ratelimit-policy"]
    assert left(again) == left(first) - 1


def left(reply: Reply) -> int:
    """How many more requests are served, as the answer says."""
    return int(reply.headers["ratelimit"].split(";r=")[1].split(";")[0])


@pytest.fixture
async def own_url(databases: Databases) -> AsyncIterator[str]:
    url = await databases.create()
    yield url
    await databases.drop(url)


@pytest.fixture
async def own(own_url: str) -> AsyncIterator[People]:
    """People in a database of the test's own, for a service with their key."""
    settings = settings_for(own_url)
    database = Database.create(settings, own_url)
    yield People(settings, database)
    await database.dispose()


def workers(url: str) -> dict[str, str]:
    return {"WEB_CONCURRENCY": "2", "DATABASE_URL": url, "SECRET_KEY": KEY}


async def send(http: httpx2.AsyncClient, author: Account, key: str, title: str) -> httpx2.Response:
    fields = {"authorization": f"Bearer {author.access_token}", "idempotency-key": key}
    return await http.post(POSTS, headers=fields, json=body(title))


async def until_done(
    http: httpx2.AsyncClient, author: Account, key: str, title: str
) -> httpx2.Response:
    """What a client does that does not know what came of its request."""
    async with asyncio.timeout(20):
        while True:
            try:
                response = await send(http, author, key, title)
            except httpx2.TransportError:
                await asyncio.sleep(0.1)
                continue
            if response.status_code == 201:
                return response
            assert response.status_code in {409, 503}
            await asyncio.sleep(0.1)


async def titles(people: People) -> Counter[str]:
    """How often each title is there."""
    async with people.database.session(read_only=True) as session:
        counted = select(posts.c.title, func.count()).group_by(posts.c.title)
        return Counter(dict(map(tuple, await session.execute(counted))))


def shown(response: httpx2.Response) -> tuple[bytes, Mapping[str, str]]:
    """Everything but what each request has of its own."""
    own = {"x-request-id", "idempotent-replayed", "ratelimit", "date"}
    return response.content, {n: v for n, v in response.headers.items() if n not in own}


async def test_fifty_at_once_write_one_post(own: People, own_url: str, tmp_path: Any) -> None:
    with serve(tmp_path, workers(own_url)) as served:
        alice = await own.add("alice")
        limits = httpx2.Limits(max_connections=50)
        async with httpx2.AsyncClient(base_url=served.url, limits=limits, timeout=30) as http:
            for number in range(20):
                key, title = str(uuid.uuid4()), f"round {number}"
                replies = await asyncio.gather(*(send(http, alice, key, title) for _ in range(50)))
                done = [reply for reply in replies if reply.status_code == 201]
                first = [r for r in done if "idempotent-replayed" not in r.headers]
                last = await send(http, alice, key, title)

                assert {reply.status_code for reply in replies} <= {201, 409}
                assert len(first) == 1
                assert all(shown(reply) == shown(first[0]) for reply in (*done, last))
                assert last.headers["idempotent-replayed"] == "true"

    assert set((await titles(own)).values()) == {1}
    assert len(await titles(own)) == 20


async def test_a_worker_that_is_killed_leaves_one_post_and_its_answer(
    own: People, own_url: str, tmp_path: Any
) -> None:
    async with own.database.transaction() as session:
        for statement in SLOW_COMMITS:
            await session.execute(text(statement))
    unheard = 0
    with serve(tmp_path, workers(own_url)) as served:
        alice = await own.add("alice")
        async with httpx2.AsyncClient(base_url=served.url, timeout=30) as http:
            for number in range(KILLS):
                unheard += await kill_at_work(served, http, own, alice, number)

    assert set((await titles(own)).values()) == {1}
    assert len(await titles(own)) == KILLS * AT_ONCE
    assert unheard > 0, "nothing was killed between effect and answer: make the commits slower"


async def kill_at_work(
    served: Served, http: httpx2.AsyncClient, own: People, author: Account, number: int
) -> int:
    """Return how many posts were there although nobody was told of them."""
    keys = {f"{number}, {n}": str(uuid.uuid4()) for n in range(AT_ONCE)}
    sent = [asyncio.create_task(send(http, author, k, title)) for title, k in keys.items()]
    await asyncio.sleep(random.uniform(0.02, 0.12))  # noqa: S311 - any moment will do
    for worker in workers_of(served):
        os.kill(worker, signal.SIGKILL)
    outcomes = await asyncio.gather(*sent, return_exceptions=True)
    await asyncio.sleep(0.2)
    there = await titles(own)
    heard = {t: o for t, o in zip(keys, outcomes, strict=True) if isinstance(o, httpx2.Response)}
    assert all(there[title] == 1 for title, o in heard.items() if o.status_code == 201)
    unheard = [title for title in keys if there[title] and title not in heard]
    await asyncio.to_thread(wait_until_ready, served)
    for title, key in keys.items():
        done = await until_done(http, author, key, title)
        again = await until_done(http, author, key, title)
        assert shown(again) == shown(done)
        assert again.headers["idempotent-replayed"] == "true"
        if title in heard and heard[title].status_code == 201:
            assert shown(heard[title]) == shown(done)
        if title in unheard:
            assert done.headers["idempotent-replayed"] == "true"
    return len(unheard)


def workers_of(served: Served) -> list[int]:
    """The processes that serve, which their supervisor starts again."""
    found = subprocess.run(
        ["pgrep", "-P", str(served.process.pid), "-f", "spawn_main"],
        capture_output=True,
        text=True,
        check=False,
    )
    return [int(pid) for pid in found.stdout.split()]
