from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands import doctor
from app.db import migrate as migrations
from app.db.tables import metadata
from generated import DOCUMENT
from tests.platform.commands import Run, ask
from tests.processes import serve

ROOT = Path(__file__).parents[2]
EVERYWHERE = "0.0.0.0"  # noqa: S104 - for a second, in a test


@pytest.mark.parametrize("command", ["serve", "migrate", "doctor"])
def test_a_wrong_setting_fails_with_its_sentence_and_no_traceback(run: Run, command: str) -> None:
    result = run(command, DB_POOL_SIZE="many")

    assert result.exit_code == 1
    assert "DB_POOL_SIZE must be a whole number from 1 to 500" in result.output
    assert isinstance(result.exception, SystemExit)


@pytest.mark.parametrize("words", [["migrate"], ["migrate", "--check"]])
def test_a_database_out_of_reach_fails_with_a_sentence(
    run: Run, monkeypatch: pytest.MonkeyPatch, words: list[str]
) -> None:
    monkeypatch.setattr("app.commands.migrate.WAIT_FOR_DATABASE", 0.1)
    result = run(*words, DATABASE_URL="postgresql://u:hidden@127.0.0.1:1/d")

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


def test_a_difference_between_migrations_and_tables_is_named(on: Run, migrated_url: str) -> None:
    ask(migrated_url, "CREATE TABLE strangers (id bigint)")
    result = on("migrate", "--check")

    assert result.exit_code == 1
    assert "strangers" in result.stderr
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
        assert re.search(rf"CREATE (UNLOGGED )?TABLE {table} \(", printed)


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
