"""One change of a document: how grave it is, by which rule, where, and for which operations."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from app.contract.schema import Direction

REQUEST, RESPONSE = Direction.REQUEST, Direction.RESPONSE


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


NARROWED, WIDENED, CHANGED = Relation


@dataclass(frozen=True, slots=True)
class Change:
    """`old` and `new` are pointers of the two documents; what is gone has no `new`.

    `subject` is the name of what has changed: a member, a status, an operation. `operations` are
    the operationIds that the change concerns; none where it concerns the document as such.
    """

    severity: Severity
    rule: str
    says: str
    subject: str
    old: str | None
    new: str | None
    operations: tuple[str, ...] = ()

    @property
    def is_breaking(self) -> bool:
        """Whether a client that works today may fail."""
        return self.severity is Severity.BREAKING

    @property
    def is_gone(self) -> bool:
        """Whether its place is one of the old document."""
        return self.new is None

    @property
    def pointer(self) -> str:
        """Where it stands: in the new document, or in the old one where it is gone from there."""
        return self.new or self.old or "#"


def severity_of(relation: Relation, way: Direction) -> Severity:
    """Rate other values: a client breaks on what it may not send, and on what it never received."""
    harmless = WIDENED if way is REQUEST else NARROWED
    return Severity.ADDITIVE if relation is harmless else Severity.BREAKING


def word(way: Direction) -> str:
    """Return the direction as rules name it: `request` or `response`."""
    return way.name.lower()


def breaking(rule: str, says: str, subject: str, old: str | None, new: str | None) -> Change:
    """Return a change that a client may fail by."""
    return Change(Severity.BREAKING, rule, says, subject, old, new)


def additive(rule: str, says: str, subject: str, old: str | None, new: str | None) -> Change:
    """Return a change that a client need not know of."""
    return Change(Severity.ADDITIVE, rule, says, subject, old, new)


def docs(rule: str, says: str, subject: str, old: str | None, new: str | None) -> Change:
    """Return a change that only people read."""
    return Change(Severity.DOCS, rule, says, subject, old, new)


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
