"""The command: `python -m codegen DOCUMENT --out FOLDER`."""

from __future__ import annotations

import argparse
import gc
import sys
import time
from pathlib import Path

from codegen.findings import RefusedError
from codegen.generate import Options, generate
from codegen.write import differing, write


class Progress:
    """Says what is being done once that has taken a while."""

    def __init__(self, patience: float = 3.0) -> None:
        """Stay silent for `patience` seconds."""
        self._loud_from = time.monotonic() + patience

    def __call__(self, step: str) -> None:
        """Take note of a step that begins."""
        if time.monotonic() > self._loud_from:
            print(f"{step} ...", file=sys.stderr)


def main(arguments: list[str] | None = None) -> int:
    """Generate or check; return the exit status."""
    asked = _parser().parse_args(arguments)
    options = Options(
        add_problems=asked.add_problems,
        unimplemented=asked.unimplemented,
        allow_invalid_examples=asked.allow_invalid_examples,
        without=tuple(asked.without),
        stream=tuple(asked.stream),
    )
    try:
        files, bundle = generate(asked.document, options, Progress())
    except RefusedError as refusal:
        for finding in refusal.findings:
            print(finding, file=sys.stderr)
        return 1
    for warning in bundle.warnings:
        print(f"warning: {bundle.locate(warning)}", file=sys.stderr)
    if not asked.check:
        write(files, asked.out)
        return 0
    stale = differing(files, asked.out)
    for name in stale:
        print(f"{asked.out / name} is not what {asked.document} generates", file=sys.stderr)
    return 1 if stale else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen",
        description="Generate models, problems, protocols and routers from an OpenAPI document.",
    )
    parser.add_argument("document", type=Path, help="the OpenAPI 3.0 or 3.1 document, YAML or JSON")
    parser.add_argument("--out", type=Path, required=True, help="the folder (package) to write")
    parser.add_argument("--check", action="store_true", help="only tell what would change")
    parser.add_argument(
        "--add-problems",
        action="store_true",
        help="add the problem responses that the runtime can answer and the document lacks",
    )
    parser.add_argument(
        "--unimplemented", action="store_true", help="also write handlers that all answer 501"
    )
    parser.add_argument(
        "--allow-invalid-examples",
        action="store_true",
        help="only warn of examples and defaults that are not values of their schemas",
    )
    parser.add_argument(
        "--without",
        action="append",
        default=[],
        metavar="MEDIA_TYPE",
        help="leave this media type out of the bundle (`application/xml`, `*xml`); repeatable",
    )
    parser.add_argument(
        "--stream",
        action="append",
        default=[],
        metavar="MEDIA_TYPE",
        help="stream bodies of this media type, their schema unjudged; repeatable",
    )
    return parser


if __name__ == "__main__":
    # Hardly anything becomes garbage before the end, and looking for it over and over again takes a
    # quarter of the time of a document of 1,000 operations.
    gc.disable()
    sys.exit(main())
