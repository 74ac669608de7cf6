from __future__ import annotations

import sys
from pathlib import Path
from types import FrameType

import pytest

from app.contract import Ended, Exchange
from app.metrics.board import Board, Boards
from app.metrics.requests import RequestMetrics

MOST_CALLS = 8


def test_a_request_is_counted_by_what_the_document_names(tmp_path: Path, board: Board) -> None:
    metrics = RequestMetrics(board)
    exchange = Exchange("id", "get_thing", "not_found", statements=2, database_seconds=0.5)
    scope = {"method": "GET", "path": "/mine"}
    metrics.began(scope, exchange)
    metrics.ended(scope, exchange, Ended(404, 0.003, 120))

    rows = Boards(tmp_path).totals().rows
    assert rows["http_server_requests", ("get_thing", "GET", "404", "not_found")] == [1]
    assert rows["http_server_response_body_bytes", ("get_thing",)] == [120]
    assert rows["db_client_statement_seconds", ("get_thing",)] == [2, 0.5]
    durations = rows["http_server_request_duration_seconds", ("get_thing",)]
    assert (durations.index(1), durations[-1]) == (2, 0.003)
    assert rows["http_server_active_requests", ()] == [0]


def test_a_client_cannot_make_series(tmp_path: Path, board: Board) -> None:
    metrics = RequestMetrics(board)
    for number in range(500):
        scope = {"method": f"M{number}", "path": f"/{number}"}
        exchange = Exchange(f"request-{number}", problem_code="not_found")
        metrics.began(scope, exchange)
        metrics.ended(scope, exchange, Ended(404, 0.001, 1))

    counted = {k: v for k, v in Boards(tmp_path).totals().rows.items() if k[0].endswith("requests")}
    assert counted["http_server_requests", ("none", "other", "404", "not_found")] == [500]
    assert len(counted) == 2


def test_a_request_without_an_answer_has_status_0(tmp_path: Path, board: Board) -> None:
    metrics = RequestMetrics(board)
    metrics.ended({"method": "GET"}, Exchange("id", "get_thing"), Ended(None, 1.0, 0))

    rows = Boards(tmp_path).totals().rows
    assert rows["http_server_requests", ("get_thing", "GET", "0", "")] == [1]


def test_counting_a_request_is_a_dozen_calls_of_python(board: Board) -> None:
    """Calls are counted, since time depends on the machine: a call is a tenth of a microsecond."""
    metrics = RequestMetrics(board)
    scope = {"method": "GET"}
    exchange = Exchange("id", "get_thing", statements=1, database_seconds=0.001)
    metrics.ended(scope, exchange, Ended(200, 0.0004, 300))  # The first one makes the series.
    calls: list[str] = []

    def note(frame: FrameType, event: str, argument: object) -> None:
        if event in {"call", "c_call"}:
            calls.append(f"{event} {frame.f_code.co_name} {argument}")

    sys.setprofile(note)
    metrics.began(scope, exchange)
    metrics.ended(scope, exchange, Ended(200, 0.0004, 300))
    sys.setprofile(None)

    assert len(calls) <= MOST_CALLS, calls


@pytest.mark.parametrize(("seconds", "bucket"), [(0.0, 0), (0.001, 0), (0.0011, 1), (13.0, 13)])
def test_a_bucket_holds_its_upper_bound(
    tmp_path: Path, board: Board, seconds: float, bucket: int
) -> None:
    metrics = RequestMetrics(board)
    metrics.ended({"method": "GET"}, Exchange("id", "get_thing"), Ended(200, seconds, 0))

    rows = Boards(tmp_path).totals().rows
    assert rows["http_server_request_duration_seconds", ("get_thing",)].index(1) == bucket
