"""What holds for any document: no change goes unsaid, every place exists, the work is linear."""

from __future__ import annotations

import copy
import json
import random
import sys
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from types import FrameType
from typing import Any

import pytest

from app.contract.document import Document
from app.contract.pointers import lookup
from codegen import validate
from codegen.bundle import Bundle, bundle
from codegen.diff import sides
from codegen.diff.document import compare
from codegen.diff.verdict import objections
from codegen.findings import RefusedError
from tests.codegen.golden import CASES, document_of
from tests.codegen.test_damage import damaged
from tests.diff.test_changes import ours


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if not isinstance(node, dict | list) or not node:
        yield path
        return
    for key, value in node.items() if isinstance(node, dict) else enumerate(node):
        yield from places(value, (*path, key))


def changed(path: tuple[Any, ...]) -> dict[str, Any]:
    """Return our document with another value of the same type at one place."""
    copied = copy.deepcopy(ours())
    *above, last = path
    owner: Any = copied
    for step in above:
        owner = owner[step]
    value = owner[last]
    if isinstance(value, bool):
        owner[last] = not value
    elif isinstance(value, int | float):
        owner[last] = value + 1
    else:
        owner[last] = f"{value}x" if isinstance(value, str) else {"x-new": True}
    return copied


def read(source: dict[str, Any]) -> Document | None:
    """Return the document that these are, None where the gate would refuse to compare it."""
    files = bundle(document_of(CASES[0])).files
    try:
        return validate.read(Bundle(source, files))
    except RefusedError:
        return None


def read_file(source: dict[str, Any], file: Path) -> Document | None:
    """As `read`, by all that the gate does, which refuses a reference that leads nowhere."""
    file.write_text(json.dumps(source))
    try:
        return sides.read(file, file.name).document
    except sides.ComparisonError:
        return None


@pytest.mark.parametrize("seed", range(4))
def test_no_change_goes_unsaid(seed: int, tmp_path: Path) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    before, kept = Document(ours()), 0
    for path in chance.sample(list(places(ours())), 20):
        after = read_file(changed(path), tmp_path / "openapi.json")
        if after is not None:
            kept += 1
            assert compare(before, after), path
    assert kept > 8


@pytest.mark.parametrize("seed", range(4))
def test_a_damaged_document_is_refused_or_told_of(seed: int) -> None:
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    for _ in range(30):
        source = bundle(document_of(chance.choice(CASES))).source
        before, after = read(source), read(damaged(source, chance))
        if before is None or after is None:
            continue
        for old, new in ((before, after), (after, before)):
            found = compare(old, new)
            assert found or old.source == new.source
            for each in found:
                lookup((old if each.is_gone else new).source, each.pointer)
            stands = objections(found, old, new, changelog="", today=date(2027, 1, 1))
            assert bool(stands) == any(change.is_breaking for change in found)


def many(count: int) -> dict[str, Any]:
    """Our own document, `count` times over, each with schemas of its own."""
    source: dict[str, Any] = {**copy.deepcopy(ours()), "paths": {}}
    for number in range(count):
        text = json.dumps({"paths": ours()["paths"], "schemas": ours()["components"]["schemas"]})
        text = text.replace('"#/components/schemas/', f'"#/components/schemas/N{number}')
        text = text.replace('"operationId": "', f'"operationId": "n{number}_')
        part = json.loads(text)
        source["paths"] |= {f"/n{number}{path}": item for path, item in part["paths"].items()}
        schemas = part["schemas"].items()
        source["components"]["schemas"] |= {f"N{number}{name}": s for name, s in schemas}
    return source


def calls(count: int) -> int:
    """How often Python calls something while documents are compared."""
    source = many(count)
    old = Document(copy.deepcopy(source))
    for name, schema in source["components"]["schemas"].items():
        if name.endswith("PostCreate"):
            schema["required"].append("published")
    new = Document(source)
    counted = 0

    def note(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal counted
        counted += event == "call"

    sys.setprofile(note)
    breaking = [change for change in compare(old, new) if change.is_breaking]
    sys.setprofile(None)
    assert len(breaking) == count
    return counted


def test_four_times_the_document_takes_four_times_as_many_calls() -> None:
    calls(1)
    few, many_ = calls(2), calls(8)
    assert many_ < 5 * few, (few, many_)
