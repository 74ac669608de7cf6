"""What the tests of every operation and of every table have to know of this service."""

from __future__ import annotations

from app.db.engine import Database
from app.settings import Settings
from tests.good import Good
from tests.people import People
from tests.security.test_tokens import ATTACKS

# Credentials that were never good.
FORGED = ATTACKS["another key"]
# A row in each table.
ROWS = """
INSERT INTO users (email, username, password_hash) VALUES ('ada@example.com', 'ada', 'x');
INSERT INTO posts (author_id, title, content) SELECT id, 'Note G', 'Text' FROM users;
INSERT INTO refresh_families (user_id, token_epoch, created_at, rotated_at, expires_at)
SELECT id, 1, now(), now(), now() FROM users;
INSERT INTO idempotency_keys (id, fingerprint, expires_at) VALUES ('1', '1', now());
INSERT INTO rate_limits (key, counted, ends_at) VALUES ('', 1, now());
INSERT INTO audit_events (event) VALUES ('signed_in');
"""


async def good_requests(settings: Settings, database: Database) -> Good:
    people = People(settings, database)
    alice = await people.add("alice")
    return Good(
        as_=alice,
        path={"user_id": alice.id, "post_id": await people.post(alice)},
        members=dict.fromkeys(("refresh_token", "token"), alice.refresh_token),
    )
