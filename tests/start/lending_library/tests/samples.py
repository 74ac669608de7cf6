"""What the tests of every operation and of every table have to know of this service."""

from __future__ import annotations

from sqlalchemy import insert

from app.db.engine import Database
from app.db.tables import books, clerks, copies, loans
from app.guard import hash_of
from app.settings import Settings
from tests.good import Good

KEY = "a-key-of-a-clerk-that-is-for-tests-alone"
# Credentials that were never good.
FORGED = "forged"
# Statements that put a row into each table.
ROWS = f"""
INSERT INTO books (title, author) VALUES ('Middlemarch', 'George Eliot');
INSERT INTO copies (book_id, shelf) SELECT id, 'E 12' FROM books;
INSERT INTO loans (copy_id, borrower) SELECT id, 'Dorothea Brooke' FROM copies;
INSERT INTO clerks (key_hash) VALUES ('{hash_of(KEY)}');
INSERT INTO idempotency_keys (id, fingerprint, expires_at) VALUES ('1', '1', now());
"""  # noqa: S608 - all of it is known


async def good_requests(settings: Settings, database: Database) -> Good:
    """A clerk, a book, a copy that nobody has, and another that is lent."""
    async with database.transaction() as session:
        await session.execute(insert(clerks), {"key_hash": hash_of(KEY)})
        book = insert(books).returning(books.c.id)
        book_id = await session.scalar(book, {"title": "Middlemarch", "author": "George Eliot"})
        copy = insert(copies).returning(copies.c.id)
        free, lent = [
            await session.scalar(copy, {"book_id": book_id, "shelf": shelf}) for shelf in "AB"
        ]
        loan = insert(loans).returning(loans.c.id)
        loan_id = await session.scalar(loan, {"copy_id": lent, "borrower": "Dorothea Brooke"})
    return Good(as_=KEY, path={"book_id": book_id, "loan_id": loan_id}, members={"copy_id": free})
