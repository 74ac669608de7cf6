"""The command: `python -m codegen.diff OLD NEW`, or `... DOCUMENT --base REVISION`."""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, date, datetime
from pathlib import Path

from codegen.diff import render
from codegen.diff.document import compare
from codegen.diff.sides import ComparisonError, Side, default_base, read, revision
from codegen.diff.verdict import objections


def main(arguments: Sequence[str] | None = None) -> int:
    """Compare; return 1 where something must not be released as it is, or cannot be compared."""
    parser = _parser()
    asked = parser.parse_args(arguments)
    if len(asked.documents) > len(("old", "new")):
        parser.error("name one document, or the old one and the new one")
    try:
        with tempfile.TemporaryDirectory(prefix="diff-") as folder:
            return _tell(asked, *_sides(asked, Path(folder)))
    except ComparisonError as error:
        print(error, file=sys.stderr)
        return 1


def _tell(asked: argparse.Namespace, old: Side, new: Side) -> int:
    changes = compare(old.document, new.document)
    text = _text(asked.changelog)
    found = objections(changes, old.document, new.document, changelog=text, today=asked.today)
    if asked.format == "changelog":
        print(render.as_changelog(changes))
        return 0
    as_asked = render.as_json if asked.format == "json" else render.as_text
    print(as_asked(changes, old, new, found))
    return 1 if found else 0


def _text(path: Path) -> str:
    if not path.exists():
        return ""
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not UTF-8"
        raise ComparisonError(
            f"{path} cannot be read, so name another changelog: {reason}."
        ) from None


def _sides(asked: argparse.Namespace, folder: Path) -> tuple[Side, Side]:
    *before, after = asked.documents
    new = read(after, str(after))
    if before:
        return read(before[0], str(before[0])), new
    return revision(asked.base or default_base(after), after, folder), new


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m codegen.diff",
        description="Say what a change of an OpenAPI document means for its clients.",
    )
    parser.add_argument(
        "documents",
        type=Path,
        nargs="+",
        metavar="DOCUMENT",
        help="the old document and the new one; or the new one alone, to compare with a revision",
    )
    parser.add_argument(
        "--base", metavar="REVISION", help="the git revision of the old one (default: last release)"
    )
    parser.add_argument("--format", choices=("text", "json", "changelog"), default="text")
    parser.add_argument(
        "--changelog", type=Path, default=Path("CHANGELOG.md"), help="where releases are told of"
    )
    parser.add_argument(
        "--today",
        type=date.fromisoformat,
        default=datetime.now(UTC).date(),
        help="the day by which sunsets are judged (default: today)",
    )
    return parser


if __name__ == "__main__":
    sys.exit(main())
