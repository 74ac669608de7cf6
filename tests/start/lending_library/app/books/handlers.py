"""The operations of the tag books. The document says what they do; this is how."""

from __future__ import annotations

import csv
import io
from collections.abc import AsyncIterator, Iterable

from app.books import queries
from app.context import Actor, Context
from app.db.engine import Database
from app.db.etags import entity_tag
from generated.books import CreateBookCreated
from generated.problems import BookNotFound
from generated.schemas import Book, BookCreate, CoverForm


async def create_book(context: Context, actor: Actor, *, body: BookCreate) -> CreateBookCreated:
    row = await queries.insert_book(context.session, body.model_dump())
    return CreateBookCreated(
        body=Book(**row._asdict()), location=f"/api/v1/books/{row.id}", etag=entity_tag(*row)
    )


async def get_book(context: Context, *, book_id: int) -> Book:
    row = await queries.find_book(context.session, book_id)
    if row is None:
        raise BookNotFound
    return Book(**row._asdict())


async def set_cover(context: Context, actor: Actor, *, book_id: int, body: CoverForm) -> None:
    if not await queries.update_cover(context.session, book_id, bytes(body.cover)):
        raise BookNotFound


async def export_books(context: Context, actor: Actor) -> AsyncIterator[bytes]:
    return lines_of(context.database)


async def lines_of(database: Database) -> AsyncIterator[bytes]:
    """In a session of its own, because the request's has ended when the first byte is sent."""
    yield csv_of([("id", "title", "author")])
    last = 0
    while True:
        async with database.session(read_only=True) as session:
            found = await queries.list_books(session, last)
        if not found:
            return
        yield csv_of(found)
        last = found[-1][0]


def csv_of(rows: Iterable[Iterable[object]]) -> bytes:
    text = io.StringIO()
    csv.writer(text).writerows(rows)
    return text.getvalue().encode()
