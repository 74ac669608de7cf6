from __future__ import annotations

import http.client
import os
import signal
import urllib.error
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.metrics import endpoint
from app.metrics.families import FAMILIES
from tests.metrics.scrape import Scrape, fetch, metrics_url, wait_for
from tests.platform.test_server import refused
from tests.processes import Served, serve

OPEN_METRICS = "application/openmetrics-text; version=1.0.0"


def get(served: Served, path: str, method: str = "GET") -> int:
    request = urllib.request.Request(served.url + path, method=method)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return int(answer.status)
    except urllib.error.HTTPError as error:
        return int(error.code)


def ended(served: Served, operation: str = "get_health") -> float:
    return Scrape(served)("http_server_requests_total", operation=operation)


def workers_of(served: Served) -> list[int]:
    """The supervisor's children that serve: those that hold a board."""
    children = Path(f"/proc/{served.process.pid}/task/{served.process.pid}/children").read_text()
    return [pid for pid in map(int, children.split()) if holds_a_board(pid)]


def holds_a_board(pid: int) -> bool:
    # A worker opens and closes files while it is looked at, and may end.
    for file in Path(f"/proc/{pid}/fd").glob("*"):
        with suppress(FileNotFoundError):
            if file.readlink().suffix == ".numbers":
                return True
    return False


def test_a_scrape_has_the_sum_of_all_workers(watched: Served) -> None:
    before = ended(watched)
    with ThreadPoolExecutor(8) as clients:
        assert set(clients.map(lambda _: get(watched, "/health"), range(200))) == {200}

    assert wait_for(lambda: ended(watched) == before + 200)
    scrape = Scrape(watched)
    name = "http_server_request_duration_seconds"
    assert scrape(f"{name}_count", operation="get_health") == before + 200
    assert scrape(f"{name}_bucket", operation="get_health", le="+Inf") == before + 200
    assert scrape("http_server_response_body_bytes_total", operation="get_health") > 200 * 50
    assert scrape("workers") == 2


def test_a_worker_that_is_killed_takes_nothing_with_it(watched: Served) -> None:
    get(watched, "/health")
    assert wait_for(lambda: ended(watched) > 0)
    before, exits = ended(watched), Scrape(watched)("worker_exits_total")
    workers = workers_of(watched)
    os.kill(workers[0], signal.SIGKILL)

    assert wait_for(lambda: len(set(workers_of(watched)) - set(workers)) == 1)
    assert wait_for(lambda: Scrape(watched)("db_client_connections_size") == 2 * 2)
    scrape = Scrape(watched)
    assert scrape("http_server_requests_total", operation="get_health") == before
    assert scrape("workers") == 2
    assert scrape("worker_exits_total") == exits + 1
    assert scrape("http_server_active_requests") == 0


def test_nothing_that_a_client_chooses_becomes_a_label(watched: Served) -> None:
    mark = "zqx9"
    for path in (f"/{mark}", f"/health?{mark}=1", f"/docs/{mark}"):
        get(watched, path)
    get(watched, "/health", method="PROPFIND")
    assert wait_for(lambda: ended(watched, "none") >= 3)

    text, _ = fetch(metrics_url(watched))
    assert mark not in text
    scrape = Scrape(watched)
    assert scrape("http_server_requests_total", operation="none", problem="not_found") >= 1
    assert scrape("http_server_requests_total", method="other", status="405") >= 1


def test_the_time_of_the_database_is_told_by_operation(watched: Served) -> None:
    get(watched, "/health/ready")
    get(watched, "/health/live")
    name = "db_client_statement_seconds"
    assert wait_for(lambda: Scrape(watched)(f"{name}_count", operation="get_readiness") > 0)

    scrape = Scrape(watched)
    assert 0 < scrape(f"{name}_sum", operation="get_readiness") < 5
    assert scrape(f"{name}_count", operation="get_liveness") == 0


def test_a_worker_tells_how_it_is(watched: Served) -> None:
    assert wait_for(lambda: Scrape(watched)("db_client_connections_limit") == 2 * 3)
    scrape = Scrape(watched)
    lags = scrape("event_loop_lag_seconds_count")

    assert wait_for(lambda: Scrape(watched)("event_loop_lag_seconds_count") > lags)
    assert scrape("worker_resident_memory_bytes") > 2 * 30 * 1024 * 1024
    assert scrape("worker_cpu_seconds_total") > 0.5
    assert scrape("worker_open_fds") > 10
    assert scrape("service_build_info") == 1


def test_every_family_is_in_a_scrape(watched: Served) -> None:
    text, _ = fetch(metrics_url(watched))

    for family in FAMILIES.values():
        assert f" {family.name}" in text
        assert family.meaning in text


@pytest.mark.parametrize(
    ("accept", "content_type", "is_open_metrics"),
    [
        ("", "text/plain; version=0.0.4; charset=utf-8", False),
        ("*/*", "text/plain; version=0.0.4; charset=utf-8", False),
        ("text/plain;version=x", "text/plain; version=0.0.4; charset=utf-8", False),
        (OPEN_METRICS, f"{OPEN_METRICS}; charset=utf-8", True),
    ],
)
def test_a_scrape_is_answered_in_the_format_that_is_accepted(
    watched: Served, accept: str, content_type: str, is_open_metrics: bool
) -> None:
    text, answered = fetch(metrics_url(watched), accept)

    assert answered.startswith(content_type)
    assert text.endswith("# EOF\n") is is_open_metrics


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("HEAD", "/metrics", 200),
        ("GET", "/metrics?name=x", 200),
        ("POST", "/metrics", 405),
        ("DELETE", "/metrics", 405),
        ("GET", "/", 404),
        ("POST", "/health", 404),
        ("BREW", "/metrics", 501),
    ],
)
def test_scrapes_are_all_that_is_answered(
    watched: Served, method: str, path: str, status: int
) -> None:
    connection = http.client.HTTPConnection(urlsplit(metrics_url(watched)).netloc, timeout=10)
    connection.request(method, path)
    answer = connection.getresponse()
    connection.close()

    assert answer.status == status
    assert answer.headers["Allow"] == ("GET, HEAD" if status == 405 else None)
    assert answer.headers["Server"] is None


def test_the_port_of_the_clients_tells_no_figures(watched: Served) -> None:
    assert get(watched, "/metrics") == 404


@pytest.mark.usefixtures("anyio_backend")
def test_one_worker_and_its_folder_end_with_the_service(tmp_path: Path, migrated_url: str) -> None:
    with serve(tmp_path, {"DATABASE_URL": migrated_url, "METRICS_PORT": "0"}) as served:
        get(served, "/health")
        assert wait_for(lambda: ended(served) == 1)
        assert Scrape(served)("workers") == 1
        (folder,) = {
            file.readlink().parent
            for file in Path(f"/proc/{served.process.pid}/fd").iterdir()
            if file.readlink().suffix == ".numbers"
        }
        assert folder.is_dir()
    assert not folder.exists()


@pytest.mark.usefixtures("anyio_backend")
def test_without_a_port_nothing_is_answered(tmp_path: Path, migrated_url: str) -> None:
    with serve(tmp_path, {"DATABASE_URL": migrated_url}) as served:
        assert '"event":"metrics"' not in served.log.read_text()


def test_a_metrics_port_that_is_taken_is_told(watched: Served, tmp_path: Path) -> None:
    port = metrics_url(watched).rpartition(":")[2].removesuffix("/metrics")

    said = refused(tmp_path, METRICS_PORT=port)
    assert said.startswith(f"Nothing can listen on 127.0.0.1 port {port}: Address already in use.")
    assert "METRICS_PORT" in said


def test_the_folder_of_a_killed_service_is_removed_by_the_next(tmp_path: Path) -> None:
    left = tmp_path / f"{endpoint.PREFIX}left"
    left.mkdir()
    (left / endpoint.LOCK).touch()
    made = tmp_path / f"{endpoint.PREFIX}made"
    made.mkdir()
    endpoint.remove_orphans(tmp_path)

    assert (left.exists(), made.exists()) == (False, True)
