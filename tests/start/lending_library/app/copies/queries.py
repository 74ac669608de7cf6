"""The statements about copies."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import insert

from app.db.session import Session
from app.db.tables import copies


class CopyRow(NamedTuple):
    id: int
    book_id: int
    shelf: str


INSERT_COPY = insert(copies).returning(*(copies.c[name] for name in CopyRow._fields))


async def insert_copy(session: Session, book_id: int, shelf: str) -> CopyRow:
    values = {"book_id": book_id, "shelf": shelf}
    return CopyRow(*(await session.execute(INSERT_COPY, values)).one())
