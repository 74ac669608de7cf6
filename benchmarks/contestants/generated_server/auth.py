"""Sign-in and renewal, with the service's own statements."""

from __future__ import annotations

from api import models
from api.services import auth
from fastapi import HTTPException

from benchmarks.contestants.passwords import matches
from benchmarks.contestants.records import new_family, next_family, token_of
from benchmarks.contestants.statements import Database


class Auth(auth.Auth):  # type: ignore[misc]  # made at run time, so mypy knows nothing of it
    def __init__(self, database: Database) -> None:
        self._database = database

    async def log_in(self, *, body: models.LogInForm) -> models.Token:
        account = await self._database.row("find_account", name=body.username)
        if account is None or not await matches(body.password, account["password_hash"]):
            raise HTTPException(401, "Incorrect username or password")
        return models.Token(**token_of(await new_family(self._database, account)))

    async def refresh_token(self, *, body: models.RefreshForm) -> models.Token:
        if body.grant_type != "refresh_token":
            raise HTTPException(400, "Unsupported grant type")
        family = await next_family(self._database, body.refresh_token)
        if family is None:
            raise HTTPException(400, "Invalid refresh token")
        return models.Token(**token_of(family))
