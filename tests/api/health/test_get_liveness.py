from __future__ import annotations

from tests.client import Api


async def test_a_process_that_answers_lives(api: Api) -> None:
    reply = await api("get_liveness")

    assert reply.status == 200
    assert reply.body == {"status": "alive"}
    assert reply.headers["cache-control"] == "no-store"
