"""Who is calling: credentials taken where the document says, and judged by the service's guards."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, Generic, TypeVar
from urllib.parse import unquote_plus

from app.contract.document import Document
from app.contract.model import Operation, SecurityScheme
from app.contract.parameters import Texts
from app.contract.problems import Forbidden, InvalidToken, Problem, Unauthorized

ContextT = TypeVar("ContextT")
ActorT = TypeVar("ActorT")
Guard = Callable[[ContextT, str], Awaitable[ActorT]]
Scopes = Callable[[Any, tuple[str, ...]], bool]
Requirement = Mapping[str, tuple[str, ...]]
Offered = list[tuple[Requirement, dict[str, str]]]


class Security(Generic[ContextT, ActorT]):
    """The security requirements of one operation: alternatives of schemes that all must hold."""

    def __init__(
        self,
        operation: Operation,
        document: Document,
        guards: Mapping[str, Guard[ContextT, ActorT]],
        has_scopes: Scopes | None,
    ) -> None:
        """`guards` judge a credential by scheme name; `has_scopes` judges an actor's scopes."""
        self._schemes = document.security_schemes
        self._alternatives = [choice for choice in operation.security if choice]
        self._admits_nobody = not operation.needs_actor
        self._guards = guards
        self._has_scopes = has_scopes
        used = {name for choice in self._alternatives for name in choice}
        self.query_names = frozenset(
            s.parameter for n, s in self._schemes.items() if n in used and s.location == "query"
        )
        self.challenge = challenge(document, used)

    def take(self, texts: Texts) -> Offered:
        """Return the alternatives whose credentials all came, with these.

        Raises Unauthorized where none came and somebody must sign in, InvalidToken where an
        Authorization field came that no scheme of the operation can read.
        """
        found, has_any = [], False
        for choice in self._alternatives:
            credentials = {name: credential(self._schemes[name], texts) for name in choice}
            has_any = has_any or any(value is not None for value in credentials.values())
            complete = {name: value for name, value in credentials.items() if value is not None}
            if len(complete) == len(choice):
                found.append((choice, complete))
        if not found and has_any:
            raise InvalidToken
        if not found and not self._admits_nobody:
            raise Unauthorized
        return found

    async def identify(self, context: ContextT, offered: Offered) -> ActorT | None:
        """Return the actor of the first alternative whose guards all agree."""
        refusal: Problem | None = None
        for choice, credentials in offered:
            try:
                return await self._identify_by(context, choice, credentials)
            except Problem as problem:
                refusal = problem
        if refusal is not None:
            raise refusal
        return None

    async def _identify_by(
        self, context: ContextT, choice: Requirement, credentials: Mapping[str, str]
    ) -> ActorT:
        actors = [
            await self._guards[name](context, credential)
            for name, credential in credentials.items()
        ]
        for actor, scopes in zip(actors, choice.values(), strict=True):
            if scopes and (self._has_scopes is None or not self._has_scopes(actor, scopes)):
                raise Forbidden
        return actors[0]


def credential(scheme: SecurityScheme, texts: Texts) -> str | None:
    """Return the credential of a scheme: None where it did not come, "" where it is unreadable."""
    if scheme.kind == "apiKey":
        source = {"query": texts.query, "header": texts.header, "cookie": texts.cookie}
        key = scheme.parameter
        values = source[scheme.location].get(key.lower() if scheme.location == "header" else key)
        if values is None or len(values) > 1:
            return None if values is None else ""
        return unquote_plus(values[0]) if scheme.location == "query" else values[0]
    fields = texts.header.get("authorization")
    if fields is None:
        return None
    name, _, value = fields[0].partition(" ")
    expected = scheme.scheme if scheme.kind == "http" else "bearer"
    return value.strip() if len(fields) == 1 and name.lower() == expected else ""


def challenge(document: Document, names: set[str]) -> str:
    """Return the WWW-Authenticate challenges of schemes (RFC 9110, section 11.6.1)."""
    schemes = [s for n, s in document.security_schemes.items() if n in names or not names]
    found = [_challenge(scheme) for scheme in schemes]
    return ", ".join(dict.fromkeys(found)) or "Bearer"


def _challenge(scheme: SecurityScheme) -> str:
    if scheme.kind == "apiKey":
        return f'ApiKey name="{scheme.parameter}"'
    if scheme.kind == "http" and scheme.scheme == "basic":
        return 'Basic realm="service", charset="UTF-8"'
    return scheme.scheme.capitalize() if scheme.kind == "http" else "Bearer"
