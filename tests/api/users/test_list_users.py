from __future__ import annotations

from typing import Any

import pytest
from sqlalchemy import text

from tests.client import Api
from tests.people import People

PRIVATE = {"email", "is_active", "is_superuser"}


async def test_users_are_listed_newest_first(api: Api, people: People) -> None:
    accounts = [await people.add(f"user{n}") for n in range(3)]
    reply = await api("list_users")

    assert [user["id"] for user in reply.body["users"]] == [a.id for a in reversed(accounts)]
    assert reply.body["total"] == 3
    assert reply.body["total_is_capped"] is False
    assert reply.body["page"] == 1
    assert reply.body["page_size"] == 50
    assert reply.body["next_cursor"] is None
    assert "link" not in reply.headers


async def test_private_members_are_shown_to_whom_they_belong(api: Api, people: People) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    root = await people.superuser()
    anybody = (await api("list_users")).body["users"]
    alices = {u["id"]: u for u in (await api("list_users", as_=alice)).body["users"]}
    roots = (await api("list_users", as_=root)).body["users"]

    assert all(not PRIVATE & user.keys() for user in anybody)
    assert alices[alice.id].keys() >= PRIVATE
    assert not PRIVATE & alices[bob.id].keys()
    assert all(user.keys() >= PRIVATE for user in roots)


async def test_disabled_users_are_listed_too(api: Api, people: People) -> None:
    bob = await people.add("bob", is_active=False)

    assert [user["id"] for user in (await api("list_users")).body["users"]] == [bob.id]


async def test_pages_follow_one_another(api: Api, people: People) -> None:
    accounts = [await people.add(f"user{n}") for n in range(5)]
    first = await api("list_users", page=1, page_size=2)
    last = await api("list_users", page=3, page_size=2)
    behind = await api("list_users", page=4, page_size=2)

    assert [u["id"] for u in first.body["users"]] == [accounts[4].id, accounts[3].id]
    assert [u["id"] for u in last.body["users"]] == [accounts[0].id]
    assert first.body["next_cursor"] is not None
    assert last.body["next_cursor"] is None
    assert behind.status == 200
    assert behind.body["users"] == []
    assert behind.body["total"] == 5


async def test_a_cursor_leads_through_all_of_them_once(api: Api, people: People) -> None:
    accounts = [await people.add(f"user{n}") for n in range(5)]
    seen: list[int] = []
    reply = await api("list_users", page_size=2)
    while True:
        seen += [user["id"] for user in reply.body["users"]]
        if reply.body["next_cursor"] is None:
            break
        reply = await api("list_users", page_size=2, cursor=reply.body["next_cursor"], page=7)
        assert reply.body["page"] is None

    assert seen == [account.id for account in reversed(accounts)]


async def test_the_link_header_is_the_next_page(api: Api, people: People) -> None:
    for n in range(3):
        await people.add(f"user{n}")
    reply = await api("list_users", page_size=2)
    target, relation = reply.headers["link"].split("; ")
    followed = await api.http.get(target.strip("<>"))

    assert relation == 'rel="next"'
    assert len(followed.json()["users"]) == 1
    assert followed.json()["page_size"] == 2


@pytest.mark.parametrize("cursor", ["0" * 16, "7" + "f" * 15])
async def test_a_cursor_that_was_made_up_leads_somewhere(
    api: Api, people: People, cursor: str
) -> None:
    alice = await people.add("alice")
    reply = await api("list_users", cursor=cursor)

    assert reply.status == 200
    assert [u["id"] for u in reply.body["users"]] == ([] if cursor[0] == "0" else [alice.id])
    assert reply.body["total"] == 1


async def test_the_total_is_counted_up_to_a_thousand(api: Api, people: People) -> None:
    await people.execute(
        text(
            "INSERT INTO users (email, username, password_hash) "
            "SELECT n || '@example.com', 'user' || n, 'x' FROM generate_series(1, 10001) AS n"
        )
    )
    reply = await api("list_users", page=100, page_size=100)

    assert reply.body["total"] == 1_000
    assert reply.body["total_is_capped"] is True
    assert len(reply.body["users"]) == 100
    assert reply.body["next_cursor"] is not None


async def test_nothing_new_is_not_sent_again(api: Api, people: People) -> None:
    alice = await people.add("alice")
    first = await api("list_users", page_size=10)
    again = await api("list_users", page_size=10, if_none_match=first.etag)
    mine = await api("list_users", as_=alice, page_size=10, if_none_match=first.etag)
    await people.add("bob")
    later = await api("list_users", page_size=10, if_none_match=first.etag)

    assert again.status == 304
    assert mine.status == 200, "a signed-in user sees more"
    assert later.status == 200


@pytest.mark.parametrize(
    "parameters",
    [
        {"page": 0},
        {"page": 101},
        {"page": "1_0"},
        {"page": "+1"},
        {"page": "x"},
        {"page_size": 0},
        {"page_size": 101},
        {"page_size": 1.5},
        {"cursor": ""},
        {"cursor": "8" + "0" * 15},
        {"cursor": "F" * 16},
        {"cursor": "0" * 17},
    ],
)
async def test_parameters_beyond_the_document_are_refused(
    api: Api, parameters: dict[str, Any]
) -> None:
    reply = await api("list_users", **parameters)

    assert (reply.status, reply.code) == (422, "invalid_input")


async def test_a_parameter_that_comes_twice_is_refused(api: Api) -> None:
    assert (await api("list_users", query={"page": ["1", "2"]})).code == "invalid_input"
