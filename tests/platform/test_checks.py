from __future__ import annotations

from typing import Any

import asyncpg
import pytest

from app.db import checks
from app.db.checks import DatabaseUnfit, judge, migration_fault, wait_for_server
from app.db.migrate import migrate, newest_revision

FIT = {
    "version": 180006,
    "version_text": "18.6",
    "fsync": "on",
    "full_page_writes": "on",
    "synchronous_commit": "on",
    "encoding": "UTF8",
    "in_recovery": False,
    "connections": 97,
}


def faults(**differences: Any) -> list[str]:
    found = FIT | differences
    return [
        *checks._version_faults(found),
        *checks._durability_faults(found),
        *checks._use_faults(found, connections=15),
    ]


def test_a_usual_server_is_fit() -> None:
    assert faults() == []
    assert checks._warnings(FIT, connections=15) == []


@pytest.mark.parametrize(
    ("difference", "said"),
    [
        ({"version": 140020, "version_text": "14.20"}, "PostgreSQL 14.20. Use one from 15 to 18."),
        ({"version": 190000, "version_text": "19.0"}, "PostgreSQL 19.0. Use one from 15 to 18."),
        ({"fsync": "off"}, "Set fsync = on"),
        ({"full_page_writes": "off"}, "Set full_page_writes = on"),
        ({"synchronous_commit": "off"}, "Set synchronous_commit = on"),
        ({"encoding": "SQL_ASCII"}, "ENCODING 'UTF8'"),
        ({"in_recovery": True}, "Point DATABASE_URL to the primary"),
        ({"connections": 10}, "WEB_CONCURRENCY x (DB_POOL_SIZE + DB_MAX_OVERFLOW)"),
    ],
)
def test_a_server_that_is_not_fit_is_one_sentence(difference: dict[str, Any], said: str) -> None:
    (sentence,) = faults(**difference)
    assert said in sentence


@pytest.mark.parametrize("value", ["on", "local", "remote_write", "remote_apply"])
def test_every_way_of_waiting_for_the_disk_is_fine(value: str) -> None:
    assert faults(synchronous_commit=value) == []


def test_what_is_only_unwise_is_a_warning() -> None:
    old = FIT | {"version": 150003, "version_text": "15.3"}

    (holes,) = checks._warnings(old, connections=15)
    assert "Upgrade it to 15.18" in holes
    (many,) = checks._warnings(FIT, connections=90)
    assert "raise max_connections" in many


async def test_a_real_server_is_judged(empty_url: str) -> None:
    verdict = await judge(empty_url, connections=15)
    assert verdict.faults == ()
    assert verdict.version.startswith(("15.", "16.", "17.", "18."))


async def test_a_setting_of_one_database_counts_too(empty_url: str) -> None:
    name = empty_url.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(dsn=empty_url)
    await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await connection.close()

    (sentence,) = (await judge(empty_url, connections=15)).faults
    assert "synchronous_commit = off" in sentence


async def test_a_server_out_of_reach_is_told_without_its_password() -> None:
    with pytest.raises(DatabaseUnfit) as raised:
        await wait_for_server("postgresql://u:hidden@127.0.0.1:1/d", seconds=0.1)

    (sentence,) = raised.value.sentences
    assert sentence.startswith("The database d at 127.0.0.1:1 cannot be used")
    assert "hidden" not in sentence


async def test_waiting_for_what_waiting_cannot_help_is_not_tried(empty_url: str) -> None:
    with pytest.raises(DatabaseUnfit, match="does not exist"):
        await wait_for_server(empty_url.replace("/test_", "/other_"), seconds=60)


async def test_tables_that_are_not_current_are_told(empty_url: str) -> None:
    fault = await migration_fault(empty_url)
    assert fault is not None
    assert f"is at revision none and this code needs {newest_revision()}" in fault

    await migrate(empty_url)
    assert await migration_fault(empty_url) is None
