"""The command: `python -m sdk`, which writes or compares the client packages."""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

from sdk.facts import UnusableError, read_facts
from sdk.files import differing, write
from sdk.python_package import python_package


def main(arguments: list[str] | None = None) -> int:
    """Write the packages, or compare them with `--check`; return the exit status."""
    asked = _parser().parse_args(arguments)
    try:
        document = json.loads(asked.document.read_text())
        facts = read_facts(document)
        packages = {"python": python_package(document, facts)}
    except (OSError, ValueError, UnusableError) as error:
        print(f"{asked.document}: {error}", file=sys.stderr)
        return 1
    files = {
        f"{name}/{path}": content
        for name, made in packages.items()
        for path, content in made.items()
    }
    if not asked.check:
        write(files, asked.out)
        return 0
    stale = differing(files, asked.out)
    for name in stale:
        print(
            f"{asked.out / name} is not what {asked.document} generates: run make sdk",
            file=sys.stderr,
        )
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
        "--check", action="store_true", help="write nothing, say what is not current"
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
