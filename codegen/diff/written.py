"""Values and schemas of a document as text that is equal where they mean the same."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from app.contract import pointers
from app.contract.schema import INTEGER_RANGES, TIMES

TEXTS = ("title", "description", "example", "examples", "externalDocs", "$comment")
# Members of a schema whose order means nothing, that are lists or maps of schemas, or plain values.
_SETS = frozenset({"required", "enum", "type", "allOf", "anyOf", "oneOf"})
_LISTS = frozenset({"allOf", "anyOf", "oneOf", "prefixItems"})
_MAPS = frozenset({"properties", "patternProperties", "dependentSchemas", "$defs", "definitions"})
_VALUES = frozenset({"const", "default", "dependentRequired", "discriminator", "xml"})


def canonical(value: Any) -> str:
    """Return a JSON value as one text, the same for equal values: 1.0 is 1."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value


def expanded(value: Any, source: Mapping[str, Any], above: tuple[str, ...] = ()) -> str:
    """Write a schema with what its references mean, and without what people read."""
    if not isinstance(value, dict):
        return canonical(value)
    reference = value.get("$ref")
    if isinstance(reference, str) and reference not in above:
        target = pointers.lookup(source, reference)
        rest = {name: member for name, member in value.items() if name != "$ref"}
        parts = [target, rest] if rest else [target]
        return "&".join(sorted(expanded(part, source, (*above, reference)) for part in parts))
    kept = sorted(n for n in value if n not in TEXTS and not n.startswith("x-"))
    members = (f"{canonical(n)}:{_member(n, value[n], source, above)}" for n in kept)
    return "{" + ",".join(members) + "}"


def _member(keyword: str, value: Any, source: Mapping[str, Any], above: tuple[str, ...]) -> str:
    if isinstance(value, dict) and keyword in _MAPS:
        inside = (f"{canonical(n)}:{expanded(value[n], source, above)}" for n in sorted(value))
        return "{" + ",".join(inside) + "}"
    if isinstance(value, list):
        items = [expanded(v, source, above) if keyword in _LISTS else canonical(v) for v in value]
        return "[" + ",".join(sorted(items) if keyword in _SETS else items) + "]"
    is_schema = isinstance(value, dict) and keyword not in _VALUES
    return expanded(value, source, above) if is_schema else canonical(value)


def is_executed_format(keyword: str, value: Any) -> bool:
    """Whether the runtime's reading says in other keywords what this one demands."""
    is_integer = keyword == "format" and value in INTEGER_RANGES
    return is_integer or (keyword == "not" and value == TIMES["not"])
