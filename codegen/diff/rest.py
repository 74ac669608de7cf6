"""What is written otherwise without meaning anything else, so that no change goes unsaid."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from app.contract.pointers import child, tokens_of
from codegen.diff.changes import Change, docs
from codegen.diff.marks import TEXTS
from codegen.diff.reading import Reading
from codegen.diff.written import canonical

# How deep a part lies that a person would look at as one: an operation, a component.
_DEPTHS = {"paths": 3, "webhooks": 3, "components": 3}


def rewritten(old: Reading, new: Reading, told: Iterable[Change]) -> Iterator[Change]:
    """Yield the parts that differ and of which nothing has been told."""
    places = {_part(at) for change in told for at in (change.old, change.new) if at}
    was, now = _parts(old.document.source), _parts(new.document.source)
    for at in {**was, **now}:
        if at in places or (at in was and at in now and canonical(was[at]) == canonical(now[at])):
            continue
        how = (
            "is there" if at not in was else "is gone" if at not in now else "is written otherwise"
        )
        subject = tokens_of(at)[-1]
        places_of_it = at if at in was else None, at if at in now else None
        yield docs(
            "rewritten", f"{subject} {how}, and clients notice nothing", subject, *places_of_it
        )


def _part(at: str) -> str:
    tokens = tokens_of(at)
    return child("#", *tokens[: _DEPTHS.get(tokens[0], 1)]) if tokens else "#"


def _parts(source: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for name, value in source.items():
        if name in _DEPTHS and isinstance(value, dict):
            for key, entries in value.items():
                at = child("#", name, key)
                is_map = isinstance(entries, dict)
                found |= {child(at, n): e for n, e in entries.items()} if is_map else {at: entries}
        elif name not in TEXTS:
            found[child("#", name)] = value
    return found
