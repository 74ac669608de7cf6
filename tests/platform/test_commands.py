from __future__ import annotations

import asyncio
import json
import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

import asyncpg
import pytest
from typer.testing import CliRunner, Result

from app.commands import doctor
from app.commands.invented import POST_COLUMNS, USER_COLUMNS, posts_of, users_of
from app.commands.line import cli
from app.contract.schema import Schemas
from app.db import migrate as migrations
from app.db.tables import metadata
from app.security.passwords import verify_password
from app.settings import Settings
from generated import DOCUMENT
from tests.processes import serve

ROOT = Path(__file__).parents[2]
KEY = "q7Zt0Wc5Rk2Xn8Lb4Vd6Ys1Hg9Jf3Mp0AqEwTrUyIoPlKj"
ADA = ["--email", "ada@example.org", "--username", "ada"]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - for a second, in a test
PASSWORD = {"SUPERUSER_PASSWORD": "analytical engine"}

Run = Callable[..., Result]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A command in an empty folder, with the settings that are given and no others."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def invoke(*words: str, **environment: str) -> Result:
        settings = {"ENVIRONMENT": "test", "SECRET_KEY": KEY, **environment}
        return CliRunner().invoke(cli, words, env=settings)

    return invoke


@pytest.fixture
def on(run: Run, migrated_url: str, anyio_backend: str) -> Run:
    """As `run`, on a migrated database of the test's own."""

    def invoke(*words: str, **environment: str) -> Result:
        return run(*words, DATABASE_URL=migrated_url, **environment)

    return invoke


def ask(url: str, query: str) -> list[Any]:
    async def fetch() -> list[Any]:
        connection = await asyncpg.connect(dsn=url)
        try:
            return [tuple(row) for row in await connection.fetch(query)]
        finally:
            await connection.close()

    return asyncio.run(fetch())


@pytest.mark.parametrize("command", ["serve", "migrate", "create-superuser", "seed", "doctor"])
def test_a_wrong_setting_fails_with_its_sentence_and_no_traceback(run: Run, command: str) -> None:
    words = ADA if command == "create-superuser" else []
    result = run(command, *words, DB_POOL_SIZE="many", **PASSWORD)

    assert result.exit_code == 1
    assert "DB_POOL_SIZE must be a whole number from 1 to 500" in result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize(
    "words", [["migrate"], ["migrate", "--check"], ["seed"], ["create-superuser", *ADA]]
)
def test_a_database_out_of_reach_fails_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("app.commands.migrate.WAIT_FOR_DATABASE", 0.1)
    result = run(*words, DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/d", **PASSWORD)

    assert result.exit_code == 1
    assert len(result.stderr.splitlines()) == 1
    assert "database" in result.stderr
    assert "hidden" not in result.output
    assert isinstance(result.exception, SystemExit)


def test_a_defect_keeps_its_traceback(run: Run, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("app.commands.migrate.migrate", fail)
    assert isinstance(run("migrate").exception, ZeroDivisionError)


def test_migrating_says_where_the_database_is_now(
    run: Run, empty_url: str, anyio_backend: str
) -> None:
    newest = migrations.newest_revision()

    assert f"is at revision {newest} now" in run("migrate", DATABASE_URL=empty_url).output
    assert f"is at revision {newest} already" in run("migrate", DATABASE_URL=empty_url).output


def test_migrations_and_tables_agree(on: Run) -> None:
    assert on("migrate", "--check").exit_code == 0


def test_tables_that_no_migration_makes_are_named(on: Run, migrated_url: str) -> None:
    ask(migrated_url, "ALTER TABLE posts DROP COLUMN published")
    result = on("migrate", "--check")

    assert result.exit_code == 1
    assert "published" in result.stderr
    assert "alembic revision --autogenerate" in result.stderr


def test_a_database_behind_the_newest_revision_is_told(
    run: Run, empty_url: str, anyio_backend: str
) -> None:
    result = run("migrate", "--check", DATABASE_URL=empty_url)

    assert result.exit_code == 1
    assert "The database is at revision none" in result.stderr


def test_a_check_without_database_url_makes_a_database_and_throws_it_away(
    run: Run, tmp_path: Path
) -> None:
    assert run("migrate", "--check").exit_code == 0
    assert list(tmp_path.iterdir()) == []


def test_migrations_can_be_read_as_sql_with_their_limits(capfd: pytest.CaptureFixture[str]) -> None:
    command = [sys.executable, "-m", "app", "migrate", "--sql"]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True).stdout

    assert printed.startswith("SET lock_timeout = '4s'; SET statement_timeout = '60s'")
    for table in metadata.tables:
        assert f"CREATE TABLE {table} (" in printed


def test_a_superuser_is_created_once(on: Run, migrated_url: str) -> None:
    first = on("create-superuser", *ADA, **PASSWORD)
    again = on("create-superuser", *ADA, **PASSWORD)

    assert first.output == "The superuser ada has been created.\n"
    assert again.output == "ada is a superuser already. Nothing was changed.\n"
    ((is_superuser, password_hash),) = ask(
        migrated_url, "SELECT is_superuser, password_hash FROM users"
    )
    assert is_superuser
    assert verify_password(PASSWORD["SUPERUSER_PASSWORD"], password_hash).matches


def test_a_user_who_exists_is_promoted_and_keeps_the_password(on: Run, migrated_url: str) -> None:
    on("create-superuser", *ADA, **PASSWORD)
    ask(migrated_url, "UPDATE users SET is_superuser = false, is_active = false")
    before = ask(migrated_url, "SELECT password_hash FROM users")
    result = on("create-superuser", *ADA, SUPERUSER_PASSWORD="another password")

    assert "ada existed and is a superuser now" in result.output
    assert ask(migrated_url, "SELECT password_hash FROM users") == before
    assert ask(migrated_url, "SELECT is_superuser, is_active FROM users") == [(True, True)]


@pytest.mark.parametrize(
    "words",
    [
        ["--email", "other@example.org", "--username", "ADA"],
        ["--email", "Ada@example.org", "--username", "other"],
    ],
)
def test_a_name_of_somebody_else_is_refused(on: Run, words: list[str]) -> None:
    on("create-superuser", *ADA, **PASSWORD)
    result = on("create-superuser", *words, **PASSWORD)

    assert result.exit_code == 1
    assert "Another user has this email address or this user name" in result.stderr


def test_an_account_that_the_document_forbids_is_refused(run: Run) -> None:
    result = run(
        "create-superuser", "--email", "nobody", "--username", "x", SUPERUSER_PASSWORD="short"
    )

    assert result.exit_code == 1
    for member in ("email", "username", "password"):
        assert f"The {member}: This must" in result.stderr
    assert "short" not in result.output.replace("too short", "")


def test_invented_users_and_posts_are_added(on: Run, migrated_url: str) -> None:
    for _ in range(2):
        result = on("seed", "--users", "5", "--posts", "30")
        assert "5 users and 30 posts have been added" in result.output

    assert ask(migrated_url, "SELECT count(*) FROM users") == [(10,)]
    assert ask(migrated_url, "SELECT count(*), min(length(content)) > 0 FROM posts") == [(60, True)]
    order = "SELECT bool_and(later.created_at >= earlier.created_at) FROM posts later "
    order += "JOIN posts earlier ON earlier.id = later.id - 1 WHERE later.id BETWEEN 2 AND 30"
    assert ask(migrated_url, order) == [(True,)]


def test_invented_users_are_kept_out_of_production(run: Run) -> None:
    result = run("seed", ENVIRONMENT="production", ALLOWED_HOSTS="a.example")

    assert result.exit_code == 1
    assert "ENVIRONMENT is production" in result.stderr


def test_what_is_invented_fits_the_document() -> None:
    schemas = Schemas(json.loads(DOCUMENT.read_bytes()))
    user = schemas.validator("#/components/schemas/UserCreate")
    post = schemas.validator("#/components/schemas/PostCreate")
    chance, now = Random(1), datetime.now(UTC)  # noqa: S311 - invented, not secret
    ids = range(2**63 - 301, 2**63 - 1)

    for row in users_of(ids, chance, now, "hash"):
        columns = dict(zip(USER_COLUMNS, row, strict=True))
        members = ("email", "username", "full_name", "bio")
        account = {name: columns[name] for name in members} | {"password": "long enough"}
        assert list(user.iter_errors(account)) == []
    for row in posts_of(ids, 300, chance, now):
        columns = dict(zip(POST_COLUMNS, row, strict=True))
        assert post.is_valid({name: columns[name] for name in ("title", "content", "published")})


def test_the_same_number_invents_the_same_posts() -> None:
    now = datetime.now(UTC)

    def invented(number: int) -> list[Any]:
        chance = Random(number)  # noqa: S311 - as above
        return list(posts_of([1, 2, 3], 20, chance, now))

    assert invented(1) == invented(1) != invented(2)


@pytest.mark.parametrize("form", ["json", "yaml"])
def test_the_document_is_printed_as_it_is_served(form: str) -> None:
    command = [sys.executable, "-m", "app", "openapi", *(["--yaml"] if form == "yaml" else [])]
    printed = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)

    assert printed.stdout == DOCUMENT.with_suffix(f".{form}").read_bytes()


def test_a_reader_of_the_document_may_stop_reading() -> None:
    command = f"'{sys.executable}' -m app openapi | head -c 10"
    read = subprocess.run(["sh", "-c", command], cwd=ROOT, capture_output=True, check=True)

    assert (read.stdout, read.stderr) == (DOCUMENT.read_bytes()[:10], b"")


def test_a_missing_package_is_told_before_anything_else(tmp_path: Path) -> None:
    command = [sys.executable, "-S", "-m", "app", "doctor"]
    environment = {"PATH": os.environ["PATH"], "HOME": str(tmp_path)}
    ended = subprocess.run(
        command, cwd=ROOT, env=environment, capture_output=True, text=True, check=False
    )

    assert ended.returncode == 1
    assert ended.stderr.startswith("The package typer is not installed")


def test_doctor_finds_nothing_wrong_where_nothing_is(on: Run, run: Run) -> None:
    for result in (on("doctor", PORT="0"), run("doctor", PORT="0")):
        assert result.exit_code == 0, result.output
        assert {line.split()[0] for line in result.output.splitlines()} == {"ok"}


def test_doctor_names_everything_that_is_wrong(
    run: Run, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    lock = tmp_path / "lock"
    lock.write_text(
        "typer==0.0.1 \\\n    --hash=x\nnot-there==1 ; sys_platform == 'win32' \\\nnor-this==2 \\\n"
    )
    monkeypatch.setattr(doctor, "ROOT", tmp_path)
    monkeypatch.setattr(doctor, "LOCK", lock)
    monkeypatch.setattr(doctor, "OLDEST_PYTHON", (4, 0))
    result = run(
        "doctor",
        DATA_DIR=str(tmp_path / "file"),
        POSTGRES_BIN_DIR=str(tmp_path),
        HOST="203.0.113.1",
    )

    assert result.exit_code == 1
    wrong = [line for line in result.output.splitlines() if line.startswith("wrong")]
    said = (
        "Install 3.11",
        "nor-this is missing",
        "cannot be written",
        "POSTGRES_BIN_DIR",
        "listen",
    )
    assert len(wrong) == len(said)
    for words, line in zip(said, wrong, strict=True):
        assert words in line
    assert "not-there" not in result.output


def test_doctor_says_that_tables_are_missing(run: Run, empty_url: str, anyio_backend: str) -> None:
    result = run("doctor", DATABASE_URL=empty_url, PORT="0")

    assert result.exit_code == 1
    assert "Run `python -m app migrate`" in result.output


def test_doctor_goes_on_after_what_nobody_foresaw(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(doctor, "LOCK", Path("nowhere"))
    result = run("doctor", PORT="0")

    assert result.exit_code == 1
    assert "wrong  FileNotFoundError" in result.output
    assert result.output.count("ok ") >= 5


def test_doctor_asks_for_no_folder_where_none_is_used(on: Run, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    production = {"ENVIRONMENT": "production", "ALLOWED_HOSTS": "example.org"}
    result = on("doctor", PORT="0", DATA_DIR=str(tmp_path / "file"), **production)

    assert "DATA_DIR is not used" in result.output
    assert "cannot be written" not in result.output


def test_doctor_knows_the_service_that_listens_on_all_addresses(
    on: Run, migrated_url: str, tmp_path: Path
) -> None:
    with serve(tmp_path, {"HOST": EVERYWHERE, "DATABASE_URL": migrated_url}) as served:
        result = on("doctor", HOST=EVERYWHERE, PORT=served.url.rpartition(":")[2])

    assert "is taken by the service itself" in result.output
    assert result.exit_code == 0, result.output
