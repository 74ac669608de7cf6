"""Which members an answer has, for whom: of every operation, wherever it shows a user or a post."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from tests.client import OPERATIONS, Api, Reply
from tests.contract.authorization.cells import CELLS, EXPECTED, Cell
from tests.contract.authorization.scene import Scene, scene_of
from tests.judge import DOCUMENT
from tests.people import HASH, PASSWORD, People

PRIVATE = {"email", "is_active", "is_superuser"}
PROFILE = {"id", "username", "full_name", "bio", "created_at", "updated_at"}
AUTHOR = {"id", "username", "full_name"}
POST = {"id", "title", "content", "published", "author_id", "author", "created_at", "updated_at"}
SIGN_IN = {"access_token", "token_type", "expires_in", "refresh_token"}

VIEWERS = ("nobody", "other_user", "owner", "superuser")
# Who has just registered is shown the new account, which is theirs.
SHOWS_ONES_OWN = {"register_user"}
# A refusal is a problem, which the document closes.
ANSWERED = [
    cell for cell in CELLS if cell.actor in VIEWERS and EXPECTED.get(cell, 200) in range(200, 204)
]
READS = [cell for cell in ANSWERED if OPERATIONS[cell.operation][0] == "get"]
WRITES = [cell for cell in ANSWERED if cell not in READS]


@pytest.mark.parametrize(
    ("schema", "always", "sometimes"),
    [
        ("User", PROFILE, PRIVATE),
        ("PostAuthor", AUTHOR, set()),
        ("Post", POST, set()),
        ("Token", SIGN_IN, set()),
    ],
)
def test_the_document_has_the_members_that_are_tested_here(
    schema: str, always: set[str], sometimes: set[str]
) -> None:
    declared = DOCUMENT["components"]["schemas"][schema]

    assert set(declared["required"]) == always
    assert set(declared["properties"]) == always | sometimes


def objects_in(value: Any) -> Iterator[dict[str, Any]]:
    """Every JSON object in an answer, however deep."""
    if isinstance(value, dict):
        yield value
    members = value.values() if isinstance(value, dict) else value
    for member in members if isinstance(value, dict | list) else ():
        yield from objects_in(member)


def allowed(shown: dict[str, Any], *, sees_private: bool) -> set[str]:
    """The members that this object must have, no fewer and no more."""
    if "title" in shown and "content" in shown:
        return POST
    if "username" in shown and "bio" in shown:
        return PROFILE | PRIVATE if sees_private else PROFILE
    if "username" in shown:
        return AUTHOR
    return SIGN_IN if "access_token" in shown else set(shown) - PRIVATE


@pytest.mark.parametrize("actor", VIEWERS)
async def test_what_is_read_has_the_members_that_its_viewer_may_see(
    api: Api, people: People, actor: str
) -> None:
    scene = await scene_of(people, actor)
    for cell in (cell for cell in READS if cell.actor == actor):
        compare(cell, scene, await scene.call(api, cell))


@pytest.mark.parametrize("cell", WRITES, ids=str)
async def test_the_answer_to_a_write_has_the_members_that_its_viewer_may_see(
    api: Api, people: People, cell: Cell
) -> None:
    scene = await scene_of(people, cell.actor)
    compare(cell, scene, await scene.call(api, cell))


def compare(cell: Cell, scene: Scene, reply: Reply) -> None:
    viewer = None if scene.token is None else scene.account.id
    for shown in objects_in(reply.body):
        is_own = cell.operation in SHOWS_ONES_OWN or viewer == shown.get("id")
        sees_private = is_own or cell.actor == "superuser"
        assert (cell, set(shown)) == (cell, allowed(shown, sees_private=sees_private))
    assert HASH not in str(reply.body)
    assert PASSWORD not in str(reply.body)


async def test_the_rule_for_private_members_is_met_with_both_ways(api: Api, people: People) -> None:
    """The test above would pass for a list that is empty."""
    scene = await scene_of(people, "other_user")
    reply = await scene.call(api, Cell("list_users", "-", "other_user"))

    assert {user["username"]: user.keys() >= PRIVATE for user in reply.body["users"]} == {
        "other_user": True,
        "owner": False,
    }
