"""Every mutant still applies: a fault that cannot be put in any more shows nothing of a check."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.mutants.__main__ import MUTANTS
from tests.mutants.mutant import Mutant
from tests.mutants.promises import PROMISES
from tests.processes import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_a_mutant_changes_stands_there_once_and_stays_python(mutant: Mutant) -> None:
    files = {change.file: (ROOT / change.file).read_text() for change in mutant.changes}

    for change in mutant.changes:
        files[change.file] = change.changed(files[change.file])


def test_each_test_that_is_to_notice_a_mutant_is_there() -> None:
    checks = [notice.check for mutant in MUTANTS for notice in mutant.noticed_by]
    named = sorted({test for check in checks for test in check.tests})
    collected = subprocess.run(
        [sys.executable, "-m", "pytest", "--collect-only", "-q", *named],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )

    assert collected.returncode == 0, collected.stdout[-2_000:] + collected.stderr[-2_000:]


@pytest.mark.parametrize("fault", PROMISES)
def test_each_promise_has_mutants_and_a_row_that_names_them(fault: str) -> None:
    rows = (ROOT / "docs/reliability.md").read_text().splitlines()
    row = next((row for row in rows if f" {fault} |" in row), "")
    names = {mutant.name for mutant in MUTANTS}

    assert [name for name in PROMISES[fault] if name not in names or f'"{name}"' not in row] == []
