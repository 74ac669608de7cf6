"""Clients that write all the time and remember what they were promised."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from itertools import count, takewhile

from tests.chaos.stand import Stand, until
from tests.chaos.wire import Answer, Line, request

WRITERS = 12
PASSWORD = "analytical-engine-1843"
POSTS = "/api/v1/posts"
# A request on the way when something was killed may be refused by 503, and by nothing else.
SIGNED_IN, MADE, REFUSED = 200, 201, 503


class Ledger:
    """What was acknowledged, with its id, and what is in doubt because no answer came."""

    def __init__(self) -> None:
        self.acknowledged: dict[str, int] = {}
        self.in_doubt: set[str] = set()
        self.refused: set[str] = set()
        self.unexpected: Counter[int] = Counter()

    def faults(self, stored: dict[str, int]) -> tuple[list[str], list[str]]:
        """Acknowledged titles that are `stored` no more, and those stored more than once."""
        lost = [title for title in self.acknowledged if title not in stored]
        doubled = [title for title in self.acknowledged if stored.get(title, 0) > 1]
        return lost, doubled

    def settle(self, title: str, answer: Answer) -> None:
        self.in_doubt.discard(title)
        if answer.status == MADE:
            self.acknowledged[title] = answer.body["id"]
        elif answer.status == REFUSED:
            self.refused.add(title)
        else:
            self.unexpected[answer.status] += 1


@contextmanager
def writing(stand: Stand, token: str, ledger: Ledger, round_: str) -> Iterator[None]:
    over = threading.Event()

    def write(writer: int) -> None:
        titles = (f"{round_}.{writer}.{number}" for number in count())
        while not over.is_set():
            with suppress(OSError), Line(stand.port) as line:
                for title in takewhile(lambda _: not over.is_set(), titles):
                    ledger.in_doubt.add(title)
                    body = {"title": title, "content": "x", "published": True}
                    ledger.settle(title, line.ask(request("POST", POSTS, token=token, body=body)))
            over.wait(0.02)

    threads = [threading.Thread(target=write, args=(n,), daemon=True) for n in range(WRITERS)]
    for thread in threads:
        thread.start()
    try:
        yield
    finally:
        over.set()
        for thread in threads:
            thread.join(30)


def more_acknowledged(ledger: Ledger, number: int, seconds: float = 30.0) -> None:
    """Wait until so many more writes have been acknowledged."""
    wanted = len(ledger.acknowledged) + number
    until(
        lambda: len(ledger.acknowledged) >= wanted,
        seconds,
        lambda: f"only {len(ledger.acknowledged)} of {wanted} were acknowledged",
    )


def sign_up(stand: Stand, name: str = "writer") -> str:
    """A new account's access token, through the API."""
    account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
    made = stand.ask("POST", "/api/v1/users", body=account)
    assert made.status == MADE, made.content
    form, answers = {"username": name, "password": PASSWORD}, list[Answer]()

    def is_signed_in() -> bool:
        answers.append(stand.ask("POST", "/api/v1/auth/login", form=form))
        return answers[-1].status == SIGNED_IN

    until(is_signed_in, 10, lambda: f"nobody can sign in: {answers[-1].content!r}")
    token: str = answers[-1].body["access_token"]
    until(lambda: stand.ask("GET", "/api/v1/me", token=token).status == SIGNED_IN, 10)
    return token
