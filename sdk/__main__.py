"""The command: `python -m sdk`, which writes or compares the client packages."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sdk.client_document import UnusableError
from sdk.facts import read_facts
from sdk.files import differing, write
from sdk.python_package import python_package
from sdk.typescript_package import typescript_package

LANGUAGES = {"python": python_package, "typescript": typescript_package}


def main(arguments: list[str] | None = None) -> int:
    """Write the packages, or compare them with `--check`; return the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        document = json.loads(asked.document.read_text())
        facts = read_facts(document)
        packages = {name: LANGUAGES[name](document, facts) for name in asked.only or LANGUAGES}
    except (OSError, ValueError, UnusableError) as error:
        print(f"{asked.document}: {error}", file=sys.stderr)
        return 1
    stale: list[str] = []
    for name, files in packages.items():
        folder = asked.out / name
        if asked.check:
            stale += [str(folder / path) for path in differing(files, folder)]
        else:
            write(files, folder)
    for path in stale:
        print(f"{path} is not what {asked.document} generates: run make sdk", file=sys.stderr)
    return 1 if stale else 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m sdk", description="Make the client packages.")
    parser.add_argument(
        "--document", type=Path, default=Path("generated/openapi.json"), help="the bundle"
    )
    parser.add_argument(
        "--out", type=Path, default=Path("generated/sdk"), help="where the packages stand"
    )
    parser.add_argument(
        "--only", action="append", choices=sorted(LANGUAGES), help="make this package only"
    )
    parser.add_argument(
        "--check", action="store_true", help="write nothing, say what is not current"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
