"""Measures this service beside the usual stack and beside the floor, in one run on one machine."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.cases import CASES
from benchmarks.comparison import Choice, compare, prepared
from benchmarks.contestants import lineup
from benchmarks.load import LoadError, wrk
from benchmarks.outcomes import shown
from benchmarks.progress import Progress
from benchmarks.rounds import Effort

INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        wrk()
        run(choice_of(options))
    except LoadError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Every process that was started has ended.\n")
        return INTERRUPTED
    return 0


def run(choice: Choice) -> None:
    progress = Progress(choice.seconds)
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        progress.begin("a database is filled")
        with prepared(Path(folder)) as ground:
            for outcome in compare(ground, choice, progress):
                progress.end()
                print(shown(outcome), flush=True)


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    cases = {case.name: case for case in CASES}
    contestants = {contestant.name: contestant for contestant in lineup.ALL}
    parser.add_argument(
        "--only",
        choices=cases,
        nargs="+",
        default=list(cases),
        metavar="CASE",
        help=", ".join(cases),
    )
    parser.add_argument(
        "--contestants",
        choices=contestants,
        nargs="+",
        default=list(contestants),
        metavar="NAME",
        help=", ".join(contestants),
    )
    parser.add_argument("--workers", type=int, nargs="+", default=[1, 2])
    parser.add_argument("--connections", type=int, nargs="+", default=[32])
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--seconds", type=int, default=1, help="how long a round takes")
    return parser.parse_args(arguments)


def choice_of(options: argparse.Namespace) -> Choice:
    return Choice(
        cases=[case for case in CASES if case.name in options.only],
        contestants=[each for each in lineup.ALL if each.name in options.contestants],
        workers=options.workers,
        efforts=[Effort(count, options.seconds, options.rounds) for count in options.connections],
    )


if __name__ == "__main__":
    raise SystemExit(main())
