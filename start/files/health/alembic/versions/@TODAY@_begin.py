"""What is counted by rate limits: the table that the service begins with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "@TODAY@_begin"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    create_rate_limits()


def downgrade() -> None:
    op.drop_table("rate_limits")


def create_rate_limits() -> None:
    op.create_table(
        "rate_limits",
        sa.Column("key", sa.LargeBinary, nullable=False),
        sa.Column("counted", sa.BigInteger, nullable=False),
        sa.Column("ends_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name="pk_rate_limits"),
        prefixes=["UNLOGGED"],
        postgresql_with={"fillfactor": 50},
    )
