"""Where the values of the document land in the tables: what `storable` cannot know by itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

from app.db.tables import books, copies, loans

# Where the members of a schema land; every schema of a request body stands here or in NOT_STORED.
WRITTEN: Mapping[str, Table] = {"BookCreate": books, "CopyCreate": copies, "LoanCreate": loans}
SHOWN: Mapping[str, Table] = {"Book": books, "Copy": copies, "Loan": loans}
# A file of a form: its bytes land as they are.
NOT_STORED: set[str] = {"CoverForm"}
# Members of which only a hash is stored.
HASHED: set[str] = set()
# Columns that no client sets: they come from the path.
OWN: set[str] = {"id", "book_id"}
# Members that no column has.
JOINED: set[str] = {"has_cover"}
