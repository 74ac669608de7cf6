"""What was seen of the documents, as text for people."""

from __future__ import annotations

import itertools
import statistics
from collections.abc import Iterator, Sequence

from benchmarks.processes import MEGABYTE
from benchmarks.ratios import brief
from benchmarks.scale.growing import Sized
from benchmarks.scale.promises import kept
from benchmarks.scale.starting import Moments, Start
from benchmarks.tables import table

OWN_LIMIT, START_LIMIT = 5.0, 5.0
LARGEST_PROMISED = 1_000
# Twice the operations may cost a little more than twice as much: caches of processors are finite.
LINEAR = 1.3


def section(documents: Sequence[Sized]) -> Iterator[str]:
    """Paragraphs and tables."""
    own, *invented = documents
    yield "## Documents"
    yield (
        "Invented documents (`benchmarks/scale/documents.py`): every five operations list, create, "
        "read, change and delete one kind of thing. `python -m codegen`, the median of the runs:"
    )
    yield table(
        ["operations", "kB", "s", "CPU s", "CPU ms for each further operation"],
        [
            generator_row(own, None),
            generator_row(invented[0], None),
            *(generator_row(large, small) for small, large in itertools.pairwise(invented)),
        ],
    )
    yield (
        "The start of a service over what was generated, with a handler of the right signature for "
        "each operation: seconds of CPU since the launch of the process, and those by the clock, "
        "which other work on the machine lengthens. Routing and answering are CPU microseconds for "
        "a request, without a database."
    )
    yield table(
        ["operations", *HEAD, "by the clock", "memory MB", "routing us", "answering us"],
        map(start_row, invented),
    )
    yield "\n".join(f"- {sentence}" for sentence in findings(own, invented))


HEAD = ("libraries", "generated code", "checked and built", "first answer")


def generator_row(sized: Sized, smaller: Sized | None) -> list[str]:
    seconds = statistics.median(took.seconds for took in sized.generating)
    each = "" if smaller is None else brief(added(sized, smaller) * 1000)
    title = f"{sized.title} ({sized.operations})" if not sized.starts else sized.title
    return [title, f"{sized.kilobytes:,.0f}", brief(seconds), brief(cpu_of(sized)), each]


def start_row(sized: Sized) -> list[str]:
    middle = median_of(sized.starts)
    moments = [brief(moment) for moment in (*middle.moments, middle.seconds)]
    memory = f"{middle.memory / MEGABYTE:,.0f}"
    return [sized.title, *moments, memory, brief(middle.routing), brief(middle.answering)]


def median_of(starts: Sequence[Start]) -> Start:
    """Of each figure by itself."""
    moments = zip(*(start.moments for start in starts), strict=True)
    figures = zip(*(start[1:] for start in starts), strict=True)
    return Start(
        Moments(*(statistics.median(column) for column in moments)),
        *(statistics.median(column) for column in figures),
    )


def cpu_of(sized: Sized) -> float:
    return statistics.median(took.cpu for took in sized.generating)


def added(sized: Sized, smaller: Sized) -> float:
    """CPU seconds for each operation that the larger document has more."""
    return (cpu_of(sized) - cpu_of(smaller)) / (sized.operations - smaller.operations)


def findings(own: Sized, invented: Sequence[Sized]) -> Iterator[str]:
    """What is promised, and whether it is kept."""
    own_seconds = cpu_of(own)
    yield (
        f"Our own document takes {brief(own_seconds)} s of CPU to generate: "
        f"{kept(own_seconds, OWN_LIMIT)}."
    )
    for sized in invented:
        if sized.operations == LARGEST_PROMISED:
            seconds = median_of(sized.starts).moments.answered
            yield (
                f"A service of {sized.operations:,} operations takes {brief(seconds)} s of CPU to "
                f"its first answer: {kept(seconds, START_LIMIT)}."
            )
    steps = [added(large, small) for small, large in itertools.pairwise(invented)]
    if len(steps) > 1:
        growth = steps[-1] / steps[0]
        yield (
            f"A further operation costs the generator {brief(growth)} times as much in the largest "
            f"document as in the second smallest: {kept(growth, LINEAR)}."
        )
