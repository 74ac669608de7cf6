"""What was seen of the posts, as text for people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from benchmarks.outcomes import medians
from benchmarks.ratios import Ratio, brief, ratio
from benchmarks.rounds import Sample
from benchmarks.scale.filled import Filled
from benchmarks.scale.posts import Measured, Outcome
from benchmarks.scale.promises import kept
from benchmarks.tables import table


def section(measured: Measured) -> Iterator[str]:
    """Paragraphs and tables."""
    sizes = [f"{filled.posts:,}" for filled in measured.databases]
    yield f"## Posts\n\nPostgreSQL {measured.postgres}."
    yield table(
        ["posts", "users", "of the busiest author", "its drafts", "of the quietest"],
        map(rows_row, measured.databases),
    )
    yield (
        "CPU microseconds of service and PostgreSQL together for a request, over HTTP, one worker; "
        "the median of alternating rounds. The last column has the median of the ratios, and the "
        "lowest and highest."
    )
    head = [*sizes, *(f"{size}: requests/s" for size in sizes), "largest to smallest"]
    yield table(["", *head], (cost_row(each, measured) for each in measured.outcomes))
    yield (
        "PostgreSQL alone, of the very statements that the service runs, planning included: "
        "milliseconds, and pages of 8 kB that were read from memory or disk."
    )
    head = [*(f"{size}: ms" for size in sizes), *(f"{size}: pages" for size in sizes)]
    yield table(["", *head, "largest to smallest"], map(plan_row, measured.outcomes))
    yield "\n".join(f"- {sentence}" for sentence in findings(measured))


def rows_row(filled: Filled) -> list[str]:
    figures = (filled.users, filled.busy.published, filled.busy.drafts, filled.quiet.published)
    return [f"{filled.posts:,}", *(f"{figure:,}" for figure in figures)]


def cost_row(outcome: Outcome, measured: Measured) -> list[str]:
    middle = [medians(samples) for samples in outcome.samples]
    costs = [brief(cost_of(sample)) for sample in middle]
    speeds = [f"{sample.per_second:,.0f}" for sample in middle]
    base = base_of(outcome, measured)
    note = f", to {measured.databases[base].posts:,}" if base else ""
    return [outcome.read.title, *costs, *speeds, f"{growth_of(outcome, base)}{note}"]


def plan_row(outcome: Outcome) -> list[str]:
    times = [f"{plan.milliseconds:.2f}" for plan in outcome.plans]
    pages = [f"{plan.pages:,.0f}" for plan in outcome.plans]
    growth = outcome.plans[-1].milliseconds / outcome.plans[0].milliseconds
    return [outcome.read.title, *times, *pages, brief(growth)]


def cost_of(sample: Sample) -> float:
    """Whoever spends it."""
    return sample.cpu + sample.postgres_cpu


def base_of(outcome: Outcome, measured: Measured) -> int:
    """The number of the smallest database that has what is read."""
    sizes = [filled.posts for filled in measured.databases]
    return next((n for n, posts in enumerate(sizes) if posts >= outcome.read.at_least), 0)


def growth_of(outcome: Outcome, base: int) -> Ratio:
    largest, smallest = outcome.samples[-1], outcome.samples[base]
    return ratio([cost_of(each) for each in largest], [cost_of(each) for each in smallest])


def findings(measured: Measured) -> Iterator[str]:
    """What is promised and whether it is kept, and what should not be there."""
    smallest, largest = measured.databases[0].posts, measured.databases[-1].posts
    for outcome in measured.outcomes:
        limit = outcome.read.limit
        if limit is not None:
            growth = growth_of(outcome, 0).median
            yield (
                f"{outcome.read.title}: at {largest:,} posts {growth:.2f} times what it costs "
                f"at {smallest:,}: {kept(growth, limit)}."
            )
    suspects = list(suspects_of(measured.outcomes))
    yield from suspects or ["No statement reads a table from end to end, and none sorts."]


def suspects_of(outcomes: Sequence[Outcome]) -> Iterator[str]:
    for outcome in outcomes:
        names = dict.fromkeys(name for plan in outcome.plans for name in plan.suspects)
        for name in names:
            rows = " / ".join(f"{plan.suspects.get(name, 0):,}" for plan in outcome.plans)
            yield f"**{outcome.read.title}: {name}** of {rows} rows."
