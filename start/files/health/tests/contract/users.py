"""Who plays in a run of Schemathesis. Nobody signs in yet, so anybody sends the requests."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Self

# As whom each seed is run.
CALLERS = ("anybody",)


@dataclass(frozen=True, slots=True)
class Cast:
    """`caller` is the part that sends the requests."""

    url: str
    caller: str

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        return cls(**json.loads(text))


def kept(url: str, caller: str) -> Cast:
    """Return who plays in a run with a database of its own."""
    return Cast(url, caller)


@contextmanager
def registered(url: str) -> Iterator[Cast]:
    """Yield who plays in a run at a service that is there already."""
    yield Cast(url, CALLERS[0])


def options(cast: Cast) -> list[str]:
    """What Schemathesis is told besides, to send requests as the caller."""
    return []


def write_auth(file: Path, cast: Cast) -> None:
    """Write a Web Fuzzing Commons auth file: there is nobody in it."""
    file.write_text(json.dumps({"auth": []}))
