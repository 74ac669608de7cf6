"""Who is measured, and how each one is started."""

from __future__ import annotations

import sys
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Contestant:
    """`application` is what uvicorn serves, None for the service itself, which has a command."""

    name: str
    title: str
    application: str | None
    is_logging: bool = True
    has_cursor: bool = True
    has_entity_tags: bool = True
    judges_input: bool = True

    def command(self, port: int, workers: int) -> list[str]:
        """All of them run on uvicorn with uvloop and httptools."""
        if self.application is None:
            return [sys.executable, "-m", "app", "serve"]
        how = ["--loop", "uvloop", "--http", "httptools", "--workers", str(workers)]
        where = ["--host", "127.0.0.1", "--port", str(port)]
        quiet = [] if self.is_logging else ["--no-access-log"]
        return [sys.executable, "-m", "uvicorn", self.application, *how, *where, *quiet]


OURS = Contestant("ours", "this service", None)
USUAL = Contestant(
    "usual",
    "the usual stack",
    "benchmarks.contestants.usual.main:app",
    has_cursor=False,
    has_entity_tags=False,
)
GENERATED = Contestant(
    "generated",
    "the server of datamodel-code-generator",
    "benchmarks.contestants.generated_server.main:app",
)
FLOOR = Contestant(
    "floor",
    "the floor",
    "benchmarks.contestants.floor:app",
    is_logging=False,
    judges_input=False,
)
ALL = (OURS, USUAL, GENERATED, FLOOR)
