"""A real PostgreSQL, migrated once by Alembic, and the real service on a copy of it."""

from __future__ import annotations

import os
import secrets
from collections.abc import AsyncIterator, Iterator
from datetime import UTC, datetime
from pathlib import Path

import httpx2
import pytest
from fastapi import FastAPI
from pydantic import SecretStr

from app.context import Context
from app.db.embedded import EmbeddedPostgres
from app.db.embedded.databases import create_database, drop_database
from app.db.engine import Database
from app.db.limits import StoredLimits
from app.db.migrate import migrate
from app.security.passwords import Passwords
from app.security.tokens import Tokens
from app.settings import Settings
from tests.client import Api
from tests.good import Good
from tests.people import People
from tests.samples import good_requests
from tests.stored import Stored

KEY = "mzV4pX0Qe7tKc2RyWb9uNf6sHj1gLd8aEo3iTqUvYxZkBnMwCrPh5DS-JGFA"


@pytest.fixture(scope="session")
def anyio_backend() -> str:
    """Async tests run on asyncio, as the service does, and share one loop and one pool."""
    return "asyncio"


@pytest.fixture(scope="session")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EmbeddedPostgres]:
    bin_dir = os.environ.get("POSTGRES_BIN_DIR")
    with EmbeddedPostgres(
        tmp_path_factory.mktemp("postgres"),
        bin_dir=Path(bin_dir) if bin_dir else None,
        durable=False,
    ) as server:
        yield server


class Databases:
    """Copies of the migrated template, and empty ones, all owned by the service's own role."""

    def __init__(self, server: EmbeddedPostgres) -> None:
        self.server = server
        self.admin_url = server.url_of("postgres", superuser=True)

    async def create(self, *, template: str = "colophon") -> str:
        name = f"test_{secrets.token_hex(6)}"
        await create_database(self.admin_url, name, template=template, owner="colophon")
        return self.server.url_of(name)

    async def drop(self, url: str) -> None:
        await drop_database(self.admin_url, url.partition("?")[0].rpartition("/")[2])


@pytest.fixture(scope="session")
async def databases(postgres: EmbeddedPostgres) -> Databases:
    await migrate(postgres.url)
    return Databases(postgres)


@pytest.fixture(scope="session")
async def database_url(databases: Databases) -> str:
    return await databases.create()


@pytest.fixture
async def migrated_url(databases: Databases) -> AsyncIterator[str]:
    """A database of the test's own, to break as it likes."""
    url = await databases.create()
    yield url
    await databases.drop(url)


@pytest.fixture
async def empty_url(databases: Databases) -> AsyncIterator[str]:
    url = await databases.create(template="template0")
    yield url
    await databases.drop(url)


def settings_for(url: str) -> Settings:
    return Settings(
        _env_file=None,
        environment="test",
        secret_key=SecretStr(KEY),
        database_url=SecretStr(url),
        db_pool_size=20,
        rate_limit_factor=1000,
    )


@pytest.fixture(scope="session")
def settings(database_url: str) -> Settings:
    return settings_for(database_url)


@pytest.fixture(scope="session")
async def service(settings: Settings) -> AsyncIterator[FastAPI]:
    from app.main import create_app  # noqa: PLC0415 - tests of its parts run without the whole

    app = create_app(settings)
    async with app.router.lifespan_context(app):
        yield app


@pytest.fixture(scope="session")
async def http(service: FastAPI) -> AsyncIterator[httpx2.AsyncClient]:
    transport = httpx2.ASGITransport(app=service)
    async with httpx2.AsyncClient(transport=transport, base_url="http://testserver") as client:
        yield client


@pytest.fixture(scope="session")
async def database(settings: Settings, database_url: str) -> AsyncIterator[Database]:
    """The tests' own way to the database, to look behind the service's answers."""
    database = Database.create(settings, database_url)
    yield database
    await database.dispose()


@pytest.fixture
async def context(settings: Settings, database: Database) -> AsyncIterator[Context]:
    """For calling a handler itself, at a moment that no request can be made to hit."""
    passwords = Passwords("Colophon")
    async with database.transaction() as session:
        yield Context(
            session=session,
            settings=settings,
            passwords=passwords,
            tokens=Tokens(settings),
            database=database,
            limits=StoredLimits(),
            now=datetime.now(UTC),
        )
    passwords.close()


@pytest.fixture
async def stored(database: Database) -> Stored:
    """Whatever a test stores; nothing is left from the test before."""
    stored = Stored(database)
    await stored.clear()
    return stored


@pytest.fixture
async def people(settings: Settings, database: Database, stored: Stored) -> People:
    """Whoever a test needs."""
    return People(settings, database)


@pytest.fixture
async def good(settings: Settings, database: Database, stored: Stored) -> Good:
    """Requests that would succeed, for whichever operation."""
    return await good_requests(settings, database)


@pytest.fixture
async def api(http: httpx2.AsyncClient, stored: Stored) -> Api:
    return Api(http)
