"""One way to ask each kind of client for calls, so that all are held to the same tests."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import Any

from colophon_sdk import AsyncClient, Client, Problem, Retries, SDKError, Tokens
from tests.sdk.conftest import Project


@dataclass(frozen=True)
class Call:
    """An operation, with what it is given as the document has it."""

    tag: str
    operation: str
    path: dict[str, Any] = field(default_factory=dict)
    query: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    body: dict[str, Any] | None = None

    def keywords(self) -> dict[str, Any]:
        """Return the arguments in Python."""
        headers = {name.lower().replace("-", "_"): text for name, text in self.headers.items()}
        return {**self.path, **self.query, **headers, **(self.body or {})}

    def given(self) -> dict[str, Any]:
        """Return the arguments in TypeScript."""
        parts = {name: getattr(self, name) for name in ("path", "query", "headers", "body")}
        return {name: part for name, part in parts.items() if part}


@dataclass(frozen=True)
class Asked:
    """Calls to make one after another, or all at once, with a client of these settings."""

    url: str
    calls: list[Call]
    tokens: Tokens | None = None
    timeout: float = 10.0
    attempts: int = 4
    within: float = 30.0
    together: bool = False

    @property
    def options(self) -> dict[str, Any]:
        retries = Retries(attempts=self.attempts, first_pause=0.01, within=self.within)
        return {"tokens": self.tokens, "timeout": self.timeout, "retries": retries}


@dataclass(frozen=True)
class Made:
    """What came of each call, and how the client shows itself afterwards."""

    results: list[dict[str, Any]]
    shown: str

    @property
    def errors(self) -> list[str | None]:
        return [result.get("error") for result in self.results]

    @property
    def only(self) -> dict[str, Any]:
        (result,) = self.results
        return result


Caller = Callable[[Asked], Made]


def _failed(error: SDKError) -> dict[str, Any]:
    code = error.code if isinstance(error, Problem) else None
    return {"error": type(error).__name__, "code": code, "message": str(error)}


def _shown(client: Client | AsyncClient) -> str:
    return f"{client!r} {client.tokens!r} {client._sign_in!r} {vars(client)!r}"


def blocking(asked: Asked) -> Made:
    """Make the calls with `Client`, those made together in threads."""
    with Client(asked.url, **asked.options) as client:

        def outcome(call: Call) -> dict[str, Any]:
            try:
                made = getattr(getattr(client, call.tag), call.operation)(**call.keywords())
            except SDKError as error:
                return _failed(error)
            return {"data": made and made.model_dump(mode="json")}

        with ThreadPoolExecutor(len(asked.calls) if asked.together else 1) as pool:
            return Made(list(pool.map(outcome, asked.calls)), _shown(client))


def awaited(asked: Asked) -> Made:
    """Make the calls with `AsyncClient`."""

    async def outcome(client: AsyncClient, call: Call) -> dict[str, Any]:
        try:
            made = await getattr(getattr(client, call.tag), call.operation)(**call.keywords())
        except SDKError as error:
            return _failed(error)
        return {"data": made and made.model_dump(mode="json")}

    async def made() -> Made:
        async with AsyncClient(asked.url, **asked.options) as client:
            if asked.together:
                results = await asyncio.gather(*(outcome(client, call) for call in asked.calls))
            else:
                results = [await outcome(client, call) for call in asked.calls]
            return Made(list(results), _shown(client))

    return asyncio.run(made())


def typescript(project: Project) -> Caller:
    """Make the calls with the TypeScript package, in a process of its own."""

    def made(asked: Asked) -> Made:
        tokens = asked.tokens
        command = {
            **{name: getattr(asked, name) for name in ("url", "timeout", "attempts", "within")},
            "together": asked.together,
            "tokens": tokens
            and (tokens.access_token, tokens.refresh_token, tokens.expires_at, tokens.lifetime),
            "calls": [
                {"tag": call.tag, "operation": call.operation, "given": call.given()}
                for call in asked.calls
            ],
        }
        results, shown = project.run("caller", json.dumps(command)).split("\n", 1)
        return Made(json.loads(results), shown)

    return made
