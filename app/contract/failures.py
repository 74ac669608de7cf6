"""Every failure, turned into a problem that the document declares, and logged where it is ours."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import structlog
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import Scope

from app.contract import gate
from app.contract.document import Document
from app.contract.exchange import Exchange, Outgoing
from app.contract.problems import (
    BY_STATUS,
    ContractBroken,
    InternalError,
    Problem,
    Unavailable,
)

if TYPE_CHECKING:
    from app.contract.endpoint import Endpoint

log = structlog.get_logger("contract")


class Failures:
    """Answers for what went wrong. `problem_of` knows the exceptions of the service's libraries."""

    def __init__(
        self,
        document: Document,
        challenge: str,
        problem_of: Callable[[BaseException], Problem | None],
    ) -> None:
        """`challenge` is the WWW-Authenticate field for requests that reach no operation."""
        self._document = document
        self._challenge = challenge
        self._problem_of = problem_of

    async def answer(
        self, error: Exception, endpoint: Endpoint[Any, Any], scope: Scope
    ) -> Outgoing:
        """Return what the operation declares for `error`: 500 where it declares nothing."""
        if isinstance(error, ClientDisconnect):
            raise error
        exchange = Exchange.of(scope)
        problem = self._problem(error)
        if problem is None:
            made = await self._by_application(error, endpoint, scope)
            if made is not None:
                return made
            log_failure(error, exchange)
            problem = InternalError()
        return self.declared(problem, endpoint, exchange)

    def unrouted(self, problem: Problem, exchange: Exchange) -> Outgoing:
        """Return a problem where no operation is meant."""
        exchange.problem_code = problem.code
        return gate.unrouted(problem, self._document, exchange, self._challenge)

    def _problem(self, error: Exception) -> Problem | None:
        if isinstance(error, Problem):
            return error
        if isinstance(error, ContractBroken):
            return None
        if isinstance(error, HTTPException) and error.status_code in BY_STATUS:
            return BY_STATUS[error.status_code](headers=error.headers)
        is_late = isinstance(error, TimeoutError)
        return self._problem_of(error) or (Unavailable() if is_late else None)

    def declared(
        self, problem: Problem, endpoint: Endpoint[Any, Any], exchange: Exchange
    ) -> Outgoing:
        """Return a problem as the operation declares it; what it does not declare is a 500."""
        exchange.problem_code = problem.code
        challenge = endpoint.security.challenge
        try:
            return endpoint.gate.problem(problem, exchange, challenge)
        except ContractBroken as broken:
            log_failure(broken, exchange)
        exchange.problem_code = InternalError.code
        try:
            return endpoint.gate.problem(InternalError(), exchange, challenge)
        except ContractBroken:
            return self.unrouted(InternalError(), exchange)

    async def _by_application(
        self, error: Exception, endpoint: Endpoint[Any, Any], scope: Scope
    ) -> Outgoing | None:
        """Ask the handlers that the application registered for an exception; judge their answer."""
        handlers = scope["app"].exception_handlers if "app" in scope else {}
        kinds = [kind for kind in type(error).__mro__ if kind in handlers and kind is not Exception]
        if not kinds or isinstance(error, ContractBroken):
            return None
        made = handlers[kinds[0]](Request(scope), error)
        response = await made if hasattr(made, "__await__") else made
        try:
            return endpoint.gate.raw(response.status_code, dict(response.headers), response.body)
        except (ContractBroken, Problem) as broken:
            log_failure(broken, Exchange.of(scope))
            return None


def log_failure(error: BaseException, exchange: Exchange) -> None:
    """Log a bug of ours: where it happened, and its message only where we wrote it ourselves.

    The message of another library's exception may hold what the client sent.
    """
    frames = traceback.extract_tb(error.__traceback__)[-8:]
    log.error(
        "request_failed",
        request_id=exchange.request_id,
        trace_id=exchange.trace_id,
        operation_id=exchange.operation_id,
        error=type(error).__qualname__,
        detail=str(error) if isinstance(error, ContractBroken) else None,
        at=[f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames],
    )
