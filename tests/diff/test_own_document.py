"""What a change of the service's own document means, whatever document that is."""

from __future__ import annotations

import copy
import json
from functools import cache
from typing import Any

import pytest

from app.contract.document import Document
from codegen.diff.changes import Change
from codegen.diff.document import compare, compare_readings
from codegen.diff.reading import Reading
from generated import DOCUMENT
from tests.client import OPERATIONS

SOURCE: dict[str, Any] = json.loads(DOCUMENT.read_bytes())


@cache
def ours() -> Reading:
    return Reading(Document(SOURCE))


def changes_of(method: str, path: str, **members: Any) -> list[Change]:
    """What it means that an operation gets these members."""
    edited = copy.deepcopy(SOURCE)
    edited["paths"][path][method].update(members)
    return compare_readings(ours(), Reading(Document(edited)))


def test_it_does_not_differ_from_itself() -> None:
    assert compare(Document(SOURCE), Document(copy.deepcopy(SOURCE))) == []


@pytest.mark.parametrize("name", OPERATIONS)
def test_an_operation_that_goes_breaks_its_clients_and_one_that_comes_does_not(name: str) -> None:
    method, path, _ = OPERATIONS[name]
    smaller = copy.deepcopy(SOURCE)
    del smaller["paths"][path][method]
    without = Reading(Document(smaller))
    (gone,) = (c for c in compare_readings(ours(), without) if name in c.operations)
    came = [c for c in compare_readings(without, ours()) if name in c.operations]

    assert gone.is_breaking
    assert came
    assert not any(change.is_breaking for change in came)


@pytest.mark.parametrize("is_required", [True, False])
@pytest.mark.parametrize("name", OPERATIONS)
def test_a_new_parameter_breaks_clients_where_it_must_be_sent(name: str, is_required: Any) -> None:
    method, path, _ = OPERATIONS[name]
    parameters = SOURCE["paths"][path][method].get("parameters", [])
    schema = {"type": "string", "maxLength": 10}
    new = {"name": "newest", "in": "query", "required": is_required, "schema": schema}
    (change,) = changes_of(method, path, parameters=[*parameters, new])

    assert change.operations == (name,)
    assert change.is_breaking == is_required


@pytest.mark.parametrize("name", OPERATIONS)
def test_another_description_is_told_of_and_breaks_nobody(name: str) -> None:
    method, path, _ = OPERATIONS[name]
    (change,) = changes_of(method, path, description="In other words.")

    assert change.operations == (name,)
    assert not change.is_breaking
