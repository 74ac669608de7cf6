"""Where the service is reached."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract.pointers import child, tokens_of
from codegen.diff.changes import Change, additive, breaking
from codegen.diff.marks import texts
from codegen.diff.reading import Reading


def servers(old: Reading, new: Reading, old_at: str, new_at: str) -> Iterator[Change]:
    """Compare the servers that an operation, its path or the document (`#`) declares itself."""
    (was_at, before), (now_at, after) = _declared(old, old_at), _declared(new, new_at)
    if was_at == now_at == "#" and old_at != "#":
        return  # those of the document are told once
    for url in [u for u in before if u not in after]:
        says = f"the service is no longer reached at {url}"
        yield breaking("server-removed", says, url, child(was_at, "servers"), None)
    for url in [u for u in after if u not in before]:
        says = f"the service is reached at {url}"
        yield additive("server-added", says, url, was_at, child(now_at, "servers"))
    for url in [u for u in before if u in after]:
        places = child(was_at, "servers"), child(now_at, "servers")
        yield from texts(url, before[url], after[url], *places)
        yield from _variables(before[url], after[url], places)


def _declared(side: Reading, at: str) -> tuple[str, dict[str, Mapping[str, Any]]]:
    """Return the servers in force at an operation, by address, and where they are declared."""
    path = child("#", *tokens_of(at)[:-1]) if at != "#" else "#"
    for owner in (at, path, "#"):
        declared = side.node(owner).get("servers") if owner != "#" else side.source.get("servers")
        if declared or owner == "#":
            known = declared or [{"url": "/"}]
            return owner, {str(server["url"]).rstrip("/") or "/": server for server in known}
    return "#", {}


def _variables(
    old: Mapping[str, Any], new: Mapping[str, Any], places: tuple[str, str]
) -> Iterator[Change]:
    before, after = old.get("variables") or {}, new.get("variables") or {}
    for name in [n for n in before if n in after]:
        was, now = before[name], after[name]
        yield from texts(name, was, now, *places)
        if was.get("default") != now.get("default"):
            says = f"{name} means {now.get('default')} where it is left out"
            yield breaking("server-variable-default-changed", says, name, *places)
        yield from _choices(name, was.get("enum"), now.get("enum"), places)


def _choices(
    name: str, old: list[str] | None, new: list[str] | None, places: tuple[str, str]
) -> Iterator[Change]:
    """Compare what a variable may be, which is anything where that is not said."""
    if new is not None and (old is None or set(old) - set(new)):
        says = f"{name} can only be {', '.join(new)}"
        yield breaking("server-variable-narrowed", says, name, *places)
    elif set(old or ()) != set(new or ()):
        says = f"{name} can be {', '.join(new) if new else 'anything'}"
        yield additive("server-variable-widened", says, name, *places)
