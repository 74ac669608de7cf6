"""Who Schemathesis signs in as: two equals and a superuser, who stay in being whatever it does."""

from __future__ import annotations

import asyncio
import json
import secrets
from pathlib import Path
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import asyncpg
from pydantic import SecretStr

from app.security.passwords import hash_password
from app.security.tokens import Tokens
from app.settings import Settings

PASSWORD = "analytical-engine-1843"
EQUALS = ("alice", "bob")
SUPERUSER = "root"
# Who the examples of the document sign in as.
EXAMPLE = "ada"
# Whose sign-ins the refresh tokens belong to.
RENEWING = "carol"
KEPT = (*EQUALS, SUPERUSER, EXAMPLE, RENEWING)
SIGN_INS = 20_000
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
SIGN_IN = """
INSERT INTO refresh_families (user_id, token_epoch, created_at, rotated_at, expires_at)
SELECT users.id, users.token_epoch, now(), now(), now() + interval '1 day'
FROM users, generate_series(1, $2) WHERE users.username = $1 RETURNING id
"""


def make(database_url: str, secret_key: str) -> list[str]:
    """Make users and posts in a migrated database; return refresh tokens that are good."""
    return asyncio.run(_make(database_url, secret_key))


async def _make(database_url: str, secret_key: str) -> list[str]:
    connection = await asyncpg.connect(database_url.replace("+asyncpg", ""))
    try:
        password_hash = hash_password(PASSWORD)
        for name in KEPT:
            email = f"{name}@example.com"
            await connection.execute(ADD, name, email, password_hash, name == SUPERUSER)
        await connection.execute(KEEP.format(names=", ".join(f"'{name}'" for name in KEPT)))
        await connection.execute(WRITE, list(EQUALS))
        families = await connection.fetch(SIGN_IN, RENEWING, SIGN_INS)
    finally:
        await connection.close()
    settings = Settings(_env_file=None, environment="test", secret_key=SecretStr(secret_key))
    tokens = Tokens(settings)
    return [tokens.issue_refresh_token(row["id"], 1) for row in families]


def register(url: str) -> tuple[list[str], list[str]]:
    """Register the equals by the API, under new names; return the names and good refresh tokens."""
    names = [f"{name}_{secrets.token_hex(4)}" for name in EQUALS]
    for name in names:
        body = {"username": name, "email": f"{name}@example.com", "password": PASSWORD}
        post(f"{url}/api/v1/users", json.dumps(body), "application/json")
    form = urlencode({"username": names[0], "password": PASSWORD})
    return names, [post(url + LOG_IN, form, FORM)["refresh_token"] for _ in range(30)]


def post(url: str, body: str, media_type: str) -> dict[str, str]:
    headers = {"Content-Type": media_type}
    # The caller has seen to it that the address is one of this machine.
    with urlopen(Request(url, body.encode(), headers), timeout=10) as answer:  # noqa: S310
        made: dict[str, str] = json.load(answer)
    return made


def write_auth(file: Path, usernames: dict[str, str]) -> None:
    """Write a Web Fuzzing Commons auth file: each user signs in as any client does."""
    file.write_text(json.dumps({"auth": [_user(*entry) for entry in usernames.items()]}))


def _user(name: str, username: str) -> dict[str, object]:
    return {
        "name": name,
        "loginEndpointAuth": {
            "verb": "POST",
            "endpoint": LOG_IN,
            "contentType": FORM,
            "payloadUserPwd": {
                "username": username,
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
