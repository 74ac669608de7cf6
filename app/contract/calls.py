"""What a generated router is made of: the call it reads and the base it derives from."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from typing import Any, ClassVar, Generic, NamedTuple, TypeVar, cast

from app.contract.conditional import Precondition

ContextT = TypeVar("ContextT")
ActorT = TypeVar("ActorT")


class Call(NamedTuple, Generic[ContextT, ActorT]):
    """One judged request, on its way to the handler of its operation.

    The mappings hold JSON values under the document's parameter names, absent parameters left out.
    `media_type` and `accept` are among those that the operation declares.
    """

    context: ContextT
    signed_in: ActorT | None
    path: Mapping[str, Any]
    query: Mapping[str, Any]
    headers: Mapping[str, Any]
    cookies: Mapping[str, Any]
    body: Any
    media_type: Any
    accept: Any
    precondition: Precondition

    @property
    def actor(self) -> ActorT:
        """Who is calling an operation that nobody may call without credentials."""
        return cast("ActorT", self.signed_in)


class Router(Generic[ContextT, ActorT]):
    """Base of the generated routers: a method for each operation of one tag, named as it is."""

    tag: ClassVar[str]
    operations: ClassVar[tuple[str, ...]]
    api: Any

    def endpoint(self, name: str) -> Callable[[Call[ContextT, ActorT]], Awaitable[Any]]:
        """Return the method that calls the handler of an operation."""
        endpoint: Callable[[Call[ContextT, ActorT]], Awaitable[Any]] = getattr(self, name)
        return endpoint
