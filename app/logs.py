"""One JSON object a line on standard output, for our own events and for those of libraries.
What is logged is decided where it happens; exceptions lose their messages, which may hold what a
client sent.
"""

from __future__ import annotations

import contextlib
import json
import logging
import re
import sys
import traceback
from collections.abc import MutableMapping
from datetime import UTC, datetime
from typing import Any, TextIO

import orjson
import structlog
from structlog.typing import EventDict, Processor, WrappedLogger

from app.settings import Settings

FRAMES = 8
JSON_OPTIONS = orjson.OPT_NON_STR_KEYS | orjson.OPT_UTC_Z
ACTED_ON = re.compile(r"[\x7f-\x9f\u2028\u2029]")
# Libraries whose steps are worth following; of the others only warnings are.
TALKATIVE = ("uvicorn", "uvicorn.error")


def configure(settings: Settings) -> None:
    """Send everything to standard output from now on. May be called again."""
    level = logging.getLevelNamesMapping()[settings.log_level]
    in_colour = settings.environment == "development" and sys.stdout.isatty()
    renderer = render_in_colour() if in_colour else render_json
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.processors.add_log_level,
        exception_without_message,
    ]
    structlog.configure(
        processors=[*shared, renderer],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=lambda *_: StandardOutput(),
        cache_logger_on_first_use=True,
    )
    _configure_libraries(level, [*shared, structlog.stdlib.ExtraAdder()], renderer)


def render_in_colour() -> Processor:
    """For a person in front of a terminal."""
    stamp = structlog.processors.TimeStamper(fmt="iso", utc=True)
    render = structlog.dev.ConsoleRenderer()
    return lambda logger, method, event: render(logger, method, stamp(logger, method, event))


def render_json(_logger: WrappedLogger, _method: str, event: EventDict) -> str:
    """One line, whatever is in it: JSON allows some characters raw that terminals and line readers
    act on, and orjson refuses half a surrogate pair.
    """
    event.pop("color_message", None)
    head = {"timestamp": datetime.now(UTC), "level": event.pop("level", None)}
    ordered = {**head, "event": event.pop("event", None), **event}
    try:
        line = orjson.dumps(ordered, default=str, option=JSON_OPTIONS).decode()
    except TypeError:
        line = json.dumps(ordered, default=str)
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


class StandardOutput:
    """Looks standard output up at each line, since tests and redirections replace it. Serving goes
    on when nobody reads the log any more.
    """

    def msg(self, line: str) -> None:
        with contextlib.suppress(OSError, ValueError):
            sys.stdout.write(line + "\n")
            sys.stdout.flush()

    debug = info = warning = error = critical = exception = log = msg


class LibraryHandler(logging.StreamHandler[TextIO]):
    """As `StandardOutput`, for Python's own logging."""

    def __init__(self) -> None:
        logging.Handler.__init__(self)

    @property
    def stream(self) -> TextIO:
        return sys.stdout

    @stream.setter
    def stream(self, _: TextIO) -> None:
        raise AttributeError("The stream is standard output.")

    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - logging's name
        """A line that cannot be written is lost; there is nowhere to say so."""


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
