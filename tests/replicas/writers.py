"""Clients that write and read all the time, and remember what they were told."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import httpx2

PASSWORD = "a long and winding road 7"
POSTS = "/api/v1/posts"


@dataclass
class Told:
    """`acknowledged` are the titles whose writing was confirmed, with the moment of each;
    `confirmed` is set by each of them.
    """

    acknowledged: dict[str, float] = field(default_factory=dict)
    statuses: Counter[tuple[str, int]] = field(default_factory=Counter)
    without_retry_after: int = 0
    slowest: float = 0.0
    confirmed: asyncio.Event = field(default_factory=asyncio.Event)

    def note(self, answer: httpx2.Response, began: float) -> None:
        self.statuses[answer.request.method, answer.status_code] += 1
        self.slowest = max(self.slowest, time.monotonic() - began)
        if answer.status_code == httpx2.codes.SERVICE_UNAVAILABLE:
            self.without_retry_after += "retry-after" not in answer.headers

    def since(self, moment: float) -> list[float]:
        """How long after `moment` writes were confirmed."""
        return sorted(at - moment for at in self.acknowledged.values() if at > moment)


async def sign_up(client: httpx2.AsyncClient, name: str) -> dict[str, str]:
    """Return the header of a new user."""
    person = {"email": f"{name}@example.org", "username": name, "password": PASSWORD}
    answer = await client.post("/api/v1/users", json=person)
    assert answer.status_code == httpx2.codes.CREATED, answer.text
    answer = await client.post("/api/v1/auth/login", data={"username": name, "password": PASSWORD})
    assert answer.status_code == httpx2.codes.OK, answer.text
    return {"Authorization": f"Bearer {answer.json()['access_token']}"}


async def write(client: httpx2.AsyncClient, headers: dict[str, str], told: Told, name: str) -> None:
    """Until cancelled."""
    number = 0
    while True:
        number += 1
        title = f"{name} {number}"
        body: dict[str, Any] = {"title": title, "content": "Written.", "published": True}
        began = time.monotonic()
        answer = await client.post(POSTS, json=body, headers=headers)
        told.note(answer, began)
        if answer.status_code == httpx2.codes.CREATED:
            told.acknowledged[title] = time.monotonic()
            told.confirmed.set()
        await asyncio.sleep(0.02)


async def read(client: httpx2.AsyncClient, told: Told) -> None:
    """Until cancelled."""
    while True:
        began = time.monotonic()
        told.note(await client.get(f"{POSTS}?page_size=5"), began)
        await asyncio.sleep(0.03)
