from __future__ import annotations

import json
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from http.client import HTTPConnection
from pathlib import Path
from typing import Any

import asyncpg
import pytest

from app import server
from app.contract import ContractIncomplete
from app.db.embedded.processes import PidFile, users_of, wait_until
from app.db.provision import Provided
from app.settings import Settings
from tests.processes import ROOT, Served, serve

ANY = "0.0.0.0"  # noqa: S104 - for a moment, and nothing is served
KEY = "q7Zt0Wc5Rk2Xn8Lb4Vd6Ys1Hg9Jf3Mp0AqEwTrUyIoPlKj"


def status(url: str) -> int:
    try:
        with urllib.request.urlopen(url, timeout=5) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


def is_open(served: Served) -> bool:
    port = int(served.url.rpartition(":")[2])
    with socket.socket() as client:
        return client.connect_ex(("127.0.0.1", port)) == 0


def data_of(tmp_path: Path) -> Path:
    return tmp_path / "data" / "postgres" / "data"


def refused(folder: Path, *words: str, **environment: str) -> str:
    """What a start that fails says; it must be short and no traceback."""
    settings = {"ENVIRONMENT": "test", "DATA_DIR": str(folder / "data"), "PORT": "0"}
    ended = subprocess.run(
        [sys.executable, "-m", "app", "serve", *words],
        cwd=ROOT,
        env=os.environ | settings | environment,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr
    return ended.stderr


def test_the_service_and_its_database_end_with_exit_code_0(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        assert status(f"{served.url}/health") == 200
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(20) == 0

    assert users_of(data_of(tmp_path)) == set()
    said = served.log.read_text()
    for place in (served.url, "/docs", "/redoc", "/openapi.json", "/openapi.yaml"):
        assert place in said
    logged = [json.loads(line) for line in said.splitlines() if line.startswith("{")]
    assert {"migrated", "request"} <= {line["event"] for line in logged}


@pytest.mark.usefixtures("anyio_backend")
def test_several_workers_end_together_with_exit_code_0(tmp_path: Path, migrated_url: str) -> None:
    settings = {"WEB_CONCURRENCY": "2", "DATABASE_URL": migrated_url}
    with serve(tmp_path, settings) as served:
        assert status(f"{served.url}/health") == 200
        served.process.send_signal(signal.SIGINT)
        assert served.process.wait(20) == 0
    assert not is_open(served)


@pytest.mark.usefixtures("anyio_backend")
@pytest.mark.parametrize("workers", ["1", "2"])
def test_readiness_is_refused_before_the_port_is_closed(
    tmp_path: Path, migrated_url: str, workers: str
) -> None:
    settings = {
        "WEB_CONCURRENCY": workers,
        "DATABASE_URL": migrated_url,
        "SHUTDOWN_DELAY_SECONDS": "3",
    }
    with serve(tmp_path, settings) as served:
        began = time.monotonic()
        served.process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: status(f"{served.url}/health/ready") == 503, 2)
        assert status(f"{served.url}/health/live") == 200
        assert status(f"{served.url}/health") == 200
        assert served.process.wait(20) == 0
        assert 3 <= time.monotonic() - began < 10


@pytest.mark.usefixtures("anyio_backend")
def test_a_second_signal_does_not_wait(tmp_path: Path, migrated_url: str) -> None:
    settings = {"DATABASE_URL": migrated_url, "SHUTDOWN_DELAY_SECONDS": "60"}
    with serve(tmp_path, settings) as served:
        served.process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: status(f"{served.url}/health/ready") == 503, 2)
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(20) == 0


@pytest.mark.usefixtures("anyio_backend")
def test_workers_end_when_their_supervisor_is_killed(tmp_path: Path, migrated_url: str) -> None:
    settings = {"WEB_CONCURRENCY": "2", "DATABASE_URL": migrated_url}
    with serve(tmp_path, settings) as served:
        served.process.kill()
        served.process.wait(5)
        assert wait_until(lambda: not is_open(served), 5)


@pytest.mark.usefixtures("anyio_backend")
def test_a_request_that_is_sent_while_a_worker_stops_is_answered(
    tmp_path: Path, migrated_url: str
) -> None:
    """And the answer says that it was the last one on this connection."""
    with serve(tmp_path, {"DATABASE_URL": migrated_url}) as served:
        client = HTTPConnection("127.0.0.1", int(served.url.rpartition(":")[2]), timeout=5)
        client.request("GET", "/health/live")
        first = client.getresponse()
        assert (first.read(), first.getheader("connection")) == (b'{"status":"alive"}', None)
        served.process.send_signal(signal.SIGTERM)
        assert wait_until(lambda: not is_open(served), 5)
        client.request("GET", "/health/live")
        last = client.getresponse()
        assert (last.read(), last.getheader("connection")) == (b'{"status":"alive"}', "close")
        assert served.process.wait(20) == 0


def test_a_database_that_dies_is_missed_for_a_moment_only(tmp_path: Path) -> None:
    with serve(tmp_path) as served:
        record = PidFile.read(data_of(tmp_path))
        assert record is not None
        os.kill(record.pid, signal.SIGKILL)
        time.sleep(0.1)

        seen = {status(f"{served.url}/health/live"), status(f"{served.url}/health/ready")}
        assert seen <= {200, 503}
        assert wait_until(lambda: status(f"{served.url}/health/ready") == 200, 10, pause=0.1)


def test_a_port_that_is_taken_is_told_before_anything_is_touched(tmp_path: Path) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        said = refused(tmp_path, PORT=port, SECRET_KEY=KEY)

    assert said.startswith(f"Nothing can listen on 127.0.0.1 port {port}: Address already in use.")
    assert not (tmp_path / "data").exists()


@pytest.mark.usefixtures("anyio_backend")
def test_without_migrations_old_tables_stop_the_start(tmp_path: Path, empty_url: str) -> None:
    said = refused(tmp_path, "--no-migrate", DATABASE_URL=empty_url)

    assert said.startswith("The database is at revision none and this code needs ")


async def test_a_database_that_may_lose_writes_stops_the_start(
    tmp_path: Path, empty_url: str
) -> None:
    name = empty_url.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(dsn=empty_url)
    await connection.execute(f'ALTER DATABASE "{name}" SET synchronous_commit = off')
    await connection.close()

    assert "synchronous_commit = off" in refused(tmp_path, DATABASE_URL=empty_url)


def test_handlers_that_do_not_fit_the_document_stop_the_start(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def incomplete(*_: Any) -> None:
        raise ContractIncomplete(["get_health has no handler"])

    monkeypatch.setattr("app.main.create_app", incomplete)
    with pytest.raises(SystemExit) as raised:
        server.application()
    assert raised.value.code == server.STARTUP_FAILURE
    assert "get_health has no handler" in capsys.readouterr().err


LOOKED_THROUGH = """
import asyncio, gc
from app import server

async def main():
    server.application()
    print(len(gc.get_objects()), gc.get_freeze_count())

asyncio.run(main())
"""


def test_the_garbage_collector_does_not_look_through_what_the_start_has_made(
    tmp_path: Path,
) -> None:
    url = "postgresql://nobody@127.0.0.1:1/none"  # Nothing is asked of it before a request is.
    settings = {"DATABASE_URL": url, "ENVIRONMENT": "test", "DATA_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", LOOKED_THROUGH],
        cwd=ROOT,
        env=os.environ | settings,
        capture_output=True,
        text=True,
        check=True,
        timeout=60,
    )
    looked_through, left_out = map(int, ended.stdout.split())
    assert looked_through < left_out / 10


def test_a_worker_ends_itself_when_its_supervisor_has_ended() -> None:
    ended, heard = threading.Event(), threading.Event()
    former = signal.signal(signal.SIGTERM, lambda *_: heard.set())
    try:
        threading.Thread(target=server._end_after, args=(ended.wait,), daemon=True).start()
        assert not heard.wait(0.1)
        ended.set()
        assert wait_until(heard.is_set, 5)
    finally:
        signal.signal(signal.SIGTERM, former)


@pytest.mark.parametrize(
    ("host", "shown"), [("127.0.0.1", "127.0.0.1"), (ANY, "127.0.0.1"), ("::1", "[::1]")]
)
def test_the_address_that_is_shown_can_be_opened(
    host: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    settings = Settings(_env_file=None, environment="test", host=host, port=0)
    database = Provided("url", "where", lambda: False)
    with server.listening(settings) as listener:
        server.announce(settings, database, listener)
        port = listener.getsockname()[1]

    assert f" is at http://{shown}:{port}\n" in capsys.readouterr().out
