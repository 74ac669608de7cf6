"""The server that datamodel-code-generator makes of this service's document, with its services
connected to functions written by hand.

The package `api` is made anew for each run, in a temporary folder. Nothing in it is changed; of
its stubs, those of the operations that are not measured stay as they are.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from api.server import create_app
from api.services.users import Users
from fastapi import FastAPI

from benchmarks.contestants.generated_server.access import Access
from benchmarks.contestants.generated_server.auth import Auth
from benchmarks.contestants.generated_server.health import Health
from benchmarks.contestants.generated_server.posts import Posts
from benchmarks.contestants.statements import Database

database = Database()


@asynccontextmanager
async def lifespan(_: FastAPI) -> AsyncIterator[None]:
    await database.open()
    yield
    await database.close()


app = create_app(
    health=Health(),
    auth=Auth(database),
    users=Users(),
    posts=Posts(database),
    authorize=Access(database).authorize,
    lifespan=lifespan,
)
