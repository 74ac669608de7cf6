"""A body sets what its schema names, and nothing else that the service has a name for."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
from sqlalchemy import Column

from app.db.tables import metadata
from tests.client import FORM, OPERATIONS, Api
from tests.contract.authorization.cells import Cell, parameters_of
from tests.contract.authorization.scene import NO_OBJECT, OWN, Scene, scene_of
from tests.judge import resolved
from tests.people import People

# What other services call what ours have no member for.
CUSTOMARY = {
    "_id": 1,
    "admin": True,
    "authorId": 1,
    "createdAt": "2000-01-01T00:00:00Z",
    "hashed_password": "x",
    "isActive": True,
    "isAdmin": True,
    "isSuperuser": True,
    "is_admin": True,
    "is_staff": True,
    "owner_id": 1,
    "role": "admin",
    "roles": ["admin"],
    "user": {"id": 1},
    "userId": 1,
    "__proto__": {"is_superuser": True},
}
VALUES = {int: 1, bool: True, str: "x"}


def media_types_of(operation: str) -> dict[str, Any]:
    content: dict[str, Any] = resolved(OPERATIONS[operation][2].get("requestBody", {})).get(
        "content", {}
    )
    return content


BODIES = [(operation, each) for operation in OPERATIONS for each in media_types_of(operation)]


def value_of(column: Column[Any]) -> Any:
    """A value that the column would take, if it were asked."""
    return VALUES.get(column.type.python_type, "2000-01-01T00:00:00Z")


def schemas_in(value: Any, seen: set[str]) -> Iterator[dict[str, Any]]:
    """Every schema that is reached from here, each component once."""
    if isinstance(value, list):
        for member in value:
            yield from schemas_in(member, seen)
    if not isinstance(value, dict):
        return
    if "$ref" in value:
        if value["$ref"] not in seen:
            seen.add(value["$ref"])
            yield from schemas_in(resolved(value), seen)
        return
    if isinstance(value.get("properties"), dict):
        yield value
    for member in value.values():
        yield from schemas_in(member, seen)


def members_of(value: Any) -> dict[str, Any]:
    """The name of every member, with a value for it where its schema has an example of one."""
    members: dict[str, Any] = {}
    for schema in schemas_in(value, set()):
        for example in schema.get("examples", [{}]):
            members |= dict.fromkeys(schema["properties"], True) | example
    return members


SHOWN = members_of([operation["responses"] for _, _, operation in OPERATIONS.values()])
STORED = {each.name: value_of(each) for table in metadata.sorted_tables for each in table.columns}


def foreign_members(operation: str, media_type: str) -> dict[str, Any]:
    accepted = members_of(media_types_of(operation)[media_type]["schema"])
    known = SHOWN | STORED | CUSTOMARY
    return {name: value for name, value in known.items() if name not in accepted}


def test_the_names_are_those_of_document_and_database() -> None:
    assert {"id", "author", "author_id", "next_cursor", "access_token", "request_id"} <= set(SHOWN)
    assert {"password_hash", "version", "token_epoch", "generation", "revoked_at"} <= set(STORED)
    assert {"email", "password"}.isdisjoint(foreign_members("register_user", "application/json"))


@pytest.mark.parametrize(("operation", "media_type"), BODIES)
async def test_a_body_with_a_member_that_is_not_its_own_is_refused(
    api: Api, people: People, operation: str, media_type: str
) -> None:
    """Not even from a superuser, who may change whatever can be changed."""
    scene = await scene_of(people, "superuser")
    cell = Cell(operation, OWN if parameters_of(operation) else NO_OBJECT, "superuser")
    members = foreign_members(operation, media_type)
    # RFC 6749 has a status of its own for a bad form.
    refusal = (400, "invalid_request") if media_type == FORM else (422, "invalid_input")
    before = await people.everything()
    refused = {name: await told(api, scene, cell, media_type, members, name) for name in members}

    assert members
    assert refused == dict.fromkeys(members, refusal)
    assert await people.everything() == before


async def told(
    api: Api, scene: Scene, cell: Cell, media_type: str, members: dict[str, Any], name: str
) -> tuple[int, str]:
    """Status and code of the answer to a body that is good but for this member."""
    body = {**scene.body(cell.operation), name: members[name]}
    reply = await scene.call(api, cell, body=body, media_type=media_type)
    return reply.status, reply.code


@pytest.mark.parametrize("member", ["is_active", "is_superuser"])
@pytest.mark.parametrize("value", [True, False])
async def test_rank_is_for_superusers_to_give(
    api: Api, people: People, member: str, value: bool
) -> None:
    alice, bob = await people.add("alice"), await people.add("bob")
    root, second = await people.superuser("root"), await people.superuser("second")
    async with people.unchanged():
        for user_id, code in ((alice.id, "superuser_required"), (bob.id, "not_yourself")):
            reply = await api("update_user", as_=alice, user_id=user_id, body={member: value})
            assert (reply.status, reply.code) == (403, code)
    for user_id in (bob.id, root.id):
        reply = await api("update_user", as_=second, user_id=user_id, body={member: value})
        assert (reply.status, reply.body[member]) == (200, value)
