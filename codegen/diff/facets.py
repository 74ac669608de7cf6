"""What a schema demands, keyword by keyword, whatever it is spelled with.

References and `allOf` are followed and joined, so that moving a schema about changes nothing. A
schema is therefore a tuple of pointers: all of what stands there holds at once.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.contract import pointers
from app.contract.pointers import child
from app.contract.schema import INTEGER_RANGES

Pointers = tuple[str, ...]
TEXTS = frozenset({"title", "description", "example", "examples", "externalDocs", "$comment"})
FLAGS = frozenset({"default", "deprecated", "x-extensible-enum", "x-sunset"})
UNIONS = ("oneOf", "anyOf")
LOWER = ("minLength", "minItems", "minProperties", "minContains")
UPPER = ("maxLength", "maxItems", "maxProperties", "maxContains")
_JOINED = frozenset(
    {
        *TEXTS,
        *UNIONS,
        *LOWER,
        *UPPER,
        *("$ref", "allOf", "type", "nullable", "enum", "const", "pattern", "format", "multipleOf"),
        *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "uniqueItems"),
        *("properties", "required", "additionalProperties", "unevaluatedProperties"),
        *("items", "prefixItems", "default", "deprecated", "readOnly", "writeOnly"),
        *("$defs", "definitions", "$schema", "$id", "xml"),
    }
)


@dataclass(slots=True)
class Facets:
    """All demands of one schema. A bound that is None is not there."""

    pointer: str
    types: frozenset[str] | None = None
    values: frozenset[str] | None = None
    lower: dict[str, float] = field(default_factory=dict)
    upper: dict[str, float] = field(default_factory=dict)
    words: dict[str, frozenset[str]] = field(default_factory=dict)
    properties: dict[str, Pointers] = field(default_factory=dict)
    required: frozenset[str] = frozenset()
    is_closed: bool = False
    is_unique: bool = False
    rest: Pointers = ()
    items: Pointers = ()
    prefix: list[Pointers] = field(default_factory=list)
    unions: dict[str, Pointers] = field(default_factory=dict)
    texts: dict[str, str] = field(default_factory=dict)
    flags: dict[str, Any] = field(default_factory=dict)


def facets_of(source: dict[str, Any], at: Pointers) -> Facets:
    """Return what the schemas at these pointers demand together."""
    parts = list(_parts(source, at))
    own = [pointer for node, pointer in parts if "$ref" not in node]
    facets = Facets((*own, *at, "#")[0])
    for node, pointer in parts:
        _join(facets, node, pointer)
    return facets


def flag(source: dict[str, Any], at: Pointers, name: str) -> Any:
    """Return a member of a schema such as `readOnly`, wherever in it that stands."""
    found = [node[name] for node, _ in _parts(source, at) if name in node]
    return found[0] if found else None


def _parts(source: dict[str, Any], at: Pointers) -> Iterator[tuple[dict[str, Any], str]]:
    pending, seen = list(reversed(at)), set[str]()
    while pending:
        pointer = pending.pop()
        if pointer in seen:
            continue
        seen.add(pointer)
        node = pointers.lookup(source, pointer)
        if not isinstance(node, dict):
            yield ({"not": {}} if node is False else {}), pointer
            continue
        yield node, pointer
        pending += [child(pointer, "allOf", i) for i in range(len(node.get("allOf", ())))]
        if isinstance(node.get("$ref"), str):
            pending.append(node["$ref"])


def _join(facets: Facets, node: dict[str, Any], pointer: str) -> None:
    _join_values(facets, node)
    _join_bounds(facets, node)
    _join_object(facets, node, pointer)
    _join_parts(facets, node, pointer)
    for word in FLAGS & node.keys():
        facets.flags.setdefault(word, node[word])
    for word in TEXTS & node.keys():
        facets.texts.setdefault(word, canonical(node[word]))
    for word in node.keys() - _JOINED:
        if not word.startswith("x-"):
            facets.words[word] = facets.words.get(word, frozenset()) | {canonical(node[word])}


def _join_parts(facets: Facets, node: dict[str, Any], pointer: str) -> None:
    if "items" in node:
        facets.items += (child(pointer, "items"),)
    if "prefixItems" in node:
        count = len(node["prefixItems"])
        facets.prefix = [(child(pointer, "prefixItems", index),) for index in range(count)]
    for word in UNIONS:
        if word in node:
            facets.unions[word] = tuple(child(pointer, word, i) for i in range(len(node[word])))


def _join_values(facets: Facets, node: dict[str, Any]) -> None:
    if "type" in node:
        kinds = node["type"] if isinstance(node["type"], list) else [node["type"]]
        named = frozenset(kinds) | ({"null"} if node.get("nullable") is True else set())
        facets.types = named if facets.types is None else facets.types & named
    choices = [node["const"]] if "const" in node else node.get("enum")
    if choices is not None:
        values = frozenset(canonical(value) for value in choices)
        facets.values = values if facets.values is None else facets.values & values
    for word in ("pattern", "format", "multipleOf"):
        # The format of an integer is a pair of bounds, and compared as such.
        if word in node and node[word] not in INTEGER_RANGES:
            facets.words[word] = facets.words.get(word, frozenset()) | {canonical(node[word])}


def _join_bounds(facets: Facets, node: dict[str, Any]) -> None:
    bounds = {word: node[word] for word in (*LOWER, *UPPER) if word in node}
    lowest, highest = INTEGER_RANGES.get(str(node.get("format")), (None, None))
    bounds |= dict(_numeric(node, lowest, highest))
    for word, value in bounds.items():
        if word in LOWER or word == "minimum":
            facets.lower[word] = max(value, facets.lower.get(word, value))
        else:
            facets.upper[word] = min(value, facets.upper.get(word, value))
    facets.is_unique = facets.is_unique or node.get("uniqueItems") is True


def _numeric(
    node: dict[str, Any], lowest: int | None, highest: int | None
) -> Iterator[tuple[str, float]]:
    """Yield the bounds of a number; an exclusive one as the next number that a double can hold."""
    lower = [v for v in (lowest, node.get("minimum")) if v is not None]
    upper = [v for v in (highest, node.get("maximum")) if v is not None]
    low, high = node.get("exclusiveMinimum"), node.get("exclusiveMaximum")
    if low is True and lower:
        lower.append(_beside(node["minimum"], 1))
    elif low is not None and not isinstance(low, bool):
        lower.append(_beside(low, 1))
    if high is True and upper:
        upper.append(_beside(node["maximum"], -1))
    elif high is not None and not isinstance(high, bool):
        upper.append(_beside(high, -1))
    if lower:
        yield "minimum", max(lower)
    if upper:
        yield "maximum", min(upper)


def _beside(value: float, step: int) -> float:
    return value + step * 1e-9


def _join_object(facets: Facets, node: dict[str, Any], pointer: str) -> None:
    for name in node.get("properties", ()):
        held = facets.properties.get(name, ())
        facets.properties[name] = (*held, child(pointer, "properties", name))
    if isinstance(node.get("required"), list):
        facets.required |= frozenset(node["required"])
    for word in ("additionalProperties", "unevaluatedProperties"):
        if node.get(word) is False:
            facets.is_closed = True
        elif isinstance(node.get(word), dict):
            facets.rest += (child(pointer, word),)


def canonical(value: Any) -> str:
    """Return a JSON value as one text, the same for equal values: 1.0 is 1."""
    return json.dumps(_plain(value), sort_keys=True, ensure_ascii=False)


def _plain(value: Any) -> Any:
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, dict):
        return {name: _plain(inner) for name, inner in value.items()}
    return [_plain(inner) for inner in value] if isinstance(value, list) else value
