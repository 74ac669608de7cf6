from __future__ import annotations

import pytest

from tests.client import Api

BROWSER = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"


async def test_the_index_says_where_everything_is(api: Api) -> None:
    reply = await api("get_index")

    assert reply.status == 200
    assert reply.body["service"] == "Colophon"
    places = ("documentation", "reference", "openapi_json", "openapi_yaml", "problems", "health")
    for name in places:
        assert (await api.http.get(reply.body[name])).status_code == 200


async def test_a_browser_gets_the_same_as_a_page(api: Api) -> None:
    index = (await api("get_index")).body
    reply = await api("get_index", headers={"accept": BROWSER})

    assert reply.headers["content-type"] == "text/html; charset=utf-8"
    main = reply.body.partition("<main>")[2]
    assert "<h1>Colophon</h1>" in main
    for name, value in index.items():
        if name not in {"service", "version"}:
            assert f'<a href="{value}">' in main


@pytest.mark.parametrize(
    ("accept", "answered"),
    [
        ("*/*", "application/json"),
        ("application/json", "application/json"),
        ("text/html, application/json", "application/json"),
        ("text/*", "text/html"),
        ("application/json;q=0.1, text/html;q=0.2", "text/html"),
    ],
)
async def test_the_answer_is_what_the_client_prefers(accept: str, answered: str, api: Api) -> None:
    reply = await api("get_index", headers={"accept": accept})

    assert reply.headers["content-type"].partition(";")[0] == answered
    assert reply.headers["vary"] == "Accept"


async def test_a_refusal_depends_on_the_header_too(api: Api) -> None:
    reply = await api("get_index", headers={"accept": "image/png"})

    assert (reply.status, reply.code) == (406, "not_acceptable")
    assert reply.headers["vary"] == "Accept"
