"""The statements about books."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from sqlalchemy import bindparam, insert, select, update

from app.db.session import Session
from app.db.tables import books


class BookRow(NamedTuple):
    id: int
    title: str
    author: str
    has_cover: bool


COLUMNS = (books.c.id, books.c.title, books.c.author, books.c.cover.is_not(None))
BY_ID = books.c.id == bindparam("book_id")
FIND_BOOK = select(*COLUMNS).where(BY_ID)
INSERT_BOOK = insert(books).returning(*COLUMNS)
UPDATE_COVER = update(books).where(BY_ID).returning(books.c.id)
LIST_BOOKS = (
    select(books.c.id, books.c.title, books.c.author)
    .where(books.c.id > bindparam("after"))
    .order_by(books.c.id)
    .limit(500)
)


async def find_book(session: Session, book_id: int) -> BookRow | None:
    row = (await session.execute(FIND_BOOK, {"book_id": book_id})).one_or_none()
    return None if row is None else BookRow(*row)


async def insert_book(session: Session, values: Mapping[str, Any]) -> BookRow:
    return BookRow(*(await session.execute(INSERT_BOOK, values)).one())


async def update_cover(session: Session, book_id: int, cover: bytes) -> bool:
    """Whether there is such a book."""
    found = await session.execute(UPDATE_COVER, {"book_id": book_id, "cover": cover})
    return found.one_or_none() is not None


async def list_books(session: Session, after: int) -> Sequence[tuple[int, str, str]]:
    """The next ones after this id, the oldest first."""
    return [(row[0], row[1], row[2]) for row in await session.execute(LIST_BOOKS, {"after": after})]
