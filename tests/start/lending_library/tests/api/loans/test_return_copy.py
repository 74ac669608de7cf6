from __future__ import annotations

from tests.client import Api
from tests.good import Good


async def test_a_copy_comes_back_once(api: Api, good: Good) -> None:
    first = await api("return_copy", **good.arguments("return_copy"))
    again = await api("return_copy", **good.arguments("return_copy"))

    assert (first.status, first.body["is_open"]) == (200, False)
    assert again.code == "loan_ended"


async def test_a_copy_that_came_back_can_be_lent_again(api: Api, good: Good) -> None:
    returned = await api("return_copy", **good.arguments("return_copy"))
    body = {"copy_id": returned.body["copy_id"], "borrower": "Will Ladislaw"}

    assert (await api("lend_copy", as_=good.as_, body=body)).status == 201


async def test_a_loan_that_does_not_exist_is_not_found(api: Api, good: Good) -> None:
    assert (await api("return_copy", as_=good.as_, loan_id=2**62)).code == "loan_not_found"
