"""What happened to accounts and what belongs to them."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261125_audit_events"
down_revision: str | None = "20261125_rate_limits"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "audit_events",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), server_default=sa.func.now(), nullable=False),
        sa.Column("event", sa.Text(collation="C"), nullable=False),
        sa.Column("actor_id", sa.BigInteger, nullable=True),
        sa.Column("subject_id", sa.BigInteger, nullable=True),
        sa.Column("sign_in_id", sa.Uuid, nullable=True),
        sa.Column("address", sa.Text(collation="C"), nullable=True),
        sa.Column("request_id", sa.Text(collation="C"), nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_audit_events"),
        length("event", 1, 40),
        length("address", 0, 45),
        length("request_id", 0, 64),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"])


def downgrade() -> None:
    op.drop_table("audit_events")


def length(column: str, shortest: int, longest: int) -> sa.CheckConstraint:
    rule = f"char_length({column}) BETWEEN {shortest} AND {longest}"
    return sa.CheckConstraint(rule, name=op.f(f"ck_audit_events_{column}_length"))
