from __future__ import annotations

from tests.client import Api
from tests.people import People


async def test_a_signed_in_user_writes_a_post(api: Api, people: People) -> None:
    alice = await people.add("alice")
    reply = await api("create_post", as_=alice, body={"title": "Note G", "content": "Text"})

    assert reply.status == 201
