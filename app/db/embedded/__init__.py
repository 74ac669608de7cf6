"""A PostgreSQL of our own for laptops and tests, run from a folder of binaries.
Knows nothing of tables; production has its own server, named by DATABASE_URL.
"""

from app.db.embedded.binaries import EmbeddedError
from app.db.embedded.server import EmbeddedPostgres

__all__ = ["EmbeddedError", "EmbeddedPostgres"]
