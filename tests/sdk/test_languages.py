"""What only one of the languages has to care about."""

from __future__ import annotations

import time

import anyio

from colophon_sdk import AsyncClient, Client, Tokens, models
from tests.sdk.conftest import Project
from tests.sdk.scripted import Answer, Asked, in_turn, scripted

USER = {
    "id": 7,
    "username": "ada",
    "full_name": None,
    "bio": None,
    "created_at": "2026-11-23T09:30:00Z",
    "updated_at": "2026-11-23T09:30:00Z",
}


async def test_a_cancelled_call_does_not_lose_the_tokens_that_it_was_renewing() -> None:
    def slowly(asked: Asked) -> Answer:
        if asked.path != "/api/v1/auth/refresh":
            return Answer(200, USER)
        time.sleep(0.3)
        renewed = {"access_token": "new", "refresh_token": "newer", "token_type": "bearer"}
        return Answer(200, renewed)

    kept: list[Tokens] = []
    with scripted(slowly) as server:
        old = Tokens("old", "older", time.time() - 1, 1800)
        async with AsyncClient(server.url, tokens=old, on_tokens=kept.append) as client:
            with anyio.move_on_after(0.1):
                await client.users.get_me()

    assert server.calls == ["POST /api/v1/auth/refresh"]
    assert client.tokens == Tokens("new", "newer")
    assert kept == [client.tokens]


def test_models_that_hold_secrets_do_not_show_them() -> None:
    form = models.LogInForm(username="ada", password="s3cret")
    tokens = models.Token(
        access_token="s3cret", refresh_token="s3cret", token_type="bearer", expires_in=1
    )

    assert "ada" in repr(form)
    assert "s3cret" not in f"{form!r} {tokens!r}"


def test_a_closed_client_has_closed_its_connections() -> None:
    with scripted(in_turn(Answer(200, USER))) as server:
        with Client(server.url) as client:
            client.users.get_user(user_id=7)
            http = client._http
        assert http.is_closed


def test_javascript_is_never_given_another_integer(node_project: Project) -> None:
    page = {"users": [USER, {**USER, "id": 2**53}], "total": 2, "next_cursor": None}

    with scripted(in_turn(Answer(200, page))) as server:
        said = node_project.run("large", server.url)

    assert said == "#/users/1/id\n"


def test_a_signal_ends_a_call_at_once(node_project: Project) -> None:
    def slowly(_: Asked) -> Answer:
        time.sleep(2)
        return Answer(200, USER)

    with scripted(slowly) as server:
        said = node_project.run("aborted", server.url)

    assert said == "TimeoutError true\n"
