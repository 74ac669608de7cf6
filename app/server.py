"""The process that `python -m app serve` is: it sees to the database, checks everything, and then
serves, alone or as the supervisor of several workers. Requests are none of its business.
"""

from __future__ import annotations

import asyncio
import gc
import multiprocessing
import os
import signal
import socket
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import structlog
import uvicorn
from starlette.types import ASGIApp
from uvicorn.supervisors import Multiprocess

from app import __version__, draining, logs
from app.contract import ContractIncomplete, entrance
from app.db.checks import DatabaseUnfit, judge, migration_fault, wait_for_server
from app.db.migrate import migrate
from app.db.provision import Provided, provided
from app.failure import Failure
from app.http_protocol import ProblemProtocol
from app.limits import warnings_of
from app.metrics import exported
from app.security import memory
from app.settings import Settings, load_settings
from app.tracing import require_possible
from generated import CONTRACT_DIGEST

APPLICATION = "app.server:application"
WAIT_FOR_DATABASE = 30.0
GRACEFUL_SECONDS = 15
# Longer than any usual proxy keeps a connection, so that the proxy is the one to close it.
KEEP_ALIVE_SECONDS = 75
REVIVE_EVERY = 0.5
NO_MIGRATING = (
    "DB_TRANSACTION_POOLING is on, and migrations need connections of their own. Run `python -m "
    "app migrate` with the address of the server itself, then `python -m app serve --no-migrate`."
)
# Tells uvicorn's supervisor that another attempt would fail in the same way.
STARTUP_FAILURE = 3

log = structlog.get_logger("server")


class PortTaken(Failure):
    """Which address cannot be listened on."""


def serve(settings: Settings, *, migrating: bool) -> bool:
    """Serve until a signal ends it; says whether it ever did. Raises Failure before that."""
    memory.keep_large_blocks()
    logs.configure(settings)
    require_possible()
    for warning in asyncio.run(warnings_of(settings)):
        log.warning("limits", warning=warning)
    with (
        listening(settings) as listener,
        measured(settings),
        provided(settings) as database,
    ):
        prepare(settings, database, migrating=migrating)
        # Workers are new processes and read their settings anew.
        os.environ["DATABASE_URL"] = database.url
        announce(settings, database, listener)
        with kept_alive(database.revive), ending_quietly():
            return run(settings, listener)


@contextmanager
def measured(settings: Settings) -> Iterator[None]:
    """Answer scrapes meanwhile where METRICS_PORT is set. Raises MetricsPortTaken."""
    if settings.metrics_port is None:
        yield
        return
    address = (settings.metrics_host, settings.metrics_port)
    with exported(*address, version=__version__, contract=CONTRACT_DIGEST) as url:
        log.info("metrics", url=url)
        yield


def prepare(settings: Settings, database: Provided, *, migrating: bool) -> None:
    """Raises DatabaseUnfit with everything that is wrong."""
    asyncio.run(wait_for_server(database.url, WAIT_FOR_DATABASE))
    per_worker = settings.db_pool_size + settings.db_max_overflow
    verdict = asyncio.run(
        judge(
            database.url,
            connections=settings.web_concurrency * per_worker,
            is_shared=settings.db_transaction_pooling,
        )
    )
    for warning in (*verdict.warnings, *_unwise(settings)):
        log.warning("database", warning=warning)
    if verdict.faults:
        raise DatabaseUnfit(*verdict.faults)
    if migrating and settings.db_transaction_pooling:
        raise DatabaseUnfit(NO_MIGRATING)
    if migrating:
        outcome = asyncio.run(migrate(database.url))
        if outcome.before != outcome.after:
            log.info("migrated", before=outcome.before, after=outcome.after)
    fault = asyncio.run(migration_fault(database.url))
    if fault is not None:
        raise DatabaseUnfit(fault)


def _unwise(settings: Settings) -> tuple[str, ...]:
    if not settings.is_production or settings.database_url is not None:
        return ()
    return ("The embedded database is meant for laptops and tests. Set DATABASE_URL to a server.",)


def run(settings: Settings, listener: socket.socket) -> bool:
    """Uvicorn's log settings are not used: `logs` has the last word, in each worker too."""
    config = uvicorn.Config(
        APPLICATION,
        factory=True,
        interface="asgi3",
        workers=settings.web_concurrency,
        http=ProblemProtocol,
        ws="none",
        lifespan="on",
        log_config=None,
        access_log=False,
        server_header=False,
        forwarded_allow_ips=settings.forwarded_allow_ips,
        timeout_keep_alive=KEEP_ALIVE_SECONDS,
        timeout_graceful_shutdown=GRACEFUL_SECONDS,
    )
    if settings.web_concurrency == 1:
        server = uvicorn.Server(config)
        server.run(sockets=[listener])
        return server.started
    supervisor = Multiprocess(config, sockets=[listener])
    supervisor.run()
    return not any(worker.exitcode == STARTUP_FAILURE for worker in supervisor.processes)


def application() -> ASGIApp:
    """What each worker serves. A worker whose supervisor is killed ends by itself; it would keep
    the port and serve on, unseen.
    """
    memory.keep_large_blocks()
    supervisor = multiprocessing.parent_process()
    if supervisor is not None:
        threading.Thread(target=_end_after, args=(supervisor.join,), daemon=True).start()
    from app.main import create_app  # noqa: PLC0415 - takes a second, and the supervisor needs none

    try:
        app = create_app()
    except (Failure, ContractIncomplete) as error:
        print(error, file=sys.stderr, flush=True)  # noqa: T201 - for people, as the CLI does
        raise SystemExit(STARTUP_FAILURE) from None
    # Uvicorn has set its handlers of signals, and calls this in its event loop.
    draining.begin_on_sigterm(load_settings().shutdown_delay_seconds)
    entered = entrance(app)
    leave_out_what_stays()
    return entered


def leave_out_what_stays() -> None:
    """Whenever the garbage collector looked through all that the start has made, and finds nothing,
    all requests would stand still for 50 to 100 ms.
    """
    gc.collect()
    gc.freeze()


@contextmanager
def listening(settings: Settings) -> Iterator[socket.socket]:
    """The port is taken first, so that a second start fails before it touches anything."""
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    with socket.socket(family) as listener:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            listener.bind((settings.host, settings.port))
        except OSError as error:
            raise PortTaken(
                f"Nothing can listen on {settings.host} port {settings.port}: {error.strerror}. "
                "Set PORT to a free one, or HOST to an address of this machine."
            ) from None
        listener.set_inheritable(True)
        yield listener


@contextmanager
def kept_alive(revive: Callable[[], bool]) -> Iterator[None]:
    """Start our own database server again when it dies; the service answers 503 meanwhile."""
    over = threading.Event()

    def watch() -> None:
        while not over.wait(REVIVE_EVERY):
            if revive():
                log.warning("database_revived")

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield
    finally:
        over.set()
        watcher.join()


@contextmanager
def ending_quietly() -> Iterator[None]:
    """Uvicorn repeats the signal that stopped it; by then there is the database to stop, and the
    exit code is to be 0.
    """
    former = {s: signal.signal(s, lambda *_: None) for s in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield
    finally:
        for number, handler in former.items():
            signal.signal(number, handler)


def announce(settings: Settings, database: Provided, listener: socket.socket) -> None:
    host, port = listener.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else f"[{host}]" if ":" in host else host  # noqa: S104
    url = f"http://{shown}:{port}"
    if settings.is_production:
        log.info("serving", url=url, version=__version__, workers=settings.web_concurrency)
        return
    lines = (
        f"{settings.app_name} {__version__} is at {url}",
        f"  documentation  {url}/docs and {url}/redoc",
        f"  the document   {url}/openapi.json and {url}/openapi.yaml",
        f"  the database   {database.where}",
        "  Ctrl-C stops it.",
    )
    print("\n".join(lines), flush=True)  # noqa: T201 - for people


def _end_after(wait: Callable[[], None]) -> None:
    wait()
    os.kill(os.getpid(), signal.SIGTERM)
