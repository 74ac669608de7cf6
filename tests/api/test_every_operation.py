"""What every operation refuses alike, read from the document: a new operation is tested at once."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.engine import Database
from app.main import create_app
from tests.client import OPERATIONS, Account, Api
from tests.conftest import settings_for
from tests.judge import resolved
from tests.people import People
from tests.security.test_tokens import ATTACKS

NO_DATABASE = {"get_index", "get_health", "get_liveness"}
BREAK = """
ALTER TABLE users RENAME COLUMN is_active TO renamed;
ALTER TABLE posts RENAME COLUMN version TO renamed;
ALTER TABLE refresh_families RENAME COLUMN revoked_at TO renamed;
ALTER TABLE alembic_version RENAME COLUMN version_num TO renamed;
"""


def declaring(status: str) -> list[str]:
    return [
        name for name, (_, _, operation) in OPERATIONS.items() if status in operation["responses"]
    ]


def with_body(*, json: bool) -> list[str]:
    return [name for name in OPERATIONS if body_of(name) and is_json(name) == json]


def body_of(name: str) -> dict[str, Any]:
    return resolved(OPERATIONS[name][2].get("requestBody", {}))


def is_json(name: str) -> bool:
    return "json" in next(iter(body_of(name)["content"]))


def needing_sign_in() -> list[str]:
    return [name for name in OPERATIONS if {} not in security_of(name) and security_of(name)]


def security_of(name: str) -> list[dict[str, Any]]:
    security: list[dict[str, Any]] = OPERATIONS[name][2]["security"]
    return security


def input_problem(name: str) -> tuple[int, str]:
    """Sign-in operations answer bad input as RFC 6749 wants it."""
    return (422, "invalid_input") if name in declaring("422") else (400, "invalid_request")


def malformed_problem(name: str) -> tuple[int, str]:
    return (400, "malformed_request" if name in declaring("422") else "invalid_request")


@pytest.fixture
async def alice(people: People) -> Account:
    return await people.add("alice")


@pytest.fixture
async def good(people: People, alice: Account) -> dict[str, Any]:
    """Arguments of a request that would succeed, for whichever operation takes them."""
    post_id = await people.post(alice)
    return {"as_": alice, "user_id": alice.id, "post_id": post_id}


def arguments(name: str, good: dict[str, Any], *, body: bool = True) -> dict[str, Any]:
    given = {"as_": good["as_"]} if security_of(name) else {}
    given |= {p: good[p] for p in ("user_id", "post_id") if f"{{{p}}}" in OPERATIONS[name][1]}
    if body and body_of(name):
        content = next(iter(body_of(name)["content"].values()))
        example = next(iter(content["examples"].values()))["value"]
        token = dict.fromkeys(("refresh_token", "token"), good["as_"].refresh_token)
        given["body"] = {name: token.get(name, value) for name, value in example.items()}
    return given


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_unknown_query_parameter_is_refused(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good), query={"unknown": "1"})

    assert (reply.status, reply.code) == input_problem(name)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_unknown_host_is_refused(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good), headers={"host": "attacker.example"})

    assert (reply.status, reply.code) == malformed_problem(name)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not body_of(name)])
async def test_a_body_where_none_is_declared_is_refused(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good), content=b"{}", media_type="text/plain")

    assert (reply.status, reply.code) == malformed_problem(name)


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"a":1,"a":2}', b'"\xff"', b'{"a":NaN}', b"[1]\0"]
)
@pytest.mark.parametrize("name", with_body(json=True))
async def test_a_body_that_is_not_json_is_refused(
    name: str, content: bytes, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good, body=False), content=content)

    assert reply.status in {400, 422}
    assert reply.code in {"malformed_request", "invalid_input"}


@pytest.mark.parametrize(
    "content", [b"", b"username=%ff", b"username=a&username=b", b"x=1", b"%00=1"]
)
@pytest.mark.parametrize("name", with_body(json=False))
async def test_a_form_that_cannot_be_read_is_refused(
    name: str, content: bytes, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good, body=False), content=content)

    assert (reply.status, reply.code) == (400, "invalid_request")
    assert reply.body["error"] == "invalid_request"


@pytest.mark.parametrize("name", declaring("406"))
async def test_an_answer_that_the_client_cannot_read_is_not_made(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good), headers={"accept": "image/png"})

    assert (reply.status, reply.code) == (406, "not_acceptable")


@pytest.mark.parametrize("name", declaring("413"))
async def test_a_body_beyond_its_limit_is_refused(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    limit = body_of(name)["x-max-body-size"]
    async with people.unchanged():
        reply = await api(name, **arguments(name, good, body=False), content=b" " * (limit + 1))

    assert (reply.status, reply.code) == (413, "content_too_large")


@pytest.mark.parametrize("name", declaring("415"))
async def test_a_body_of_another_media_type_is_refused(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(
            name, **arguments(name, good, body=False), content=b"{}", media_type="text/plain"
        )

    assert (reply.status, reply.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("name", declaring("431"))
async def test_header_fields_beyond_their_limit_are_refused(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **arguments(name, good), headers={"x-long": "x" * 17_000})

    assert (reply.status, reply.code) == (431, "header_fields_too_large")


@pytest.mark.parametrize("name", needing_sign_in())
async def test_nobody_is_let_in_without_credentials(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **{**arguments(name, good), "as_": None})

    assert (reply.status, reply.code) == (401, "unauthorized")
    assert "error=" not in reply.headers["www-authenticate"]


@pytest.mark.parametrize("name", [name for name in OPERATIONS if security_of(name)])
async def test_a_token_that_is_not_valid_is_refused_even_where_none_is_needed(
    name: str, api: Api, people: People, good: dict[str, Any]
) -> None:
    async with people.unchanged():
        reply = await api(name, **{**arguments(name, good), "as_": ATTACKS["another key"]})

    assert (reply.status, reply.code) == (401, "invalid_token")
    assert 'error="invalid_token"' in reply.headers["www-authenticate"]


@pytest.fixture(scope="session")
async def away() -> AsyncIterator[httpx2.AsyncClient]:
    """The service, and a database that nobody can reach."""
    app = create_app(settings_for("postgresql://nobody@/nothing?host=/nowhere"))
    async with client_of(app) as client:
        yield client


@pytest.mark.parametrize("name", declaring("503"))
async def test_a_database_that_is_away_is_said_to_be(
    name: str, away: httpx2.AsyncClient, good: dict[str, Any]
) -> None:
    reply = await Api(away)(name, **arguments(name, good))

    assert (reply.status, reply.code) == (503, "unavailable")
    assert int(reply.headers["retry-after"]) >= 1


@pytest.mark.parametrize("name", sorted(NO_DATABASE))
async def test_what_needs_no_database_answers_without_one(
    name: str, away: httpx2.AsyncClient
) -> None:
    assert (await Api(away)(name)).status == 200


@pytest.mark.parametrize("name", [name for name in OPERATIONS if name not in NO_DATABASE])
async def test_a_defect_is_told_as_one_and_nothing_more(
    name: str, migrated_url: str, good: dict[str, Any]
) -> None:
    """A statement that fails, because the table is not as the service thinks."""
    settings = settings_for(migrated_url)
    database = Database.create(settings, migrated_url)
    people = People(settings, database)
    alice = await people.add("alice")
    async with database.transaction() as session:
        for statement in BREAK.strip().splitlines():
            await session.execute(text(statement))
    async with client_of(create_app(settings)) as client:
        reply = await Api(client)(name, **arguments(name, {**good, "as_": alice}))
    await database.dispose()

    assert (reply.status, reply.code) == (500, "internal_error")
    assert "renamed" not in str(reply.body)
    assert "column" not in str(reply.body)


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The application from its start to its end, when it closes its connections."""
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client,
    ):
        yield client
