"""Measures this service beside the usual stack, a generated server and the floor, in one run."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from app.db.embedded import EmbeddedError
from benchmarks import machine, report
from benchmarks.cases import CASES
from benchmarks.choice import EXTRAS, Choice, efforts
from benchmarks.comparison import Finding, compare, prepared
from benchmarks.contestants import lineup
from benchmarks.load import LoadError, wrk_version
from benchmarks.progress import Progress

HERE = Path(__file__).parent
INTERRUPTED = 130
# Four contestants with so many workers take nearly all of the connections that the server has.
MOST_WORKERS = 4


def main(arguments: Sequence[str] | None = None) -> int:
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    options = read_options(arguments)
    try:
        findings = run(choice_of(options), wrk_version())
        if options.write is not None:
            report.write(options.write, findings)
            print(f"\nWritten: {options.write / report.TEXT} and {report.CHART}")
    except (LoadError, EmbeddedError, OSError) as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Every process that was started has ended.\n")
        return INTERRUPTED
    return 0


def run(choice: Choice, generator: str) -> report.Findings:
    progress = Progress(choice.seconds())
    found: list[Finding] = []
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        progress.begin("a database is filled")
        with prepared(Path(folder)) as ground:
            about = machine.facts(ground.server, generator)
            for finding in compare(ground, choice, progress):
                progress.end()
                print(f"\n{finding.headline()}\n{finding.table()}", flush=True)
                found.append(finding)
            return report.Findings(choice, list(about), found)


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    several(parser, "--only", "CASE", [*(case.name for case in CASES), *EXTRAS])
    several(parser, "--contestants", "NAME", [contestant.name for contestant in lineup.ALL])
    about = "how many processes each contestant has; without it 1, and of whole runs 2 too"
    numbers(parser, "--workers", MOST_WORKERS, None, about)
    numbers(parser, "--connections", 500, [1, 32, 256], "how many requests are on their way")
    number(parser, "--rounds", 100, 3, "how often each contestant has its turn")
    number(parser, "--seconds", 600, 1, "how long a turn takes; longer with many connections")
    parser.add_argument(
        "--write",
        type=Path,
        nargs="?",
        const=HERE,
        metavar="FOLDER",
        help=f"write {report.TEXT} and {report.CHART}, into {HERE.name}/ if no folder is named",
    )
    options = parser.parse_args(arguments)
    if options.write is not None and (options.only or options.contestants):
        parser.error("--write is for whole runs, so --only and --contestants cannot go with it.")
    if options.write is not None and not options.write.is_dir():
        parser.error(f"--write: there is no folder {options.write}.")
    return options


def several(parser: argparse.ArgumentParser, flag: str, metavar: str, names: list[str]) -> None:
    """An option that takes some of the names; without it, nothing is left out."""
    parser.add_argument(flag, choices=names, nargs="+", metavar=metavar, help=", ".join(names))


def number(parser: argparse.ArgumentParser, flag: str, most: int, default: int, about: str) -> None:
    parser.add_argument(flag, type=up_to(most), default=default, metavar="N", help=about)


def numbers(
    parser: argparse.ArgumentParser, flag: str, most: int, default: list[int] | None, about: str
) -> None:
    parser.add_argument(flag, type=up_to(most), nargs="+", default=default, metavar="N", help=about)


def up_to(most: int) -> Callable[[str], int]:
    """A reader of whole numbers from 1 to `most`."""

    def read(text: str) -> int:
        if not text.isascii() or not text.isdigit() or not 1 <= int(text) <= most:
            raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {most}.")
        return int(text)

    return read


def choice_of(options: argparse.Namespace) -> Choice:
    wanted = options.only or [*(case.name for case in CASES), *EXTRAS]
    names = options.contestants or [contestant.name for contestant in lineup.ALL]
    return Choice(
        cases=[case for case in CASES if case.name in wanted],
        extras=[name for name in EXTRAS if name in wanted],
        contestants=[each for each in lineup.ALL if each.name in names],
        workers=options.workers or ([1] if options.only else [1, 2]),
        efforts=efforts(options.connections, options.rounds, options.seconds),
    )


if __name__ == "__main__":
    raise SystemExit(main())
