"""Two documents side by side: every change between them, and the operations that it concerns."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from typing import Any

from app.contract.document import Document
from app.contract.pointers import child, tokens_of
from codegen.diff import operations
from codegen.diff.changes import Change, gathered
from codegen.diff.marks import texts
from codegen.diff.operations import Matched
from codegen.diff.problems import catalogue
from codegen.diff.reading import Reading
from codegen.diff.rest import rewritten
from codegen.diff.schemas import Key, SchemaPairs
from codegen.diff.security import schemes
from codegen.diff.servers import servers

Found = Iterator[tuple[str | None, Change]]


def compare(old: Document, new: Document) -> list[Change]:
    """Return every change from `old` to `new`, the gravest first; none for equal documents.

    Raises UnresolvableReferenceError for a reference to nothing.
    """
    return compare_readings(Reading(old), Reading(new))


def compare_readings(before: Reading, after: Reading) -> list[Change]:
    """Do the same for documents that are read already: one is read once, however often compared."""
    found = [(name, _standing(change, before, after)) for name, change in _found(before, after)]
    told = [change for _, change in found]
    found += [(None, change) for change in rewritten(before, after, told)]
    return gathered(found)


def _found(old: Reading, new: Reading) -> Found:
    everything = list(operations.matched(old, new))
    yield from ((None, change) for change in _whole(old, new))
    for name, change in schemes(old, new):
        used = [m.id for m in everything if m.old and any(name in c for c in m.old.security)]
        yield from _concerning(used, change)
    declared = {m.id: m.old.problem_codes() for m in everything if m.old}
    for change in catalogue(old, new):
        yield from _concerning(
            [n for n, codes in declared.items() if change.subject in codes], change
        )
    yield from _operations(old, new, everything)


def _concerning(names: Iterable[str], change: Change) -> Found:
    yield None, change
    yield from ((name, change) for name in names)


def _operations(old: Reading, new: Reading, everything: list[Matched]) -> Found:
    pairs = SchemaPairs(old, new)
    inside: dict[str, list[Key]] = {}
    for found in everything:
        for item in operations.compared(pairs, found):
            if isinstance(item, Key):
                inside.setdefault(found.id, []).append(item)
            else:
                yield found.id, item
    pairs.explore(key for keys in inside.values() for key in keys)
    for name, keys in inside.items():
        yield from ((name, change) for change in pairs.changes(keys))


def _whole(old: Reading, new: Reading) -> Iterator[Change]:
    was, now = old.source, new.source
    yield from texts("info", was["info"], now["info"], "#/info", "#/info")
    yield from texts("document", was, now, "#", "#")
    yield from servers(old, new, "#", "#")


def _standing(change: Change, old: Reading, new: Reading) -> Change:
    """Return a change whose places exist: some demands are not written but meant."""
    return replace(
        change, old=_written(old.source, change.old), new=_written(new.source, change.new)
    )


def _written(source: Any, pointer: str | None) -> str | None:
    if pointer is None:
        return None
    node, at = source, "#"
    for token in tokens_of(pointer):
        if isinstance(node, dict) and token in node:
            node = node[token]
        elif isinstance(node, list) and token.isdigit() and int(token) < len(node):
            node = node[int(token)]
        else:
            break
        at = child(at, token)
    return at
