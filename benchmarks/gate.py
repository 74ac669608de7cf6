"""What the gate costs: the CPU of one read with it and without it, side by side in one process.

Run it by `python -m benchmarks.gate`. All applications are the real service on the same database.
In one of them every schema admits everything and no body is judged; another forgets at once
which answers have passed, as if each were given for the first time. Rounds alternate, and each pair
gives one ratio.
"""

from __future__ import annotations

import asyncio
import contextlib
import secrets
import statistics
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple
from unittest import mock

import asyncpg
from pydantic import SecretStr

from app.contract import gate, schema
from app.contract.judge import ResponseJudge
from app.contract.passed import PassedTexts
from app.contract.schema import Schemas
from app.contract.written import plain, written
from app.db.embedded import EmbeddedPostgres
from app.db.migrate import migrate
from app.main import create_app
from app.settings import Settings
from benchmarks.tables import table

# Many short ones, since what else the machine does changes from one second to the next.
ROUNDS = 151
SECONDS = 30
HEAD = ("", "CPU us with it", "CPU us without it", "its share %", "of half the rounds %")
ANEW = ", always another answer"
REQUESTS = {"get_post": ("/api/v1/posts/1", 60), "list_posts": ("/api/v1/posts", 20)}
POST_LENGTH = 1_000


class AdmitsEverything:
    """A validator that never looks."""

    def is_valid(self, _: Any) -> bool:
        """Admit it."""
        return True


class ReadsNothing(ResponseJudge):
    """One that does not ask what an answer says, and only writes it."""

    def _written(self, _: Any, body: Any) -> bytes:
        return plain(body) or written(body)[0]


@contextlib.contextmanager
def seeded_database() -> Iterator[str]:
    """Bring up a server with one author and sixty published posts of a kilobyte."""
    with tempfile.TemporaryDirectory() as folder, EmbeddedPostgres(Path(folder)) as server:
        asyncio.run(migrate(server.url))
        asyncio.run(seed(server.url))
        yield server.url


async def seed(url: str) -> None:
    """Insert the rows that are read."""
    connection = await asyncpg.connect(url)
    author = await connection.fetchval(
        "INSERT INTO users (email, username, password_hash) "
        "VALUES ('ada@example.org', 'ada', 'x') RETURNING id"
    )
    await connection.executemany(
        "INSERT INTO posts (author_id, title, content, published) VALUES ($1, $2, $3, true)",
        [(author, f"Note {number}", "n" * POST_LENGTH) for number in range(60)],
    )
    await connection.close()


async def cpu_per_request(app: Any, path: str, count: int) -> float:
    """Return the CPU time of this process for one request, in microseconds."""
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": "GET",
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"host", b"127.0.0.1"), (b"accept", b"*/*")],
        "client": ("127.0.0.1", 1),
        "server": ("127.0.0.1", 8000),
    }
    statuses: set[int] = set()

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"", "more_body": False}

    async def send(message: dict[str, Any]) -> None:
        statuses.add(message.get("status", 200))

    started = time.process_time()
    for _ in range(count):
        await app(dict(scope), receive, send)
    spent = time.process_time() - started
    assert statuses == {200}, statuses
    return spent / count * 1e6


class GateCost(NamedTuple):
    """Microseconds of CPU for one request with the gate and without it, round by round."""

    pairs: dict[str, list[tuple[float, float]]]

    def headline(self) -> str:
        return "what the gate costs, in one process without a network"

    def table(self) -> str:
        return table(HEAD, [self._row(name) for name in self.pairs])

    def share(self, name: str) -> float:
        """Of the CPU time of one request, in percent: the median of the rounds."""
        return statistics.median(self._shares(name))

    def _row(self, name: str) -> list[str]:
        on, off = (statistics.median(column) for column in zip(*self.pairs[name], strict=True))
        low, _, high = statistics.quantiles(self._shares(name), n=4)
        half = f"{low:.1f} to {high:.1f}"
        return [name, f"{on:.0f}", f"{off:.0f}", f"{self.share(name):.1f}", half]

    def _shares(self, name: str) -> list[float]:
        return sorted((on - off) / on * 100 for on, off in self.pairs[name])


def measure() -> GateCost:
    """On a server of its own. All of it takes about `SECONDS`."""
    with seeded_database() as url:
        return asyncio.run(costs(url))


async def costs(url: str) -> GateCost:
    settings = Settings(
        database_url=SecretStr(url),
        environment="test",
        log_level="ERROR",
        secret_key=SecretStr(secrets.token_urlsafe(48)),
    )
    gated = create_app(settings)
    with mock.patch.object(schema, "PassedTexts", return_value=PassedTexts(limit=0)):
        forgetting = create_app(settings)
    with (
        mock.patch.object(Schemas, "validator", return_value=AdmitsEverything()),
        mock.patch.object(gate, "ResponseJudge", ReadsNothing),
    ):
        ungated = create_app(settings)
        for path, _ in REQUESTS.values():  # What judges is put together when it is first needed.
            await cpu_per_request(ungated, path, 5)
    return GateCost(
        {
            name + suffix: [await pair(app, ungated, number, *request) for number in range(ROUNDS)]
            for suffix, app in (("", gated), (ANEW, forgetting))
            for name, request in REQUESTS.items()
        }
    )


async def pair(gated: Any, ungated: Any, number: int, path: str, count: int) -> tuple[float, float]:
    """Measure both once, in every second round the other way round."""
    if number % 2:
        off = await cpu_per_request(ungated, path, count)
        return await cpu_per_request(gated, path, count), off
    return await cpu_per_request(gated, path, count), await cpu_per_request(ungated, path, count)


if __name__ == "__main__":
    print(measure().table())
