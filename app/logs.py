"""One JSON object a line on standard output, for our own events and for those of libraries.
What is logged is decided where it happens; exceptions lose their messages, which may hold what a
client sent.
"""

from __future__ import annotations

import atexit
import contextlib
import json
import logging
import re
import sys
import traceback
from collections.abc import Callable, Mapping, MutableMapping
from datetime import UTC, datetime
from typing import Any

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.batch import Batch
from app.settings import Settings

FRAMES = 8
LINES_AT_ONCE = 100
JSON_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
ACTED_ON = re.compile(r"[\x7f-\x9f\u2028\u2029]")
Record = Callable[[Mapping[str, Any]], None]
# Libraries whose steps are worth following; of the others only warnings are.
TALKATIVE = ("uvicorn", "uvicorn.error")


def configure(settings: Settings) -> None:
    """Send everything to standard output from now on. May be called again."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    renderer = render_in_colour() if _is_in_colour(settings) else render_json
    shared: list[Processor] = [
        structlog.processors.add_log_level,
        exception_without_message,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: Printer(),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(level, [*shared, structlog.stdlib.ExtraAdder()], renderer)


def request_log(settings: Settings) -> Record:
    """Return what writes the line of each request. There is nothing to process in it but the time
    and the level, and structlog's way there would cost more than answering the cheapest request.
    """
    if _is_in_colour(settings):
        logger = structlog.get_logger("access")
        return lambda line: logger.info("request", **line)
    if logging.getLevelNamesMapping()[settings.log_level] > logging.INFO:
        return lambda _: None
    return lambda line: OUTPUT.add(
        json_line({"timestamp": datetime.now(UTC), "level": "info", "event": "request", **line})
    )


def _is_in_colour(settings: Settings) -> bool:
    return settings.environment == "development" and sys.stdout.isatty()


def render_in_colour() -> Processor:
    """For a person in front of a terminal."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    render = structlog.dev.ConsoleRenderer()
    return lambda logger, method, event: render(logger, method, stamp(logger, method, event))


def render_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """When, how bad and what come first."""
    event.pop("color_message", None)
    head = {"timestamp": datetime.now(UTC), "level": event.pop("level", None)}
    return json_line({**head, "event": event.pop("event", None), **event})


def json_line(event: Mapping[str, Any]) -> str:
    """One line, whatever is in it: JSON allows some characters raw that terminals and line readers
    act on, and orjson refuses half a surrogate pair.
    """
    try:
        line = orjson.dumps(event, default=str, option=JSON_OPTIONS).decode()
    except TypeError:
        line = json.dumps(event, default=str)
    if line.isascii() and "\x7f" not in line:
        return line
    return ACTED_ON.sub(lambda found: f"\\u{ord(found[0]):04x}", line)


def exception_without_message(
    _logger: WrappedLogger, _method: str, event: EventDict
) -> MutableMapping[str, Any]:
    """Which exception, and where."""
    info = event.pop("exc_info", None)
    if info is True:
        info = sys.exc_info()
    error = info[1] if isinstance(info, tuple) else info
    if isinstance(error, BaseException):
        frames = traceback.extract_tb(error.__traceback__)[-FRAMES:]
        event["error"] = type(error).__qualname__
        event["at"] = [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames]
    return event


def write_lines(lines: list[str]) -> None:
    """Write them at once, since a system call for each costs as much as routing its request.

    Standard output is looked up each time, since tests and redirections replace it. Serving goes
    on when nobody reads the log: a line that cannot be written is lost; there is nowhere to say so.
    """
    with contextlib.suppress(OSError, ValueError):
        sys.stdout.write("\n".join(lines) + "\n")
        sys.stdout.flush()


OUTPUT = Batch(write_lines, LINES_AT_ONCE)
atexit.register(OUTPUT.finish)


class Printer:
    """What structlog's loggers end in. What is wrong is not kept back: the process may end."""

    def info(self, line: str) -> None:
        """Write a line some time soon."""
        OUTPUT.add(line)

    def error(self, line: str) -> None:
        """Write a line, and all that came before it, at once."""
        OUTPUT.add(line)
        OUTPUT.finish()

    debug = msg = log = info
    warning = critical = exception = error


class LibraryHandler(logging.Handler):
    """As `Printer`, for Python's own logging."""

    def emit(self, record: logging.LogRecord) -> None:
        """Write a record, at once."""
        try:
            line = self.format(record)
        except Exception:  # noqa: BLE001 - what a library logs must not stop it
            line = json_line({"level": "error", "event": "unprintable", "logger": record.name})
        OUTPUT.add(line)
        OUTPUT.finish()


def _configure_libraries(level: int, processors: list[Processor], renderer: Processor) -> None:
    handler = LibraryHandler()
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=processors,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, renderer],
        )
    )
    root = logging.getLogger()
    for former in [h for h in root.handlers if isinstance(h, LibraryHandler)]:
        root.removeHandler(former)
    root.addHandler(handler)
    root.setLevel(max(level, logging.WARNING))
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(level)
