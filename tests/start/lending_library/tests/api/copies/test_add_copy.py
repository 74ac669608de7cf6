from __future__ import annotations

from tests.client import Api
from tests.good import Good


async def test_a_copy_is_added(api: Api, good: Good) -> None:
    reply = await api("add_copy", **good.arguments("add_copy"))

    assert (reply.status, reply.body["book_id"]) == (201, good.path["book_id"])


async def test_a_book_that_does_not_exist_has_no_copies(api: Api, good: Good) -> None:
    reply = await api("add_copy", **{**good.arguments("add_copy"), "book_id": 2**62})

    assert reply.code == "book_not_found"
