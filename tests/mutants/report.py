"""What came out, as text while it runs and as a table for docs/checks.md at the end."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import Check, Mutant

LONGEST_LINE = 120


@dataclass(frozen=True, slots=True)
class Verdict:
    """Of one check about one mutant. `fault` says why it has not caught it, and is empty if it has.
    `output` is what the check printed.
    """

    mutant: Mutant
    check: Check
    fault: str
    line: str
    seconds: float
    output: str = ""

    @property
    def outcome(self) -> str:
        return f"NOT CAUGHT: {self.fault}" if self.fault else "caught"


def said(verdict: Verdict) -> str:
    seconds = f"{verdict.seconds:5.1f} s"
    line = f"\n         {shortened(verdict.line)}" if verdict.line else ""
    name = f"{verdict.mutant.name} by {verdict.check.name}"
    return f"{seconds}  {name}: {verdict.outcome}{line}"


def shortened(line: str) -> str:
    return line if len(line) <= LONGEST_LINE else f"{line[: LONGEST_LINE - 3]}..."


def write_table(verdicts: Sequence[Verdict], file: Path) -> None:
    rows = [row_of(verdict) for verdict in verdicts]
    head = [
        "| What is made wrong | Check | Outcome | Seconds | What it says |",
        "|---|---|---|---|---|",
    ]
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text("\n".join([*head, *rows, ""]), encoding="utf-8")


def row_of(verdict: Verdict) -> str:
    cells = (
        verdict.mutant.what,
        cell(verdict.check),
        verdict.outcome,
        f"{verdict.seconds:.1f}",
        f"`{quoted(verdict.line)}`",
    )
    return f"| {' | '.join(cells)} |"


def cell(check: Check) -> str:
    """A check as a reader finds it: the target of make, or the file of its tests."""
    files = dict.fromkeys(test.partition("::")[0] for test in check.tests)
    return ", ".join(f"`{file}`" for file in files) or f"`{check.name}`"


def quoted(line: str) -> str:
    return shortened(line).replace("`", "'").replace("|", "\\|") or " "
