"""Verdicts against a validator: a value that was right and is not must have been told of.

`oneOf` is left out: its variants are taken to exclude one another, which is what it is for.
"""

from __future__ import annotations

from typing import Any

from hypothesis import assume, given, settings

from app.contract.schema import Direction, Schemas
from codegen.diff.changes import Change
from tests.diff.random_schemas import SHARED, VALUES, edits
from tests.diff.small import compared, document


def read(schema: Any) -> tuple[dict[str, Any], list[bool]]:
    """Return a document with a schema, and which of the values that admits."""
    source = document(schema, schemas=SHARED)
    validator = Schemas(source).validator("#/components/schemas/Thing", Direction.REQUEST)
    return source, [validator.is_valid(value) for value in VALUES]


def has(value: Any, names: set[str]) -> bool:
    """Whether a value has members of these names, however deep."""
    if isinstance(value, dict):
        return bool(names & value.keys()) or any(has(inner, names) for inner in value.values())
    return isinstance(value, list) and any(has(inner, names) for inner in value)


def is_expected(value: Any, changes: list[Change]) -> bool:
    """Whether clients are told to expect it (docs/changes.md): a member more, where nothing was
    said of it before; and any member, in an answer that is opened.
    """
    is_opened = any(c.rule == "response-additional-properties-widened" for c in changes)
    come = {c.subject for c in changes if c.rule.endswith("property-added")}
    return is_opened or has(value, come)


@settings(max_examples=1000, deadline=None, derandomize=True)
@given(edits())
def test_a_value_that_is_no_longer_right_was_told_of(edit: tuple[Any, Any]) -> None:
    old, new = edit
    (before, was), (after, now) = read(old), read(new)
    assume(was != now)
    changes = compared(before, after)
    told = {change.rule.partition("-")[0] for change in changes if change.is_breaking}
    for value, is_old, is_new in zip(VALUES, was, now, strict=True):
        if is_old != is_new and not is_expected(value, changes):
            way = "request" if is_old else "response"
            assert way in told, (old, new, value, changes)
