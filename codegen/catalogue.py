"""Whether the catalogue of problems (`components.x-problems`) can be read."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.contract.pointers import child
from codegen.findings import Finding

AT = "#/components/x-problems"
_TYPES: dict[str, type | tuple[type, ...]] = {
    "status": int,
    "title": str,
    "detail": str,
    "description": str,
    "when": str,
    "remedy": str,
    "oauth_error": str,
    "refines": (str, list),
    "retry_after": int,
}
_REQUIRED = ("status", "title", "detail")


def findings(source: dict[str, Any]) -> Iterator[Finding]:
    """Yield everything that is wrong with the catalogue's entries."""
    components = source.get("components", {})
    if not isinstance(components, dict):
        return  # The structure of the document is judged elsewhere.
    entries = components.get("x-problems", {})
    if not isinstance(entries, dict):
        yield Finding(AT, "the catalogue must be an object, an entry for each code")
        return
    for code, entry in entries.items():
        at = child(AT, code)
        if not isinstance(entry, dict):
            yield Finding(at, "an entry must be an object")
            continue
        yield from (Finding(at, f"{name} is missing") for name in _REQUIRED if name not in entry)
        for name, value in entry.items():
            if name not in _TYPES:
                yield Finding(child(at, name), "an entry has no member of this name")
            elif not isinstance(value, _TYPES[name]) or isinstance(value, bool):
                yield Finding(child(at, name), "the value is of a wrong type")
        refined = entry.get("refines", [])
        for other in [refined] if isinstance(refined, str) else refined:
            if other not in entries:
                yield Finding(child(at, "refines"), f"the catalogue has no {other}")
