"""House rules about rate limits: who is limited is told so, and nobody else."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract import policies
from app.contract.document import Document
from app.contract.model import Operation
from app.contract.pointers import child

Found = Iterator[tuple[str, str]]


def declared_everywhere(document: Document, rule: Mapping[str, Any]) -> Found:
    """What has a limit declares the refusal and the fields that tell of it; nothing else does."""
    for operation in document.operations:
        if policies.declared(operation, document)[1]:
            yield from _untold(operation, rule)
        elif rule["status"] in operation.responses:
            at = child(operation.pointer, "responses", rule["status"])
            yield at, f"this is never answered: {operation.id} has no {policies.MEMBER}"


def _untold(operation: Operation, rule: Mapping[str, Any]) -> Found:
    responses = child(operation.pointer, "responses")
    if rule["status"] not in operation.responses:
        yield responses, f"{operation.id} has a rate limit and does not declare {rule['status']}"
    for status, response in operation.responses.items():
        if not response.is_success and status != rule["status"]:
            continue
        wanted = [*rule["headers"], *(rule["refused"] if status == rule["status"] else ())]
        for name in wanted:
            header = response.headers.get(name.lower())
            if header is None:
                yield response.pointer, f"the header {name} is not declared"
            elif not header.required:
                yield header.pointer, f"the header {name} is not required"
