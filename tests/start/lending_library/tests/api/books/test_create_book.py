from __future__ import annotations

from tests.client import Api
from tests.good import Good
from tests.samples import KEY


async def test_a_book_is_added_and_can_be_read(api: Api, good: Good) -> None:
    made = await api("create_book", **good.arguments("create_book"))
    read = await api("get_book", book_id=made.body["id"])

    assert made.status == 201
    assert made.headers["location"] == f"/api/v1/books/{made.body['id']}"
    assert read.body == made.body


async def test_the_key_of_a_clerk_may_come_in_a_header_of_its_own(api: Api, good: Good) -> None:
    given = {**good.arguments("create_book"), "as_": {"x-api-key": KEY}}
    wrong = {**given, "as_": {"x-api-key": "wrong"}}

    assert (await api("create_book", **given)).status == 201
    assert (await api("create_book", **wrong)).code == "invalid_token"
