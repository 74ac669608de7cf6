"""The database is taken away in every way that there is, and given back, under requests."""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass

import pytest

from app.db.embedded import EmbeddedPostgres
from app.db.embedded.processes import PidFile, users_of
from tests.chaos.gate import FULL, LOST, LOST_IN_FULL, NOT_TOTAL, WITHIN, Figures
from tests.chaos.proxy import Proxy
from tests.chaos.stand import Stand, environment_for, sql, until
from tests.chaos.watch import UNAVAILABLE, Watch, watching
from tests.chaos.wire import request
from tests.chaos.writers import POSTS, sign_up

DATA = ("read", "write")
LEFT_OPEN = "SELECT count(*) FROM pg_stat_activity WHERE state LIKE 'idle in transaction%'"
OTHERS = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'colophon'"


@dataclass(frozen=True)
class Scene:
    """What there is to break."""

    server: EmbeddedPostgres
    proxy: Proxy
    stand: Stand
    token: str

    @property
    def processes(self) -> set[int]:
        return users_of(self.server.folder / "data")

    def admin(self, statement: str) -> None:
        sql(self.server.url_of(superuser=True), statement)

    def kill(self) -> None:
        record = PidFile.read(self.server.folder / "data")
        assert record is not None
        os.kill(record.pid, signal.SIGKILL)

    def signal(self, number: int) -> None:
        for pid in self.processes:
            with suppress(ProcessLookupError):
                os.kill(pid, number)

    def restart(self) -> None:
        record = PidFile.read(self.server.folder / "data")
        assert record is not None
        os.kill(record.pid, signal.SIGINT)
        until(self.server.revive, 20)

    def allow(self, connections: int) -> None:
        self.admin(f"ALTER ROLE colophon CONNECTION LIMIT {connections}")
        if connections == 0:
            self.admin(OTHERS)

    def widen(self) -> None:
        """A column's type changes, whereupon every plan that a connection has kept is void."""
        self.admin("ALTER TABLE posts ALTER COLUMN title TYPE varchar(300)")

    def narrow(self) -> None:
        self.admin("ALTER TABLE posts ALTER COLUMN title TYPE text")


@dataclass(frozen=True)
class Loss:
    """`hold` is how many seconds the loss lasts."""

    take: Callable[[Scene], object]
    give_back: Callable[[Scene], object]
    hold: float


LOSSES: Mapping[str, Loss] = {
    "killed": Loss(Scene.kill, lambda it: it.server.revive(), 1.5),
    "silent": Loss(lambda it: it.proxy.silence(), lambda it: it.proxy.pass_on(), 4.0),
    "altered": Loss(Scene.widen, Scene.narrow, 0.5),
    "stopped": Loss(
        lambda it: it.signal(signal.SIGSTOP), lambda it: it.signal(signal.SIGCONT), 4.5
    ),
    "refused": Loss(lambda it: it.proxy.refuse(), lambda it: it.proxy.listen(), 3.0),
    "full": Loss(lambda it: it.allow(0), lambda it: it.allow(-1), 3.0),
    "restarted": Loss(Scene.restart, lambda _: None, 0.0),
}
WAYS = (*LOST, *LOST_IN_FULL) if FULL else LOST


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    folder = tmp_path_factory.mktemp("lost")
    with (
        EmbeddedPostgres(folder, durable=False) as server,
        Proxy(server.url) as proxy,
        Stand(folder, **environment_for(proxy.url)) as stand,
    ):
        yield Scene(server, proxy, stand, sign_up(stand))


def probes(token: str) -> dict[str, bytes]:
    body = {"title": "of a watcher", "content": "x", "published": True}
    return {
        "live": request("GET", "/health/live"),
        "ready": request("GET", "/health/ready"),
        "read": request("GET", POSTS),
        "write": request("POST", POSTS, token=token, body=body),
    }


@pytest.mark.parametrize("name", WAYS)
def test_a_database_that_is_lost_is_told_at_once_and_not_missed_for_long(
    name: str, scene: Scene, figures: Figures
) -> None:
    loss, is_total = LOSSES[name], name not in NOT_TOTAL
    with watching(scene.stand, probes(scene.token), each=2) as watch:
        until(lambda: len(watch.of("write")) > 50, 10)
        lost_at = time.monotonic()
        loss.take(scene)
        until(lambda: time.monotonic() - lost_at > loss.hold, loss.hold + 1)
        loss.give_back(scene)
        back_at = time.monotonic()
        # Requests that had begun before may take as long as they may.
        until(lambda: watch.first("ready", 200, back_at) < 60, 10)
        until(lambda: time.monotonic() - back_at > WITHIN + 1, WITHIN + 5)

    assert {seen.status for seen in watch.seen} <= {200, 201, UNAVAILABLE}
    refused = watch.failed("ready", *DATA)
    assert all(seen.retry_after for seen in refused)
    assert bool(refused) or not is_total
    until(lambda: sql(scene.server.url, LEFT_OPEN) == [(0,)], 2, lambda: "a transaction is open")
    figures.record(
        {
            f"database {name}: seconds to an answer": watch.longest("ready", *DATA),
            f"database {name}: seconds to the last failure after its return": recovery(
                watch, back_at
            ),
            f"database {name}: liveness failures": len(watch.failed("live")),
        }
    )
    if is_total:
        told = watch.first("ready", UNAVAILABLE, lost_at)
        figures.record({f"database {name}: seconds until readiness tells": told})


def recovery(watch: Watch, back_at: float) -> float:
    return watch.last_failure("ready", *DATA, since=back_at)
