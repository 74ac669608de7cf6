"""A stop comes to its end, whatever clients do."""

from __future__ import annotations

import signal
import socket
from pathlib import Path

import pytest

from tests.processes import Served, serve

# The service itself, with less patience than its 15 seconds.
IMPATIENT = """
from app import server
from app.commands.line import cli
server.GRACEFUL_SECONDS = 1
cli(["serve"])
"""
DOCUMENT = b"GET /openapi.json HTTP/1.1\r\nHost: localhost\r\n\r\n"
# More than any system keeps for a client who does not read.
TIMES = 1000


def client_who_never_reads(served: Served) -> socket.socket:
    client = socket.socket()
    client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
    client.connect(("127.0.0.1", int(served.url.rpartition(":")[2])))
    client.sendall(DOCUMENT * TIMES)
    assert client.recv(100).startswith(b"HTTP/1.1 200")
    return client


@pytest.mark.usefixtures("anyio_backend")
def test_a_client_who_never_reads_does_not_keep_the_service_from_stopping(
    tmp_path: Path, migrated_url: str
) -> None:
    with (
        serve(tmp_path, {"DATABASE_URL": migrated_url}, ("-c", IMPATIENT)) as served,
        client_who_never_reads(served),
    ):
        served.process.send_signal(signal.SIGTERM)
        assert served.process.wait(8) == 0
