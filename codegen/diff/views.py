"""What one schema demands, however it is written: `$ref`, `allOf` and siblings read as one.

A schema is therefore a tuple of pointers: all of what stands there holds at once.
"""

from __future__ import annotations

import json
import math
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.contract import pointers
from app.contract.pointers import child
from app.contract.schema import Direction
from codegen.diff import nodes
from codegen.diff.nodes import CONDITIONS, OR_NULL, TRIVIAL, UNIONS, Node, Pointers
from codegen.diff.written import TEXTS, canonical, expanded, is_executed_format

NUMBERS = frozenset({"integer", "fraction"})
ALL_TYPES = NUMBERS | {"string", "boolean", "null", "array", "object"}
NULL = frozenset({"null"})
BOUNDS = {
    "minimum": max,
    "minLength": max,
    "minItems": max,
    "minProperties": max,
    "maximum": min,
    "maxLength": min,
    "maxItems": min,
    "maxProperties": min,
}
_BESIDE_UNIONS = ("discriminator", "default", "deprecated", "readOnly", "writeOnly", "$ref")
# Keywords that mean something together only, and are therefore compared together.
GROUPS = {
    "if": CONDITIONS,
    "contains": ("contains", "minContains", "maxContains"),
}
# Keywords whose meaning is not taken apart: they are equal or they are not.
OPAQUE = (
    *("not", "if", "contains", "dependentRequired", "dependentSchemas", "propertyNames"),
    *("unevaluatedItems", "contentSchema", "contentEncoding", "contentMediaType", "xml"),
    *("pattern", "format", "multipleOf", "uniqueItems"),
)


@dataclass(frozen=True)
class View:
    """The schemas that hold together at one place, as (pointer, schema), the outermost first."""

    nodes: tuple[tuple[str, Node], ...]
    at: Pointers
    source: Node
    way: Direction

    @property
    def pointer(self) -> str:
        """Where the schema stands."""
        return next((p for p in self.at if p != OR_NULL), "#")

    def having(self, keyword: str) -> Iterator[tuple[str, Any]]:
        """Yield (pointer, value) of a keyword, wherever it stands."""
        for pointer, node in self.nodes:
            if keyword in node:
                yield child(pointer, keyword), node[keyword]

    def place(self, keyword: str) -> str:
        """Return where a keyword stands, the schema itself where it does not."""
        return next((at for at, _ in self.having(keyword)), self.pointer)

    def first(self, keyword: str) -> Any:
        """Return the outermost value of a keyword."""
        return next((value for _, value in self.having(keyword)), None)

    def flag(self, keyword: str) -> bool:
        """Whether a keyword is true anywhere."""
        return any(value is True for _, value in self.having(keyword))

    @cached_property
    def types(self) -> frozenset[str]:
        """The admitted types; `fraction` are the numbers that are no integers."""
        if self.values is None:
            return self._declared_types
        return frozenset(_type_of(json.loads(value)) for value in self.values)

    @cached_property
    def values(self) -> frozenset[str] | None:
        """The only values that `enum` and `const` admit, as JSON; None where they do not say."""
        lists = [enum for _, enum in self.having("enum")]
        lists += [[const] for _, const in self.having("const")]
        if not lists:
            return None
        common = frozenset.intersection(*(frozenset(map(canonical, each)) for each in lists))
        return frozenset(v for v in common if _type_of(json.loads(v)) in self._declared_types)

    @cached_property
    def _declared_types(self) -> frozenset[str]:
        admitted = ALL_TYPES
        if any(refused in TRIVIAL for _, refused in self.having("not")):
            return frozenset()
        for _, declared in self.having("type"):
            names = [declared] if isinstance(declared, str) else declared
            admitted &= {n for name in names for n in (NUMBERS if name == "number" else {name})}
        return admitted | {"null"} if OR_NULL in self.at else admitted

    @cached_property
    def bounds(self) -> dict[str, tuple[float, bool]]:
        """The tightest bound by keyword, and whether it is excluded itself."""
        found: dict[str, tuple[float, bool]] = {}
        for keyword, tightest in BOUNDS.items():
            given = [(value, False) for _, value in self.having(keyword)]
            exclusive = f"exclusive{keyword[0].upper()}{keyword[1:]}"
            given += [(value, True) for _, value in self.having(exclusive)]
            if "fraction" not in self.types:
                given = [(_whole(bound, is_lower=tightest is max), False) for bound in given]
            if keyword.startswith("min") and keyword != "minimum":
                given = [bound for bound in given if bound[0] > 0]
            if given:
                value = tightest(value for value, _ in given)
                found[keyword] = value, (value, True) in given
        return found

    def written(self, keyword: str) -> frozenset[str]:
        """Return what an opaque keyword demands, as comparable text."""
        members = GROUPS.get(keyword, (keyword,))
        found = [
            {name: node[name] for name in members if name in node}
            for _, node in self.nodes
            if keyword in node and node[keyword] is not False
        ]
        return frozenset(
            expanded(each if len(members) > 1 else each[keyword], self.source)
            for each in found
            if not is_executed_format(keyword, each[keyword])
        )

    @cached_property
    def members(self) -> dict[str, Pointers]:
        """The properties that a value may have, by name, with all places that describe them."""
        names = [n for _, properties in self.having("properties") for n in properties]
        found = {n: self.describing(n) for n in dict.fromkeys(names)}
        return {n: at for n, at in found.items() if not self._is_refused(n, at)}

    def describing(self, name: str) -> Pointers:
        """Return the places that say what a member is, whether by its name or otherwise."""
        return tuple(
            at for pointer, node in self.nodes for at in nodes.describing(pointer, node, name)
        )

    @cached_property
    def refused(self) -> frozenset[str]:
        """The names that are written down and that no value may have."""
        names = {n for _, properties in self.having("properties") for n in properties}
        return frozenset(names - self.members.keys())

    def _is_refused(self, name: str, at: Pointers) -> bool:
        if any(pointers.lookup(self.source, pointer) is False for pointer in at):
            return True
        closing = [p for p, node in self.nodes if node.get("unevaluatedProperties") is False]
        within = (nodes.gathered_nodes(self.source, (pointer,)) for pointer in closing)
        return not all(nodes.may_name(each, name) for each in within)

    @cached_property
    def required(self) -> dict[str, str]:
        """The required names, with the place that says so."""
        lists = self.having("required")
        return {name: at for at, names in lists for name in names}

    @cached_property
    def closed_by(self) -> str | None:
        """What refuses members without a name here, if anything does."""
        found = [at for at, value in self.having("additionalProperties") if value is False]
        found += [
            child(pointer, "unevaluatedProperties")
            for pointer, node in self.nodes
            if node.get("unevaluatedProperties") is False
            and not nodes.may_name(nodes.gathered_nodes(self.source, (pointer,)))
        ]
        return next(iter(found), None)

    @cached_property
    def left_over(self) -> frozenset[str]:
        """What speaks of members beside each demand that no others be there, as text."""
        closing = [p for p, node in self.nodes if node.get("unevaluatedProperties") is False]
        return frozenset(
            canonical(nodes.speaking(nodes.gathered_nodes(self.source, (pointer,))))
            for pointer in closing
        )

    @cached_property
    def others(self) -> Pointers:
        """The places that say what members without a name are."""
        return tuple(
            at
            for keyword in ("additionalProperties", "unevaluatedProperties")
            for at, value in self.having(keyword)
            if isinstance(value, dict) and value
        )

    def item(self, index: int) -> Pointers:
        """Return the places that say what the item of an index is."""
        found = (at for pointer, node in self.nodes for at in nodes.item(pointer, node, index))
        return tuple(at for at in found if pointers.lookup(self.source, at) not in TRIVIAL)

    @cached_property
    def leading(self) -> int:
        """How many items have a place of their own."""
        return max((len(items) for _, items in self.having("prefixItems")), default=0)

    @cached_property
    def unions(self) -> list[tuple[str, list[Pointers]]]:
        """The alternatives of each `oneOf` and `anyOf`, by their keyword."""
        return [
            (keyword, [(child(at, index),) for index in range(len(branches))])
            for keyword in UNIONS
            for at, branches in self.having(keyword)
            if len(branches) > 1
        ]

    @property
    def is_bare_union(self) -> bool:
        """Whether a union says it all, save for what people read."""
        said = {
            keyword for _, node in self.nodes for keyword in node if not keyword.startswith("x-")
        }
        return bool(self.unions) and said <= {*TEXTS, *UNIONS, *_BESIDE_UNIONS}

    @cached_property
    def is_null(self) -> bool:
        """Whether null is all that is admitted."""
        return NULL in (self.types, self.values)


def _whole(bound: tuple[float, bool], *, is_lower: bool) -> float:
    """Return the outermost integer within a bound."""
    value, is_excluded = bound
    if is_lower:
        return math.floor(value) + 1 if is_excluded else math.ceil(value)
    return math.ceil(value) - 1 if is_excluded else math.floor(value)


def _type_of(value: Any) -> str:
    if value is None or isinstance(value, bool):
        return "null" if value is None else "boolean"
    names = {str: "string", int: "integer", float: "fraction", list: "array", dict: "object"}
    return names[type(value)]
