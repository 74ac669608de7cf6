"""Who sends a token."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import jwt
from fastapi import HTTPException

from benchmarks.contestants.records import find_actor
from benchmarks.contestants.statements import Database, Row

REFUSAL = HTTPException(401, "Could not validate credentials", {"WWW-Authenticate": "Bearer"})


class Access:
    def __init__(self, database: Database) -> None:
        self._database = database

    async def authorize(self, _: Sequence[object], credentials: Mapping[str, object]) -> Row:
        """The row of the user. Raises HTTPException for a token that is not valid any more."""
        try:
            actor = await find_actor(self._database, str(credentials["oauth2"]))
        except (jwt.InvalidTokenError, KeyError, ValueError):
            raise REFUSAL from None
        if actor is None:
            raise REFUSAL
        return actor
