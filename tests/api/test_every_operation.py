"""What every operation refuses alike, read from the document: a new operation is tested at once."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx2
import pytest
from fastapi import FastAPI
from sqlalchemy import text

from app.db.engine import Database
from app.db.tables import metadata
from app.main import create_app
from tests.client import FORM, OPERATIONS, TRACEPARENT, Api
from tests.conftest import settings_for
from tests.good import Good, asks_the_database, body_of, security_of
from tests.judge import resolved
from tests.samples import FORGED, good_requests
from tests.stored import Stored

JSON = ("application/json", "application/merge-patch+json")


def declaring(status: str) -> list[str]:
    return [
        name for name, (_, _, operation) in OPERATIONS.items() if status in operation["responses"]
    ]


def with_body(*kinds: str) -> list[str]:
    """The operations whose body is, first of all, of this kind."""
    return [n for n in OPERATIONS if body_of(n) and next(iter(body_of(n)["content"])) in kinds]


def needing_sign_in() -> list[str]:
    return [name for name in OPERATIONS if {} not in security_of(name) and security_of(name)]


def input_problem(name: str) -> tuple[int, str]:
    """Sign-in operations answer bad input as RFC 6749 wants it."""
    return (422, "invalid_input") if name in declaring("422") else (400, "invalid_request")


def malformed_problem(name: str) -> tuple[int, str]:
    return (400, "malformed_request" if name in declaring("422") else "invalid_request")


def problem_of_absence(name: str) -> str:
    """The first that is declared: readiness has more to say than that it cannot be answered."""
    response = resolved(OPERATIONS[name][2]["responses"]["503"])
    return str(response["x-problems"][0])


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_unknown_query_parameter_is_refused(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name), query={"unknown": "1"})

    assert (reply.status, reply.code) == input_problem(name)


@pytest.mark.parametrize("name", OPERATIONS)
async def test_an_unknown_host_is_refused(name: str, api: Api, stored: Stored, good: Good) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name), headers={"host": "attacker.example"})

    assert (reply.status, reply.code) == malformed_problem(name)


@pytest.mark.parametrize("name", [name for name in OPERATIONS if not body_of(name)])
async def test_a_body_where_none_is_declared_is_refused(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name), content=b"{}", media_type="text/plain")

    assert (reply.status, reply.code) == malformed_problem(name)


@pytest.mark.parametrize(
    "content", [b"", b"{", b'{"a":1,"a":2}', b'"\xff"', b'{"a":NaN}', b"[1]\0"]
)
@pytest.mark.parametrize("name", with_body(*JSON))
async def test_a_body_that_is_not_json_is_refused(
    name: str, content: bytes, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name, body=False), content=content)

    assert reply.status in {400, 422}
    assert reply.code in {"malformed_request", "invalid_input"}


@pytest.mark.parametrize(
    "content", [b"", b"username=%ff", b"username=a&username=b", b"x=1", b"%00=1"]
)
@pytest.mark.parametrize("name", with_body(FORM))
async def test_a_form_that_cannot_be_read_is_refused(
    name: str, content: bytes, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name, body=False), content=content)

    assert (reply.status, reply.code) in {input_problem(name), malformed_problem(name)}
    assert reply.body.get("error", reply.code) == reply.code


@pytest.mark.parametrize("name", declaring("406"))
async def test_an_answer_that_the_client_cannot_read_is_not_made(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name), headers={"accept": "image/png"})

    assert (reply.status, reply.code) == (406, "not_acceptable")


@pytest.mark.parametrize("name", declaring("413"))
async def test_a_body_beyond_its_limit_is_refused(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    limit = body_of(name)["x-max-body-size"]
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name, body=False), content=b" " * (limit + 1))

    assert (reply.status, reply.code) == (413, "content_too_large")


@pytest.mark.parametrize("name", declaring("415"))
async def test_a_body_of_another_media_type_is_refused(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(
            name, **good.arguments(name, body=False), content=b"{}", media_type="text/plain"
        )

    assert (reply.status, reply.code) == (415, "unsupported_media_type")


@pytest.mark.parametrize("name", declaring("431"))
async def test_header_fields_beyond_their_limit_are_refused(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **good.arguments(name), headers={"x-long": "x" * 17_000})

    assert (reply.status, reply.code) == (431, "header_fields_too_large")


@pytest.mark.parametrize("name", needing_sign_in())
async def test_nobody_is_let_in_without_credentials(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **{**good.arguments(name), "as_": None})

    assert (reply.status, reply.code) == (401, "unauthorized")
    assert "error=" not in reply.headers["www-authenticate"]


@pytest.mark.parametrize("name", [name for name in OPERATIONS if security_of(name)])
async def test_a_token_that_is_not_valid_is_refused_even_where_none_is_needed(
    name: str, api: Api, stored: Stored, good: Good
) -> None:
    async with stored.unchanged():
        reply = await api(name, **{**good.arguments(name), "as_": FORGED})

    assert (reply.status, reply.code) == (401, "invalid_token")
    challenge = reply.headers["www-authenticate"]
    # With several schemes to choose from, nobody knows which one the error is about.
    assert 'error="invalid_token"' in challenge or ", " in challenge


@pytest.fixture(scope="session")
async def away() -> AsyncIterator[httpx2.AsyncClient]:
    """The service, and a database that nobody can reach."""
    app = create_app(settings_for("postgresql://nobody@/nothing?host=/nowhere"))
    async with client_of(app) as client:
        yield client


@pytest.mark.parametrize("name", declaring("503"))
async def test_a_database_that_is_away_is_said_to_be(
    name: str, away: httpx2.AsyncClient, good: Good
) -> None:
    reply = await Api(away)(name, **good.arguments(name))

    assert (reply.status, reply.code) == (503, problem_of_absence(name))
    assert int(reply.headers["retry-after"]) >= 1


async def test_a_page_of_an_allowed_origin_may_send_a_trace_and_read_it() -> None:
    origin = "https://reader.example"
    settings = settings_for("postgresql://nobody@/nothing?host=/nowhere")
    app = create_app(settings.model_copy(update={"cors_origins": (origin,)}))
    ask = {"access-control-request-method": "GET", "access-control-request-headers": "traceparent"}
    async with client_of(app) as client:
        asked = await client.options("/health", headers={"origin": origin, **ask})
        fields = {"origin": origin, "traceparent": TRACEPARENT}
        reply = await client.get("/health", headers=fields)

    assert asked.status_code == 200
    assert "traceparent" in reply.headers["access-control-expose-headers"]
    assert reply.headers["traceparent"] == TRACEPARENT


@pytest.mark.parametrize("name", [n for n in OPERATIONS if not asks_the_database(n)])
async def test_what_needs_no_database_answers_without_one(
    name: str, away: httpx2.AsyncClient
) -> None:
    assert (await Api(away)(name)).status == 200


@pytest.mark.parametrize("name", [n for n in OPERATIONS if asks_the_database(n)])
async def test_a_defect_is_told_as_one_and_nothing_more(name: str, migrated_url: str) -> None:
    """A statement that fails, because the table is not as the service thinks."""
    settings = settings_for(migrated_url)
    database = Database.create(settings, migrated_url)
    good = await good_requests(settings, database)
    async with database.transaction() as session:
        for table, column in columns():
            rename = f"ALTER TABLE {table} RENAME COLUMN {column} TO renamed_{column}"
            await session.execute(text(rename))
    async with client_of(create_app(settings)) as client:
        reply = await Api(client)(name, **good.arguments(name))
    await database.dispose()

    assert (reply.status, reply.code) == (500, "internal_error")
    assert "renamed" not in str(reply.body)
    assert "column" not in str(reply.body)


def columns() -> Iterator[tuple[str, str]]:
    """Whatever a statement could ask for, Alembic's own table included."""
    yield "alembic_version", "version_num"
    for table in metadata.sorted_tables:
        yield from ((table.name, column.name) for column in table.columns)


@asynccontextmanager
async def client_of(app: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    """The application from its start to its end, when it closes its connections."""
    transport = httpx2.ASGITransport(app=app)
    async with (
        app.router.lifespan_context(app),
        httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client,
    ):
        yield client
