"""What every operation with an `Idempotency-Key` does with it, read from the document: an operation
that takes the key is tested at once.
"""

from __future__ import annotations

import asyncio
import uuid
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import timedelta
from typing import Any

import httpx2
import pytest
from sqlalchemy import select, text, update

from app.db.engine import Database
from app.db.moments import datetime_of
from app.db.sweep import sweep
from app.db.tables import idempotency_keys, metadata
from app.main import create_app
from app.settings import Settings
from tests.client import OPERATIONS, Api, Reply
from tests.conftest import settings_for
from tests.good import Good
from tests.stored import NOTED, Stored

TAKING_A_KEY = [
    name
    for name, (_, _, operation) in OPERATIONS.items()
    if any(parameter["name"] == "Idempotency-Key" for parameter in operation["parameters"])
]
# What each request has of its own, and a repetition too, which is counted as any other.
PER_REQUEST = ("x-request-id", "idempotent-replayed", "ratelimit")
BLOCKED = text(
    "SELECT count(*) FROM pg_locks l JOIN pg_database d ON d.oid = l.database "
    "WHERE d.datname = current_database() AND NOT l.granted"
)
pytestmark = pytest.mark.parametrize("name", TAKING_A_KEY)


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


def fields_of(reply: Reply) -> dict[str, str]:
    return {name: value for name, value in reply.headers.items() if name not in PER_REQUEST}


def another(body: dict[str, Any]) -> dict[str, Any]:
    """A body that differs in one member, and is as good."""
    for member, value in body.items():
        if isinstance(value, str) and "@" not in value:
            return {**body, member: f"{value}s"}
    raise AssertionError(f"say here how to change {body}")


@asynccontextmanager
async def nothing_is_written(database: Database) -> AsyncIterator[None]:
    """Whoever writes what a request is for waits, two seconds at most; who only notes that it came,
    in a transaction before, does not.
    """
    untouched = {idempotency_keys.name, *NOTED}
    tables = [table for table in metadata.tables if table not in untouched]
    async with database.transaction() as session:
        await session.execute(text(f"LOCK TABLE {', '.join(tables)} IN SHARE MODE"))
        yield


async def until_somebody_waits(stored: Stored) -> None:
    async with asyncio.timeout(1.5):
        while await stored.scalar(BLOCKED) == 0:  # noqa: ASYNC110 - the database does not say
            await asyncio.sleep(0.01)


async def test_a_repetition_gets_the_first_answer_and_does_nothing(
    name: str, key: str, api: Api, stored: Stored, good: Good
) -> None:
    first = await api(name, **good.arguments(name), idempotency_key=key)
    async with stored.unchanged():
        again = await api(name, **good.arguments(name), idempotency_key=key)

    assert first.status == again.status == 201
    assert "idempotent-replayed" not in first.headers
    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content
    assert fields_of(again) == fields_of(first)


async def test_quotes_belong_to_the_field_and_not_to_the_key(
    name: str, key: str, api: Api, good: Good
) -> None:
    first = await api(name, **good.arguments(name), idempotency_key=key)
    again = await api(name, **good.arguments(name), idempotency_key=f'"{key}"')

    assert again.headers["idempotent-replayed"] == "true"
    assert again.content == first.content


async def test_a_key_names_one_request(
    name: str, key: str, api: Api, stored: Stored, good: Good
) -> None:
    arguments = good.arguments(name)
    await api(name, **arguments, idempotency_key=key)
    async with stored.unchanged():
        reply = await api(
            name, **{**arguments, "body": another(arguments["body"])}, idempotency_key=key
        )

    assert (reply.status, reply.code) == (422, "idempotency_key_reused")
    assert reply.body["errors"][0]["header"] == "Idempotency-Key"


async def test_while_a_request_is_carried_out_its_repetition_is_put_off(
    name: str, key: str, api: Api, stored: Stored, good: Good
) -> None:
    async with nothing_is_written(stored.database):
        first = asyncio.create_task(api(name, **good.arguments(name), idempotency_key=key))
        await until_somebody_waits(stored)
        reply = await api(name, **good.arguments(name), idempotency_key=key)
    again = await api(name, **good.arguments(name), idempotency_key=key)

    assert (reply.status, reply.code) == (409, "idempotency_key_in_use")
    assert reply.headers["retry-after"] == "1"
    assert (await first).status == 201
    assert again.status in {201, 409}


async def test_what_was_refused_was_not_kept(
    name: str, key: str, api: Api, stored: Stored, good: Good
) -> None:
    arguments = good.arguments(name)
    refused = await api(name, **{**arguments, "body": {}}, idempotency_key=key)
    assert refused.status == 422
    assert await stored.count(idempotency_keys) == 0

    assert (await api(name, **arguments, idempotency_key=key)).status == 201


async def test_what_has_failed_was_not_kept(
    name: str, key: str, api: Api, stored: Stored, good: Good
) -> None:
    async with nothing_is_written(stored.database):
        failed = await api(name, **good.arguments(name), idempotency_key=key)
    assert failed.status == 503
    assert await stored.count(idempotency_keys) == 0

    assert (await api(name, **good.arguments(name), idempotency_key=key)).status == 201


@pytest.mark.parametrize(
    "bad", ["", "1", '"', "8e03978e-40d5-43dd-bc93-6894a57f932", "8e03978e-40d5-43dd-bc93\t"]
)
async def test_what_is_no_key_is_refused(
    name: str, bad: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name), idempotency_key=bad)

    assert (reply.status, reply.code) == (422, "invalid_input")
    assert {error["header"] for error in reply.body["errors"]} == {"Idempotency-Key"}


async def test_without_a_key_nothing_is_kept(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    reply = await api(name, **good.arguments(name))

    assert reply.status == 201
    assert "idempotent-replayed" not in reply.headers
    assert await stored.count(idempotency_keys) == 0


async def test_a_database_that_is_away_is_said_to_be(name: str, key: str, good: Good) -> None:
    app = create_app(settings_for("postgresql://nobody@/nothing?host=/nowhere"))
    transport = httpx2.ASGITransport(app=app)
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as http:
        reply = await Api(http)(name, **good.arguments(name), idempotency_key=key)

    assert (reply.status, reply.code) == (503, "unavailable")


async def test_an_answer_that_has_expired_is_swept(
    name: str, key: str, api: Api, stored: Stored, good: Good, settings: Settings
) -> None:
    await api(name, **good.arguments(name), idempotency_key=key)
    expires_at = datetime_of(await stored.scalar(select(idempotency_keys.c.expires_at)))
    early = await sweep(stored.database, settings, expires_at - timedelta(microseconds=1))
    in_time = await sweep(stored.database, settings, expires_at)

    assert early is not None
    assert in_time is not None
    assert (early["idempotency_keys"], in_time["idempotency_keys"]) == (0, 1)
    assert await stored.count(idempotency_keys) == 0


async def test_an_answer_that_has_expired_and_was_not_swept_yet_is_not_given_again(
    name: str, key: str, api: Api, stored: Stored, good: Good
) -> None:
    arguments = good.arguments(name)
    await api(name, **arguments, idempotency_key=key)
    await stored.execute(update(idempotency_keys).values(expires_at=text("now()")))
    changed = {**arguments, "body": another(arguments["body"])}
    reply = await api(name, **changed, idempotency_key=key)

    assert "idempotent-replayed" not in reply.headers
    assert reply.code not in {"idempotency_key_reused", "idempotency_key_in_use"}
