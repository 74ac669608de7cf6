"""Who Schemathesis signs in as: two equals and a superuser, who stay in being whatever it does."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from urllib.error import HTTPError
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import asyncpg

from app.security.passwords import hash_password

PASSWORD = "analytical-engine-1843"
EQUALS = ("alice", "bob")
SUPERUSER = "root"
# Whose sign-ins the refresh tokens belong to.
RENEWING = "carol"
KEPT = (*EQUALS, SUPERUSER, RENEWING)
LOG_IN = "/api/v1/auth/login"
FORM = "application/x-www-form-urlencoded"

# The run may rename, disable or delete whom it runs as; the superuser may by design. Whoever goes
# is replaced within the same transaction, so that signing in works at every moment.
KEEP = """
CREATE TABLE kept AS SELECT username, password_hash, is_superuser FROM users;
CREATE FUNCTION replace_user() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
    address text := OLD.username || '@example.com';
BEGIN
    IF TG_OP = 'UPDATE' AND NEW.username = OLD.username THEN
        UPDATE users SET username = username || '-' || id WHERE id = OLD.id;
        RETURN NULL;  -- that was a change of name, which has called this function again
    END IF;
    IF EXISTS (SELECT FROM users WHERE lower(email) = address) THEN
        address := OLD.username || '-' || pg_current_xact_id() || '@example.com';
    END IF;
    INSERT INTO users (username, email, password_hash, is_superuser)
    SELECT username, address, password_hash, is_superuser FROM kept
    WHERE username = OLD.username;
    RETURN NULL;
END $$;
CREATE TRIGGER keep_changed AFTER UPDATE ON users FOR EACH ROW
WHEN (OLD.username IN ({names}) AND (
    NEW.username <> OLD.username OR NEW.password_hash <> OLD.password_hash
    OR NEW.is_superuser <> OLD.is_superuser OR NOT NEW.is_active
)) EXECUTE FUNCTION replace_user();
CREATE TRIGGER keep_deleted AFTER DELETE ON users FOR EACH ROW
WHEN (OLD.username IN ({names})) EXECUTE FUNCTION replace_user();
"""
ADD = "INSERT INTO users (username, email, password_hash, is_superuser) VALUES ($1, $2, $3, $4)"
# Something to find, and for each user something to change; the ids begin at 1, as in the examples.
WRITE = """
INSERT INTO posts (author_id, title, content, published)
SELECT users.id, 'Note ' || n, 'It can do whatever we know how to order it to perform.', n % 2 = 0
FROM generate_series(1, 20) AS n, users WHERE users.username = ANY ($1) ORDER BY n, users.id
"""


def make(database_url: str) -> None:
    """Make users and posts in a migrated database."""
    asyncio.run(_make(database_url))


async def _make(database_url: str) -> None:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        password_hash = hash_password(PASSWORD)
        for name in KEPT:
            email = f"{name}@example.com"
            await connection.execute(ADD, name, email, password_hash, name == SUPERUSER)
        await connection.execute(KEEP.format(names=", ".join(f"'{name}'" for name in KEPT)))
        await connection.execute(WRITE, list(EQUALS))
    finally:
        await connection.close()


def register(url: str, names: Sequence[str]) -> None:
    """Register users by the API. Those of an earlier run are there already."""
    for name in names:
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        try:
            post(f"{url}/api/v1/users", json.dumps(body), "application/json")
        except HTTPError as refusal:
            if refusal.code != HTTPStatus.CONFLICT:
                raise


def refresh_token(url: str) -> str:
    """Sign in and return a refresh token that nobody has used."""
    form = urlencode({"username": RENEWING, "password": PASSWORD})
    return post(url + LOG_IN, form, FORM)["refresh_token"]


def post(url: str, body: str, media_type: str) -> dict[str, str]:
    headers = {"Content-Type": media_type}
    # The caller has seen to it that the address is one of this machine.
    with urlopen(Request(url, body.encode(), headers), timeout=10) as answer:  # noqa: S310
        made: dict[str, str] = json.load(answer)
    return made


def write_auth(file: Path, names: Sequence[str]) -> None:
    """Write a Web Fuzzing Commons auth file: each user signs in as any client does."""
    file.write_text(json.dumps({"auth": [_user(name) for name in names]}))


def _user(name: str) -> dict[str, object]:
    return {
        "name": name,
        "loginEndpointAuth": {
            "verb": "POST",
            "endpoint": LOG_IN,
            "contentType": FORM,
            "payloadUserPwd": {
                "username": name,
                "password": PASSWORD,
                "usernameField": "username",
                "passwordField": "password",
            },
            "token": {
                "extractFrom": "body",
                "extractSelector": "/access_token",
                "sendIn": "header",
                "sendName": "Authorization",
                "sendTemplate": "Bearer {token}",
            },
        },
    }
