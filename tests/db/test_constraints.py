"""What the constraints of this service's own tables mean to a client."""

from __future__ import annotations

import pytest

from app.db.engine import Database
from tests.db.breaking import code_of, run

USER = "INSERT INTO users (email, username, password_hash) VALUES ('{0}', '{1}', 'x')"
FAMILY = """
INSERT INTO refresh_families (user_id, token_epoch, created_at, rotated_at, expires_at)
VALUES (0, 1, now(), now(), now())
"""


@pytest.mark.parametrize(
    ("statement", "code"),
    [
        (USER.format("ADA@example.com", "other"), "email_taken"),
        (USER.format("other@example.com", "ADA"), "username_taken"),
        (USER.format("a@b", "other"), "invalid_input"),
        ("INSERT INTO users (email) VALUES ('o@example.com')", "invalid_input"),
        ("INSERT INTO posts (author_id, title, content) VALUES (0, 'T', 'C')", "invalid_token"),
        (FAMILY, "invalid_credentials"),
    ],
)
async def test_a_broken_constraint_is_told_as_the_document_says(
    own: Database, statement: str, code: str
) -> None:
    await run(own, USER.format("ada@example.com", "ada"))

    assert await code_of(run(own, statement)) == code
