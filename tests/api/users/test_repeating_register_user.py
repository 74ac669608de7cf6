"""Registering with an `Idempotency-Key`, which nobody has signed in for."""

from __future__ import annotations

import asyncio
import uuid

import pytest

from app.db.tables import idempotency_keys, users
from tests.client import Api
from tests.people import PASSWORD, People


def body(name: str = "ada", **changed: str) -> dict[str, str]:
    return {"email": f"{name}@example.com", "username": name, "password": PASSWORD, **changed}


@pytest.fixture
def key() -> str:
    return str(uuid.uuid4())


async def test_a_repetition_is_not_told_that_the_address_is_taken(
    api: Api, people: People, key: str
) -> None:
    first = await api("register_user", body=body(), idempotency_key=key)
    again = await api("register_user", body=body(), idempotency_key=key)
    another = await api("register_user", body=body(), idempotency_key=str(uuid.uuid4()))

    assert (again.status, again.content) == (201, first.content)
    assert another.code == "email_taken"
    assert await people.count(users) == 1


async def test_a_refusal_of_the_handler_leaves_the_key_free(
    api: Api, people: People, key: str
) -> None:
    ada = await people.add("ada")
    refused = await api("register_user", body=body(), idempotency_key=key)
    assert refused.code == "email_taken"
    assert await people.count(idempotency_keys) == 0

    await people.change(ada, email="countess@example.com", username="countess")
    reply = await api("register_user", body=body(), idempotency_key=key)
    assert reply.status == 201
    assert "idempotent-replayed" not in reply.headers


async def test_a_stranger_who_knows_the_key_learns_nothing(
    api: Api, people: People, key: str
) -> None:
    """The answer is for whoever sends the same password."""
    await api("register_user", body=body(), idempotency_key=key)
    async with people.unchanged():
        reply = await api("register_user", body=body(password="another-123"), idempotency_key=key)

    assert reply.code == "idempotency_key_reused"
    assert "ada" not in str(reply.body)


async def test_neither_key_nor_password_is_kept(api: Api, people: People, key: str) -> None:
    await api("register_user", body=body(), idempotency_key=key)
    kept = str((await people.everything())["idempotency_keys"])

    assert "ada@example.com" in kept
    assert key not in kept
    assert PASSWORD not in kept


async def test_many_at_once_register_once(api: Api, people: People, key: str) -> None:
    replies = await asyncio.gather(
        *(api("register_user", body=body(), idempotency_key=key) for _ in range(12))
    )
    successes = [reply for reply in replies if reply.status == 201]

    assert {(reply.status, reply.code) for reply in replies} <= {
        *((201, ""), (409, "idempotency_key_in_use"))
    }
    assert len({reply.content for reply in successes}) == 1
    assert await people.count(users) == 1


async def test_no_connection_is_held_while_hashing(narrow: Api, people: People) -> None:
    alice = await people.add("alice")
    registering = [
        asyncio.create_task(
            narrow("register_user", body=body(f"user{n}"), idempotency_key=str(uuid.uuid4()))
        )
        for n in range(20)
    ]
    reading = 0
    while not all(task.done() for task in registering):
        assert (await narrow("get_user", user_id=alice.id)).status == 200
        reading += 1

    assert {task.result().status for task in registering} == {201}
    assert reading > 1
