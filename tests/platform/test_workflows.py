"""The workflows of GitHub ask for what is there: targets of make, and actions by their digest."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen.load import load

ROOT = Path(__file__).parents[2]
WORKFLOWS = sorted((ROOT / ".github/workflows").glob("*.yml"))
TARGETS = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(), re.MULTILINE))
PINNED = re.compile(r"[\w-]+/[\w-]+@[0-9a-f]{40}")


def steps_of(workflow: Path) -> Iterator[dict[str, Any]]:
    for job in load(workflow, workflow.name)["jobs"].values():
        yield from job["steps"]


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_makes_targets_that_exist(workflow: Path) -> None:
    commands = [step["run"] for step in steps_of(workflow) if "run" in step]
    asked = {target for run in commands for target in re.findall(r"\bmake ([a-z-]+)", run)}

    assert asked <= TARGETS
    assert asked or ".ci/run" in commands


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_a_workflow_names_actions_by_their_digest(workflow: Path) -> None:
    used = [step["uses"] for step in steps_of(workflow) if "uses" in step]

    assert used
    assert all(PINNED.fullmatch(action) for action in used)


@pytest.mark.parametrize("workflow", WORKFLOWS, ids=lambda path: path.name)
def test_what_a_workflow_is_told_is_no_part_of_a_script(workflow: Path) -> None:
    """An input or a branch name written into a script could be more than a word of it."""
    assert not [step for step in steps_of(workflow) if "${{" in step.get("run", "")]
