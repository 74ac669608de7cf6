"""The guard of both security schemes: a clerk's key, as a bearer token or in a field of its own."""

from __future__ import annotations

import hashlib

from sqlalchemy import bindparam, select

from app.context import Actor, Context
from app.db.tables import clerks
from generated.problems import InvalidToken

FIND_CLERK = select(clerks.c.id).where(clerks.c.key_hash == bindparam("key_hash"))


def hash_of(key: str) -> str:
    """Keys are random and long, so a fast hash is enough."""
    return hashlib.sha256(key.encode()).hexdigest()


async def authenticate(context: Context, credential: str) -> Actor:
    found = await context.session.scalar(FIND_CLERK, {"key_hash": hash_of(credential)})
    if found is None:
        raise InvalidToken
    return Actor(id=found)
