"""Statements of SQLAlchemy on the driver itself, and what becomes of connections."""

from __future__ import annotations

import asyncio
from typing import Any

import asyncpg
import pytest
from sqlalchemy import (
    BigInteger,
    Select,
    bindparam,
    column,
    insert,
    literal,
    select,
    table,
    text,
    update,
)

from app.db.compiled import Compiled, compiled
from app.db.engine import Database
from app.db.session import NotOneRowError
from tests.conftest import settings_for

NOTES = table("notes", column("id", BigInteger), column("title"), column("content"))
ONE_OF: Select[Any] = select(column("n")).select_from(text("generate_series(1, 3) AS n"))


async def test_parameters_are_found_by_name_however_often_they_stand(database: Database) -> None:
    statement = text("SELECT :a || :b || :a, CAST(:c AS int)")
    async with database.session(read_only=True) as session:
        found = await session.execute(statement, {"c": 3, "b": "b", "a": "a"})

    assert list(found.one()) == ["aba", 3]


async def test_a_parameter_that_is_not_given_is_named(database: Database) -> None:
    async with database.session(read_only=True) as session:
        with pytest.raises(KeyError, match="wanted"):
            await session.execute(select(bindparam("wanted", type_=BigInteger)))


def test_values_of_the_statement_itself_need_no_parameter() -> None:
    assert Compiled(select(literal(7)), ()).arguments({}) == [7]


def test_a_list_of_values_is_refused() -> None:
    with pytest.raises(TypeError, match="ANY"):
        Compiled(select(NOTES.c.id).where(NOTES.c.id.in_(bindparam("ids", expanding=True))), ())


def test_the_sql_of_a_statement_that_is_kept_is_written_once() -> None:
    change = update(NOTES).where(NOTES.c.id == bindparam("note_id"))
    title = compiled(change, {"title": "a", "note_id": 1})

    assert compiled(change, {"title": "b", "note_id": 2}) is title
    assert "content" not in title.sql
    assert "content" in compiled(change, {"content": "a", "note_id": 1}).sql


def test_an_insert_sets_the_columns_that_are_given() -> None:
    assert compiled(insert(NOTES), {"title": "a"}).sql == "INSERT INTO notes (title) VALUES ($1)"


@pytest.mark.parametrize("wanted", [0, 3])
async def test_one_row_is_one_row(database: Database, wanted: int) -> None:
    async with database.session(read_only=True) as session:
        found = await session.execute(ONE_OF.limit(wanted))
        with pytest.raises(NotOneRowError):
            found.one()
        assert await session.scalar(ONE_OF.limit(wanted)) == (1 if wanted else None)


async def test_a_commit_of_what_has_failed_is_no_success(database: Database) -> None:
    async def go_on_after_an_error() -> None:
        async with database.transaction() as session:
            with pytest.raises(asyncpg.DivisionByZeroError):
                await session.execute(text("SELECT 1 / 0"))

    with pytest.raises(asyncpg.InFailedSQLTransactionError):
        await go_on_after_an_error()
    assert database.pool_figures().checked_out == 0


async def test_the_error_of_a_session_is_told_and_not_what_came_of_it(database: Database) -> None:
    async def fail_on_a_lost_connection() -> None:
        async with database.transaction() as session:
            pid = await session.scalar(text("SELECT pg_backend_pid()"))
            async with database.transaction() as other:
                await other.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": pid})
            await asyncio.sleep(0.1)
            raise LookupError("mine")

    with pytest.raises(LookupError, match="mine"):
        await fail_on_a_lost_connection()
    assert database.pool_figures().checked_out == 0


async def test_whoever_waits_longest_for_a_connection_is_next(database_url: str) -> None:
    narrow = settings_for(database_url).model_copy(update={"db_pool_size": 1, "db_max_overflow": 0})
    database = Database.create(narrow, database_url)
    order: list[str] = []

    async def ask(name: str) -> None:
        async with database.session(read_only=True) as session:
            await session.execute(text("SELECT 1"))
            order.append(name)

    async def again_and_again() -> None:
        for _ in range(50):
            await ask("greedy")

    await ask("first")
    greedy = asyncio.create_task(again_and_again())
    await asyncio.sleep(0)
    await ask("patient")
    await greedy
    await database.dispose()

    assert order.index("patient") <= 2


async def test_statements_are_logged_without_their_values(
    database_url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    echoing = settings_for(database_url).model_copy(update={"db_echo": True})
    database = Database.create(echoing, database_url)
    parameters: dict[str, Any] = {"value": "secret-value"}
    async with database.session(read_only=True) as session:
        await session.execute(text("SELECT CAST(:value AS text)"), parameters)
    await database.dispose()

    said = capsys.readouterr().out
    assert "SELECT CAST($1 AS text)" in said
    assert "secret-value" not in said
