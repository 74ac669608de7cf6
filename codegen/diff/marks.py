"""What documents say besides admitting values: texts, extensions, deprecation."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from datetime import datetime
from typing import Any

from app.contract.deprecation import SINCE, SUNSET, midnight
from app.contract.pointers import child, tokens_of
from codegen.diff.changes import Change, additive, breaking, docs

TEXTS = (
    *("title", "summary", "description", "termsOfService", "contact", "license", "externalDocs"),
    *("example", "examples", "$comment", "tags", "version", "bearerFormat"),
)
# Extensions that have rules of their own, or that the bundle has put into words of OpenAPI.
KNOWN = frozenset(
    {
        *(SINCE, SUNSET, "x-problems", "x-max-body-size", "x-stream"),
        *("x-enum-of", "x-extensible-enum", "x-rate-limit", "x-max-staleness"),
    }
)
_NAMELESS = frozenset({"schema", "items", "allOf", "oneOf", "anyOf", "additionalProperties"})
Node = Mapping[str, Any]


def marks(subject: str, old: Node, new: Node, old_at: str, new_at: str) -> Iterator[Change]:
    """Yield what has changed in what is told of an object, wherever the object stands."""
    yield from texts(subject, old, new, old_at, new_at)
    yield from deprecation(subject, old, new, old_at, new_at)


def texts(subject: str, old: Node, new: Node, old_at: str, new_at: str) -> Iterator[Change]:
    """Yield the changes of what people read, and of extensions that mean nothing here."""
    names = [n for n in {**old, **new} if n in TEXTS or (n.startswith("x-") and n not in KNOWN)]
    for name in names:
        if old.get(name) == new.get(name) and (name in old) == (name in new):
            continue
        was = child(old_at, name) if name in old else old_at
        now = child(new_at, name) if name in new else new_at
        yield docs("text-changed", f"{name} is another", subject, was, now)


def deprecation(subject: str, old: Node, new: Node, old_at: str, new_at: str) -> Iterator[Change]:
    """Yield what has changed in whether, since when and until when something is deprecated."""
    was, now = old.get("deprecated") is True, new.get("deprecated") is True
    if was != now:
        until = f" until {new[SUNSET]}" if now and SUNSET in new else ""
        rule = "deprecated" if now else "no-longer-deprecated"
        says = f"it is deprecated{until}" if now else "it is no longer deprecated"
        yield additive(rule, says, subject, old_at, new_at)
    elif old.get(SINCE) != new.get(SINCE):
        says = f"{SINCE} was {json.dumps(old.get(SINCE))} and is {json.dumps(new.get(SINCE))}"
        yield docs("text-changed", says, subject, old_at, new_at)
    yield from _sunset(subject, old, new, old_at, new_at)


def _sunset(subject: str, old: Node, new: Node, old_at: str, new_at: str) -> Iterator[Change]:
    was, now = _day(old), _day(new)
    if was == now or was is None or new.get("deprecated") is not True:
        return
    says = f"the sunset was {old[SUNSET]} and is {new.get(SUNSET, 'taken back')}"
    places = child(old_at, SUNSET), child(new_at, SUNSET) if now else new_at
    if now is not None and now < was:
        yield breaking("sunset-earlier", says, subject, *places)
    else:
        yield additive("sunset-later", says, subject, *places)


def _day(node: Node) -> datetime | None:
    try:
        return midnight(node[SUNSET])
    except (KeyError, TypeError, ValueError):
        return None


def name_of(pointer: str) -> str:
    """Return what a schema is called: the last name of its pointer that is not a keyword."""
    tokens = [t for t in tokens_of(pointer) if not t.isdigit() and t not in _NAMELESS]
    return tokens[-1] if tokens else "document"
