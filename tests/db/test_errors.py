from __future__ import annotations

import asyncio
import time
from collections.abc import Callable

import asyncpg
import pytest
from pydantic import SecretStr
from sqlalchemy import bindparam, text

from app.db.engine import Database
from app.db.errors import problem_of, problem_of_state
from app.db.session import Session
from app.settings import Settings
from tests.conftest import settings_for
from tests.db.breaking import code_of, run

# The tables of the service come and go; what a statement breaks is the same with any.
MAKE = "CREATE TABLE notes (id bigint PRIMARY KEY, title varchar(9) NOT NULL CHECK (title <> ''))"
ONE = "INSERT INTO notes VALUES (1, 'one')"
TWO = "INSERT INTO notes VALUES (2, 'two')"


@pytest.fixture
async def own(own: Database) -> Database:
    """With a table in it."""
    await run(own, MAKE)
    return own


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        ("INSERT INTO notes VALUES (2, '')", "invalid_input"),
        ("INSERT INTO notes VALUES (2)", "invalid_input"),
        ("INSERT INTO notes VALUES (2, '0123456789')", "invalid_input"),
        (ONE, None),
        ("SELECT 1 / 0", "invalid_input"),
        ("SELECT 'x'::bigint", "invalid_input"),
        ("SELECT * FROM nowhere", "unavailable"),
        ("SELECT nothing FROM notes", None),
        ("SELEKT 1", None),
        ("SET TRANSACTION READ ONLY; DELETE FROM notes", None),
    ],
)
async def test_what_a_statement_breaks_is_told_as_the_document_says(
    own: Database, statement: str, code: str | None
) -> None:
    await run(own, ONE)

    assert await code_of(run(own, statement)) == code


@pytest.mark.parametrize("value", ["a\0b", "\ud800"])
async def test_text_that_cannot_be_stored_is_invalid_input(own: Database, value: str) -> None:
    async def store() -> None:
        async with own.transaction() as session:
            await session.execute(text("SELECT CAST(:value AS text)"), {"value": value})

    assert await code_of(store()) == "invalid_input"


async def test_an_integer_beyond_its_type_is_invalid_input(own: Database) -> None:
    async def store() -> None:
        async with own.transaction() as session:
            statement = text("SELECT CAST(:value AS bigint)")
            await session.execute(statement, {"value": 2**63})

    assert await code_of(store()) == "invalid_input"


@pytest.mark.parametrize(
    "statements",
    [
        ("SET LOCAL statement_timeout = '20ms'", "SELECT pg_sleep(5)"),
        ("SELECT pg_terminate_backend(pg_backend_pid())",),
        ("SELECT pg_cancel_backend(pg_backend_pid()), pg_sleep(1)",),
        ("SET LOCAL transaction_read_only = on", "DELETE FROM notes"),
        ("SET LOCAL transaction_timeout = '20ms'", "SELECT pg_sleep(5)"),
    ],
)
async def test_what_the_server_cannot_do_now_is_unavailable(
    own: Database, statements: tuple[str, ...]
) -> None:
    assert await code_of(run(own, *statements)) == "unavailable"
    await run(own, "SELECT 1")


async def test_a_transaction_that_idled_too_long_is_unavailable(own: Database) -> None:
    async def idle() -> None:
        async with own.transaction() as session:
            await session.execute(text("SET LOCAL idle_in_transaction_session_timeout = '20ms'"))
            await asyncio.sleep(0.3)
            await session.execute(text("SELECT 1"))

    assert await code_of(idle()) == "unavailable"
    await run(own, "SELECT 1")


async def test_a_lock_that_is_not_given_is_unavailable(own: Database) -> None:
    await run(own, ONE)
    async with own.transaction() as holder:
        await holder.execute(text("LOCK TABLE notes"))
        wanted = run(own, "SET LOCAL lock_timeout = '20ms'", "DELETE FROM notes")

        assert await code_of(wanted) == "unavailable"


async def test_a_deadlock_is_unavailable_to_one_and_success_to_the_other(own: Database) -> None:
    await run(own, ONE, TWO)

    async def touch(first: int, second: int) -> None:
        change = text("UPDATE notes SET title = 'new' WHERE id = :id")
        async with own.transaction() as session:
            await session.execute(change, {"id": first})
            await asyncio.sleep(0.1)
            await session.execute(change, {"id": second})

    outcomes = await asyncio.gather(touch(1, 2), touch(2, 1), return_exceptions=True)
    failed = [outcome for outcome in outcomes if outcome is not None]

    assert len(failed) == 1
    problem = problem_of(failed[0])
    assert problem is not None
    assert problem.code == "unavailable"


async def test_a_plan_that_a_migration_made_stale_is_unavailable_once(own: Database) -> None:
    select = "SELECT title FROM notes"
    await run(own, ONE, select)
    async with own.engine.connect() as other:
        await other.execute(text("ALTER TABLE notes ALTER title TYPE text"))
        await other.commit()

    async def read_on_all() -> list[object]:
        return await asyncio.gather(*(run(own, select) for _ in range(5)), return_exceptions=True)

    problems = [problem_of(o) for o in await read_on_all() if isinstance(o, Exception)]

    assert {problem.code if problem else None for problem in problems} <= {"unavailable"}
    assert [o for o in await read_on_all() if o is not None] == []


async def test_a_pool_that_is_used_up_is_unavailable_within_its_limit(migrated_url: str) -> None:
    settings = settings_for(migrated_url).model_copy(
        update={"db_pool_size": 1, "db_max_overflow": 0}
    )
    database = Database.create(settings, migrated_url)
    async with database.transaction() as session:
        await session.execute(text("SELECT 1"))
        begun = time.monotonic()
        assert await code_of(run(database, "SELECT 1")) == "unavailable"
        assert time.monotonic() - begun < 2.5
    await run(database, "SELECT 1")
    await database.dispose()


def at(settings: Settings, url: str) -> Database:
    return Database.create(settings.model_copy(update={"database_url": SecretStr(url)}), url)


@pytest.mark.parametrize(
    "change",
    [
        lambda _: "postgresql://nobody@/nothing?host=/nowhere",
        lambda _: "postgresql://nobody:x@127.0.0.1:1/nothing",
        lambda url: url.replace("colophon:", "colophon:wrong"),
        lambda url: url.replace("/test_", "/no_test_"),
        lambda url: url.replace("//colophon", "//stranger"),
    ],
)
async def test_a_server_that_lets_nobody_in_is_unavailable(
    settings: Settings, database_url: str, change: Callable[[str], str]
) -> None:
    database = at(settings, change(database_url))

    assert await code_of(run(database, "SELECT 1")) == "unavailable"
    await database.dispose()


async def test_a_server_without_a_connection_to_spare_is_unavailable(migrated_url: str) -> None:
    database = Database.create(settings_for(migrated_url), migrated_url)
    name = migrated_url.partition("?")[0].rpartition("/")[2]
    await run(database, f'ALTER DATABASE "{name}" CONNECTION LIMIT 1')
    async with database.transaction() as session:
        await session.execute(text("SELECT 1"))

        assert await code_of(run(database, "SELECT 1")) == "unavailable"
    await database.dispose()


@pytest.mark.parametrize(
    "statement",
    [
        "ALTER DATABASE {name} ALLOW_CONNECTIONS false",
        "REVOKE CONNECT ON DATABASE {name} FROM PUBLIC, CURRENT_USER",
    ],
)
async def test_a_database_that_is_closed_for_a_while_is_unavailable(
    settings: Settings, migrated_url: str, database_url: str, statement: str
) -> None:
    name = migrated_url.partition("?")[0].rpartition("/")[2]
    elsewhere, closed = at(settings, database_url), at(settings, migrated_url)
    await run(elsewhere, statement.format(name=f'"{name}"'))

    assert await code_of(run(closed, "SELECT 1")) == "unavailable"
    await elsewhere.dispose()
    await closed.dispose()


# Appendix A of PostgreSQL's manual, as far as a request can meet it or might be taken to.
STATES = {
    "unavailable": """
        08000 08001 08003 08004 08006 08007 08P01 0A000 25006 25P03 25P04 28000 28P01 3D000 40001
        40P01 42501 42P01 53000 53100 53200 53300 53400 55000 55P03 57000 57014 57P01 57P02 57P03
        57P04 57P05 58000 58030 58P01 58P02
    """,
    "invalid_input": "22000 22001 22003 22007 22008 22012 22021 22P02 22P05 23502 23514",
    None: """
        21000 23001 23503 23505 23P01 25001 25P01 25P02 26000 2BP01 34000 40002 42601 42703 42804
        42883 42P02 42P05 44000 54000 54001 54011 55P02 55P04 F0000 HV000 P0001 XX000 XX001
        XX002
    """,
}


@pytest.mark.parametrize(
    ("state", "code"),
    [(state, code) for code, states in STATES.items() for state in states.split()],
)
def test_each_state_has_its_answer(state: str, code: str | None) -> None:
    problem = problem_of_state(state, None)

    assert (problem.code if problem else None) == code


@pytest.mark.parametrize("error", [ValueError("x"), KeyError("x"), RuntimeError("x")])
def test_what_has_nothing_to_do_with_the_database_is_a_defect(error: Exception) -> None:
    assert problem_of(error) is None


def test_a_connection_that_the_server_has_given_up_is_unavailable() -> None:
    problem = problem_of(asyncpg.InternalClientError('protocol is in the "failed" state'))
    assert problem is not None
    assert problem.code == "unavailable"


async def test_nothing_is_left_open(own: Database) -> None:
    """After errors of every kind: no connection in use, no transaction idling."""
    for statement in ("SELECT 1 / 0", "SELEKT", "SELECT pg_terminate_backend(pg_backend_pid())"):
        with pytest.raises(Exception):  # noqa: B017, PT011 - which one is not the point
            await run(own, statement)

    assert own.pool_figures().checked_out == 0
    async with own.session(read_only=True) as session:
        assert await idle_transactions(session) == 0


async def idle_transactions(session: Session) -> int:
    statement = text(
        "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() "
        "AND state LIKE 'idle in transaction%' AND pid <> :own"
    ).bindparams(bindparam("own", 0))
    counted: int = await session.scalar(statement) or 0
    return counted
