"""Users, sign-ins, rate limits, the audit trail and repeatable answers: the first tables."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "@TODAY@_first_tables"
down_revision: str | None = None
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    create_users()
    create_refresh_families()
    create_rate_limits()
    create_audit_events()
    create_idempotency_keys()


def downgrade() -> None:
    op.drop_table("idempotency_keys")
    op.drop_table("audit_events")
    op.drop_table("rate_limits")
    op.drop_table("refresh_families")
    op.drop_table("users")


def create_users() -> None:
    op.create_table(
        "users",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("email", sa.Text(collation="C"), nullable=False),
        sa.Column("username", sa.Text(collation="C"), nullable=False),
        sa.Column("full_name", sa.Text, nullable=True),
        sa.Column("bio", sa.Text, nullable=True),
        sa.Column("password_hash", sa.Text(collation="C"), nullable=False),
        sa.Column("is_active", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.Column("is_superuser", sa.Boolean, server_default=sa.false(), nullable=False),
        sa.Column("version", sa.BigInteger, server_default=sa.text("1"), nullable=False),
        sa.Column("token_epoch", sa.BigInteger, server_default=sa.text("1"), nullable=False),
        moment("created_at", default=True),
        moment("updated_at", default=True),
        sa.PrimaryKeyConstraint("id", name="pk_users"),
        length("users", "email", 5, 254),
        length("users", "username", 3, 50),
        length("users", "full_name", 0, 100),
        length("users", "bio", 0, 2000),
        length("users", "password_hash", 1, 255),
    )
    op.create_index("uq_users_email", "users", [sa.text("lower(email)")], unique=True)
    op.create_index("uq_users_username", "users", [sa.text("lower(username)")], unique=True)
    active = sa.text("is_superuser AND is_active")
    op.create_index("ix_users_superusers", "users", ["id"], postgresql_where=active)


def create_refresh_families() -> None:
    op.create_table(
        "refresh_families",
        sa.Column("id", sa.Uuid, server_default=sa.text("gen_random_uuid()"), nullable=False),
        sa.Column("user_id", sa.BigInteger, nullable=False),
        sa.Column("generation", sa.BigInteger, server_default=sa.text("1"), nullable=False),
        sa.Column("token_epoch", sa.BigInteger, nullable=False),
        moment("created_at"),
        moment("rotated_at"),
        moment("expires_at"),
        moment("revoked_at", nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_refresh_families"),
        belongs_to_user("refresh_families", "user_id"),
    )
    by_user = ["user_id", "expires_at"]
    op.create_index("ix_refresh_families_user_id_expires_at", "refresh_families", by_user)


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


def moment(name: str, *, default: bool = False, nullable: bool = False) -> sa.Column[object]:
    now = sa.func.now() if default else None
    return sa.Column(name, sa.DateTime(timezone=True), server_default=now, nullable=nullable)


def length(table: str, column: str, shortest: int, longest: int) -> sa.CheckConstraint:
    rule = f"char_length({column}) BETWEEN {shortest} AND {longest}"
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{column}_length"))


def belongs_to_user(table: str, column: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_users"
    return sa.ForeignKeyConstraint([column], ["users.id"], name=name, ondelete="CASCADE")
