"""What the requests to a contestant depend on: the rows that it serves, and who signs in there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from app.commands.invented import PASSWORD
from benchmarks.client import FORM, Client, Request
from benchmarks.contestants.lineup import Contestant
from benchmarks.database import Facts
from benchmarks.load import LoadError

LOGIN = "/api/v1/auth/login"
OK = 200


@dataclass(frozen=True, slots=True)
class Scene:
    """One contestant, and the rows that it serves."""

    contestant: Contestant
    client: Client
    facts: Facts

    def sign_in_request(self) -> Request:
        form = {"grant_type": "password", "username": self.facts.username, "password": PASSWORD}
        return Request("POST", LOGIN, FORM, urlencode(form).encode())

    def sign_in(self) -> dict[str, Any]:
        """A new pair of tokens of the author."""
        answer = self.client.send(self.sign_in_request())
        if answer.status != OK:
            raise LoadError(f"{self.contestant.name} lets nobody in: {answer.body[:300]!r}")
        tokens: dict[str, Any] = answer.content
        return tokens

    def authorization(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.sign_in()['access_token']}"}
