"""Runs the fault suite in its full form and fails where a figure is missing."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from tests.chaos.gate import REPORT, missing, stored


def main() -> int:
    REPORT.unlink(missing_ok=True)
    code = pytest.main([str(Path(__file__).parent), "-q", *sys.argv[1:]])
    absent = missing(stored())
    if absent:
        print(f"These figures are missing: {'; '.join(absent)}.", file=sys.stderr)  # noqa: T201
    return int(code) or bool(absent)


if __name__ == "__main__":
    sys.exit(main())
