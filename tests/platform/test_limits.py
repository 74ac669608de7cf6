"""Rate limits over several workers and through a proxy, in services of their own."""

from __future__ import annotations

import os
import signal
import time
import urllib.error
import urllib.request
from collections.abc import Iterator, Mapping
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import pytest

from app.db.embedded.processes import wait_until
from tests.limits.redis_server import RedisServer
from tests.processes import Served, serve, workers_of

WORKERS = 2


def attempt(served: Served, username: str = "nobody", **fields: str) -> int:
    """The status of an attempt to sign in, with header fields whose names have hyphens."""
    body = urlencode({"username": username, "password": "difference-engine-1822"}).encode()
    headers = {name.replace("_", "-"): value for name, value in fields.items()}
    request = urllib.request.Request(f"{served.url}/api/v1/auth/login", body, headers)  # noqa: S310
    try:
        with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


@contextmanager
def serving(folder: Path, url: str, **settings: str) -> Iterator[Served]:
    limits: Mapping[str, str] = {"DATABASE_URL": url, "RATE_LIMIT_FACTOR": "1", **settings}
    with serve(folder, limits) as served:
        yield served


def count_together(served: Served) -> None:
    """Workers do, and a killed one takes no count along."""
    with ThreadPoolExecutor(8) as threads:
        statuses = list(threads.map(lambda _: attempt(served), range(24)))
    assert sorted(statuses) == [401] * 10 + [429] * 14

    before = workers_of(served)
    assert len(before) == WORKERS
    os.kill(before[0], signal.SIGKILL)
    assert wait_until(lambda: len(set(workers_of(served)) - {before[0]}) == WORKERS, 20)
    assert {attempt(served) for _ in range(8)} == {429}
    assert attempt(served, "somebody") == 401


@pytest.mark.usefixtures("anyio_backend")
def test_workers_count_together_and_a_killed_one_takes_no_count_along(
    tmp_path: Path, migrated_url: str
) -> None:
    with serving(tmp_path, migrated_url, WEB_CONCURRENCY=str(WORKERS)) as served:
        count_together(served)


@pytest.mark.usefixtures("anyio_backend")
def test_workers_count_together_in_redis_and_all_find_it_again(
    tmp_path: Path, migrated_url: str
) -> None:
    with (
        RedisServer(tmp_path) as server,
        serving(
            tmp_path, migrated_url, WEB_CONCURRENCY=str(WORKERS), REDIS_URL=server.url
        ) as served,
    ):
        count_together(served)
        server.kill()
        assert {attempt(served) for _ in range(8)} == {503}
        server.start()
        time.sleep(2)
        with ThreadPoolExecutor(8) as threads:
            statuses = list(threads.map(lambda _: attempt(served), range(24)))
        assert sorted(statuses) == [401] * 10 + [429] * 14, "one that was restarted has forgotten"
        log = served.log.read_text()
    assert 1 <= log.count('"limits_lost"') == log.count('"limits_back"') <= WORKERS


@pytest.mark.usefixtures("anyio_backend")
def test_whoever_is_no_proxy_cannot_choose_an_address(tmp_path: Path, migrated_url: str) -> None:
    with serving(tmp_path, migrated_url, FORWARDED_ALLOW_IPS="192.0.2.9") as served:
        forged = [attempt(served, X_Forwarded_For=f"198.51.100.{n}") for n in range(11)]
        assert forged == [401] * 10 + [429]
        for name in ("Forwarded", "X_Real_IP", "X_Client_IP", "CF_Connecting_IP"):
            assert attempt(served, **{name: "198.51.100.99"}) == 429


@pytest.mark.usefixtures("anyio_backend")
def test_behind_a_proxy_the_address_is_the_one_that_the_proxy_saw(
    tmp_path: Path, migrated_url: str
) -> None:
    """What a client writes into the field itself stands left of that, and changes nothing."""
    with serving(tmp_path, migrated_url, FORWARDED_ALLOW_IPS="127.0.0.1") as served:
        fields = [f"203.0.113.{n}, 198.51.100.1" for n in range(11)]
        assert [attempt(served, X_Forwarded_For=f) for f in fields] == [401] * 10 + [429]
        assert attempt(served, X_Forwarded_For="198.51.100.2") == 401
