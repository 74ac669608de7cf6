"""What a run in a database of its own finds there."""

from __future__ import annotations


def fill(database_url: str) -> None:
    """Store what the examples of the document ask for, in a migrated database."""
