from __future__ import annotations

from tests.client import Api
from tests.good import Good


async def test_anybody_reads_a_book(api: Api, good: Good) -> None:
    reply = await api("get_book", book_id=good.path["book_id"])

    assert (reply.status, reply.body["title"]) == (200, "Middlemarch")


async def test_a_book_that_does_not_exist_is_not_found(api: Api) -> None:
    assert (await api("get_book", book_id=2**62)).code == "book_not_found"
