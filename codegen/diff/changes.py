"""One change of a document: how grave it is, by which rule, where, and for which operations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum


class Severity(Enum):
    """What a client that works today has to fear: that it fails, nothing, or nothing at all."""

    BREAKING = "breaking"
    ADDITIVE = "additive"
    DOCS = "docs"


class Relation(Enum):
    """How the values that are admitted now relate to those that were admitted before."""

    NARROWED = "narrowed"
    WIDENED = "widened"
    CHANGED = "changed"


class Way(Enum):
    """Which way a value travels, as the client sees it."""

    REQUEST = "request"
    RESPONSE = "response"

    def severity(self, relation: Relation) -> Severity:
        """A client breaks on what it may no longer send, and on what it has never received."""
        harmless = Relation.WIDENED if self is Way.REQUEST else Relation.NARROWED
        return Severity.ADDITIVE if relation is harmless else Severity.BREAKING


@dataclass(frozen=True, slots=True)
class Change:
    """`pointer` is one of the new document, or of the old one where `is_gone`. `operations` are the
    operationIds that the change concerns; none where it concerns the document as such.
    """

    severity: Severity
    rule: str
    pointer: str
    says: str
    is_gone: bool = False
    operations: tuple[str, ...] = ()

    @property
    def is_breaking(self) -> bool:
        """Whether a client that works today may fail."""
        return self.severity is Severity.BREAKING


def breaking(rule: str, pointer: str, says: str, *, is_gone: bool = False) -> Change:
    """Return a change that a client may fail by."""
    return Change(Severity.BREAKING, rule, pointer, says, is_gone)


def additive(rule: str, pointer: str, says: str, *, is_gone: bool = False) -> Change:
    """Return a change that a client need not know of."""
    return Change(Severity.ADDITIVE, rule, pointer, says, is_gone)


def docs(pointer: str, says: str = "the text is another") -> Change:
    """Return a change that only people read."""
    return Change(Severity.DOCS, "text-changed", pointer, says)


def gathered(found: Iterable[tuple[str | None, Change]]) -> list[Change]:
    """Return each change once, with all operations that it concerns, the gravest first."""
    concerned: dict[Change, dict[str, None]] = {}
    for operation, change in found:
        names = concerned.setdefault(change, {})
        if operation is not None:
            names[operation] = None
    whole = [replace(change, operations=tuple(names)) for change, names in concerned.items()]
    gravest = list(Severity)
    return sorted(whole, key=lambda c: (gravest.index(c.severity), c.pointer, c.rule, c.says))
