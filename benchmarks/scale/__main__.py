"""Measures what size costs: of a table of posts, and of a document of operations."""

from __future__ import annotations

import argparse
import signal
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from benchmarks.load import LoadError, wrk
from benchmarks.progress import Progress
from benchmarks.scale import growing, machine, of_documents, of_posts, posts
from benchmarks.scale.documents import MOST, OPERATIONS_EACH

INTERRUPTED = 130
PARTS = ("posts", "documents")
HEADLINE = """# What size costs

Written by `make bench-scale`: one run on one machine. Ratios mean more than figures."""


def main(arguments: Sequence[str] | None = None) -> int:
    options = read_options(arguments)
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        text = run(options)
    except LoadError as error:
        sys.stderr.write(f"\n{error}\n")
        return 1
    except KeyboardInterrupt:
        sys.stderr.write("\nStopped. Every process that was started has ended.\n")
        return INTERRUPTED
    print(text, end="")
    if options.out is not None:
        options.out.write_text(text, encoding="utf-8")
    return 0


def run(options: argparse.Namespace) -> str:
    """Return the page."""
    if "posts" in options.only:
        wrk()
    seconds = {
        "posts": posts.seconds_for(options.posts, options.rounds),
        "documents": growing.seconds_for(options.operations, options.runs),
    }
    progress = Progress(sum(seconds[part] for part in options.only))
    paragraphs = [HEADLINE, machine.described()]
    with tempfile.TemporaryDirectory(prefix="scale-") as name:
        folder = Path(name)
        if "posts" in options.only:
            measured = posts.measured(options.posts, options.rounds, folder, progress)
            paragraphs += of_posts.section(measured)
        if "documents" in options.only:
            documents = growing.measured(options.operations, options.runs, folder, progress)
            paragraphs += of_documents.section(documents)
    progress.end()
    return "\n\n".join(paragraphs) + "\n"


def read_options(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.scale", description=__doc__)
    parser.add_argument("--only", choices=PARTS, nargs="+", default=list(PARTS), help="which parts")
    parser.add_argument(
        "--posts",
        type=number(1_000, 10_000_000),
        nargs="+",
        default=[10_000, 100_000, 1_000_000],
        help="the sizes of the table",
    )
    parser.add_argument(
        "--operations",
        type=number(OPERATIONS_EACH, MOST, step=OPERATIONS_EACH),
        nargs="+",
        default=[20, 200, 1_000],
        help="the sizes of the document",
    )
    parser.add_argument(
        "--rounds", type=number(1, 100), default=5, help="of a second each, for a read and a size"
    )
    parser.add_argument("--runs", type=number(1, 100), default=3, help="of generator and start")
    parser.add_argument("--out", type=Path, help="the file to write as well")
    return parser.parse_args(arguments)


def number(lowest: int, highest: int, step: int = 1) -> Callable[[str], int]:
    """An option's type."""

    def parse(text: str) -> int:
        if not text.isdecimal() or not lowest <= int(text) <= highest or int(text) % step:
            kind = f"a multiple of {step}" if step > 1 else "a whole number"
            raise argparse.ArgumentTypeError(
                f"{text!r} is not {kind} from {lowest:,} to {highest:,}"
            )
        return int(text)

    return parse


if __name__ == "__main__":
    raise SystemExit(main())
