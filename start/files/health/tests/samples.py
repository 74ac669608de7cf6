"""What the tests of every operation and of every table have to know of this service."""

from __future__ import annotations

from app.db.engine import Database
from app.settings import Settings
from tests.good import Good

# Credentials that were never good.
FORGED = "forged"
# A row in each table.
ROWS = """
INSERT INTO idempotency_keys (id, fingerprint, expires_at) VALUES ('1', '1', now());
INSERT INTO rate_limits (key, counted, ends_at) VALUES ('', 1, now());
INSERT INTO audit_events (event) VALUES ('limit_reached');
"""


async def good_requests(settings: Settings, database: Database) -> Good:
    """Store what requests ask for, and name it: `path` has an object for each path parameter."""
    return Good(as_=None, path={}, members={})
