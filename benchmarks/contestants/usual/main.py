"""The usual stack: FastAPI, SQLAlchemy's ORM and Pydantic, put together as their documentation
teaches, for the part of the service that is measured.
"""

from __future__ import annotations

from fastapi import FastAPI

from benchmarks.contestants.usual import auth, posts
from benchmarks.contestants.usual.schemas import Status

app = FastAPI(title="The usual stack")
app.include_router(auth.router)
app.include_router(posts.router)


@app.get("/health/live")
async def get_liveness() -> Status:
    return Status(status="alive")
