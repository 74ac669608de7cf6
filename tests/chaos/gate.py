"""The figures that the fault suite must reach. The full form (CHAOS=full) asks for more of some."""

from __future__ import annotations

import json
import os
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

FULL = os.environ.get("CHAOS") == "full"
SEED = int(os.environ.get("CHAOS_SEED") or secrets.randbelow(2**32))
REPORT = Path(__file__).parents[2] / os.environ.get("REPORTS", "reports") / "reliability.json"


@dataclass(frozen=True, slots=True)
class Bound:
    """From `least` to `most`; `short` is the least that the short form asks for."""

    least: float = 0
    most: float = float("inf")
    short: float | None = None
    unit: str = ""

    @property
    def lowest(self) -> float:
        return self.least if FULL or self.short is None else self.short

    def admits(self, value: float) -> bool:
        return self.lowest <= value <= self.most

    def __str__(self) -> str:
        if self.lowest == self.most:
            return f"exactly {self.most:g}"
        parts = [f"{self.lowest:g} or more"] if self.lowest else []
        parts += [f"{self.most:g} or less"] if self.most != float("inf") else []
        return " and ".join(parts) or "any"


NONE = Bound(most=0)
# Within how many seconds a request is answered where the database is lost, and how it may be.
WITHIN = 2.5
LOST = ("killed", "silent")
LOST_IN_FULL = ("altered", "stopped", "refused", "full", "restarted")
NOT_TOTAL = {"altered", "restarted"}


def of_a_lost_database() -> Mapping[str, Bound]:
    bounds = {}
    for name in (*LOST, *LOST_IN_FULL) if FULL else LOST:
        about = f"database {name}: "
        bounds[about + "seconds to an answer"] = Bound(most=WITHIN, unit="s")
        bounds[about + "liveness failures"] = NONE
        if name not in NOT_TOTAL:
            bounds[about + "seconds until readiness tells"] = Bound(most=2, unit="s")
        bounds[about + "seconds to the last failure after its return"] = Bound(most=2, unit="s")
    return bounds


def of_the_full_form() -> Mapping[str, Bound]:
    """What only the full form takes the time for."""
    if not FULL:
        return {}
    return {
        "rolling restart, through nginx: requests": Bound(2000),
        "rolling restart, through nginx: failed of 2,000": NONE,
        "rolling restart, direct: requests": Bound(2000),
        "rolling restart, direct: failed of 2,000": Bound(most=1),
        "pairs of guesses": Bound(400),
        "area under the curve of unknown against wrong": Bound(0.45, 0.55),
        "guesses in a flood": Bound(100),
        "milliseconds of the 99th percentile of liveness in a flood": Bound(most=100, unit="ms"),
        "MiB that a worker grew in a flood": Bound(most=88, unit="MiB"),
        "writes refused by 503 on a full disk": Bound(1),
        "acknowledged writes that a full disk lost": NONE,
        "seconds until writes work on a freed disk": Bound(most=10, unit="s"),
        "lines about a disk that cannot be written": Bound(1, 2),
        "status after the disk can be written again": Bound(200, 200),
        "seconds until slow bodies are refused": Bound(most=15, unit="s"),
        "seconds from SIGTERM to the end, with half a body": Bound(most=17, unit="s"),
        "seconds that workers outlive their supervisor": Bound(most=5, unit="s"),
    }


def of_former_code() -> Mapping[str, Bound]:
    """Nothing in a copy without Git's history, where the tests say that they were skipped."""
    if not (Path(__file__).parents[2] / ".git").exists():
        return {}
    return {
        "answers of former code over a migration": Bound(60),
        "of them other than on the former tables": NONE,
    }


GATE: Mapping[str, Bound] = {
    "rounds with a kill -9": Bound(60, short=3),
    "acknowledged writes": Bound(8000, short=200),
    "acknowledged writes that were lost": NONE,
    "acknowledged writes that were doubled": NONE,
    "writes lost where the server does not flush": Bound(1),
    "refresh tokens that 50 clients used at once": Bound(200, short=10),
    "refresh tokens with other than one winner": NONE,
    "refreshes beside a revocation": Bound(1000, short=50),
    "tokens that outlived a revocation": NONE,
    "changes with one ETag": Bound(2000, short=100),
    "changes that were lost": NONE,
    "registrations of one address": Bound(1000, short=400),
    "addresses with more than one account": NONE,
    "pairs of superusers who removed each other": Bound(100, short=6),
    "times nobody was left": NONE,
    "refreshes beside a new password": Bound(400, short=20),
    "tokens that outlived a new password": NONE,
    "deletions beside a change": Bound(200, short=10),
    "posts that outlived their deletion": NONE,
    "transactions left open by races": NONE,
    **of_a_lost_database(),
    **of_the_full_form(),
    "seconds until a killed worker is replaced": Bound(most=5, unit="s"),
    "raw requests, direct and through nginx": Bound(60),
    "hidden requests that were answered": NONE,
    "raw requests answered by 500 or 502": NONE,
    "pipelined requests that were seen": Bound(1),
    "healthy requests among slow clients": Bound(500),
    "percent of them that succeeded": Bound(99.9, unit="%"),
    "milliseconds of their 99th percentile": Bound(most=250, unit="ms"),
    "MiB that a worker grew": Bound(most=32, unit="MiB"),
    **of_former_code(),
    "rows in the restored backup": Bound(10_000, short=1000),
    "tables and tokens that a restore got wrong": NONE,
    "requests that failed while a backup was made": NONE,
    "seconds from an empty server to serving again": Bound(most=900, unit="s"),
}


def stored() -> dict[str, Any]:
    try:
        read: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    except (FileNotFoundError, ValueError):
        return {}
    return read


class Figures:
    """What a test has measured. Recording is judging: a figure beyond its bound fails the test."""

    def __init__(self, test: str) -> None:
        self.test = test
        self.recorded: dict[str, float] = {}

    def record(self, values: Mapping[str, float]) -> None:
        for name, value in values.items():
            self._record(name, value)

    def _record(self, name: str, value: float) -> None:
        bound = GATE[name]  # A figure that nobody has listed could not be missed.
        self.recorded[name] = value
        entry = {"value": value, "must be": str(bound), "unit": bound.unit, "test": self.test}
        everything = stored() | {name: entry | {"form": form(), "seed": SEED}}
        REPORT.parent.mkdir(parents=True, exist_ok=True)
        REPORT.write_text(json.dumps(everything, indent=2) + "\n", encoding="utf-8")
        assert bound.admits(value), f"{name}: {value:g} {bound.unit}, and must be {bound}"


def form() -> str:
    return "full" if FULL else "short"


def summary(figures: Mapping[str, Any]) -> list[str]:
    """A line for each figure, in the order of the gate."""
    lines = []
    for name, bound in GATE.items():
        found = figures.get(name)
        shown = "missing" if found is None else f"{found['value']:g} {bound.unit}".strip()
        lines.append(f"{name:<68} {shown:>12}   must be {bound}")
    return lines


def missing(figures: Mapping[str, Any]) -> list[str]:
    return [name for name in GATE if figures.get(name, {}).get("form") != form()]
