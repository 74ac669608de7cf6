"""Which rate limits a document declares (`x-rate-limit`), and what is wrong with them.

An operation has its own, or else those of its tag. Policies of one name share one count, whichever
operations they stand at.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any, Literal, NamedTuple

from app.contract import pointers
from app.contract.document import Document
from app.contract.model import Operation

MEMBER = "x-rate-limit"
POLICY_FIELD, LIMIT_FIELD = "RateLimit-Policy", "RateLimit"
# The narrowest first, so that nobody uses up what others share by requests that are refused.
KINDS = ("account", "user", "address", "everyone")
Kind = Literal["account", "user", "address", "everyone"]


class Policy(NamedTuple):
    """`limit` requests in a span of `window` seconds, which begins with the first of them.

    `field` is the member of the body that names the account. With `failures_only`, a request that
    succeeds is not counted.
    """

    name: str
    limit: int
    window: int
    per: Kind
    field: str | None
    failures_only: bool


def policies_of(operation: Operation, document: Document, factor: float = 1) -> list[Policy]:
    """Return an operation's policies in the order in which they count, limits times `factor`."""
    policies = [_policy(entry, factor) for entry in declared(operation, document)[1]]
    return sorted(policies, key=lambda policy: (KINDS.index(policy.per), policy.name))


def declared(operation: Operation, document: Document) -> tuple[str, list[dict[str, Any]]]:
    """Return the policies of an operation as the document writes them, and where it does."""
    node = pointers.lookup(document.source, operation.pointer)
    if MEMBER in node:
        return pointers.child(operation.pointer, MEMBER), node[MEMBER]
    for index, tag in enumerate(document.source.get("tags") or ()):
        if tag.get("name") == operation.tag and MEMBER in tag:
            return pointers.child("#/tags", index, MEMBER), tag[MEMBER]
    return operation.pointer, []


def _policy(entry: Mapping[str, Any], factor: float) -> Policy:
    return Policy(
        name=entry["name"],
        limit=max(1, math.floor(entry["limit"] * factor)),
        window=entry["window"],
        per=entry["per"],
        field=entry.get("field"),
        failures_only=entry.get("counts") == "failures",
    )


def faults(document: Document) -> Iterator[tuple[str, str]]:
    """Yield (pointer, reason) for each policy that could not be kept."""
    first: dict[str, tuple[Any, ...]] = {}
    for operation in document.operations:
        at, entries = declared(operation, document)
        for index, entry in enumerate(entries):
            pointer = pointers.child(at, index)
            if entry["per"] == "user" and not operation.needs_actor:
                yield pointer, f"{operation.id} is also served to nobody in particular: per user"
            if (entry["per"] == "account") != ("field" in entry):
                yield pointer, "`field` names the account, for `per: account` and nothing else"
            elif entry["per"] == "account" and not has_member(operation, document, entry["field"]):
                yield pointer, f"the body of {operation.id} requires no string {entry['field']}"
            figures = (entry["limit"], entry["window"], entry["per"], entry.get("counts"))
            if first.setdefault(entry["name"], figures) != figures:
                yield pointer, f"another policy {entry['name']} has other figures"
        names = [entry["name"] for entry in entries]
        if len(set(names)) < len(names):
            yield at, "two policies have one name"


def has_member(operation: Operation, document: Document, name: str) -> bool:
    """Whether every body that an operation takes has a string of this name."""
    contents = list(operation.body.content.values()) if operation.body else []
    return bool(contents and operation.body and operation.body.required) and all(
        content.schema is not None and _requires_string(document, content.schema, name)
        for content in contents
    )


def _requires_string(document: Document, pointer: str, name: str) -> bool:
    schema, at = pointers.resolve(document.source, pointer)
    if name not in schema.get("required", ()) or name not in schema.get("properties", {}):
        return False
    member, _ = pointers.resolve(document.source, pointers.child(at, "properties", name))
    return member.get("type") == "string"
