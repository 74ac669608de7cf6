from __future__ import annotations

import stat
from pathlib import Path

import pytest

from app.db.programs import find_programs
from tests.platform.commands import Run, ask

TABLE = "CREATE TABLE kept (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, words text)"
ROWS = (
    r"INSERT INTO kept (words) SELECT E'\\t\\n\\\\.é' || md5(n::text) FROM generate_series(1, 30) n"
)
ALL = "SELECT t::text FROM kept t ORDER BY id"
COUNT = "SELECT count(*) FROM kept"


@pytest.fixture
def file(on: Run, migrated_url: str, tmp_path: Path) -> Path:
    """A backup of thirty rows of text that COPY has to escape."""
    ask(migrated_url, TABLE)
    ask(migrated_url, ROWS)
    made = on("backup", "kept.dump")
    assert made.exit_code == 0, made.output
    return tmp_path / "kept.dump"


def programs(folder: Path, version: str) -> str:
    """A folder with programs that say this version and do nothing."""
    folder.mkdir()
    for name in ("pg_dump", "pg_restore", "psql"):
        path = folder / name
        path.write_text(f"#!/bin/sh\necho 'pg_dump (PostgreSQL) {version}'\n", encoding="utf-8")
        path.chmod(0o755)
    return str(folder)


def test_a_backup_is_for_its_owner_alone_and_leaves_nothing_beside_it(file: Path) -> None:
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == ["kept.dump"]


def test_a_backup_comes_back_as_it_was(
    run: Run, file: Path, migrated_url: str, empty_url: str
) -> None:
    restored = run("restore", str(file), DATABASE_URL=empty_url)

    assert restored.exit_code == 0, restored.output
    assert "Everybody has to sign in again." in restored.output
    assert ask(empty_url, ALL) == ask(migrated_url, ALL)
    assert ask(empty_url, "INSERT INTO kept (words) VALUES ('') RETURNING id") == [(31,)]


def test_a_database_with_data_is_replaced_only_when_told(
    on: Run, file: Path, migrated_url: str
) -> None:
    ask(migrated_url, "DELETE FROM kept WHERE id % 2 = 0")
    ask(migrated_url, "CREATE TABLE of_another (id bigint)")
    refused = on("restore", str(file))
    assert refused.exit_code == 1
    assert "The database is not empty, and nothing was changed." in refused.output
    assert ask(migrated_url, COUNT) == [(15,)]

    assert on("restore", str(file), "--replace").exit_code == 0
    assert ask(migrated_url, COUNT) == [(30,)]
    assert ask(migrated_url, "SELECT to_regclass('of_another')") == [(None,)]


@pytest.mark.parametrize("share", [0.3, 0.9, 0.99])
def test_half_a_backup_changes_nothing(
    on: Run, file: Path, migrated_url: str, share: float
) -> None:
    whole = file.read_bytes()
    file.write_bytes(whole[: int(len(whole) * share)])
    refused = on("restore", str(file), "--replace")

    assert refused.exit_code == 1
    assert "Traceback" not in refused.output
    assert ask(migrated_url, COUNT) == [(30,)]


def test_a_program_that_fails_between_two_statements_changes_nothing(
    on: Run, file: Path, tmp_path: Path, migrated_url: str
) -> None:
    """What it had said was whole and could be committed, but it was not all."""
    folder, real = tmp_path / "programs", find_programs(None).folder
    programs(folder=folder, version="18.0")
    (folder / "psql").unlink()
    (folder / "psql").symlink_to(real / "psql")
    failing = 'case "$*" in *--no-owner*) echo "CREATE TABLE half ();"; exit 1;; esac'
    script = f'#!/bin/sh\n{failing}\nexec "{real}/pg_restore" "$@"\n'
    (folder / "pg_restore").write_text(script, encoding="utf-8")
    refused = on("restore", str(file), "--replace", POSTGRES_BIN_DIR=str(folder))

    assert refused.exit_code == 1
    assert "The backup was not restored, and nothing was changed" in refused.output
    assert ask(migrated_url, COUNT) == [(30,)]


def test_an_existing_file_is_not_touched(on: Run, tmp_path: Path) -> None:
    (tmp_path / "kept.dump").write_text("of another", encoding="utf-8")
    refused = on("backup", "kept.dump")

    assert refused.exit_code == 1
    assert "kept.dump exists already." in refused.output
    assert (tmp_path / "kept.dump").read_text(encoding="utf-8") == "of another"


def test_what_is_no_backup_of_ours_is_told_so(
    run: Run, on: Run, file: Path, empty_url: str
) -> None:
    Path("notes.txt").write_text("no backup", encoding="utf-8")
    for name in ("notes.txt", "nowhere"):
        refused = run("restore", name, DATABASE_URL=empty_url)
        assert refused.exit_code == 1
        assert f"{name} is no backup that can be read" in refused.output

    ask(empty_url, "CREATE TABLE of_another (id bigint)")
    assert run("backup", "other.dump", DATABASE_URL=empty_url).exit_code == 0
    refused = on("restore", "other.dump", "--replace")
    assert refused.exit_code == 1
    assert "other.dump holds no tables of this service." in refused.output


def test_a_backup_of_a_newer_version_is_refused(
    on: Run, migrated_url: str, empty_url: str, run: Run
) -> None:
    ask(migrated_url, "UPDATE alembic_version SET version_num = 'of_tomorrow'")
    assert on("backup", "newer.dump").exit_code == 0
    refused = run("restore", "newer.dump", DATABASE_URL=empty_url)

    assert refused.exit_code == 1
    assert "of_tomorrow, which this version does not know" in refused.output
    assert ask(empty_url, "SELECT to_regclass('kept')") == [(None,)]


@pytest.mark.parametrize(
    ("version", "said"),
    [(None, "there is no pg_dump and no pg_restore and no psql"), ("14.1", "must not be older")],
)
def test_programs_that_do_not_fit_are_told(
    on: Run, tmp_path: Path, version: str | None, said: str
) -> None:
    folder = tmp_path / "programs"
    named = programs(folder, version) if version else str(folder)
    refused = on("backup", "kept.dump", POSTGRES_BIN_DIR=named)

    assert refused.exit_code == 1
    assert said in refused.output
    assert not (tmp_path / "kept.dump").exists()


def test_a_backup_that_fails_leaves_no_file(on: Run, tmp_path: Path) -> None:
    refused = on("backup", "kept.dump", "--snapshot", "of-nobody")

    assert refused.exit_code == 1
    assert "pg_dump has failed" in refused.output
    assert not list(tmp_path.iterdir())


def test_a_folder_that_is_not_there_is_told(on: Run) -> None:
    refused = on("backup", "nowhere/kept.dump")

    assert refused.exit_code == 1
    assert "cannot be written: No such file or directory." in refused.output
