"""The beginning, before any table."""

from __future__ import annotations

revision = "@TODAY@_begin"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    """Leave no more than the mark that migrations have run."""


def downgrade() -> None:
    """There is nothing to take back."""
