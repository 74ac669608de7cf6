"""The schemas that hold together at some pointers, and what one says of a member or an item."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.contract import pointers
from app.contract.pointers import child, tokens_of

Pointers = tuple[str, ...]
Node = Mapping[str, Any]
# Beside other pointers: or null.
OR_NULL = "null"
UNIONS = ("oneOf", "anyOf")
CONDITIONS = ("if", "then", "else")
# Schemas that demand nothing.
TRIVIAL: tuple[Any, ...] = (True, {})
_UNCLEAR = frozenset({"patternProperties", "dependentSchemas"})


def gathered_nodes(source: Node, at: Pointers) -> tuple[tuple[str, Node], ...]:
    """Return the schemas that hold at some pointers, through `$ref`, `allOf` and choices of one."""
    nodes: dict[str, Node] = {}
    pending = [pointer for pointer in reversed(at) if pointer != OR_NULL]
    while pending:
        pointer = pending.pop()
        if pointer in nodes:
            continue
        found = pointers.lookup(source, pointer)
        node = nodes[pointer] = found if isinstance(found, dict) else {} if found else {"not": {}}
        parts = [child(pointer, "allOf", index) for index in range(len(node.get("allOf", ())))]
        # A choice of one is none.
        parts += [child(pointer, word, 0) for word in UNIONS if len(node.get(word, ())) == 1]
        if isinstance(node.get("$ref"), str):
            parts.insert(0, child("#", *tokens_of(node["$ref"])))
        pending += reversed(parts)
    return tuple(nodes.items())


def describing(pointer: str, node: Node, name: str) -> list[str]:
    """Return the places in one schema that say what a member is."""
    found = [child(pointer, "properties", name)] if name in node.get("properties", ()) else []
    patterns = [p for p in node.get("patternProperties", ()) if _matches(p, name)]
    found += [child(pointer, "patternProperties", pattern) for pattern in patterns]
    is_open = node.get("additionalProperties", True) in TRIVIAL
    return found if found or is_open else [child(pointer, "additionalProperties")]


def _matches(pattern: str, name: str) -> bool:
    """Whether a name matches; patterns of ECMA 262 that Python cannot read match nothing."""
    try:
        return re.search(pattern, name) is not None
    except re.error:
        return False


def may_name(nodes: tuple[tuple[str, Node], ...], name: str | None = None) -> bool:
    """Whether some schemas, or those that may hold within them, speak of a member, or of members
    without a name; unknown is yes.

    They are what `unevaluatedProperties` beside them leaves alone.
    """
    pending = [node for _, node in nodes]
    while pending:
        node = pending.pop()
        if name in node.get("properties", ()) or _is_unclear(node):
            return True
        inside = [part for word in UNIONS for part in node.get(word, ())]
        inside += [node[word] for word in CONDITIONS if word in node and "if" in node]
        if any("$ref" in part or "allOf" in part for part in inside if isinstance(part, dict)):
            return True
        pending += [part for part in inside if isinstance(part, dict)]
    return False


def speaking(nodes: tuple[tuple[str, Node], ...]) -> list[Any]:
    """Return what in some schemas speaks of members otherwise than by their names."""
    found: list[Any] = [
        sorted(node["patternProperties"]) for _, node in nodes if node.get("patternProperties")
    ]
    found += [node["dependentSchemas"] for _, node in nodes if node.get("dependentSchemas")]
    is_open = any(node.get("additionalProperties", False) is not False for _, node in nodes)
    return [*found, is_open]


def _is_unclear(node: Node) -> bool:
    return bool(_UNCLEAR & node.keys()) or node.get("additionalProperties", False) is not False


def item(pointer: str, node: Node, index: int) -> Iterator[str]:
    """Yield the place in one schema that says what the item of an index is."""
    if index < len(node.get("prefixItems", ())):
        yield child(pointer, "prefixItems", index)
    elif "items" in node:
        yield child(pointer, "items")
