"""Pairs of schemas, one of each document, compared in one direction; each pair is looked at once.

A pair names its own changes and the pairs inside of it, so that schemas may contain themselves
and a change of a shared one is found once, however many operations it concerns.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from app.contract.schema import Direction
from codegen.diff import objects, unions
from codegen.diff.changes import (
    REQUEST,
    WIDENED,
    Change,
    Severity,
    additive,
    severity_of,
    word,
)
from codegen.diff.keywords import EXTENSIBLE, differences
from codegen.diff.marks import marks, name_of
from codegen.diff.nodes import Pointers
from codegen.diff.reading import Reading
from codegen.diff.views import View
from codegen.diff.written import canonical


class Key(NamedTuple):
    """One pair of schemas, in one direction."""

    way: Direction
    old: Pointers
    new: Pointers


@dataclass(slots=True)
class Pair:
    """What differs between two schemas themselves, and what stands inside of them."""

    changes: list[Change] = field(default_factory=list)
    inside: list[Key] = field(default_factory=list)


class SchemaPairs:
    """All pairs that have been asked for."""

    def __init__(self, old: Reading, new: Reading) -> None:
        """Start with none."""
        self.old = old
        self.new = new
        self._pairs: dict[Key, Pair] = {}
        self._changed: set[Key] | None = None

    def key(self, way: Direction, old: Pointers, new: Pointers) -> Key:
        """Return the name of a pair."""
        return Key(way, self.old.roots(old, way), self.new.roots(new, way))

    def views(self, key: Key) -> tuple[View, View]:
        """Return what both schemas of a pair demand."""
        return self.old.view(key.old, key.way), self.new.view(key.new, key.way)

    def explore(self, keys: Iterable[Key]) -> None:
        """Look at some pairs and at all inside of them."""
        self._changed = None
        pending, seen = list(keys), set[Key]()
        while pending:
            key = pending.pop()
            if key not in seen:
                seen.add(key)
                pending += self._pair(key).inside

    def changes(self, keys: Iterable[Key]) -> Iterator[Change]:
        """Yield the changes of pairs that were explored and of all inside of them, each once."""
        if self._changed is None:
            self._changed = self._leading_to_changes()
        pending, seen = list(keys)[::-1], set[Key]()
        while pending:
            key = pending.pop()
            if key in self._changed and key not in seen:
                seen.add(key)
                yield from self._pairs[key].changes
                pending += reversed(self._pairs[key].inside)

    def is_compatible(self, key: Key) -> bool:
        """Whether nothing inside of a pair breaks a client."""
        pending, seen = [key], set[Key]()
        while pending:
            inner = pending.pop()
            if inner not in seen:
                seen.add(inner)
                pair = self._pair(inner)
                if any(change.severity is Severity.BREAKING for change in pair.changes):
                    return False
                pending += pair.inside
        return True

    def _leading_to_changes(self) -> set[Key]:
        """Return the pairs that have a change or contain one that has, however deep."""
        outside: dict[Key, list[Key]] = {}
        for key, pair in self._pairs.items():
            for inner in pair.inside:
                outside.setdefault(inner, []).append(key)
        pending, found = [key for key, pair in self._pairs.items() if pair.changes], set[Key]()
        while pending:
            key = pending.pop()
            if key not in found:
                found.add(key)
                pending += outside.get(key, ())
        return found

    def _pair(self, key: Key) -> Pair:
        if key not in self._pairs:
            pair = self._pairs[key] = Pair()  # which ends the walk where a schema contains itself
            for found in self._compared(key):
                if isinstance(found, Key):
                    pair.inside.append(found)
                else:
                    pair.changes.append(found)
        return self._pairs[key]

    def _compared(self, key: Key) -> Iterator[Change | Key]:
        old, new = self.views(key)
        yield from _told(old, new)
        if unions.is_rearranged(old, new):
            yield from unions.rearranged(self, key)
            return
        yield from _keywords(old, new)
        yield from objects.compared(self, key)
        yield from unions.compared(self, key)


def _keywords(old: View, new: View) -> Iterator[Change]:
    for found in differences(old, new):
        places = old.place(found.keyword), new.place(found.keyword)
        subject = name_of(new.pointer)
        if found.rule == "enum" and found.relation is WIDENED and _may_grow(old):
            yield additive(f"{word(old.way)}-enum-extended", found.says, subject, *places)
            continue
        rule = f"{word(old.way)}-{found.rule}-{found.relation.value}"
        yield Change(severity_of(found.relation, old.way), rule, found.says, subject, *places)


def _may_grow(old: View) -> bool:
    """Whether clients were told to expect values that they do not know."""
    return old.values is not None and old.flag(EXTENSIBLE)


def _told(old: View, new: View) -> Iterator[Change]:
    """Yield the changes of texts, marks and the default, which are no demands."""
    mine, theirs = _merged(old), _merged(new)
    subject = name_of(new.pointer)
    yield from marks(subject, mine, theirs, old.pointer, new.pointer)
    was, now = mine.get("default"), theirs.get("default")
    if canonical(was) == canonical(now) and ("default" in mine) == ("default" in theirs):
        return
    is_grave = old.way is REQUEST and "default" in mine
    severity = Severity.BREAKING if is_grave else Severity.ADDITIVE
    verb = "changed" if "default" in mine and "default" in theirs else "added"
    verb = verb if "default" in theirs else "removed"
    says = f"the default is {canonical(now) if 'default' in theirs else 'none'}"
    places = old.place("default"), new.place("default")
    yield Change(severity, f"{word(old.way)}-default-{verb}", says, subject, *places)


def _merged(view: View) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for _, node in view.nodes:
        found = {**node, **found}
    return found
