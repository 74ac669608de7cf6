"""The mock as an application: the contract runtime, with one handler for all operations."""

from __future__ import annotations

import asyncio
import base64
import binascii
import re
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from typing import Any

from fastapi import FastAPI
from fastapi.middleware.cors import CORSMiddleware

from app.contract import (
    Answer,
    Call,
    Contract,
    Document,
    Idempotency,
    Operation,
    Router,
    ServedDocument,
    install,
)
from app.contract.credentials import Guard
from app.contract.model import SecurityScheme
from app.contract.problems import InvalidToken
from codegen import serialize
from codegen.findings import Finding, RefusedError
from codegen.mock import preferences
from codegen.mock.limits import Uncounted
from codegen.mock.preferences import Preferring
from codegen.mock.repeats import Repeats
from codegen.mock.repertoire import Repertoire
from codegen.mock.stage import Stage
from codegen.mock.state import State

AnyCall = Call[None, str]
Perform = Callable[[str, AnyCall], Awaitable[Answer]]

# A mock is for the browsers of those who develop with it, whatever port their pages come from.
LOCAL_ORIGINS = r"https?://(?:localhost|[a-z0-9-]+\.localhost|127\.0\.0\.1|\[::1\])(?::[0-9]+)?"
_TOKEN68 = re.compile(r"[A-Za-z0-9._~+/-]+=*")


@dataclass(frozen=True, slots=True)
class Manner:
    """How a mock behaves, as the command line says."""

    seed: int = 1
    is_stateful: bool = False
    skips_invalid: bool = False


@dataclass(frozen=True, slots=True)
class Mocked:
    """An application, the examples that it leaves out, and the paths below which it keeps what is
    created.
    """

    app: FastAPI
    skipped: list[Finding]
    collections: list[str]


def create_mock(document: Document, manner: Manner) -> Mocked:
    """Return the mock of a document.

    Raises RefusedError with everything that cannot be answered as the document says.
    """
    mock = Mock()
    contract = contract_of(document, mock.answer, Repeats(remembers=manner.is_stateful))
    stage = Stage(document, manner.seed, skips_invalid=manner.skips_invalid)
    for endpoint in contract.endpoints.values():
        mock.repertoires[endpoint.operation.name] = stage.repertoire(endpoint)
    if stage.findings:
        raise RefusedError(stage.findings)
    mock.state = State(stage, mock.repertoires) if manner.is_stateful else None
    app = FastAPI(openapi_url=None, docs_url=None, redoc_url=None)
    app.add_middleware(Preferring)
    allow_local_origins(app, document)
    install(app, contract, documents=served(document), allowed_hosts=["*"])
    return Mocked(app, stage.skipped, mock.state.collections if mock.state else [])


class Mock:
    """Answers every operation out of its repertoire."""

    def __init__(self) -> None:
        self.repertoires: dict[str, Repertoire] = {}
        self.state: State | None = None

    async def answer(self, name: str, call: AnyCall) -> Answer:
        """Return what is asked for, or else what the operation answers by itself."""
        wish = preferences.current()
        asked = wish.read()
        await drained(call.body)
        status, choice = self.repertoires[name].choose(asked, call.accept)
        await asyncio.sleep(asked.delay)
        wish.apply(asked)
        if self.state is not None and not asked.is_particular:
            kept = self.state.answer(name, call)
            if kept is not None:
                return kept
        # What has no state is in every state that a client thinks of.
        call.precondition.is_checked = True
        return choice.give(status)


async def drained(body: Any) -> None:
    """Read a streamed body to its end, so that its limit holds."""
    if isinstance(body, AsyncIterator):
        async for _ in body:
            pass


def contract_of(document: Document, perform: Perform, repeats: Repeats) -> Contract[None, str]:
    """Return the runtime for a document, with `perform` as the handler of every operation."""
    demanded = {name for o in document.operations for choice in o.security for name in choice}
    return Contract(
        document,
        [router_of(document, perform)],
        open_context=nothing,
        guards={name: guard(document.security_schemes[name]) for name in demanded},
        has_scopes=lambda _actor, _scopes: True,
        idempotency=Idempotency(repeats, caller_of=str),
        limits=Uncounted(),
    )


def router_of(document: Document, perform: Perform) -> Router[None, str]:
    """Return a router that answers all operations by itself."""

    class Everything(Router[None, str]):
        tag = "mock"
        operations = tuple(operation.name for operation in document.operations)

        def endpoint(self, name: str) -> Callable[[AnyCall], Awaitable[Any]]:
            return partial(perform, name)

    return Everything()


@asynccontextmanager
async def nothing(_: Operation) -> AsyncIterator[None]:
    """Open no context: nothing is held for a request."""
    yield None


def guard(scheme: SecurityScheme) -> Guard[None, str]:
    """Return what takes every credential that is one of its scheme by form."""
    is_basic = scheme.kind == "http" and scheme.scheme == "basic"
    is_bearer = scheme.kind != "apiKey" and (scheme.kind != "http" or scheme.scheme == "bearer")

    async def admit(_: None, credential: str) -> str:
        is_formed = is_pair(credential) if is_basic else bool(credential)
        if not is_formed or (is_bearer and not _TOKEN68.fullmatch(credential)):
            raise InvalidToken
        return credential

    return admit


def is_pair(credential: str) -> bool:
    """Whether it is a user name and a password (RFC 7617)."""
    try:
        return b":" in base64.b64decode(credential, validate=True)
    except (binascii.Error, ValueError):
        return False


def allow_local_origins(app: FastAPI, document: Document) -> None:
    """Let pages of this machine call the mock and read its fields."""
    responses = [r for o in document.operations for r in o.responses.values()]
    declared = {header.name for response in responses for header in response.headers.values()}
    app.add_middleware(
        CORSMiddleware,
        allow_origin_regex=LOCAL_ORIGINS,
        allow_methods=["*"],
        allow_headers=["*"],
        allow_credentials=True,
        expose_headers=sorted({*declared, "Preference-Applied", "X-Request-Id"}),
    )


def served(document: Document) -> list[ServedDocument]:
    """Return the document as the service would serve it."""
    return [
        ServedDocument("/openapi.json", serialize.to_json(document.source), "application/json"),
        ServedDocument("/openapi.yaml", serialize.to_yaml(document.source), "application/yaml"),
    ]
