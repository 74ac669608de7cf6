"""The operations of the tag copies. The document says what they do; this is how."""

from __future__ import annotations

from app.context import Actor, Context
from app.copies import queries
from app.db.etags import entity_tag
from generated.copies import AddCopyCreated
from generated.schemas import Copy, CopyCreate


async def add_copy(
    context: Context, actor: Actor, *, book_id: int, body: CopyCreate
) -> AddCopyCreated:
    row = await queries.insert_copy(context.session, book_id, body.shelf)
    return AddCopyCreated(
        body=Copy(**row._asdict()), location=f"/api/v1/copies/{row.id}", etag=entity_tag(*row)
    )
