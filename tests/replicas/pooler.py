"""PgBouncer in transaction mode, with so few connections that its clients share them."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

from app.db.embedded.processes import wait_until
from tests.processes import free_port
from tests.replicas.servers import Server
from tests.tools import needed

SERVER_CONNECTIONS = 3
CONFIGURATION = """
[databases]
* = host=127.0.0.1 port={server}

[pgbouncer]
listen_addr = 127.0.0.1
listen_port = {port}
unix_socket_dir =
auth_type = scram-sha-256
auth_file = {folder}/users.txt
pool_mode = transaction
default_pool_size = {size}
max_client_conn = 200
server_round_robin = 1
"""
LIMITS = (
    "ALTER ROLE colophon SET statement_timeout = '2s'",
    "ALTER ROLE colophon SET lock_timeout = '1500ms'",
    "ALTER ROLE colophon SET idle_in_transaction_session_timeout = '10s'",
)


@contextmanager
def pooler_before(server: Server, folder: Path) -> Iterator[str]:
    """Return the URL of the service's database through it. The next statement of a client reaches
    another connection of the server, unless a transaction is open.
    """
    program = needed("pgbouncer")
    folder.mkdir()
    identity, port = server.cluster.identity, free_port()
    known = urlsplit(server.url)
    (folder / "users.txt").write_text(f'"{known.username}" "{known.password}"\n')
    (folder / "pgbouncer.ini").write_text(
        CONFIGURATION.format(server=server.port, port=port, folder=folder, size=SERVER_CONNECTIONS)
    )
    for path in (folder, *folder.iterdir()):
        identity.own(path)
    log = folder / "pgbouncer.log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            identity.command(program, str(folder / "pgbouncer.ini")),
            stdout=output,
            stderr=subprocess.STDOUT,
            **identity.process(),
        )
    try:
        if not wait_until(lambda: b"process up" in log.read_bytes(), 10):
            raise AssertionError(f"PgBouncer did not start:\n{log.read_text()}")
        yield server.url.replace(server.address, f"127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait(10)
