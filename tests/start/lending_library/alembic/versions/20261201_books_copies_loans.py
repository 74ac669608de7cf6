"""Books, their copies, who has these, and the clerks who see to it."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "20261201_books_copies_loans"
down_revision: str | None = "@BEGIN@"
branch_labels: str | None = None
depends_on: str | None = None


def upgrade() -> None:
    op.create_table(
        "books",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("title", sa.Text, nullable=False),
        sa.Column("author", sa.Text, nullable=False),
        sa.Column("cover", sa.LargeBinary, nullable=True),
        sa.PrimaryKeyConstraint("id", name="pk_books"),
        length("books", "title", 1, 200),
        length("books", "author", 1, 200),
    )
    op.create_table(
        "copies",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("book_id", sa.BigInteger, nullable=False),
        sa.Column("shelf", sa.Text, nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_copies"),
        belongs_to("copies", "book_id", "books"),
        length("copies", "shelf", 1, 20),
    )
    op.create_index("ix_copies_book_id", "copies", ["book_id"])
    op.create_table(
        "loans",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("copy_id", sa.BigInteger, nullable=False),
        sa.Column("borrower", sa.Text, nullable=False),
        sa.Column("is_open", sa.Boolean, server_default=sa.true(), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_loans"),
        belongs_to("loans", "copy_id", "copies"),
        length("loans", "borrower", 1, 100),
    )
    is_open = sa.text("is_open")
    op.create_index(
        "uq_loans_copy_id_open", "loans", ["copy_id"], unique=True, postgresql_where=is_open
    )
    op.create_table(
        "clerks",
        sa.Column("id", sa.BigInteger, sa.Identity(always=True), nullable=False),
        sa.Column("key_hash", sa.Text(collation="C"), nullable=False),
        sa.PrimaryKeyConstraint("id", name="pk_clerks"),
        sa.UniqueConstraint("key_hash", name="uq_clerks_key_hash"),
        length("clerks", "key_hash", 64, 64),
    )


def downgrade() -> None:
    for table in ("clerks", "loans", "copies", "books"):
        op.drop_table(table)


def length(table: str, column: str, shortest: int, longest: int) -> sa.CheckConstraint:
    rule = f"char_length({column}) BETWEEN {shortest} AND {longest}"
    return sa.CheckConstraint(rule, name=op.f(f"ck_{table}_{column}_length"))


def belongs_to(table: str, column: str, other: str) -> sa.ForeignKeyConstraint:
    name = f"fk_{table}_{column}_{other}"
    return sa.ForeignKeyConstraint([column], [f"{other}.id"], name=name, ondelete="CASCADE")
