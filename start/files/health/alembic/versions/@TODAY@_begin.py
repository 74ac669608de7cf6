"""Rate limits, the audit trail and answers that may be repeated: the tables to begin with."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "@TODAY@_begin"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    create_rate_limits()
    create_audit_events()
    create_idempotency_keys()


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("audit_events")
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


def create_audit_events() -> None:
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
        length("audit_events", "event", 1, 40),
        length("audit_events", "address", 0, 45),
        length("audit_events", "request_id", 0, 64),
    )
    op.create_index("ix_audit_events_at", "audit_events", ["at"])


def create_idempotency_keys() -> None:
    op.create_table(
        "idempotency_keys",
        sa.Column("id", sa.LargeBinary, nullable=False),
        sa.Column("fingerprint", sa.LargeBinary, nullable=False),
        sa.Column("status", sa.BigInteger, nullable=True),
        sa.Column("headers", sa.Text, nullable=True),
        sa.Column("body", sa.LargeBinary, nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_idempotency_keys"),
    )
    op.create_index("ix_idempotency_keys_expires_at", "idempotency_keys", ["expires_at"])


def length(table: str, column: str, shortest: int, longest: int) -> sa.CheckConstraint:
    rule = f"char_length({column}) BETWEEN {shortest} AND {longest}"
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{column}_length"))
