"""A primary and its standbys on ports of this machine, made of the same programs as the embedded
server: real replication, to be killed, stopped and promoted.
"""

from __future__ import annotations

import os
import signal
import subprocess
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import asyncpg

from app.db.embedded.binaries import find_binaries
from app.db.embedded.cluster import DATABASE, ROLE, SUPERUSER, Cluster
from app.db.embedded.identity import choose
from app.db.embedded.processes import PidFile, users_of, wait_until
from tests.processes import free_port

START_LIMIT = 30.0
STANDBY = "standby"


@dataclass
class Server:
    """One PostgreSQL: who takes its writes depends on whether it has been promoted."""

    cluster: Cluster
    port: int
    process: subprocess.Popen[bytes]

    @property
    def address(self) -> str:
        return f"127.0.0.1:{self.port}"

    @property
    def url(self) -> str:
        """For the role of the service."""
        return url_of(self.cluster, ROLE, self.address)

    def kill(self) -> None:
        """All of its processes at once, as when a machine loses power."""
        self._signal(signal.SIGKILL)
        self.process.wait(10)

    def freeze(self) -> None:
        """From now on it says nothing, and does not hang up either."""
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def _signal(self, number: signal.Signals) -> None:
        for pid in users_of(self.cluster.data):
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    async def run(self, statement: str) -> Any:
        """As its superuser; return the first value."""
        url = url_of(self.cluster, SUPERUSER, self.address)
        connection = await asyncpg.connect(dsn=url, timeout=10)
        try:
            return await connection.fetchval(statement)
        finally:
            await connection.close()


def url_of(cluster: Cluster, role: str, address: str) -> str:
    known = urlsplit(cluster.url(Path("/"), superuser=role == SUPERUSER))
    return f"postgresql://{role}:{known.password}@{address}/{DATABASE}"


@contextmanager
def primary(folder: Path) -> Iterator[Server]:
    """A new server with the role and the empty database of the service."""
    with running(made(folder), free_port()) as server:
        yield server


@contextmanager
def standby_of(server: Server, folder: Path, **options: str) -> Iterator[Server]:
    """A copy of `server` that follows it; `options` are settings of PostgreSQL."""
    folder.mkdir()
    there = server.cluster
    identity, binaries = choose(folder, there.binaries)
    identity.own(folder)
    source = f"{url_of(there, SUPERUSER, server.address)}?application_name={STANDBY}"
    command = [binaries.program("pg_basebackup"), "--dbname", source, "--pgdata"]
    command += [str(folder / "data"), "--write-recovery-conf", "--checkpoint=fast", "--no-sync"]
    subprocess.run(
        identity.command(*command), check=True, capture_output=True, **identity.process()
    )
    with running(Cluster(folder / "data", binaries, identity), free_port(), options) as standby:
        yield standby


def made(folder: Path) -> Cluster:
    folder.mkdir()
    named = os.environ.get("POSTGRES_BIN_DIR")
    identity, binaries = choose(folder, find_binaries(Path(named) if named else None))
    identity.own(folder)
    cluster = Cluster(folder / "data", binaries, identity)
    cluster.ensure(durable=False)
    return cluster


@contextmanager
def running(
    cluster: Cluster, port: int, options: Mapping[str, str] | None = None
) -> Iterator[Server]:
    """Started, and ended at once: nobody needs the data afterwards."""
    wanted = {
        "listen_addresses": "127.0.0.1",
        "port": str(port),
        "unix_socket_directories": "",
        "max_connections": "60",
        "shared_buffers": "16MB",
        **(options or {}),
    }
    command = [cluster.binaries.program("postgres"), "-D", str(cluster.data)]
    command += [word for name, value in wanted.items() for word in ("-c", f"{name}={value}")]
    log = cluster.data.parent / "server.log"
    with log.open("ab") as output:
        process = subprocess.Popen(
            cluster.identity.command(*command),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            **cluster.identity.process(),
        )
    server = Server(cluster, port, process)
    try:
        if not wait_until(lambda: status_of(server) == "ready", START_LIMIT):
            raise AssertionError(f"PostgreSQL did not start:\n{log.read_text()}")
        yield server
    finally:
        server.kill()


def status_of(server: Server) -> str:
    record = PidFile.read(server.cluster.data)
    if record is None or record.pid != server.process.pid:
        return "absent"
    # A standby is ready once it has replayed enough to be read.
    return record.status
