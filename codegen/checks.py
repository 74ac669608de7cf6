"""Whether the operations of a document fit together: names, paths, parameters, security, links."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

from app.contract import deprecation, pointers, policies
from app.contract.document import Document
from app.contract.grammar import objects
from app.contract.model import Operation
from app.contract.pointers import UnresolvableReferenceError, child, tokens_of
from codegen.findings import Finding

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_KINDS_WITHOUT_GUARD = frozenset({"mutualTLS"})


def findings(document: Document) -> Iterator[Finding]:
    """Yield everything that is wrong with the operations of a document."""
    yield from _name_findings(document)
    yield from _path_findings(document)
    for check in _PER_OPERATION:
        for operation in document.operations:
            yield from check(operation, document)
    yield from (Finding(*fault) for fault in policies.faults(document))
    yield from _link_findings(document)
    yield from _problem_findings(document)


def _name_findings(document: Document) -> Iterator[Finding]:
    ids: dict[str, str] = {}
    names: dict[str, Operation] = {}
    for operation in (*document.operations, *document.webhooks):
        at = child(operation.pointer, "operationId")
        if operation.id in ids:
            yield Finding(at, f"the operationId {operation.id} is taken by {ids[operation.id]}")
        ids.setdefault(operation.id, operation.pointer)
    for operation in document.operations:
        at = child(operation.pointer, "operationId")
        held = names.setdefault(operation.name, operation)
        if not operation.name.isidentifier():
            yield Finding(at, f"no Python name can be made of {operation.id!r}")
        elif held.id != operation.id:
            reason = f"{operation.id} and {held.id} are both {operation.name} in Python"
            yield Finding(at, reason)


def _path_findings(document: Document) -> Iterator[Finding]:
    seen: dict[tuple[str, str], str] = {}
    for operation in document.operations:
        bare = _TEMPLATE.sub("{}", operation.path.rstrip("/"))
        held = seen.setdefault((operation.method, bare), operation.path)
        if set(operation.path) & {"?", "#"}:
            yield Finding(operation.pointer, "a path ends where ? or # begins, so none is found")
        if held != operation.path:
            reason = f"{operation.method} {operation.path} and {held} are the same address"
            yield Finding(operation.pointer, reason)


def _template_findings(operation: Operation, _: Document) -> Iterator[Finding]:
    names = _TEMPLATE.findall(operation.path)
    declared = {p.name: p.pointer for p in operation.parameters if p.location == "path"}
    for name in sorted({n for n in names if names.count(n) > 1}):
        yield Finding(operation.pointer, f"the path names {{{name}}} twice")
    for name in dict.fromkeys(names):
        if name not in declared:
            reason = f"the path names {{{name}}}, and no path parameter is declared for it"
            yield Finding(operation.pointer, reason)
    for name, pointer in declared.items():
        if name not in names:
            reason = f"{operation.path} does not name the path parameter {{{name}}}"
            yield Finding(pointer, reason)


def _parameter_findings(operation: Operation, document: Document) -> Iterator[Finding]:
    """A parameter may be declared for the path and for the operation, not twice for either."""
    node = pointers.lookup(document.source, operation.pointer)
    owner = child("#", *tokens_of(operation.pointer)[:-1])
    item = pointers.lookup(document.source, owner)
    for at, holder in ((operation.pointer, node), (owner, item)):
        seen: set[tuple[str, str]] = set()
        for index in range(len(holder.get("parameters", ()))):
            pointer = child(at, "parameters", index)
            found, _ = pointers.resolve(document.source, pointer)
            name = found["name"].lower() if found["in"] == "header" else found["name"]
            if (found["in"], name) in seen:
                yield Finding(pointer, f"the {found['in']} parameter {name} is declared twice")
            seen.add((found["in"], name))


def _security_findings(operation: Operation, document: Document) -> Iterator[Finding]:
    node = pointers.lookup(document.source, operation.pointer)
    at = child(operation.pointer if "security" in node else "#", "security")
    for index, choice in enumerate(operation.security):
        for name, scopes in choice.items():
            place = child(at, index, name)
            scheme = document.security_schemes.get(name)
            if scheme is None:
                yield Finding(place, f"there is no security scheme {name}")
            elif scheme.kind in _KINDS_WITHOUT_GUARD:
                reason = f"{scheme.kind} is judged before HTTP; nothing here can guard by it"
                yield Finding(place, reason)
            else:
                known = _scopes(document, name)
                unknown = [s for s in scopes if known is not None and s not in known]
                yield from (Finding(place, f"the scheme has no scope {s}") for s in unknown)


def _deprecation_findings(operation: Operation, document: Document) -> Iterator[Finding]:
    node = pointers.lookup(document.source, operation.pointer)
    for member, reason in deprecation.faults(node):
        yield Finding(child(operation.pointer, member), reason)


def _scopes(document: Document, name: str) -> set[str] | None:
    """Return the scopes of an OAuth scheme, None where any may be asked for."""
    node, _ = pointers.resolve(document.source, child("#/components/securitySchemes", name))
    flows = node.get("flows")
    if not isinstance(flows, dict):
        return None
    return {s for flow in flows.values() if isinstance(flow, dict) for s in flow.get("scopes", {})}


def _link_findings(document: Document) -> Iterator[Finding]:
    for kind, pointer, link in objects(document.source):
        if kind != "link" or "$ref" in link:
            continue
        operation = _linked(document, link)
        if operation is None:
            yield Finding(pointer, "the link leads to no operation of the document")
            continue
        known = {p.name for p in operation.parameters}
        known |= {f"{p.location}.{p.name}" for p in operation.parameters}
        for name in link.get("parameters", ()):
            if name not in known:
                reason = f"{operation.id} has no parameter {name}"
                yield Finding(child(pointer, "parameters", name), reason)


def _linked(document: Document, link: dict[str, Any]) -> Operation | None:
    if "operationId" in link:
        return document.by_id.get(link["operationId"])
    reference = child("#", *tokens_of(str(link.get("operationRef", ""))))
    try:
        path, method = tokens_of(reference)[1:]
        pointers.lookup(document.source, reference)
    except (ValueError, UnresolvableReferenceError):
        return None
    meant = ((o.path, o.method.lower()) for o in document.operations)
    return next(
        (o for o, m in zip(document.operations, meant, strict=True) if m == (path, method)), None
    )


def _problem_findings(document: Document) -> Iterator[Finding]:
    for operation in document.operations:
        for status, response in operation.responses.items():
            for index, code in enumerate(response.problems):
                at = child(response.pointer, "x-problems", index)
                entry = document.problems.get(code)
                if entry is None:
                    yield Finding(at, f"the catalogue (components/x-problems) has no {code}")
                elif str(entry.status) != status:
                    reason = (
                        f"{code} is a {entry.status} in the catalogue and stands under {status}"
                    )
                    yield Finding(at, reason)
    for _, pointer, node in objects(document.source):
        if "x-enum-of" in node:
            reason = f"x-enum-of knows problems, and not {node['x-enum-of']!r}"
            yield Finding(child(pointer, "x-enum-of"), reason)


_PER_OPERATION: tuple[Callable[[Operation, Document], Iterator[Finding]], ...] = (
    _template_findings,
    _parameter_findings,
    _security_findings,
    _deprecation_findings,
)
