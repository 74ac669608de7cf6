"""Where the values of the document land in the tables: what `storable` cannot know by itself."""

from __future__ import annotations

from collections.abc import Mapping

from sqlalchemy import Table

# Where the members of a schema land; every schema of a request body stands here or in NOT_STORED.
WRITTEN: Mapping[str, Table] = {}
SHOWN: Mapping[str, Table] = {}
NOT_STORED: set[str] = set()
# Members of which only a hash is stored.
HASHED: set[str] = set()
# Columns that no client sets.
OWN: set[str] = {"id"}
# Members that come from another table.
JOINED: set[str] = set()
