from __future__ import annotations

import asyncio

from tests.client import Api
from tests.good import Good


async def test_one_of_several_who_want_a_copy_gets_it(api: Api, good: Good) -> None:
    given = good.arguments("lend_copy")
    replies = await asyncio.gather(*(api("lend_copy", **given) for _ in range(5)))

    assert sorted(reply.status for reply in replies) == [201, 409, 409, 409, 409]
    assert {reply.code for reply in replies} == {"", "copy_lent"}


async def test_a_copy_that_does_not_exist_cannot_be_lent(api: Api, good: Good) -> None:
    body = {"copy_id": 2**62, "borrower": "Dorothea Brooke"}

    assert (await api("lend_copy", as_=good.as_, body=body)).code == "copy_not_found"
