from __future__ import annotations

from sqlalchemy import select

from app.db.tables import books
from tests.client import Api
from tests.good import Good
from tests.stored import Stored

PICTURE = b"\x89PNG\r\n\x1a\n\0\xff"


async def test_a_cover_is_kept_byte_by_byte(api: Api, stored: Stored, good: Good) -> None:
    book_id = good.path["book_id"]
    reply = await api("set_cover", as_=good.as_, book_id=book_id, body={"cover": PICTURE})

    assert reply.status == 204
    assert await stored.scalar(select(books.c.cover)) == PICTURE
    assert (await api("get_book", book_id=book_id)).body["has_cover"] is True


async def test_a_book_that_does_not_exist_has_no_cover(api: Api, good: Good) -> None:
    reply = await api("set_cover", as_=good.as_, book_id=2**62, body={"cover": PICTURE})

    assert reply.code == "book_not_found"


async def test_a_form_without_the_file_is_refused(api: Api, stored: Stored, good: Good) -> None:
    async with stored.unchanged():
        reply = await api("set_cover", **{**good.arguments("set_cover"), "body": {"x": b"y"}})

    assert (reply.status, reply.code) == (422, "invalid_input")
