"""Editing what somebody else may be editing, again on the newest state if one likes."""

from __future__ import annotations

import asyncio
import json
from collections.abc import Callable

import pytest

from colophon_sdk import AsyncClient, Client, PreconditionFailed, Tokens, aedit, edit
from tests.sdk.conftest import Project
from tests.sdk.scripted import Answer, Scripted, in_turn, problem, scripted

USER = {
    "id": 7,
    "username": "ada",
    "full_name": None,
    "created_at": "2026-11-23T09:30:00Z",
    "updated_at": "2026-11-23T09:30:00Z",
}
TOKENS = Tokens("access")


def tagged(bio: str, tag: str) -> Answer:
    return Answer(200, {**USER, "bio": bio}, {"ETag": f'"{tag}"'})


FASTER = (tagged("one", "1"), problem(412, "precondition_failed"), tagged("two", "2"))


def blocking(url: str, attempts: int) -> bool:
    with Client(url, tokens=TOKENS) as client:
        try:
            edit(
                lambda: client.users.with_response.get_user(user_id=7),
                lambda user, tag: client.users.update_user(
                    user_id=7, bio=f"{user.bio}!", if_match=tag
                ),
                attempts=attempts,
            )
        except PreconditionFailed:
            return False
    return True


def awaited(url: str, attempts: int) -> bool:
    async def made() -> None:
        async with AsyncClient(url, tokens=TOKENS) as client:
            await aedit(
                lambda: client.users.with_response.get_user(user_id=7),
                lambda user, tag: client.users.update_user(
                    user_id=7, bio=f"{user.bio}!", if_match=tag
                ),
                attempts=attempts,
            )

    try:
        asyncio.run(made())
    except PreconditionFailed:
        return False
    return True


@pytest.fixture(params=["blocking", "awaited", "typescript"])
def editor(request: pytest.FixtureRequest) -> Callable[[str, int], bool]:
    if request.param != "typescript":
        return {"blocking": blocking, "awaited": awaited}[request.param]
    project: Project = request.getfixturevalue("node_project")
    return lambda url, attempts: project.run("editor", url, str(attempts)) == ""


def written(server: Scripted) -> list[tuple[str, str]]:
    return [
        (asked.headers["if-match"], json.loads(asked.body)["bio"])
        for asked in server.asked
        if asked.method == "PATCH"
    ]


def test_a_conflict_is_told_to_who_wants_one_attempt(editor: Callable[[str, int], bool]) -> None:
    with scripted(in_turn(*FASTER)) as server:
        assert not editor(server.url, 1)

    assert written(server) == [('"1"', "one!")]


def test_an_edit_is_made_again_on_what_somebody_else_has_written(
    editor: Callable[[str, int], bool],
) -> None:
    with scripted(in_turn(*FASTER, tagged("two!", "3"))) as server:
        assert editor(server.url, 2)

    assert written(server) == [('"1"', "one!"), ('"2"', "two!")]
