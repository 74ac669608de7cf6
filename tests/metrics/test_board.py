from __future__ import annotations

import multiprocessing
import os
import signal
from multiprocessing.synchronize import Event
from pathlib import Path

from app.metrics import board as boards
from app.metrics.board import Board, Boards

REQUESTS = "http_server_requests"
LABELS = ("get_thing", "GET", "200", "")
ACTIVE = "http_server_active_requests"


def count(folder: Path, counted: Event) -> None:
    board = Board(folder)
    board.row(REQUESTS, *LABELS)[0] += 3
    board.row(ACTIVE)[0] += 1
    counted.set()
    signal.pause()


def test_what_a_killed_process_counted_stays_and_what_it_measured_goes(
    tmp_path: Path, board: Board
) -> None:
    spawn = multiprocessing.get_context("spawn")
    read = Boards(tmp_path)
    board.row(REQUESTS, *LABELS)[0] += 1
    for round_ in (1, 2):
        counted = spawn.Event()
        worker = spawn.Process(target=count, args=(tmp_path, counted))
        worker.start()
        assert counted.wait(30)
        alive = read.totals()
        assert worker.pid is not None
        os.kill(worker.pid, signal.SIGKILL)
        worker.join()
        assert alive.rows[REQUESTS, LABELS] == [1 + 3 * round_]
        assert alive.rows[ACTIVE, ()] == [1]
        assert sorted(alive.living) == sorted([os.getpid(), worker.pid])

        for totals in (read.totals(), read.totals()):
            assert totals.rows[REQUESTS, LABELS] == [1 + 3 * round_]
            assert (ACTIVE, ()) not in totals.rows
            assert (totals.living, totals.exits) == ([os.getpid()], round_)
    assert len(list(tmp_path.iterdir())) == 2


def test_a_key_that_was_not_written_whole_counts_for_nothing(tmp_path: Path, board: Board) -> None:
    board.row(REQUESTS, *LABELS)[0] = 5
    keys = next(tmp_path.glob("*.keys"))
    with keys.open("a") as file:
        file.write('["http_server_act')

    assert Boards(tmp_path).totals().rows == {(REQUESTS, LABELS): [5]}


def test_a_full_board_counts_on_without_showing_it(board: Board) -> None:
    most = boards.SIZE // boards.NUMBER
    board._used = most - 1
    board.row(REQUESTS, "a", "GET", "200", "")[0] += 1
    board.row(REQUESTS, "b", "GET", "200", "")[0] += 1

    assert board._used == most
