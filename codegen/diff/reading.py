"""One of the two documents, as the runtime executes it in each direction."""

from __future__ import annotations

import copy
from functools import cached_property
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.pointers import child
from app.contract.schema import Direction, executable
from codegen.diff.nodes import Pointers, gathered_nodes
from codegen.diff.views import View
from codegen.generate import fill_enumerations


class Reading:
    """What a document demands, whatever it is spelled with; schemas are named by pointers."""

    def __init__(self, document: Document) -> None:
        """Read a document; raises UnresolvableReferenceError."""
        self.document = document
        self.source = copy.deepcopy(document.source)
        fill_enumerations(self.source)
        self._sources: dict[Direction, dict[str, Any]] = {}
        self._views: dict[tuple[Direction, Pointers], View] = {}

    @cached_property
    def hooks(self) -> Document:
        """The document with its callbacks among its webhooks: it sends requests by both."""
        named = {name: {"$ref": at} for name, (_, at) in self._found.items()}
        return Document({**self.source, "webhooks": {**self.source.get("webhooks", {}), **named}})

    @cached_property
    def callbacks(self) -> dict[str, str]:
        """The operationIds that callbacks belong to, by the names of these among the webhooks."""
        return {name: operation for name, (operation, _) in self._found.items()}

    @cached_property
    def _found(self) -> dict[str, tuple[str, str]]:
        """The operation and the place of each callback."""
        return {
            f"{operation.id} {name} {expression}": (operation.id, child(at, expression))
            for operation in self.document.operations
            for name in self.node(operation.pointer).get("callbacks") or {}
            for callback, at in [
                pointers.resolve(self.source, child(operation.pointer, "callbacks", name))
            ]
            for expression in callback
            if not expression.startswith("x-")
        }

    def node(self, pointer: str) -> dict[str, Any]:
        """Return the object at a pointer, references followed."""
        return pointers.resolve(self.source, pointer)[0]

    def roots(self, at: Pointers, way: Direction) -> Pointers:
        """Return pointers of schemas with plain references followed, so that one has one name."""
        source = self._executable(way)
        return tuple(dict.fromkeys(_followed(pointer, source) for pointer in at))

    def view(self, at: Pointers, way: Direction) -> View:
        """Return all that the schemas at some pointers demand together."""
        at = self.roots(at, way)
        if (way, at) not in self._views:
            source = self._executable(way)
            self._views[way, at] = View(gathered_nodes(source, at), at, source, way)
        return self._views[way, at]

    def _executable(self, way: Direction) -> dict[str, Any]:
        if way not in self._sources:
            is_3_0 = self.document.is_3_0
            self._sources[way] = executable(self.source, way, is_3_0=is_3_0)
        return self._sources[way]


def _followed(pointer: str, source: dict[str, Any]) -> str:
    seen = {pointer}
    while pointer.startswith("#"):
        node = pointers.lookup(source, pointer)
        if not isinstance(node, dict) or node.keys() != {"$ref"} or node["$ref"] in seen:
            break
        pointer = child("#", *pointers.tokens_of(node["$ref"]))
        seen.add(pointer)
    return pointer
