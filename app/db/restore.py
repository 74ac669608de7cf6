"""Restoring a backup in one transaction: all of it is there afterwards, or what was there before.

`pg_restore` turns the file into SQL, which `psql` runs; COMMIT is sent only after the last of it.
"""

from __future__ import annotations

import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO

import asyncpg

from app.db.migrate import require_known
from app.db.programs import Programs, complaint, connection_words
from app.failure import Failure

CONNECT_TIMEOUT = 10.0
CHUNK = 1 << 20
Tell = Callable[[int], object]

# Everything in the database that a person made: neither PostgreSQL's own nor an extension's.
MADE = """
SELECT c.oid FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
WHERE c.relkind IN ('r', 'p', 'v', 'm', 'S') AND n.nspname !~ '^pg_'
  AND n.nspname <> 'information_schema'
  AND NOT EXISTS (SELECT FROM pg_depend d WHERE d.objid = c.oid AND d.deptype IN ('e', 'i'))
"""
BEGIN = """
BEGIN;
SET LOCAL statement_timeout = 0;
SET LOCAL idle_in_transaction_session_timeout = 0;
"""
# Another one's transaction must not be waited for without end, with everybody else behind it.
CLEAR = """
SET LOCAL lock_timeout = '10s';
DO $$ DECLARE it record; BEGIN
  FOR it IN SELECT c.oid::regclass AS name, c.oid, CASE c.relkind WHEN 'v' THEN 'VIEW'
      WHEN 'm' THEN 'MATERIALIZED VIEW' WHEN 'S' THEN 'SEQUENCE' ELSE 'TABLE' END AS kind
    FROM pg_class c WHERE c.oid IN (EVERYTHING) LOOP
    IF EXISTS (SELECT FROM pg_class WHERE oid = it.oid) THEN
      EXECUTE format('DROP %s %s CASCADE', it.kind, it.name);
    END IF;
  END LOOP;
END $$;
""".replace("EVERYTHING", MADE)
# A backup knows nothing of who has signed out since, so that nobody stays signed in by it.
END_SIGN_INS = """
DO $$ DECLARE it regclass; BEGIN
  FOR it IN SELECT oid FROM pg_class WHERE relname = 'refresh_families' AND relkind = 'r' LOOP
    EXECUTE format('DELETE FROM %s', it);
  END LOOP;
END $$;
"""
COMMIT = "COMMIT;\n"
# Written by pg_restore 17 and later, and unknown to servers before 17.
NEW_SETTING = b"SET transaction_timeout = 0;\n"


class RestoreFailed(Failure):
    """Why the database is as it was before."""


def revision_in(source: Path, programs: Programs) -> str:
    """The revision of the tables in a backup. Raises RestoreFailed for what is no backup of the
    service's, and MigrationError for one that a newer version has made.
    """
    words = ("--data-only", "--table=alembic_version", "--file=-", str(source))
    command = programs.command("pg_restore", *words)
    run = subprocess.run(command, capture_output=True, text=True, check=False)  # noqa: S603
    if run.returncode != 0:
        raise RestoreFailed(f"{source} is no backup that can be read: {complaint(run.stderr)}.")
    _, _, copied = run.stdout.partition("COPY ")
    lines = copied.splitlines()[1:2]
    if not lines or lines[0] == "\\.":
        raise RestoreFailed(
            f"{source} holds no tables of this service. Name a file that `backup` has made."
        )
    require_known(lines[0])
    return lines[0]


async def require_empty(url: str) -> None:
    """Raises RestoreFailed where the database has tables."""
    connection = await asyncpg.connect(dsn=url, timeout=CONNECT_TIMEOUT)
    try:
        found = await connection.fetch(MADE, timeout=CONNECT_TIMEOUT)
    finally:
        await connection.close()
    if found:
        raise RestoreFailed(
            "The database is not empty, and nothing was changed. Name an empty one by "
            "DATABASE_URL, or let --replace delete all that is in this one."
        )


def restore(url: str, programs: Programs, source: Path, tell: Tell, *, replace: bool) -> None:
    """`tell` hears how many bytes of SQL have been run so far. Raises RestoreFailed."""
    shown, environment = connection_words(url)
    words = (
        "--no-psqlrc",
        "--quiet",
        "--no-password",
        "--set=ON_ERROR_STOP=1",
        f"--dbname={shown}",
    )
    with (
        tempfile.TemporaryFile("w+") as read_said,
        tempfile.TemporaryFile("w+") as run_said,
        subprocess.Popen(  # noqa: S603
            programs.command(
                "pg_restore", "--no-owner", "--no-privileges", "--file=-", str(source)
            ),
            stdout=subprocess.PIPE,
            stderr=read_said,
        ) as reading,
        subprocess.Popen(  # noqa: S603
            programs.command("psql", *words),
            env=environment,
            stdin=subprocess.PIPE,
            stdout=subprocess.DEVNULL,
            stderr=run_said,
        ) as running,
    ):
        try:
            _pass_on(reading, running, tell, replace=replace)
        except BaseException:
            reading.kill()
            running.kill()  # Whereupon the server rolls back.
            raise
        reading.wait()
        running.wait()
        _require_done(running, run_said)
        _require_done(reading, read_said)


def _pass_on(
    reading: subprocess.Popen[bytes], running: subprocess.Popen[bytes], tell: Tell, *, replace: bool
) -> None:
    """COMMIT follows only where all was read. An end of the input without it rolls back."""
    assert reading.stdout is not None  # noqa: S101 - tells mypy what Popen was asked for
    assert running.stdin is not None  # noqa: S101
    told = 0
    try:
        running.stdin.write((BEGIN + (CLEAR if replace else "")).encode())
        while piece := reading.stdout.read(CHUNK):
            running.stdin.write(piece.replace(NEW_SETTING, b"", 1) if told == 0 else piece)
            told += len(piece)
            tell(told)
        if reading.wait() == 0:
            running.stdin.write((END_SIGN_INS + COMMIT).encode())
        running.stdin.close()
    except BrokenPipeError:
        reading.kill()  # psql has ended, and says why.


def _require_done(process: subprocess.Popen[bytes], said: IO[str]) -> None:
    if process.returncode != 0:
        said.seek(0)
        raise RestoreFailed(
            f"The backup was not restored, and nothing was changed: {complaint(said.read())}."
        )
