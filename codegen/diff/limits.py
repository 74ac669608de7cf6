"""How often an operation is served (`x-rate-limit`), and how old its answers may be
(`x-max-staleness`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract.model import Operation
from app.contract.pointers import child
from app.contract.policies import declared
from codegen.diff.changes import Change, additive, breaking
from codegen.diff.reading import Reading

STALENESS = "x-max-staleness"
# Whose counts may be divided without anybody having less: an account is a name from an address.
_DIVIDED = {"everyone": ("address", "user", "account"), "address": ("account",)}
Entry = Mapping[str, Any]


def limits(old: Reading, new: Reading, was: Operation, now: Operation) -> Iterator[Change]:
    """Yield what has changed in the limits that an operation has by itself or by its tag.

    Policies are the same if their names are: clients read these in `RateLimit`, and those of one
    name share one count.
    """
    before, after = _by_name(old, was), _by_name(new, now)
    for name, (at, entry) in before.items():
        if name in after:
            there, other = after[name]
            yield from _policy(entry, other, (at, there))
        else:
            says = f"the rate limit {_worded(name, entry)} is gone"
            yield additive("rate-limit-removed", says, name, at, None)
    for name, (at, entry) in after.items():
        if name not in before:
            says = f"there is a rate limit {_worded(name, entry)}"
            yield breaking("rate-limit-added", says, name, was.pointer, at)


def _by_name(reading: Reading, operation: Operation) -> dict[str, tuple[str, Entry]]:
    at, entries = declared(operation, reading.document)
    return {entry["name"]: (child(at, i), entry) for i, entry in enumerate(entries)}


def _policy(old: Entry, new: Entry, places: tuple[str, str]) -> Iterator[Change]:
    if _demanded(old) == _demanded(new):
        return
    name = new["name"]
    says = f"the rate limit {name} was {_figures(old)} and is {_figures(new)}"
    if _admits_all_of(old, new):
        yield additive("rate-limit-widened", says, name, *places)
    else:
        yield breaking("rate-limit-narrowed", says, name, *places)


def _demanded(entry: Entry) -> tuple[Any, ...]:
    return entry["limit"], entry["window"], _counts(entry), entry["per"], entry.get("field")


def _admits_all_of(old: Entry, new: Entry) -> bool:
    """Whether every series of requests that `old` lets pass is let pass by `new`.

    Twice as many in twice the time is not: spans begin with a request, so the longer one may meet
    three of the shorter.
    """
    is_divided = new["per"] in _DIVIDED.get(old["per"], ())
    is_same = (new["per"], new.get("field")) == (old["per"], old.get("field"))
    counts_no_more = _counts(new) == "failures" or _counts(old) == "all"
    is_no_less = new["limit"] >= old["limit"] and new["window"] <= old["window"]
    return (is_divided or is_same) and counts_no_more and is_no_less


def _counts(entry: Entry) -> str:
    counts: str = entry.get("counts", "all")
    return counts


def _worded(name: str, entry: Entry) -> str:
    return f"{name}: {_figures(entry)}"


def _figures(entry: Entry) -> str:
    failures = " failures" if _counts(entry) == "failures" else ""
    per = f"{entry['per']} ({entry['field']})" if "field" in entry else entry["per"]
    return f"{entry['limit']}{failures} in {entry['window']} s per {per}"


def staleness(was: Operation, now: Operation) -> Iterator[Change]:
    """Yield that answers may be older than any that a client has received, or may not any more."""
    old, new = was.max_staleness or 0, now.max_staleness or 0
    if old == new:
        return
    says = f"an answer might be {old} s old and may be {new} s"
    places = (
        child(operation.pointer, STALENESS) if operation.max_staleness else operation.pointer
        for operation in (was, now)
    )
    if new > old:
        yield breaking("staleness-raised", says, now.id, *places)
    else:
        yield additive("staleness-lowered", says, now.id, *places)
