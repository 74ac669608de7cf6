"""Canaries in every field, header and query, on good ways and on failing ones: none is logged."""

from __future__ import annotations

import json
import urllib.error
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import quote, unquote, urlencode, urlsplit

import asyncpg
import pytest

from tests.conftest import Databases
from tests.processes import Served, serve

MARK = "zqx9canary"
PASSWORD = f"{MARK}-password-1843"
PERSON = {
    "email": f"{MARK}@example.org",
    "username": "ada",
    "password": PASSWORD,
    "full_name": f"{MARK} name",
    "bio": f"{MARK} bio",
}
FORM = "application/x-www-form-urlencoded"
EVERYWHERE = {
    "Cookie": f"session={MARK}",
    "Referer": f"https://example.org/{MARK}",
    "User-Agent": MARK,
    "X-Api-Key": MARK,
    "If-None-Match": f'"{MARK}"',
}


@dataclass
class Client:
    """Remembers what it is given, which no log may hold."""

    url: str
    secrets: set[str] = field(default_factory=lambda: {MARK, PASSWORD})
    seen: set[int] = field(default_factory=set)

    def __call__(
        self, method: str, path: str, body: bytes | None = None, **headers: str
    ) -> dict[str, Any]:
        fields = EVERYWHERE | {name.replace("_", "-"): value for name, value in headers.items()}
        request = urllib.request.Request(  # noqa: S310 - loopback
            self.url + path, body, fields, method=method
        )
        try:
            with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
                status, content = answer.status, answer.read()
        except urllib.error.HTTPError as error:
            status, content = error.code, error.read()
        self.seen.add(status)
        decoded: dict[str, Any] = json.loads(content) if content else {}
        self.secrets |= {v for k, v in decoded.items() if k.endswith("_token")}
        return decoded

    def json(self, method: str, path: str, body: Any, **headers: str) -> dict[str, Any]:
        return self(
            method, path, json.dumps(body).encode(), Content_Type="application/json", **headers
        )

    def form(self, path: str, **fields: str) -> dict[str, Any]:
        return self("POST", path, urlencode(fields).encode(), Content_Type=FORM)


@pytest.fixture
def served(anyio_backend: str, migrated_url: str, tmp_path: Path) -> Iterator[Served]:
    """A service that logs as much as it can."""
    settings = {
        "DATABASE_URL": migrated_url,
        "LOG_LEVEL": "DEBUG",
        "DB_ECHO": "true",
        "LOG_SLOW_QUERIES_MS": "1",
        "SECRET_KEY": f"{MARK}-3kT9vQ2mZ7pX4cW8bN1rL6yH5dF0sG-uJ",
    }
    with serve(tmp_path, settings) as served:
        yield served


async def test_no_canary_is_logged(served: Served, migrated_url: str, databases: Databases) -> None:
    client = Client(served.url)
    database_password = unquote(urlsplit(migrated_url).password or "")
    assert len(database_password) > 8
    client.secrets.add(database_password)
    tokens = good_ways(client)
    refused_ways(client, tokens)
    connection = await asyncpg.connect(dsn=migrated_url)
    await connection.execute("ALTER TABLE users RENAME COLUMN bio TO renamed")
    await connection.close()
    client.json("POST", "/api/v1/users", {**PERSON, "username": "other"})
    await with_the_database_gone(client, databases, migrated_url)

    assert client.seen >= {200, 201, 400, 401, 409, 422, 500, 503}
    logged = served.log.read_text()
    assert {"slow_statement", "request_failed", "statement"} <= {
        json.loads(line)["event"] for line in logged.splitlines() if line.startswith("{")
    }
    assert [secret for secret in client.secrets if secret in logged] == []


def good_ways(client: Client) -> dict[str, Any]:
    user = client.json("POST", "/api/v1/users", PERSON)
    tokens = client.form("/api/v1/auth/login", username="ada", password=PASSWORD)
    bearer = f"Bearer {tokens['access_token']}"
    client("GET", f"/api/v1/users/{user['id']}", Authorization=bearer)
    client(
        "PATCH",
        f"/api/v1/users/{user['id']}",
        json.dumps({"bio": f"{MARK} again"}).encode(),
        Content_Type="application/merge-patch+json",
        Authorization=bearer,
    )
    return tokens


def refused_ways(client: Client, tokens: dict[str, Any]) -> None:
    client.json("POST", "/api/v1/users", PERSON)
    client.json("POST", "/api/v1/users", {**PERSON, "email": MARK, MARK: MARK})
    client("POST", "/api/v1/users", f'{{"{MARK}'.encode(), Content_Type="application/json")
    client("POST", "/api/v1/users", MARK.encode(), Content_Type=f"text/{MARK}")
    client("GET", f"/api/v1/users?{MARK}={MARK}&page={quote(MARK)}")
    client("GET", "/api/v1/users", Authorization=f"Bearer {MARK}")
    client("GET", "/api/v1/users", Authorization=f"Basic {MARK}")
    client("GET", "/api/v1/users", Authorization=f"Bearer {tokens['access_token']}x")
    client.form("/api/v1/auth/login", username=f"{MARK}@example.org", password=f"{MARK}-wrong-one")
    client.form("/api/v1/auth/login", username=MARK, password=MARK, **{MARK: MARK})
    client("GET", "/health", X_Request_Id=f"{MARK} {MARK}", Traceparent=MARK)


async def with_the_database_gone(client: Client, databases: Databases, url: str) -> None:
    name = url.partition("?")[0].rpartition("/")[2]
    connection = await asyncpg.connect(dsn=databases.admin_url)
    await connection.execute(
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1", name
    )
    await connection.execute(f'ALTER DATABASE "{name}" RENAME TO "{name}_gone"')
    client.json("POST", "/api/v1/users", {**PERSON, "username": "third"})
    client.form("/api/v1/auth/login", username=MARK, password=PASSWORD)
    await connection.execute(f'ALTER DATABASE "{name}_gone" RENAME TO "{name}"')
    await connection.close()
