"""Two documents side by side."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from app.contract.document import Document
from app.contract.model import Operation
from app.contract.pointers import child
from codegen.diff.changes import Change, additive, breaking, docs, gathered
from codegen.diff.facets import canonical
from codegen.diff.operations import OperationComparison

_TEMPLATE = re.compile(r"\{[^{}]*\}")
_NAME = re.compile(r"\{([^{}]*)\}")
Found = Iterator[tuple[str | None, Change]]


def compare(old: Document, new: Document) -> list[Change]:
    """Return every change from `old` to `new`, the gravest first; none for equal documents."""
    found = list(_found(old, new))
    if not found and canonical(old.source) != canonical(new.source):
        found.append((None, docs("#", "the text is another")))
    return gathered(found)


def _found(old: Document, new: Document) -> Found:
    comparison = OperationComparison(old.source, new.source)
    yield from ((None, change) for change in _whole(old, new))
    yield from _operations(old, new, comparison)
    mine = {(o.path, o.method): o for o in old.webhooks}
    theirs = {(o.path, o.method): o for o in new.webhooks}
    for key in mine.keys() - theirs.keys():
        says = f"the webhook {key[0]} is gone"
        yield None, breaking("webhook-removed", mine[key].pointer, says, is_gone=True)
    for key in theirs.keys() - mine.keys():
        yield None, additive("webhook-added", theirs[key].pointer, f"there is a webhook {key[0]}")
    for key in mine.keys() & theirs.keys():
        yield from ((None, c) for c in comparison.sent(mine[key], theirs[key]))


def _operations(old: Document, new: Document, comparison: OperationComparison) -> Found:
    mine = {_address(o): o for o in old.operations}
    theirs = {_address(o): o for o in new.operations}
    for address, operation in mine.items():
        if address not in theirs:
            yield operation.id, _removed(operation, new)
    for address, operation in theirs.items():
        if address not in mine:
            says = f"there is an operation {operation.method} {operation.path}"
            yield operation.id, additive("operation-added", operation.pointer, says)
            continue
        before = mine[address]
        if before.path != operation.path:
            says = f"the path was {before.path}, whose parameters are arguments in every SDK"
            yield operation.id, breaking("path-parameter-renamed", operation.pointer, says)
        for change in comparison.changes(before, _named_as(before, operation)):
            yield operation.id, change


def _address(operation: Operation) -> tuple[str, str]:
    return operation.method, _TEMPLATE.sub("{}", operation.path.rstrip("/"))


def _named_as(old: Operation, new: Operation) -> Operation:
    """Return the new operation with the old names of path parameters, which are told of once."""
    names = dict(zip(_NAME.findall(new.path), _NAME.findall(old.path), strict=True))
    parameters = tuple(
        replace(p, name=names.get(p.name, p.name)) if p.location == "path" else p
        for p in new.parameters
    )
    return replace(new, parameters=parameters)


def _removed(operation: Operation, new: Document) -> Change:
    moved = new.by_id.get(operation.id)
    says = f"{operation.method} {operation.path} is gone"
    if moved is not None:
        says = f"it was {operation.method} {operation.path} and is {moved.method} {moved.path}"
    rule = "operation-removed" if moved is None else "operation-moved"
    return breaking(rule, operation.pointer, says, is_gone=True)


def _whole(old: Document, new: Document) -> Iterator[Change]:
    if old.base_path != new.base_path:
        says = (
            f"all paths stood under {old.base_path or '/'} and stand under {new.base_path or '/'}"
        )
        yield breaking("base-path-changed", "#/servers", says)
    yield from _schemes(old, new)
    for code in old.problems.keys() - new.problems.keys():
        pointer = child("#/components/x-problems", code)
        yield breaking("problem-removed", pointer, f"the problem {code} is gone", is_gone=True)
    for code in old.problems.keys() & new.problems.keys():
        was, now, at = (
            old.problems[code],
            new.problems[code],
            child("#/components/x-problems", code),
        )
        if was.status != now.status:
            says = f"its status was {was.status} and is {now.status}"
            yield breaking("problem-status-changed", at, says)
        if was.oauth_error != now.oauth_error:
            says = f"its `error` was {was.oauth_error} and is {now.oauth_error}"
            yield breaking("problem-oauth-error-changed", at, says)
        if (was.title, was.detail, was.description) != (now.title, now.detail, now.description):
            yield docs(at)
    for member in ("info", "tags", "externalDocs"):
        before, after = (_without_version(d.source.get(member)) for d in (old, new))
        if canonical(before) != canonical(after):
            yield docs(child("#", member))


def _without_version(value: Any) -> Any:
    return {k: v for k, v in value.items() if k != "version"} if isinstance(value, dict) else value


def _schemes(old: Document, new: Document) -> Iterator[Change]:
    mine = old.source.get("components", {}).get("securitySchemes", {})
    theirs = new.source.get("components", {}).get("securitySchemes", {})
    for name in mine.keys() & theirs.keys():
        before, after = (
            {k: v for k, v in d[name].items() if k != "description"} for d in (mine, theirs)
        )
        if canonical(before) != canonical(after):
            at = child("#/components/securitySchemes", name)
            yield breaking("security-scheme-changed", at, f"{name} is presented otherwise")
