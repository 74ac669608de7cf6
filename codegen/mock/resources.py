"""Which paths of a document are resources that are created, read, listed, changed and deleted.

The document says so by its structure: what is created at `/things` is read at `/things/{thing_id}`,
or where a link of the answer leads, which also names the member that holds the id.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.model import Operation, Parameter, Response
from app.contract.pointers import child

Key = tuple[str, ...]

_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_ONE_MORE = re.compile(r"/\{[^{}/]+\}/?")
_BODY_MEMBER = re.compile(r"\$response\.body#/([^/]+)")
# What the member with the id of an object is usually called, after the parameter's own name.
_USUAL_MEMBERS = ("id", "uuid", "key", "slug", "name")


@dataclass(frozen=True, slots=True)
class Resource:
    """What is created by one operation. `member` holds the id, where a link says so."""

    create: Operation
    created: Response
    read: Operation
    parameter: Parameter
    member: str | None

    def parents(self, path: Mapping[str, Any]) -> Key:
        """Return what stands in the path of the collection."""
        return _values(self.create, path)

    def key(self, path: Mapping[str, Any]) -> Key:
        """Return what tells an item from all others, from a request to it."""
        return _values(self.read, path)

    def key_of(self, parents: Key, identity: Any) -> Key:
        """Return the same for an item that is created."""
        is_nested = self.read.path.startswith(self.create.path.rstrip("/") + "/")
        return (*(parents if is_nested else ()), str(identity))

    def member_in(self, names: Mapping[str, Any]) -> str | None:
        """Return which of the members of a representation holds the id."""
        likely = (self.member, self.parameter.name, *_USUAL_MEMBERS)
        return next((name for name in likely if name is not None and name in names), None)

    def path_of(self, base: str, key: Key) -> str:
        """Return the path of an item, whose values are in their place as they are."""
        values = iter(key)
        return base + _TEMPLATE.sub(lambda _: next(values), self.read.path)


def _values(operation: Operation, path: Mapping[str, Any]) -> Key:
    return tuple(str(path[name]) for name in _TEMPLATE.findall(operation.path))


def resources(document: Document) -> Iterator[Resource]:
    """Yield what can be created and then be read."""
    for operation in document.operations:
        created = operation.responses.get("201") or operation.responses.get("200")
        if operation.method == "POST" and created is not None:
            found = _resource(document, operation, created)
            if found is not None:
                yield found


def _resource(document: Document, create: Operation, created: Response) -> Resource | None:
    links = dict(_links(document, created))
    read = _below(document, create.path)
    if read is None and created.status == "201":
        linked = (document.by_id[name] for name in links)
        read = next((o for o in linked if len(_TEMPLATE.findall(o.path)) == 1), None)
    if read is None:
        return None
    name = _TEMPLATE.findall(read.path)[-1]
    parameter = next(p for p in read.parameters if p.location == "path" and p.name == name)
    wanted = links.get(read.id, {})
    found = _BODY_MEMBER.fullmatch(str(wanted.get(name) or wanted.get(f"path.{name}")))
    member = found[1].replace("~1", "/").replace("~0", "~") if found else None
    return Resource(create, created, read, parameter, member)


def _below(document: Document, collection: str) -> Operation | None:
    """Return what reads the items of a collection, going by the paths."""
    start = collection.rstrip("/")
    reading = (o for o in document.operations if o.method == "GET" and o.path.startswith(start))
    return next((o for o in reading if _ONE_MORE.fullmatch(o.path[len(start) :])), None)


def _links(document: Document, response: Response) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield the reading operations that links lead to, each with its parameters."""
    node = pointers.lookup(document.source, response.pointer)
    for name in node.get("links") or ():
        link, _ = pointers.resolve(document.source, child(response.pointer, "links", name))
        operation = document.by_id.get(link.get("operationId", ""))
        if operation is not None and operation.method == "GET":
            yield operation.id, link.get("parameters") or {}
