"""House rule about requests that are repeated: what creates something can be told not to twice."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract.document import Document
from app.contract.model import Operation
from app.contract.pointers import child

Found = Iterator[tuple[str, str]]
Settings = Mapping[str, Any]


def creations_repeatable(document: Document, rule: Settings) -> Found:
    """Each creating POST takes a key, and whatever takes one declares what comes of it."""
    for operation in document.operations:
        takes_key = _takes(operation, rule["parameter"])
        if operation.method == "POST" and rule["status"] in operation.responses and not takes_key:
            yield operation.pointer, f"it creates and takes no {rule['parameter']}"
        if takes_key:
            yield from _undeclared(operation, rule)


def _takes(operation: Operation, name: str) -> bool:
    return any(p.location == "header" and p.key == name.lower() for p in operation.parameters)


def _undeclared(operation: Operation, rule: Settings) -> Found:
    at = child(operation.pointer, "responses")
    for code in rule["problems"]:
        if code not in operation.problem_codes():
            yield at, f"the problem {code} is not declared"
    for response in operation.responses.values():
        if response.is_success and rule["replayed"].lower() not in response.headers:
            yield response.pointer, f"the header {rule['replayed']} is not declared"
