"""Puts a contract into a FastAPI application, which stays one in every other respect.

A request meets the edge first, then the middleware that was added to the application, then the
contract. What FastAPI puts around its own routes stands behind these, where only they meet it.
"""

from __future__ import annotations

from collections.abc import Awaitable, Iterable, Sequence
from http import HTTPStatus
from typing import Any

from fastapi import FastAPI
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.types import ASGIApp, Receive, Scope, Send

from app.contract import json_text, problems
from app.contract.contract import FOUND, Contract
from app.contract.edge import Edge, Record, log_line
from app.contract.exchange import Exchange
from app.contract.failures import Failures
from app.contract.observers import Observer
from app.contract.problems import BY_STATUS, InternalError, InvalidInput, Problem
from app.contract.served import ServedDocument


def install(
    app: FastAPI,
    contract: Contract[Any, Any],
    *,
    documents: Sequence[ServedDocument],
    allowed_hosts: Iterable[str],
    record: Record = log_line,
    observers: Sequence[Observer] = (),
) -> None:
    """Route the document's paths through `contract`, serve the document, and set up the edge, which
    has the line of each request written by `record` and tells `observers`.

    Middleware may be added before and after.
    """
    app.router.redirect_slashes = False
    app.router.routes.append(contract)
    app.router.routes.extend(document.route() for document in documents)
    answer_failures(app, contract.failures)

    def build() -> ASGIApp:
        return Edge(
            behind_edge(app, contract),
            contract,
            is_direct=not app.user_middleware,
            allowed_hosts=allowed_hosts,
            record=record,
            observers=observers,
        )

    # FastAPI asks for it once, with the first request, when everything has been added.
    app.build_middleware_stack = build  # type: ignore[method-assign]


def entrance(app: FastAPI) -> ASGIApp:
    """Return what a server calls in place of `app`, where requests meet the edge two calls sooner.
    Middleware cannot be added any more.
    """
    stack = app.middleware_stack = app.build_middleware_stack()

    def enter(scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        scope["app"] = app
        return stack(scope, receive, send)

    return enter


def behind_edge(app: FastAPI, contract: Contract[Any, Any]) -> ASGIApp:
    """Return FastAPI's own layers; the contract is around them, and the application's middleware
    around the contract, where there is any.
    """
    added, app.user_middleware = app.user_middleware, []
    try:
        stack: ASGIApp = type(app).build_middleware_stack(app)
    finally:
        app.user_middleware = added
    if added:
        stack = Front(stack, contract)
    for middleware in reversed(added):
        stack = middleware.cls(stack, *middleware.args, **middleware.kwargs)
    return stack


def answer_failures(app: FastAPI, failures: Failures) -> None:
    """Turn the errors of FastAPI's own routes into problems."""

    def refuse(request: Request, problem: Problem) -> Response:
        outgoing = failures.unrouted(problem, Exchange.of(request.scope))
        return Response(outgoing.body, outgoing.status, outgoing.headers)

    async def on_http_exception(request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)  # noqa: S101 - Starlette looks handlers up by type
        if error.status_code in BY_STATUS:
            return refuse(request, BY_STATUS[error.status_code](headers=error.headers))
        return nameless(error)

    async def on_invalid_request(request: Request, _: Exception) -> Response:
        return refuse(request, InvalidInput())

    async def on_problem(request: Request, error: Exception) -> Response:
        return refuse(request, error if isinstance(error, Problem) else InternalError())

    app.add_exception_handler(HTTPException, on_http_exception)
    app.add_exception_handler(RequestValidationError, on_invalid_request)
    app.add_exception_handler(Problem, on_problem)


class Front:
    """What the application's middleware is around: the contract, then all that is not its own."""

    def __init__(self, app: ASGIApp, contract: Contract[Any, Any]) -> None:
        self._app = app
        self._contract = contract

    def __call__(self, scope: Scope, receive: Receive, send: Send) -> Awaitable[None]:
        """Answer by the contract, or pass on what is not the document's."""
        found = self._contract.find(scope) if scope["type"] == "http" else None
        if found is None:
            return self._app(scope, receive, send)
        scope[FOUND] = found
        return self._contract.handle(scope, receive, send)


def nameless(error: HTTPException) -> Response:
    """Answer a status that the catalogue has no problem for (RFC 9457, section 4.2.1)."""
    status = error.status_code
    if status < HTTPStatus.BAD_REQUEST:
        return Response(status_code=status, headers=error.headers)
    titles = {known.value: known.phrase for known in HTTPStatus}
    body = {"type": "about:blank", "title": titles.get(status, "Error"), "status": status}
    return Response(json_text.dumps(body), status, error.headers, problems.MEDIA_TYPE)
