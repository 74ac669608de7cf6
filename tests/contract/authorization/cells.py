"""Which cells the table must have, by the document, and which it has. No request is made here."""

from __future__ import annotations

from itertools import zip_longest
from typing import NamedTuple

import pytest

from tests.client import OPERATIONS
from tests.contract.authorization.scene import ACTORS, NO_OBJECT, OBJECTS, OWN, OWNS_NOTHING
from tests.contract.authorization.table import TABLE

FILE = "tests/contract/authorization/table.py"
NOT_APPLICABLE = "."


class Cell(NamedTuple):
    operation: str
    object: str
    actor: str

    def __str__(self) -> str:
        return "-".join(part for part in self if part != NO_OBJECT)

    @property
    def is_impossible(self) -> bool:
        return self.object == OWN and self.actor in OWNS_NOTHING


def parameters_of(operation: str) -> tuple[str, ...]:
    """The path parameters, which say what kind of object the operation is about."""
    declared = OPERATIONS[operation][2]["parameters"]
    return tuple(each["name"] for each in declared if each["in"] == "path")


def lines_of_document() -> list[tuple[str, str]]:
    """The operation and object of each line that the table must have. An object of a kind that is
    not known yet is a line, too: its tests fail, and say what to do.
    """
    return [
        (operation, each)
        for operation in OPERATIONS
        for each in OBJECTS.get(parameters_of(operation), ("unknown",))
    ]


def read(table: str) -> list[tuple[Cell, str]]:
    """Every entry of the table; one too many in its line belongs to the actor `unnamed`."""
    header, *lines = (line.split() for line in table.splitlines() if line.strip())
    return [
        (Cell(operation, each, actor), entry)
        for operation, each, *entries in lines
        for actor, entry in zip_longest(header[2:], entries, fillvalue="unnamed")
        if entry != "unnamed"
    ]


ENTRIES = read(TABLE)
EXPECTED = {cell: int(entry) for cell, entry in ENTRIES if entry.isdecimal()}
EVERY = [Cell(*line, actor) for line in lines_of_document() for actor in ACTORS]
CELLS = [cell for cell in EVERY if not cell.is_impossible]


def expected_of(cell: Cell) -> int:
    """The status that the table gives; the test fails, and says what to do, where it has none."""
    parameters = parameters_of(cell.operation)
    if parameters not in OBJECTS:
        pytest.fail(f"say in scene.py, under OBJECTS, what {parameters} may point at for an actor")
    if cell not in EXPECTED:
        pytest.fail(missing(cell))
    return EXPECTED[cell]


def missing(cell: Cell) -> str:
    """Say what to write, and where."""
    if not any(known[:2] == cell[:2] for known, _ in ENTRIES):
        wanted = [Cell(*cell[:2], actor) for actor in ACTORS]
        entries = "  ".join(NOT_APPLICABLE if each.is_impossible else "???" for each in wanted)
        line = f"{cell.operation}  {cell.object}  {entries}"
        return f"{FILE} lacks a line; add it with the right statuses ({', '.join(ACTORS)}): {line}"
    line = f"{cell.operation}  {cell.object}"
    return f"{FILE}: the line `{line}` has no status for {cell.actor}; add it in that column"
