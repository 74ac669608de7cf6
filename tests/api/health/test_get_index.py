from __future__ import annotations

from tests.client import Api


async def test_the_index_says_where_everything_is(api: Api) -> None:
    reply = await api("get_index")

    assert reply.status == 200
    assert reply.body["service"] == "Colophon"
    for name in ("documentation", "reference", "openapi_json", "openapi_yaml", "health"):
        assert (await api.http.get(reply.body[name])).status_code == 200
