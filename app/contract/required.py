"""Which problems the runtime itself can answer an operation with, so that it must declare them."""

from __future__ import annotations

from collections.abc import Iterator

from app.contract.document import Document
from app.contract.model import Operation
from app.contract.policies import declared
from app.contract.problems import (
    BY_STATUS,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InvalidToken,
    problem_type_for,
)

STATUS_OF = {
    InvalidToken.code: 401,
    IdempotencyKeyInUse.code: 409,
    IdempotencyKeyReused.code: 422,
} | {kind.code: status for status, kind in BY_STATUS.items()}


def required_problems(operation: Operation, document: Document) -> dict[int, list[str]]:
    """Map a status to the problem codes that the runtime can raise there for `operation`."""
    found: dict[int, list[str]] = {}
    for code in _codes(operation, document):
        entry = document.problems.get(code)
        status = entry.status if entry is not None else STATUS_OF[code]
        found.setdefault(status, []).append(code)
    return found


def missing_problems(operation: Operation, document: Document) -> dict[int, list[str]]:
    """Map a status to the required codes that `operation` declares neither directly nor refined."""
    missing = {
        status: [c for c in codes if problem_type_for(c, operation, document.problems) is None]
        for status, codes in required_problems(operation, document).items()
    }
    return {status: codes for status, codes in missing.items() if codes}


def _codes(operation: Operation, document: Document) -> Iterator[str]:
    yield from ("malformed_request", "invalid_input", "header_fields_too_large", "internal_error")
    if any(r.content for r in operation.responses.values() if r.is_success):
        yield "not_acceptable"
    if operation.takes_actor:
        yield "invalid_token"
    if operation.needs_actor:
        yield "unauthorized"
    if any(scopes for choice in operation.security for scopes in choice.values()):
        yield "forbidden"
    if operation.body is not None:
        yield from ("content_too_large", "unsupported_media_type")
    if "412" in operation.responses:
        yield "precondition_failed"
    if operation.idempotency_key is not None:
        yield from (IdempotencyKeyInUse.code, IdempotencyKeyReused.code)
    if declared(operation, document)[1]:
        yield "too_many_requests"
