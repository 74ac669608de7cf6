"""Every mutant still applies: a fault that cannot be put in any more shows nothing of a check."""

from __future__ import annotations

import pytest

from tests.mutants.__main__ import MUTANTS
from tests.mutants.mutant import Mutant
from tests.processes import ROOT


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.name)
def test_what_a_mutant_changes_stands_there_once(mutant: Mutant) -> None:
    counts = {c.old: (ROOT / c.file).read_text().count(c.old) for c in mutant.changes}

    assert set(counts.values()) == {1}, counts
