"""A service over `workshop.yaml`: the contract runtime without generator and database."""

from __future__ import annotations

import copy
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

import yaml
from fastapi import FastAPI

from app.contract import Answer, Call, Contract, Document, Operation, Problem, Router, install
from app.contract.problems import InvalidToken, Unavailable
from app.contract.required import missing_problems
from tests.contract.runtime.asgi import Received, ask

Handler = Callable[[Call[Any, Any]], Awaitable[Any]]
SOURCE: dict[str, Any] = yaml.safe_load(Path(__file__).with_name("workshop.yaml").read_text())
GOOD = ("authorization", "Bearer good")
JSON = ("content-type", "application/json")


class NameTaken(Problem):
    code = "name_taken"


class ToolNotFound(Problem):
    code = "tool_not_found"


class DatabaseAwayError(Exception):
    """What a driver raises; `problem_of` knows it."""


def complete(source: dict[str, Any]) -> dict[str, Any]:
    """Return a copy in which each operation declares the problems that the runtime may raise."""
    source = copy.deepcopy(source)
    source.setdefault("components", {}).setdefault("x-problems", SOURCE["components"]["x-problems"])
    document = Document(source)
    for operation in document.operations:
        responses = source["paths"][operation.path][operation.method.lower()]["responses"]
        missing = {503: ["unavailable"], **missing_problems(operation, document)}
        for status, codes in missing.items():
            responses[str(status)] = {
                "description": "A problem.",
                "x-problems": codes,
                "content": {"application/problem+json": {"schema": {"type": "object"}}},
            }
    return source


DOCUMENT = Document(complete(SOURCE))


class _AnyName(type):
    def __getattr__(cls, name: str) -> Callable[[Any], Awaitable[Any]]:
        return _never


async def _never(context: Any) -> Any:
    raise AssertionError(context)


class AnyApi(metaclass=_AnyName):
    """Has every handler, so that a router of test functions passes for a complete one."""

    def __getattr__(self, name: str) -> Callable[[Any], Awaitable[Any]]:
        return _never


class Handlers(Router[Any, Any]):
    """A router that answers each operation by a function of the test, or by echoing its input."""

    tag: ClassVar[str] = "default"

    def __init__(self, api: AnyApi, document: Document, handlers: dict[str, Handler]) -> None:
        self.api = api
        self.operations = tuple(o.name for o in document.operations)  # type: ignore[misc]
        self.handlers = handlers

    def endpoint(self, name: str) -> Handler:
        async def call_by_name(call: Call[Any, Any]) -> Any:
            return await self.handlers.get(name, echo)(call)

        return call_by_name


async def echo(call: Call[Any, Any]) -> Any:
    """Answer with what the runtime made of the request."""
    read = {
        "actor": call.signed_in,
        "path": call.path,
        "query": call.query,
        "headers": call.headers,
        "cookies": call.cookies,
        "body": call.body,
        "media_type": call.media_type,
        "accept": call.accept,
    }
    return {name: value for name, value in read.items() if value is not None and value != {}}


@dataclass
class Workshop:
    """The application under test, what it did in which order, and its replaceable handlers."""

    app: FastAPI
    contract: Contract[Any, Any]
    handlers: dict[str, Handler]
    journal: list[str] = field(default_factory=list)

    async def __call__(
        self, method: str, target: str, *fields: tuple[str, str], **more: Any
    ) -> Received:
        return await ask(self.app, method, target, fields=fields, journal=self.journal, **more)

    def answer(self, operation: str, made: Any) -> None:
        """Let an operation answer `made`, or raise it where it is an exception."""

        async def handler(call: Call[Any, Any]) -> Any:
            self.journal.append("handler")
            if isinstance(made, BaseException):
                raise made
            return made(call) if callable(made) else made

        self.handlers[operation] = handler


async def judge_credential(context: Any, credential: str) -> str:
    """Admit `good` as the actor good, `reader` as reader; know nobody else."""
    if credential not in {"good", "reader", "a+b/c=", "Z29vZA=="}:
        raise InvalidToken
    return credential


def has_scopes(actor: str, scopes: tuple[str, ...]) -> bool:
    return actor == "good" and scopes == ("write",)


def problem_of(error: BaseException) -> Problem | None:
    return Unavailable() if isinstance(error, DatabaseAwayError) else None


def make(source: dict[str, Any] = SOURCE, **options: Any) -> Workshop:
    """Build a service over `source`."""
    document = DOCUMENT if source is SOURCE else Document(complete(source))
    handlers: dict[str, Handler] = dict(HANDLERS)
    journal: list[str] = []

    @asynccontextmanager
    async def transaction(operation: Operation) -> AsyncIterator[list[str]]:
        journal.append("begin")
        try:
            yield journal
        except BaseException:
            journal.append("rollback")
            raise
        journal.append("commit")

    used = {name for o in document.operations for choice in o.security for name in choice}
    contract: Contract[Any, Any] = Contract(
        document,
        [Handlers(AnyApi(), document, handlers)],
        **{
            "open_context": transaction,
            "guards": dict.fromkeys(used, judge_credential),
            "has_scopes": has_scopes,
            "problem_of": problem_of,
            "max_body_size": 4000,
            **options,
        },
    )
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    install(app, contract, documents=[], allowed_hosts=["testserver", "*.example.org"])
    return Workshop(app, contract, handlers, journal)


def answer_class(
    status: int, media_type: str | None = "application/json", **header_names: str
) -> Callable[..., Answer]:
    """Make a class such as the generator writes: a field for the body and one for each header."""
    names: Mapping[str, str] = header_names

    class Made(Answer):
        __slots__ = ("__dict__",)

        def __init__(self, body: Any = None, **headers: Any) -> None:
            values = dict.fromkeys(names) | headers | {"body": body}
            for name, value in values.items():
                object.__setattr__(self, name, value)

    Made.status, Made.media_type, Made.header_names = status, media_type, names
    return Made


async def _list_tools(call: Call[Any, Any]) -> Answer:
    if call.accept == "text/csv":
        return answer_class(200, "text/csv", total="X-Total")("id,name\n", total=0)
    return answer_class(200, total="X-Total")([], total=0)


async def _create_tool(call: Call[Any, Any]) -> Answer:
    tool = {"id": "1", "name": call.body["name"]}
    return answer_class(201, location="Location")(tool, location="/v1/tools/1")


async def _get_tool(call: Call[Any, Any]) -> Answer:
    return answer_class(200, etag="ETag")({"id": call.path["tool_id"], "name": "saw"}, etag='"v1"')


async def _send_text(call: Call[Any, Any]) -> Answer:
    return answer_class(200, call.media_type or "text/plain")(call.body)


async def _actor(call: Call[Any, Any]) -> Any:
    return call.actor


HANDLERS: Mapping[str, Handler] = {
    "list_tools": _list_tools,
    "create_tool": _create_tool,
    "get_tool": _get_tool,
    "send_text": _send_text,
    **dict.fromkeys(("open_by_either", "open_by_both", "open_by_scope"), _actor),
}
