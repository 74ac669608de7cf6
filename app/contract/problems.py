"""Problems (RFC 9457): the exceptions that a handler or the runtime raises, and their JSON body.

    Problem                     the document's catalogue lists them; generated ones derive from it
     +- MalformedRequest        400    +- ContentTooLarge           413
     +- Unauthorized            401    +- UnsupportedMediaType      415
     +- InvalidToken            401    +- InvalidInput              422
     +- Forbidden               403    +- TooManyRequests           429
     +- NotFound                404    +- HeaderFieldsTooLarge      431
     +- MethodNotAllowed        405    +- InternalError             500
     +- NotAcceptable           406    +- OperationNotImplemented   501
     +- PreconditionFailed      412    +- Unavailable               503
     +- IdempotencyKeyInUse     409    +- IdempotencyKeyReused      422

The classes here are the runtime's own; title, status and texts come from the catalogue.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar

from app.contract.model import Operation, ProblemType

MEDIA_TYPE = "application/problem+json"


@dataclass(frozen=True, slots=True, kw_only=True)
class InputError:
    """One thing wrong with the input; exactly one of pointer, parameter and header says where."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None

    def as_member(self) -> dict[str, str]:
        """Return it as it stands in the `errors` member of a problem."""
        places = {"pointer": self.pointer, "parameter": self.parameter, "header": self.header}
        present = {name: place for name, place in places.items() if place is not None}
        return {**present, "code": self.code, "detail": self.detail}


class Problem(Exception):
    """An answer that says what went wrong. Raising it rolls the request's transaction back."""

    code: ClassVar[str] = "internal_error"

    def __init__(
        self,
        detail: str | None = None,
        *,
        headers: Mapping[str, str] | None = None,
        errors: Sequence[InputError] = (),
    ) -> None:
        """`detail` replaces the catalogue's sentence; it must never repeat what the client sent."""
        super().__init__(detail or self.code)
        self.detail = detail
        self.headers = dict(headers or {})
        self.errors = tuple(errors)


class MalformedRequest(Problem):
    """The request cannot be read at all."""

    code = "malformed_request"


class Unauthorized(Problem):
    """The operation needs credentials and none came."""

    code = "unauthorized"


class InvalidToken(Problem):
    """Credentials came and are not good."""

    code = "invalid_token"


class Forbidden(Problem):
    """The credentials are good and do not suffice."""

    code = "forbidden"


class NotFound(Problem):
    """No path of the document is meant."""

    code = "not_found"


class MethodNotAllowed(Problem):
    """The path exists and does not have this method."""

    code = "method_not_allowed"


class NotAcceptable(Problem):
    """None of the media types that the operation answers with is acceptable."""

    code = "not_acceptable"


class IdempotencyKeyInUse(Problem):
    """A request with the same Idempotency-Key is still being carried out."""

    code = "idempotency_key_in_use"


class IdempotencyKeyReused(Problem):
    """The Idempotency-Key was sent before with another request."""

    code = "idempotency_key_reused"

    def __init__(self) -> None:
        error = InputError(
            code="reused",
            detail="This key belongs to another request.",
            header="Idempotency-Key",
        )
        super().__init__(errors=[error])


class PreconditionFailed(Problem):
    """The resource is not in the state that If-Match or If-None-Match names."""

    code = "precondition_failed"


class ContentTooLarge(Problem):
    """The body is longer than the operation takes."""

    code = "content_too_large"


class UnsupportedMediaType(Problem):
    """The body is of a media type that the operation does not take."""

    code = "unsupported_media_type"


class InvalidInput(Problem):
    """Parameters or body are readable and are not what the document allows."""

    code = "invalid_input"


class TooManyRequests(Problem):
    """A rate limit is used up."""

    code = "too_many_requests"


class HeaderFieldsTooLarge(Problem):
    """Request line and header fields are longer than the service reads."""

    code = "header_fields_too_large"


class InternalError(Problem):
    """The service is at fault."""

    code = "internal_error"


class OperationNotImplemented(Problem):
    """The document declares the operation and nobody has written its handler yet."""

    code = "not_implemented"


class Unavailable(Problem):
    """The service cannot answer just now."""

    code = "unavailable"


BY_STATUS: Mapping[int, type[Problem]] = {
    400: MalformedRequest,
    401: Unauthorized,
    403: Forbidden,
    404: NotFound,
    405: MethodNotAllowed,
    406: NotAcceptable,
    412: PreconditionFailed,
    413: ContentTooLarge,
    415: UnsupportedMediaType,
    422: InvalidInput,
    429: TooManyRequests,
    431: HeaderFieldsTooLarge,
    500: InternalError,
    501: OperationNotImplemented,
    503: Unavailable,
}


class ContractBroken(Exception):
    """The service was about to send something that the document does not declare: a bug of ours."""


class ContractIncomplete(Exception):
    """Document and service do not fit together; `findings` names every misfit at once."""

    def __init__(self, findings: Iterable[str]) -> None:
        """Join the findings into one message, a line each."""
        self.findings = tuple(findings)
        lines = "\n".join(f"  - {finding}" for finding in self.findings)
        super().__init__(f"the service does not fit its document:\n{lines}")


def problem_type_for(
    code: str, operation: Operation | None, catalogue: Mapping[str, ProblemType]
) -> ProblemType | None:
    """Return what an operation declares for `code`: the problem itself or one that refines it.

    Without an operation (no route was found) the catalogue alone decides. None: it is undeclared.
    """
    if operation is None:
        return catalogue.get(code)
    declared = operation.problem_codes()
    if code in declared:
        return catalogue.get(code)
    refining = (catalogue[name] for name in sorted(declared) if name in catalogue)
    return next((entry for entry in refining if code in entry.refines), None)


def body_of(problem: Problem, entry: ProblemType, request_id: str) -> dict[str, Any]:
    """Return the members of the problem's JSON body."""
    detail = problem.detail or entry.detail
    body: dict[str, Any] = {
        "type": entry.type,
        "title": entry.title,
        "status": entry.status,
        "detail": detail,
        "code": entry.code,
        "request_id": request_id,
    }
    if problem.errors:
        body["errors"] = [error.as_member() for error in problem.errors]
    if entry.oauth_error is not None:
        body |= {"error": entry.oauth_error, "error_description": detail}
    return body
