from __future__ import annotations

import asyncio
import io
import json
import logging
import subprocess
import sys
from collections.abc import Iterator
from typing import Any, Self

import pytest
import structlog
from pydantic import SecretStr

from app import logs
from app.settings import Settings

KEY = SecretStr("q7Zt0Wc5Rk2Xn8Lb4Vd6Ys1Hg9Jf3Mp0AqEwTrUyIoPlKj")


def plain_settings() -> Settings:
    return Settings(_env_file=None, environment="test", secret_key=KEY)


@pytest.fixture(autouse=True)
def configured() -> Iterator[None]:
    root = logging.getLogger()
    before = root.level
    logs.configure(plain_settings())
    yield
    structlog.reset_defaults()
    root.setLevel(before)
    for handler in [h for h in root.handlers if isinstance(h, logs.LibraryHandler)]:
        root.removeHandler(handler)


def printed(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_an_event_is_one_line_that_begins_with_when_how_bad_and_what(
    capsys: pytest.CaptureFixture[str],
) -> None:
    structlog.get_logger().info("request", status=200)

    (line,) = printed(capsys)
    assert list(line) == ["timestamp", "level", "event", "status"]
    assert (line["level"], line["event"]) == ("info", "request")


@pytest.mark.parametrize(
    "text", ["a\r\nb", "a\u2028b\u2029", "\x1b[31m\x9b", "\x85", "\ud800", "\x00"]
)
def test_nothing_that_is_logged_begins_a_new_line(
    capsys: pytest.CaptureFixture[str], text: str
) -> None:
    structlog.get_logger().info("request", path=text)

    (line,) = printed(capsys)
    assert line["path"] == text


def test_an_exception_is_its_kind_and_place_without_its_message(
    capsys: pytest.CaptureFixture[str],
) -> None:
    try:
        int("alice@example.org")
    except ValueError:
        structlog.get_logger().exception("failed")
        logging.getLogger("some.library").exception("failed too")

    ours, theirs = printed(capsys)
    for line in (ours, theirs):
        assert line["error"] == "ValueError"
        assert "test_logs.py" in line["at"][-1]
        assert "alice" not in json.dumps(line)


def test_libraries_are_heard_when_they_warn(capsys: pytest.CaptureFixture[str]) -> None:
    logging.getLogger("some.library").info("chatter")
    logging.getLogger("some.library").warning("trouble with %s", "it")
    logging.getLogger("uvicorn.error").info("started", extra={"color_message": "\x1b"})

    assert [(line["level"], line["event"]) for line in printed(capsys)] == [
        ("warning", "trouble with it"),
        ("info", "started"),
    ]


def test_configuring_twice_says_everything_once(capsys: pytest.CaptureFixture[str]) -> None:
    logs.configure(Settings(_env_file=None, environment="test", secret_key=KEY, log_level="ERROR"))
    logging.getLogger("some.library").error("once")
    structlog.get_logger().warning("below the level")

    assert [line["event"] for line in printed(capsys)] == ["once"]


def test_serving_goes_on_when_nobody_reads_the_log(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdout", Full())
    structlog.get_logger().info("request")
    logging.getLogger("some.library").warning("trouble")


class Journal(io.StringIO):
    """Standard output that counts how often somebody writes to it."""

    def __init__(self) -> None:
        super().__init__()
        self.writes: list[list[str]] = []

    def write(self, text: str) -> int:
        self.writes.append([json.loads(line)["event"] for line in text.splitlines()])
        return len(text)

    def __enter__(self) -> Self:
        self._former, sys.stdout = sys.stdout, self
        return self

    def __exit__(self, *_: object) -> None:
        sys.stdout = self._former


async def test_the_lines_of_one_turn_of_the_event_loop_are_written_together() -> None:
    with Journal() as journal:
        for number in range(3):
            structlog.get_logger().info(f"line {number}")
        assert journal.writes == []
        await asyncio.sleep(0)
        structlog.get_logger().info("the next turn")
        await asyncio.sleep(0)

    assert journal.writes == [["line 0", "line 1", "line 2"], ["the next turn"]]


@pytest.mark.parametrize("level", ["warning", "error", "critical"])
async def test_what_is_wrong_is_written_at_once_after_what_came_before(level: str) -> None:
    with Journal() as journal:
        structlog.get_logger().info("before")
        getattr(structlog.get_logger(), level)("trouble")
        logging.getLogger("some.library").error("theirs")

    assert journal.writes == [["before", "trouble"], ["theirs"]]


async def test_a_turn_that_does_not_end_keeps_few_lines() -> None:
    with Journal() as journal:
        for _ in range(3 * logs.LINES_AT_ONCE):
            structlog.get_logger().info("line")

    assert [len(lines) for lines in journal.writes] == 3 * [logs.LINES_AT_ONCE]


LEAVING = """
import asyncio, sys
from app import logs

async def leave():
    logs.OUTPUT.add("last")
    sys.exit()

asyncio.new_event_loop().run_until_complete(leave())
"""


def test_what_a_loop_left_is_written_when_the_process_ends() -> None:
    command = [sys.executable, "-c", LEAVING]
    assert subprocess.run(command, capture_output=True, check=True, text=True).stdout == "last\n"


def test_the_line_of_a_request_obeys_the_level(capsys: pytest.CaptureFixture[str]) -> None:
    for level in ("INFO", "ERROR"):
        changed = plain_settings().model_copy(update={"log_level": level})
        logs.request_log(changed)({"method": "GET", "path": level})

    (line,) = printed(capsys)
    assert list(line) == ["timestamp", "level", "event", "method", "path"]
    assert (line["event"], line["path"]) == ("request", "INFO")


class Full(io.StringIO):
    def write(self, _: str) -> int:
        raise OSError("No space left on device")
