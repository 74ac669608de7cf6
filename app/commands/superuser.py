"""`create-superuser`: the first one, whom nobody can make through the API."""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import orjson
from sqlalchemy import func, select

from app.contract.schema import Schemas
from app.contract.violations import body_errors
from app.db import audit
from app.db.engine import Database
from app.db.migrate import migrate
from app.db.provision import provided
from app.db.session import Session
from app.db.tables import users
from app.failure import Failure
from app.security.blocklist import is_guessable
from app.security.passwords import hash_password, normalized
from app.settings import Settings, load_settings
from app.users.queries import COLUMNS, UserRow, insert_user, update_user
from app.users.rules import events_of
from generated import DOCUMENT

RIGHTS = {"is_superuser": True, "is_active": True}


def create(email: str, username: str, password: str) -> str:
    """What was done, in a sentence. Doing it again changes nothing."""
    refuse_invalid(email, username, password)
    settings = load_settings()
    refuse_guessable(password, [email, username, settings.app_name])
    with provided(settings) as database:
        asyncio.run(migrate(database.url))
        return asyncio.run(_create(settings, database.url, email, username, password))


def refuse_invalid(email: str, username: str, password: str) -> None:
    """The document says what an account may be, here as in the API. Raises Failure."""
    schemas = Schemas(orjson.loads(DOCUMENT.read_bytes()))
    account = {"email": email, "username": username, "password": password}
    errors = body_errors(schemas.validator("#/components/schemas/UserCreate"), account)
    if errors:
        raise Failure(*(f"The {str(e.pointer)[2:]}: {e.detail}" for e in errors))


def refuse_guessable(password: str, known: Iterable[str]) -> None:
    """Raises Failure."""
    if is_guessable(normalized(password), known):
        raise Failure(
            "The password: this is one of the first that anybody would try. Choose another, "
            "such as several words that do not belong together."
        )


async def _create(settings: Settings, url: str, email: str, username: str, password: str) -> str:
    database = Database.create(settings, url)
    try:
        async with database.transaction() as session:
            found = await _find(session, email, username)
            if found:
                return await _promote(session, found, email, username)
            values = {"email": email, "username": username, **RIGHTS}
            row = await insert_user(session, {**values, "password_hash": hash_password(password)})
            await audit.note(session, "superuser_granted", subject_id=row.id)
            return f"The superuser {username} has been created."
    finally:
        await database.dispose()


async def _find(session: Session, email: str, username: str) -> list[UserRow]:
    """Whoever has the one or the other: one user, or two different ones."""
    same_email = func.lower(users.c.email) == email.lower()
    same_name = func.lower(users.c.username) == username.lower()
    rows = await session.execute(select(*COLUMNS).where(same_email | same_name))
    return [UserRow(*row) for row in rows]


async def _promote(session: Session, found: list[UserRow], email: str, username: str) -> str:
    row = found[0]
    if (row.email.lower(), row.username.lower()) != (email.lower(), username.lower()):
        raise Failure(
            "Another user has this email address or this user name already. "
            "Give both as that user has them, or two that nobody has."
        )
    if row.is_superuser and row.is_active:
        return f"{row.username} is a superuser already. Nothing was changed."
    for event in events_of(row, await update_user(session, row.id, RIGHTS), RIGHTS):
        await audit.note(session, event, subject_id=row.id)
    return f"{row.username} existed and is a superuser now, with the same password as before."
