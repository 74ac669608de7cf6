"""A whole run as a page and a chart."""

from __future__ import annotations

import itertools
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import NamedTuple

from benchmarks import prose
from benchmarks.cases import CASES
from benchmarks.chart import chart
from benchmarks.choice import Choice
from benchmarks.comparison import Finding
from benchmarks.outcomes import HEAD, Outcome
from benchmarks.tables import table
from benchmarks.targets import decisive, targets

TEXT, CHART = "RESULTS.md", "results.svg"
ABOUT = {case.name: case.about for case in CASES}


class Findings(NamedTuple):
    choice: Choice
    machine: Sequence[tuple[str, str]]
    found: Sequence[Finding]

    def outcomes(self) -> list[Outcome]:
        return [finding for finding in self.found if isinstance(finding, Outcome)]


def write(folder: Path, findings: Findings) -> None:
    """Both files, each whole or as it was."""
    for name, content in ((CHART, plot(findings)), (TEXT, page(findings))):
        fresh = folder / f".{name}.new"
        fresh.write_text(content, encoding="utf-8")
        fresh.replace(folder / name)


def page(findings: Findings) -> str:
    return "\n".join(["# Results of `make bench`\n", *sections(findings)])


def sections(findings: Findings) -> Iterator[str]:
    date = f"{datetime.now(UTC):%Y-%m-%d}"
    yield prose.opening(date, findings.choice)
    yield "\n".join(f"- {name}: {value}" for name, value in findings.machine)
    yield f"\n## Targets\n\n{prose.TARGETS}\n"
    head = ("", "wanted", "measured: median (lowest to highest)", "reached")
    yield table(head, [target.row() for target in targets(findings.found)], figures=False)
    yield f"\n![Requests a second of each contestant]({CHART})\n"
    yield f"## Cases\n\n{prose.CASES}"
    for (case, workers), outcomes in by_case(findings.outcomes()):
        yield f"\n### {case}, workers: {workers}\n\n{ABOUT[case].capitalize()}.\n"
        yield table(HEAD, [row for outcome in outcomes for row in outcome.rows()])
    yield "\n## Besides requests\n"
    for finding in findings.found:
        if not isinstance(finding, Outcome):
            yield f"### {finding.headline().capitalize()}\n\n{finding.table()}\n"
    yield prose.CLOSING


def by_case(outcomes: Sequence[Outcome]) -> Iterator[tuple[tuple[str, int], list[Outcome]]]:
    """All connections of a case together."""
    for key, group in itertools.groupby(outcomes, lambda it: (it.case, it.workers)):
        yield key, list(group)


def plot(findings: Findings) -> str:
    """The outcomes that the targets are about, with the first number of workers."""
    workers = findings.choice.workers[0]
    all_outcomes = decisive(findings.outcomes())
    outcomes = {case: it for (case, number), it in all_outcomes.items() if number == workers}
    connections = max(outcome.connections for outcome in outcomes.values())
    return chart(
        f"Requests a second, {connections} connections, workers: {workers}",
        "requests/s, each line ten times the one before; further right is better",
        [(case, outcome.per_second()) for case, outcome in outcomes.items()],
    )
