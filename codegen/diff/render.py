"""A comparison as text for people, as JSON for programs, and as a draft for the changelog."""

from __future__ import annotations

import json
from collections.abc import Sequence

from codegen.diff.changes import Change, Severity
from codegen.diff.sides import Side
from codegen.diff.verdict import BREAKING_HEADING


def as_text(changes: Sequence[Change], old: Side, new: Side, objections: Sequence[str]) -> str:
    """Return a line for each change, then how many there are, then what stands against them."""
    lines = [_line(change, old, new) for change in changes]
    lines.append(f"From {old.name} to {new.name}: {_counts(changes)}.")
    lines += [f"Not to be released: {objection}" for objection in objections]
    return "\n".join(lines)


def as_json(changes: Sequence[Change], old: Side, new: Side, objections: Sequence[str]) -> str:
    """Return the same as one JSON object."""
    told = [
        {
            "severity": change.severity.value,
            "rule": change.rule,
            "operations": list(change.operations),
            "pointer": change.pointer,
            "place": _side(change, old, new).place(change.pointer),
            "says": change.says,
        }
        for change in changes
    ]
    whole = {"changes": told, "objections": list(objections), "may_be_released": not objections}
    return json.dumps(whole, indent=2, ensure_ascii=False)


def as_changelog(changes: Sequence[Change]) -> str:
    """Return the part of a release's section that the document can tell; people finish it."""
    told: dict[str, list[str]] = {}
    for change in changes:
        if change.severity is not Severity.DOCS:
            told.setdefault(_heading(change), []).append(_entry(change))
    order = (BREAKING_HEADING, "### Added", "### Changed", "### Deprecated", "### Removed")
    blocks = ["\n".join([h, "", *dict.fromkeys(told[h])]) for h in order if h in told]
    return "\n\n".join(blocks) or "Nothing that a client could notice."


def _heading(change: Change) -> str:
    if change.is_breaking:
        return BREAKING_HEADING
    if change.rule == "deprecated":
        return "### Deprecated"
    for word, heading in (("added", "### Added"), ("removed", "### Removed")):
        if change.rule.endswith(word):
            return heading
    return "### Changed"


def _entry(change: Change) -> str:
    named = ", ".join(f"`{name}`" for name in change.operations)
    about = named or f"`{change.pointer}`"
    return f"- {about}: {change.says}."


def _line(change: Change, old: Side, new: Side) -> str:
    named = f" {', '.join(change.operations)}" if change.operations else ""
    place = _side(change, old, new).place(change.pointer)
    return f"{change.severity.value:8} {place}{named}: {change.says} ({change.rule})"


def _side(change: Change, old: Side, new: Side) -> Side:
    return old if change.is_gone else new


def _counts(changes: Sequence[Change]) -> str:
    if not changes:
        return "no change"
    numbers = ((s, sum(c.severity is s for c in changes)) for s in Severity)
    return ", ".join(f"{number} {severity.value}" for severity, number in numbers if number)
