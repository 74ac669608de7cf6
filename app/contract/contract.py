"""The contract at run time: one route of the application that answers every path of the document.

`Contract.respond` is the straight line that each request takes; the modules it calls own the steps.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager
from functools import partial
from typing import Any, Generic, TypeVar
from urllib.parse import quote

from starlette.datastructures import URLPath
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from app.contract import completeness
from app.contract.bodies import NOTHING_SENT
from app.contract.calls import Call, Router
from app.contract.credentials import Guard, Scopes, challenge
from app.contract.deadline import Deadline
from app.contract.document import Document
from app.contract.endpoint import Endpoint
from app.contract.exchange import Exchange, Outgoing, fields_of, texts_of
from app.contract.failures import Failures
from app.contract.idempotency import AnsweredBefore, Idempotency
from app.contract.limits import Counters, Store
from app.contract.model import Operation
from app.contract.parameters import Texts
from app.contract.paths import Found, PathTable
from app.contract.problems import ContractIncomplete, MalformedRequest, MethodNotAllowed, Problem
from app.contract.schema import Schemas

ContextT = TypeVar("ContextT")
ActorT = TypeVar("ActorT")
OpenContext = Callable[[Operation], AbstractAsyncContextManager[ContextT]]
ProblemOf = Callable[[BaseException], Problem | None]

FOUND = "contract.found"
DEFAULT_MAX_BODY_SIZE = 512 * 1024
DEFAULT_DEADLINE = 12.0


class Contract(BaseRoute, Generic[ContextT, ActorT]):
    """Routes, judges and answers the requests of one document.

    `open_context(operation)` is the request's transaction: leaving it normally commits, leaving it
    by an exception rolls back. `guards` judge a credential by the name of its security scheme.
    `problem_of` names the problem behind an exception of a library. `idempotency` is needed where
    operations take an Idempotency-Key. `limits` counts by the rate limits of the document; without
    it each process counts for itself. `max_body_size` is in bytes and `deadline` in seconds. Raises
    ContractIncomplete, which lists every misfit at once.
    """

    def __init__(
        self,
        document: Document,
        routers: Sequence[Router[ContextT, ActorT]],
        *,
        open_context: OpenContext[ContextT],
        guards: Mapping[str, Guard[ContextT, ActorT]] | None = None,
        has_scopes: Scopes | None = None,
        problem_of: ProblemOf = lambda _: None,
        idempotency: Idempotency[ContextT, ActorT] | None = None,
        limits: Store[ContextT] | None = None,
        max_body_size: int = DEFAULT_MAX_BODY_SIZE,
        deadline: float = DEFAULT_DEADLINE,
    ) -> None:
        """Check that document and routers fit, then build an endpoint for each operation."""
        findings = completeness.findings(document, routers, guards or {}, has_scopes, idempotency)
        if findings:
            raise ContractIncomplete(findings)
        self.document = document
        self.challenge = challenge(document, set())
        self._open_context, self._idempotency = open_context, idempotency
        self._max_body_size = max_body_size
        self._deadline = Deadline(deadline)
        handlers = {name: router.endpoint(name) for router in routers for name in router.operations}
        build = partial(
            Endpoint[ContextT, ActorT],
            document=document,
            schemas=Schemas(document.source),
            guards=guards or {},
            has_scopes=has_scopes,
            limits=limits or Counters(),
        )
        self.endpoints = {o.id: build(o, handlers[o.name]) for o in document.operations}
        self._paths = PathTable(
            (document.base_path + e.operation.path, e.operation.method, e)
            for e in self.endpoints.values()
        )
        self.failures = Failures(document, self.challenge, problem_of)

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim every path of the document, whatever the method (Starlette's routing protocol)."""
        found = self.find(scope) if scope["type"] == "http" else None
        return (Match.NONE, {}) if found is None else (Match.FULL, {FOUND: found})

    def find(self, scope: Scope) -> Found[Endpoint[ContextT, ActorT]] | Problem | None:
        """Return what the document has at a request's path, None where it has nothing there."""
        try:
            return self._paths.find(raw_path_of(scope))
        except MalformedRequest as problem:
            return problem

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Return the path of an operation by its name (Starlette's routing protocol)."""
        for endpoint in self.endpoints.values():
            operation = endpoint.operation
            names = {p.name for p in operation.parameters if p.location == "path"}
            if name in {operation.id, operation.name} and names == path_params.keys():
                path = self.document.base_path + operation.path
                for key, value in path_params.items():
                    path = path.replace(f"{{{key}}}", quote(str(value), safe=""))
                return URLPath(path=path, protocol="http")
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request (Starlette's routing protocol)."""
        outgoing = await self.respond(scope[FOUND], scope, receive, fields_of(scope))
        await outgoing.send(send, is_head=scope["method"] == "HEAD")

    async def respond(
        self,
        found: Found[Endpoint[ContextT, ActorT]] | Problem,
        scope: Scope,
        receive: Receive,
        fields: dict[str, list[str]],
    ) -> Outgoing:
        """Return the answer to one request, whose path has been found and whose `fields` read."""
        exchange = Exchange.of(scope)
        exchange.is_judged = True
        if isinstance(found, Problem):
            return self.failures.unrouted(found, exchange)
        method = found.meant_by(scope["method"])
        if method not in found.methods:
            return self._without_operation(method, found, exchange)
        names, endpoint = found.methods[method]
        exchange.operation_id = endpoint.operation.id
        try:
            path = dict(zip(names, found.values, strict=True)) if names else {}
            texts = texts_of(scope, path, fields)
            outgoing = await self._deadline.hold(self._run(endpoint, texts, receive))
        except AnsweredBefore as before:
            outgoing = endpoint.gate.again(before.kept)
        except Exception as error:  # noqa: BLE001 - every failure is answered by a declared problem
            outgoing = await self.failures.answer(error, endpoint, scope)
        if endpoint.notice:
            outgoing.add(endpoint.notice)
        if endpoint.limits is not None:
            endpoint.limits.tell(exchange, outgoing)
        return outgoing

    def refuse(self, problem: Problem, scope: Scope) -> Outgoing:
        """Refuse a request unserved, in the words of the operation that it means."""
        exchange = Exchange.of(scope)
        found = self.find(scope)
        method = found.meant_by(scope["method"]) if isinstance(found, Found) else ""
        if not isinstance(found, Found) or method not in found.methods:
            return self.failures.unrouted(problem, exchange)
        endpoint = found.methods[method][1]
        exchange.operation_id = endpoint.operation.id
        exchange.is_judged = True
        outgoing = self.failures.declared(problem, endpoint, exchange)
        outgoing.add(endpoint.notice)
        return outgoing

    def _without_operation(
        self, method: str, found: Found[Endpoint[ContextT, ActorT]], exchange: Exchange
    ) -> Outgoing:
        """Answer OPTIONS, and refuse a method that the path does not have."""
        if method == "OPTIONS":
            return Outgoing(204, {"allow": found.allow})
        problem = MethodNotAllowed(headers={"Allow": found.allow})
        return self.failures.unrouted(problem, exchange)

    async def _run(
        self, endpoint: Endpoint[ContextT, ActorT], texts: Texts, receive: Receive
    ) -> Outgoing:
        """Credentials, input, handler, answer; the commit comes last, before any byte is sent."""
        offered = endpoint.security.take(texts)
        content = NOTHING_SENT
        if endpoint.body.expects(texts.header):
            content = await endpoint.body.receive(texts.header, receive, self._max_body_size)
        async with self._open_context(endpoint.operation) as context:
            actor = await endpoint.security.identify(context, offered)
            call = endpoint.read(texts, content, context, actor)
            if endpoint.limits is None:
                return await self._carry_out(endpoint, call, texts)
            async with endpoint.limits.charged(call):
                return await self._carry_out(endpoint, call, texts)

    async def _carry_out(
        self, endpoint: Endpoint[ContextT, ActorT], call: Call[ContextT, ActorT], texts: Texts
    ) -> Outgoing:
        if endpoint.key_name in call.headers:
            return await self._answer_once(endpoint, call, texts)
        return endpoint.answer(await endpoint.handler(call), call, texts)

    async def _answer_once(
        self, endpoint: Endpoint[ContextT, ActorT], call: Call[ContextT, ActorT], texts: Texts
    ) -> Outgoing:
        """Carry out a request that bears a key, and keep the answer in the same transaction."""
        idempotency = self._idempotency
        assert idempotency is not None and endpoint.key_name is not None  # noqa: S101, PT018
        key = str(call.headers[endpoint.key_name])
        claim = await idempotency.claim(endpoint.operation, call, key)
        outgoing = endpoint.answer(await endpoint.handler(call), call, texts)
        await idempotency.keep(call.context, claim, outgoing)
        return outgoing


def raw_path_of(scope: Mapping[str, Any]) -> str:
    """Return the path as the client encoded it, below the application's root path."""
    raw: bytes | None = scope.get("raw_path")
    path = raw.decode("latin-1") if raw else quote(scope["path"])
    if not scope.get("root_path"):
        return path
    root = quote(scope["root_path"]).rstrip("/") + "/"
    return path[len(root) - 1 :] if path.startswith(root) else path
