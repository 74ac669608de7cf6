from __future__ import annotations

import json
import logging
from collections.abc import AsyncIterator
from typing import Any

import asyncpg
import pytest
import structlog
from sqlalchemy import bindparam, text

from app import logs
from app.contract import Exchange
from app.contract.exchange import enter
from app.db.engine import Database
from app.settings import Settings

SECRET = "zqx9-canary"
SLOW = text("SELECT pg_sleep(0.06), cast(:secret AS text)").bindparams(bindparam("secret"))
QUICK = text("SELECT 1")


@pytest.fixture
async def watched_database(settings: Settings, database_url: str) -> AsyncIterator[Database]:
    quick = settings.model_copy(update={"log_slow_queries_ms": 50})
    logs.configure(quick)
    database = Database.create(quick, database_url)
    yield database
    await database.dispose()
    structlog.reset_defaults()
    root = logging.getLogger()
    for handler in [h for h in root.handlers if isinstance(h, logs.LibraryHandler)]:
        root.removeHandler(handler)


def slow_lines(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    lines = [json.loads(line) for line in capsys.readouterr().out.splitlines()]
    return [line for line in lines if line["event"] == "slow_statement"]


@pytest.mark.parametrize("is_read", [True, False])
async def test_a_slow_statement_is_a_line_without_its_parameters(
    watched_database: Database, capsys: pytest.CaptureFixture[str], *, is_read: bool
) -> None:
    enter(Exchange("request-id-1", "get_thing"))
    async with watched_database.session(read_only=is_read) as session:
        await session.execute(SLOW, {"secret": SECRET})
        await session.execute(QUICK)

    (line,) = slow_lines(capsys)
    assert line["sql"].startswith("SELECT pg_sleep(0.06), cast(")
    assert line["duration_ms"] >= 50
    assert (line["operation_id"], line["request_id"]) == ("get_thing", "request-id-1")
    assert SECRET not in json.dumps(line)
    assert watched_database.readings()["db_client_slow_statements"]() == 1


async def test_a_slow_statement_that_fails_is_a_line_too(
    watched_database: Database, capsys: pytest.CaptureFixture[str]
) -> None:
    failing = text("SELECT 1 / length(cast(pg_sleep(0.06) AS text) || left(:secret, 0))")
    with pytest.raises(asyncpg.PostgresError):
        async with watched_database.transaction() as session:
            await session.execute(failing, {"secret": SECRET})

    (line,) = slow_lines(capsys)
    assert "pg_sleep" in line["sql"]
    assert SECRET not in json.dumps(line)


async def test_a_request_knows_what_it_asked_of_the_database(watched_database: Database) -> None:
    exchange = Exchange("request-id-1", "get_thing")
    enter(exchange)
    async with watched_database.transaction() as session:
        await session.execute(SLOW, {"secret": SECRET})

    assert exchange.statements == len(["BEGIN", "SELECT", "COMMIT"])
    assert 0.05 < exchange.database_seconds < 5


async def test_0_is_never(
    settings: Settings, database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    never = Database.create(settings.model_copy(update={"log_slow_queries_ms": 0}), database_url)
    async with never.session(read_only=True) as session:
        await session.execute(SLOW, {"secret": SECRET})
    await never.dispose()

    assert slow_lines(capsys) == []
