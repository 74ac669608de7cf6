"""Whether a change of the document may be released. Of one that breaks clients three things must be
true: the version says so, the changelog says so, and the old way was deprecated until a sunset that
is past.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from datetime import date
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.pointers import UnresolvableReferenceError, child, tokens_of
from codegen.diff.changes import Change

_VERSION = re.compile(r"(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:[-+].*)?")
BREAKING_HEADING = "### Breaking"


def objections(
    changes: Iterable[Change], old: Document, new: Document, *, changelog: str, today: date
) -> list[str]:
    """Return what stands against the release of `changes`, a sentence each."""
    breaking = [change for change in changes if change.is_breaking]
    if not breaking:
        return []
    version = str(new.source["info"]["version"])
    found = list(_about_version(str(old.source["info"]["version"]), version))
    found += _about_changelog(breaking, changelog, version)
    found += _about_notice(breaking, old, today)
    return found


def _about_version(was: str, now: str) -> Iterator[str]:
    before, after = _VERSION.fullmatch(was), _VERSION.fullmatch(now)
    if before is None or after is None:
        yield f"info.version is {now} and was {was}: give both as MAJOR.MINOR.PATCH."
        return
    # Before 1.0.0 the minor number tells of what breaks (Semantic Versioning, section 4).
    numbers = 2 if before[1] == after[1] == "0" else 1
    if _leading(after, numbers) <= _leading(before, numbers):
        wanted = ("MAJOR", "MINOR")[numbers - 1]
        yield f"info.version is {now} and was {was}: what breaks needs a higher {wanted} number."


def _leading(version: re.Match[str], count: int) -> list[int]:
    return [int(number) for number in version.groups()[:count]]


def _about_changelog(breaking: list[Change], changelog: str, version: str) -> Iterator[str]:
    _, heading, after = section_of(changelog, version).partition(BREAKING_HEADING)
    told = re.split(r"^### ", after, maxsplit=1, flags=re.MULTILINE)[0]
    named = sorted({name for change in breaking for name in subjects(change)})
    missing = [name for name in named if name not in told]
    if not heading:
        yield f"CHANGELOG.md says nothing under `## [{version}]`, `{BREAKING_HEADING}`."
    elif missing:
        yield f"CHANGELOG.md does not name under `{BREAKING_HEADING}`: {', '.join(missing)}."


def _about_notice(breaking: list[Change], old: Document, today: date) -> Iterator[str]:
    unannounced = [change for change in breaking if not _was_announced(change, old, today)]
    named = sorted({name for change in unannounced for name in subjects(change)})
    if named:
        yield (
            f"No sunset has passed for the old way of {', '.join(named)}: release it first with "
            "`deprecated: true` and `x-sunset`, and let that day pass."
        )


def subjects(change: Change) -> tuple[str, ...]:
    """Return what a change is about: its operations, or the name of what it stands at."""
    return change.operations or (change.subject,)


def section_of(changelog: str, version: str) -> str:
    """Return the section of a version, without its heading; empty where there is none."""
    pattern = rf"^## \[?{re.escape(version)}\]?.*?$(.*?)(?=^## |\Z)"
    found = re.search(pattern, changelog, re.MULTILINE | re.DOTALL)
    return found[1] if found else ""


def _was_announced(change: Change, old: Document, today: date) -> bool:
    places = {hook.path: hook.pointer for hook in old.webhooks}
    places |= {operation.id: operation.pointer for operation in old.operations}
    if change.operations and all(
        name in places and _is_past(pointers.lookup(old.source, places[name]), today)
        for name in change.operations
    ):
        return True
    return any(_is_past(node, today) for node in _nodes_at(old.source, change.old or "#"))


def _nodes_at(source: dict[str, Any], pointer: str) -> Iterator[Any]:
    """Yield what stands in the old document at a pointer and around it."""
    tokens = tokens_of(pointer)
    for length in range(len(tokens), 0, -1):
        try:
            yield pointers.resolve(source, child("#", *tokens[:length]))[0]
        except UnresolvableReferenceError:
            continue


def _is_past(node: Any, today: date) -> bool:
    if not isinstance(node, dict) or node.get("deprecated") is not True:
        return False
    try:
        return date.fromisoformat(str(node.get("x-sunset"))) <= today
    except ValueError:
        return False
