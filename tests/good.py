"""Requests that would succeed, for whichever operation: tests then spoil one thing of them.
Which objects and credentials these have is a matter of the service, and is said in `samples`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.client import OPERATIONS, Credentials
from tests.judge import resolved


@dataclass(frozen=True, slots=True)
class Good:
    """`as_` may do everything; `path` has an object for each path parameter, and `members` what
    takes the place of those members of bodies for which an example of the document cannot do.
    """

    as_: Credentials
    path: Mapping[str, Any]
    members: Mapping[str, Any]

    def arguments(self, name: str, *, body: bool = True) -> dict[str, Any]:
        """What `api(name, ...)` is given."""
        given: dict[str, Any] = {"as_": self.as_} if security_of(name) else {}
        path = OPERATIONS[name][1]
        given |= {p: value for p, value in self.path.items() if f"{{{p}}}" in path}
        if body and body_of(name):
            content = next(iter(body_of(name)["content"].values()))
            example = next(iter(content["examples"].values()))["value"]
            given["body"] = {n: self.members.get(n, value) for n, value in example.items()}
        return given


def body_of(name: str) -> dict[str, Any]:
    return resolved(OPERATIONS[name][2].get("requestBody", {}))


def security_of(name: str) -> list[dict[str, Any]]:
    security: list[dict[str, Any]] = OPERATIONS[name][2]["security"]
    return security


def asks_the_database(name: str) -> bool:
    return bool(OPERATIONS[name][2].get("x-database", True))
