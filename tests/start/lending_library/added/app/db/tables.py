books = Table(
    "books",
    metadata,
    identity(),
    string("title", 200, shortest=1),
    string("author", 200, shortest=1),
    Column("cover", LargeBinary, nullable=True),
)

copies = Table(
    "copies",
    metadata,
    identity(),
    Column("book_id", BigInteger, ForeignKey("books.id", ondelete="CASCADE"), nullable=False),
    string("shelf", 20, shortest=1),
    Index("ix_copies_book_id", "book_id"),
)

loans = Table(
    "loans",
    metadata,
    identity(),
    Column("copy_id", BigInteger, ForeignKey("copies.id", ondelete="CASCADE"), nullable=False),
    string("borrower", 100, shortest=1),
    flag("is_open", default=True),
)
Index("uq_loans_copy_id_open", loans.c.copy_id, unique=True, postgresql_where=loans.c.is_open)

clerks = Table(
    "clerks",
    metadata,
    identity(),
    string("key_hash", 64, shortest=64, ascii_only=True),
    UniqueConstraint("key_hash"),
)
