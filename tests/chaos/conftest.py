"""What every test of the fault suite has: its figures, its seed, and a summary at the end."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.chaos.gate import SEED, Figures, form, stored, summary

HERE = Path(__file__).parent


@pytest.fixture(autouse=True)
def figures(request: pytest.FixtureRequest) -> Iterator[Figures]:
    """A test that has measured nothing has shown nothing."""
    found = Figures(f"{request.node.path.name}::{request.node.name}")
    failed_before = request.session.testsfailed
    yield found
    passed = request.session.testsfailed == failed_before
    assert found.recorded or not passed, "this test has recorded no figure"


@pytest.fixture
def chance(request: pytest.FixtureRequest) -> random.Random:
    """The same choices for the same CHAOS_SEED."""
    print(f"CHAOS_SEED={SEED}")  # noqa: T201 - pytest shows it where the test fails
    return random.Random(f"{SEED} {request.node.name}")  # noqa: S311 - not a secret


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    terminalreporter.section(f"reliability, {form()} form, CHAOS_SEED={SEED}")
    for line in summary(stored()):
        terminalreporter.write_line(line)
