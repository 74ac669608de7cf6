"""What the parts of a folded schema say of a value: its members, its type, what is left open."""

from __future__ import annotations

import re
from typing import Any

from codegen.mock.folding import Folded, joined


def with_option(rest: Folded, option: Any, others: list[Any]) -> dict[str, Any]:
    """Return a schema again: what is decided, and what is still open."""
    words = {w: v for w, v in rest.items() if w not in {"patterns", "nots", "enum"}}
    parts: list[Any] = [words, *({"pattern": p} for p in rest.get("patterns", ()))]
    parts += [{"not": n} for n in rest.get("nots", ())]
    parts += [{"enum": rest["enum"]}] if "enum" in rest else []
    return {"allOf": [*parts, option, *({"anyOf": options} for options in others)]}


def member(folded: Folded, name: str) -> Any:
    """Return the schema of a member."""
    own = [folded["properties"][name]] if name in folded.get("properties", {}) else []
    own += [s for p, s in folded.get("patternProperties", {}).items() if _matches(p, name)]
    return joined(*own) if own else folded.get("additionalProperties", True)


def _matches(pattern: str, name: str) -> bool:
    try:
        return re.search(pattern, name) is not None
    except re.error:  # what is another dialect's is decided when the whole is judged
        return False


def travels_in(schema: Any) -> bool:
    """Whether a member is only ever sent to the service."""
    return isinstance(schema, dict) and schema.get("writeOnly") is True


def likely_types(folded: Folded) -> list[str]:
    """Return the types that a schema without `type` speaks of."""
    spoken = {
        "object": ("properties", "required", "additionalProperties", "patternProperties"),
        "array": ("items", "prefixItems", "minItems", "maxItems", "contains"),
        "string": ("patterns", "format", "minLength", "maxLength", "contentEncoding"),
        "number": ("minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum"),
    }
    found = [kind for kind, words in spoken.items() if any(word in folded for word in words)]
    return found or ["string", "object", "null"]


def is_of(value: Any, types: Any) -> bool:
    if isinstance(value, bool) or value is None:
        return ("null" if value is None else "boolean") in types
    kinds = {str: ("string",), int: ("integer", "number"), list: ("array",), dict: ("object",)}
    if isinstance(value, float):
        return "number" in types or (value.is_integer() and "integer" in types)
    return any(kind in types for kind in kinds[type(value)])
