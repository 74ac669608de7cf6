"""Which of the declared answers some test has seen: `python -m tests.contract.coverage`.

`tests/client.py` records each answer that it gets. The report names every operation, status, media
type, header and problem of the document that none of them showed, and then ends with exit code 1.
"""

from __future__ import annotations

import json
import os
import sys
from collections.abc import Iterable, Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple

from tests.judge import operations, resolved

REPORTS = Path(__file__).parents[2] / "reports"
FILES = "contract-coverage-*.jsonl"


class Shown(NamedTuple):
    """One thing that an answer shows: `kind` is `content`, `header` or `problem`."""

    operation: str
    status: str
    kind: str
    name: str


_seen: set[Shown] = set()


def record(
    operation_id: str,
    status: int,
    media_type: str | None,
    headers: Iterable[str],
    problem: str | None = None,
) -> None:
    """Note what an answer shows, each thing once for a run of the tests."""
    shown = [("content", media_type or "none"), *(("header", name.lower()) for name in headers)]
    if problem is not None:
        shown.append(("problem", problem))
    fresh = {Shown(operation_id, str(status), *entry) for entry in shown} - _seen
    if fresh:
        _write(fresh)
        _seen.update(fresh)


def _write(fresh: set[Shown]) -> None:
    """Append to this process's file; `make cover` removes those of earlier runs."""
    REPORTS.mkdir(exist_ok=True)
    file = REPORTS / FILES.replace("*", str(os.getpid()))
    with file.open("a" if _seen else "w", encoding="utf-8") as lines:
        lines.writelines(f"{json.dumps(shown)}\n" for shown in sorted(fresh))


def declared() -> Iterator[Shown]:
    """Yield everything that the document says an answer may show."""
    for name, (_, _, operation) in operations().items():
        for status, reference in operation["responses"].items():
            response = resolved(reference)
            for media_type in response.get("content") or {"none": None}:
                yield Shown(name, status, "content", media_type)
            for header in response.get("headers", {}):
                yield Shown(name, status, "header", header.lower())
            for problem in response.get("x-problems", ()):
                yield Shown(name, status, "problem", problem)


def recorded() -> set[Shown]:
    """Return what the tests have seen."""
    lines = [line for file in REPORTS.glob(FILES) for line in file.read_text().splitlines()]
    return {Shown(*json.loads(line)) for line in lines}


def main() -> int:
    """Print what was never seen; return the exit code."""
    everything, seen = set(declared()), recorded()
    missing = sorted(everything - seen)
    if not seen:
        sys.stderr.write("No test has recorded an answer yet: run `make cover` first.\n")
        return 1
    for (operation, status), things in groupby(missing, key=lambda shown: shown[:2]):
        names = ", ".join(f"{shown.kind} {shown.name}" for shown in things)
        sys.stdout.write(f"never produced: {operation} {status}: {names}\n")
    share = len(everything) - len(missing)
    sys.stdout.write(f"{share} of {len(everything)} declared things were produced by a test\n")
    return 1 if missing else 0


if __name__ == "__main__":
    raise SystemExit(main())
