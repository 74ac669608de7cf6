"""Puts a contract into a FastAPI application, which stays one in every other respect."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response

from app.contract.contract import Contract
from app.contract.edge import Edge
from app.contract.exchange import Exchange
from app.contract.problems import BY_STATUS, InternalError, InvalidInput, Problem
from app.contract.served import ServedDocument


def install(
    app: FastAPI,
    contract: Contract[Any, Any],
    *,
    documents: Sequence[ServedDocument],
    allowed_hosts: Iterable[str],
) -> None:
    """Route the document's paths through `contract`, serve the document, and set up the edge.

    Call it after the application's own middleware is added, so that the edge is outermost.
    """
    app.router.redirect_slashes = False
    app.router.routes.append(contract)
    app.router.routes.extend(document.route() for document in documents)
    failures = contract.failures

    def refuse(request: Request, problem: Problem) -> Response:
        outgoing = failures.unrouted(problem, Exchange.of(request.scope))
        return Response(outgoing.body, outgoing.status, outgoing.headers)

    async def on_http_exception(request: Request, error: Exception) -> Response:
        status = error.status_code if isinstance(error, HTTPException) else 500
        headers = error.headers if isinstance(error, HTTPException) else None
        return refuse(request, BY_STATUS.get(status, InternalError)(headers=headers))

    async def on_invalid_request(request: Request, _: Exception) -> Response:
        return refuse(request, InvalidInput())

    async def on_problem(request: Request, error: Exception) -> Response:
        return refuse(request, error if isinstance(error, Problem) else InternalError())

    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(Problem, on_problem)
    app.add_middleware(Edge, failures=failures, allowed_hosts=allowed_hosts)
