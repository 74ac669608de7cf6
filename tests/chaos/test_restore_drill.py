"""A backup is made while clients write, restored on an empty server, and compared."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import asyncpg
import pytest

from tests.chaos.gate import FULL, Figures
from tests.chaos.stand import Stand
from tests.chaos.watch import watching
from tests.chaos.wire import request
from tests.chaos.writers import PASSWORD, POSTS, Ledger, more_acknowledged, sign_up, writing
from tests.conftest import KEY
from tests.processes import ROOT

USERS, SEEDED = ("2000", "10000") if FULL else ("50", "1000")
NAME = "archivist"
FORM = {"username": NAME, "password": PASSWORD}
TABLES = """
SELECT c.oid::regclass::text FROM pg_class c WHERE c.relkind = 'r'
  AND c.relnamespace = 'public'::regnamespace AND c.relname <> 'refresh_families' ORDER BY 1
"""
SUM = "SELECT count(*), md5(string_agg(t::text, '|' ORDER BY t::text)) FROM {} t"
Sums = dict[str, tuple[int, str]]


def command(folder: Path, *words: str) -> str:
    """`python -m app` with the database that is kept in a folder."""
    settings = {"DATA_DIR": str(folder / "data"), "ENVIRONMENT": "test", "SECRET_KEY": KEY}
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    ran = subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=600,
    )
    assert ran.returncode == 0, ran.stderr
    return ran.stdout


@asynccontextmanager
async def connected(url: str) -> AsyncIterator[asyncpg.Connection]:
    connection = await asyncpg.connect(dsn=url)
    try:
        yield connection
    finally:
        await connection.close()


async def sums(connection: asyncpg.Connection) -> Sums:
    """How many rows each table has, and a checksum over all of them."""
    names = [row[0] for row in await connection.fetch(TABLES)]
    return {name: tuple(await connection.fetchrow(SUM.format(name))) for name in names}


async def backed_up(stand: Stand, file: Path) -> Sums:
    """Make a backup; what there was at its moment."""
    async with (
        connected(stand.url) as connection,
        connection.transaction(isolation="repeatable_read"),
    ):
        snapshot = await connection.fetchval("SELECT pg_export_snapshot()")
        before = await sums(connection)
        words = ("backup", str(file), "--snapshot", snapshot)
        await asyncio.to_thread(command, stand.folder, *words)
        return before


def faults_of(stand: Stand, expected: Sums, old: str, refresh: str) -> int:
    """How many tables differ, and how many old tokens are still good."""

    async def look() -> Sums:
        async with connected(stand.url) as connection:
            return await sums(connection)

    found = asyncio.run(look())
    assert found.keys() == expected.keys()
    form = {"grant_type": "refresh_token", "refresh_token": refresh}
    is_good = stand.ask("GET", "/api/v1/me", token=old).status != 401
    is_renewed = stand.ask("POST", "/api/v1/auth/refresh", form=form).status != 400
    return sum(found[name] != expected[name] for name in expected) + is_good + is_renewed


def smoke(stand: Stand) -> None:
    """What clients do works, and new rows get numbers of their own."""
    token = stand.ask("POST", "/api/v1/auth/login", form=FORM).body["access_token"]
    body = {"title": "after the restore", "content": "x", "published": True}
    made = stand.ask("POST", POSTS, token=token, body=body)
    assert made.status == 201
    assert stand.ask("GET", f"{POSTS}/{made.body['id']}").body["title"] == body["title"]
    assert stand.ask("GET", POSTS).body["posts"][0]["id"] == made.body["id"]


def test_a_backup_made_under_load_restores_its_moment(
    own: Stand, tmp_path_factory: pytest.TempPathFactory, figures: Figures
) -> None:
    new = tmp_path_factory.mktemp("restored")
    file, ledger, token = new / "kept.dump", Ledger(), sign_up(own, NAME)
    signed_in = own.ask("POST", "/api/v1/auth/login", form=FORM).body
    command(own.folder, "seed", "--users", USERS, "--posts", SEEDED)
    live = {"live": request("GET", "/health/live"), "list": request("GET", POSTS)}
    with writing(own, token, ledger, "drill"), watching(own, live) as watch:
        more_acknowledged(ledger, 50)
        expected = asyncio.run(backed_up(own, file))
        more_acknowledged(ledger, 50)
    failed = len(watch.failed("live", "list")) + len(ledger.refused) + len(ledger.in_doubt)
    assert not ledger.unexpected

    began = time.monotonic()
    command(new, "restore", str(file))
    with Stand(new) as stand:
        seconds = time.monotonic() - began
        faults = faults_of(stand, expected, token, signed_in["refresh_token"])
        smoke(stand)
    figures.record(
        {
            "rows in the restored backup": sum(count for count, _ in expected.values()),
            "tables and tokens that a restore got wrong": faults,
            "requests that failed while a backup was made": failed,
            "seconds from an empty server to serving again": seconds,
        }
    )
