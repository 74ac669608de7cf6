"""The users of a run in a database of its own, who stay in being whatever the run does to them."""

from __future__ import annotations

import asyncio

import asyncpg

from app.security.passwords import hash_password
from tests.contract.users import EQUALS, KEPT, PASSWORD, SUPERUSER

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


def fill(database_url: str) -> None:
    """Make users and posts in a migrated database."""
    asyncio.run(_fill(database_url))


async def _fill(database_url: str) -> None:
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
