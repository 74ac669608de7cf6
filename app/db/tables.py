"""Every table of the service on one screen, and the names of its constraints.
What a violated constraint means to a client is said in `app.db.errors`, how a table came to be in
`alembic/`.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import (
    BigInteger,
    Boolean,
    CheckConstraint,
    Column,
    DateTime,
    ForeignKey,
    Identity,
    Index,
    LargeBinary,
    MetaData,
    Table,
    Text,
    Uuid,
    false,
    func,
    text,
    true,
)

metadata = MetaData(
    naming_convention={
        "pk": "pk_%(table_name)s",
        "fk": "fk_%(table_name)s_%(column_0_N_name)s_%(referred_table_name)s",
        "uq": "uq_%(table_name)s_%(column_0_N_name)s",
        "ix": "ix_%(table_name)s_%(column_0_N_name)s",
        "ck": "ck_%(table_name)s_%(constraint_name)s",
    }
)


def identity() -> Column[int]:
    return Column("id", BigInteger, Identity(always=True), primary_key=True)


def string(
    name: str, longest: int, *, shortest: int = 0, nullable: bool = False, ascii_only: bool = False
) -> Column[Any]:
    """Text of `shortest` to `longest` code points. Where only ASCII comes in, the "C" collation
    keeps lower() and the order of an index the same on every server and release.
    """
    length = f"char_length({name}) BETWEEN {shortest} AND {longest}"
    return Column(
        name,
        Text(collation="C" if ascii_only else None),
        CheckConstraint(length, name=f"{name}_length"),
        nullable=nullable,
        info={"shortest": shortest, "longest": longest},
    )


def flag(name: str, *, default: bool) -> Column[bool]:
    return Column(name, Boolean, nullable=False, server_default=true() if default else false())


def counter(name: str) -> Column[int]:
    return Column(name, BigInteger, nullable=False, server_default=text("1"))


def moment(name: str, *, default: bool = True, nullable: bool = False) -> Column[Any]:
    now = func.now() if default else None
    return Column(name, DateTime(timezone=True), nullable=nullable, server_default=now)


def owner(name: str) -> Column[int]:
    return Column(name, BigInteger, ForeignKey("users.id", ondelete="CASCADE"), nullable=False)


users = Table(
    "users",
    metadata,
    identity(),
    string("email", 254, shortest=5, ascii_only=True),
    string("username", 50, shortest=3, ascii_only=True),
    string("full_name", 100, nullable=True),
    string("bio", 2000, nullable=True),
    string("password_hash", 255, shortest=1, ascii_only=True),
    flag("is_active", default=True),
    flag("is_superuser", default=False),
    counter("version"),  # of what a client sees; counts up with every change of it
    counter("token_epoch"),  # counts up with a new password; ends every sign-in made before it
    moment("created_at"),
    moment("updated_at"),
)
Index("uq_users_email", func.lower(users.c.email), unique=True)
Index("uq_users_username", func.lower(users.c.username), unique=True)
Index("ix_users_superusers", users.c.id, postgresql_where=users.c.is_superuser & users.c.is_active)

posts = Table(
    "posts",
    metadata,
    identity(),
    owner("author_id"),
    string("title", 255, shortest=1),
    string("content", 100_000, shortest=1),
    flag("published", default=False),
    counter("version"),
    moment("created_at"),
    moment("updated_at"),
    # A list, whatever its filters, is one or two ranges of these, read backwards from the end.
    Index("ix_posts_published_id", "published", "id"),
    Index("ix_posts_author_id_published_id", "author_id", "published", "id"),
)

# One row per sign-in (RFC 9700, section 4.14.2): its refresh tokens are numbered by `generation`,
# and only the newest is good. The tokens are derived from row and SECRET_KEY, and never stored.
# The sweep finds what has expired by a scan, 50 ms of an hour for a million rows. An index for it
# would have 21 MB, and each renewal, which puts `expires_at` off, would write a fifth more.
refresh_families = Table(
    "refresh_families",
    metadata,
    Column("id", Uuid, primary_key=True, server_default=func.gen_random_uuid()),
    owner("user_id"),
    counter("generation"),
    Column("token_epoch", BigInteger, nullable=False),
    moment("created_at", default=False),
    moment("rotated_at", default=False),
    moment("expires_at", default=False),
    moment("revoked_at", default=False, nullable=True),
    Index("ix_refresh_families_user_id_expires_at", "user_id", "expires_at"),
)

# Answers to requests with an Idempotency-Key, for as long as they may be repeated. `id` and
# `fingerprint` are digests; what may be null is so only while the request is being carried out.
idempotency_keys = Table(
    "idempotency_keys",
    metadata,
    Column("id", LargeBinary, primary_key=True),
    Column("fingerprint", LargeBinary, nullable=False),
    Column("status", BigInteger, nullable=True),
    Column("headers", Text, nullable=True),
    Column("body", LargeBinary, nullable=True),
    moment("expires_at", default=False),
    Index("ix_idempotency_keys_expires_at", "expires_at"),
)

# What is counted by the document's rate limits, `counted` in a span that goes on until `ends_at`.
# Not worth a write-ahead log: after a crash of the server, or on its standby, counting begins anew.
rate_limits = Table(
    "rate_limits",
    metadata,
    Column("key", LargeBinary, primary_key=True),
    Column("counted", BigInteger, nullable=False),
    moment("ends_at", default=False),
    prefixes=["UNLOGGED"],
    postgresql_with={"fillfactor": 50},  # so that counting leaves the index alone
)

# What happened to accounts and what belongs to them. No foreign keys: it outlives whom it names.
audit_events = Table(
    "audit_events",
    metadata,
    identity(),
    moment("at"),
    string("event", 40, shortest=1, ascii_only=True),
    Column("actor_id", BigInteger, nullable=True),
    Column("subject_id", BigInteger, nullable=True),
    Column("sign_in_id", Uuid, nullable=True),
    string("address", 45, nullable=True, ascii_only=True),
    string("request_id", 64, nullable=True, ascii_only=True),
    Index("ix_audit_events_at", "at"),
)
