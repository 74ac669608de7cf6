"""Answers scrapes on an address of its own, which is not for the service's clients. It runs in a
thread of the supervising process, so that a worker whose event loop hangs is seen to hang.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import socket
import tempfile
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from app.failure import Failure
from app.metrics.board import BOARDS_FOLDER
from app.metrics.exposition import Exposition

PATH = "/metrics"
PREFIX = "colophon-metrics-"
LOCK = "lock"
# Memory, where the system has such a folder: a disk that is busy would hold up whoever counts.
SHARED_MEMORY = Path("/dev/shm")  # noqa: S108 - only what mkdtemp makes in it
SECONDS_FOR_A_REQUEST = 5.0


class MetricsPortTaken(Failure):
    """Which address cannot be listened on."""


@contextmanager
def exported(host: str, port: int, *, version: str, contract: str) -> Iterator[str]:
    """Answer scrapes meanwhile; gives the URL. Workers that start meanwhile count.

    Raises MetricsPortTaken.
    """
    with boards_folder() as folder:
        exposition = Exposition(folder, version=version, contract=contract)
        server = listening(host, port, exposition)
        thread = threading.Thread(target=server.serve_forever, daemon=True)
        thread.start()
        os.environ[BOARDS_FOLDER] = str(folder)
        shown = f"[{host}]" if ":" in host else host
        try:
            yield f"http://{shown}:{server.server_address[1]}{PATH}"
        finally:
            del os.environ[BOARDS_FOLDER]
            server.shutdown()
            server.server_close()


@contextmanager
def boards_folder() -> Iterator[Path]:
    """A new folder, which goes with us; those of services that were killed go as well."""
    memory = SHARED_MEMORY if os.access(SHARED_MEMORY, os.W_OK) else None
    parent = memory or Path(tempfile.gettempdir())
    remove_orphans(parent)
    folder = Path(tempfile.mkdtemp(prefix=PREFIX, dir=parent))
    made = folder / "made"
    with made.open("wb") as held:
        fcntl.flock(held, fcntl.LOCK_EX)
        made.rename(folder / LOCK)
        try:
            yield folder
        finally:
            shutil.rmtree(folder, ignore_errors=True)


def remove_orphans(parent: Path) -> None:
    """Nobody holds the lock of a folder whose service has ended."""
    for lock in parent.glob(f"{PREFIX}*/{LOCK}"):
        with suppress(OSError), lock.open("rb") as left:
            fcntl.flock(left, fcntl.LOCK_SH | fcntl.LOCK_NB)
            shutil.rmtree(lock.parent, ignore_errors=True)


def listening(host: str, port: int, exposition: Exposition) -> ThreadingHTTPServer:
    class Handler(ScrapeHandler):
        exposed = exposition

    kind = ThreadingHTTPServer6 if ":" in host else ThreadingHTTPServer
    try:
        return kind((host, port), Handler)
    except OSError as error:
        raise MetricsPortTaken(
            f"Nothing can listen on {host} port {port}: {error.strerror}. "
            "Set METRICS_PORT to a free one, or METRICS_HOST to an address of this machine."
        ) from None


class ThreadingHTTPServer6(ThreadingHTTPServer):
    address_family = socket.AF_INET6


class ScrapeHandler(BaseHTTPRequestHandler):
    """One path, for GET and HEAD."""

    exposed: Exposition
    protocol_version = "HTTP/1.1"
    timeout = SECONDS_FOR_A_REQUEST

    def do_GET(self) -> None:
        if self.path.partition("?")[0] != PATH:
            self.send_error(HTTPStatus.NOT_FOUND)
            return
        text, content_type = self.exposed.text(self.headers.get("Accept", ""))
        self._answer(HTTPStatus.OK, text, content_type)

    do_HEAD = do_GET  # noqa: N815 - the library's name

    def _refuse_method(self) -> None:
        is_known = self.path.partition("?")[0] == PATH
        self.send_error(HTTPStatus.METHOD_NOT_ALLOWED if is_known else HTTPStatus.NOT_FOUND)

    do_POST = do_PUT = do_PATCH = _refuse_method  # noqa: N815 - as above
    do_DELETE = do_OPTIONS = do_TRACE = _refuse_method  # noqa: N815 - as above

    def send_error(self, code: int, *_: str | None) -> None:
        """As plain text, without what was sent. The connection ends: a body was not read."""
        status = HTTPStatus(code)
        self.close_connection = True
        self._answer(status, f"{status.phrase}\n".encode(), "text/plain; charset=utf-8")

    def _answer(self, status: HTTPStatus, text: bytes, content_type: str) -> None:
        self.send_response_only(status)
        self.send_header("Content-Type", content_type)
        self.send_header("Content-Length", str(len(text)))
        self.send_header("Vary", "Accept")
        self.send_header("Date", self.date_time_string())
        if status is HTTPStatus.METHOD_NOT_ALLOWED:
            self.send_header("Allow", "GET, HEAD")
        if self.close_connection:
            self.send_header("Connection", "close")
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(text)

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the library's name
        """Scrapes are not worth a line."""
