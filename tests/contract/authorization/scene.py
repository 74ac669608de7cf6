"""Who asks, and for what: the actors and objects of the table, put into the database for a test."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import jwt
from sqlalchemy import delete

from app.db.tables import users
from tests.client import OPERATIONS, Api, Reply
from tests.conftest import KEY
from tests.judge import resolved
from tests.people import Account, People

if TYPE_CHECKING:
    from tests.contract.authorization.cells import Cell

# Who asks. Up to `wrong_audience` it is the owner, with no token, or one that is not good.
ACTORS = (
    "nobody",
    "bad_token",
    "expired",
    "wrong_audience",
    "disabled_user",
    "deleted_user",
    "other_user",
    "owner",
    "superuser",
)
OWNS_NOTHING = {"nobody"}

# What is asked for, by the path parameters that name it. What is foreign is the owner's; to the
# owner it is the other user's. Every user is public, and one's own post is a draft.
NO_OBJECT = "-"
OWN = "own"
OBJECTS: Mapping[tuple[str, ...], tuple[str, ...]] = {
    (): (NO_OBJECT,),
    ("user_id",): (OWN, "foreign_public", "missing"),
    ("post_id",): (OWN, "foreign_public", "foreign_draft", "missing"),
}
MISSING = 2**62


@dataclass(frozen=True, slots=True)
class Scene:
    """`account` is who asks, `token` what is shown for it, `ids` are the objects by parameter."""

    account: Account
    token: str | None
    ids: Mapping[str, Mapping[str, int]]

    async def call(self, api: Api, cell: Cell, **parameters: Any) -> Reply:
        """Do what the cell is about, with the document's own example of a body."""
        asked = {"body": self.body(cell.operation), **self.target(cell), **parameters}
        return await api(cell.operation, as_=self.token, **asked)

    def target(self, cell: Cell) -> dict[str, int]:
        declared = OPERATIONS[cell.operation][2]["parameters"]
        names = [each["name"] for each in declared if each["in"] == "path"]
        return {name: self.ids[name][cell.object] for name in names}

    def body(self, operation: str) -> Any:
        """What the sign-in operations are told is of this account."""
        account, refresh_token = self.account, self.account.refresh_token
        forms = {
            "log_in": {"username": account.username, "password": account.password},
            "refresh_token": {"grant_type": "refresh_token", "refresh_token": refresh_token},
            "revoke_token": {"token": refresh_token},
        }
        return forms.get(operation) or example_of(operation)


async def scene_of(people: People, actor: str) -> Scene:
    account, foreigner = await accounts_of(people, actor)
    ids = {
        "user_id": {OWN: account.id, "foreign_public": foreigner.id, "missing": MISSING},
        "post_id": {
            OWN: await people.post(account, published=False),
            "foreign_public": await people.post(foreigner),
            "foreign_draft": await people.post(foreigner, published=False),
            "missing": MISSING,
        },
    }
    if actor == "disabled_user":
        await people.change(account, is_active=False)
    if actor == "deleted_user":
        await people.execute(delete(users).where(users.c.id == account.id))
    return Scene(account, token_of(account, actor), ids)


async def accounts_of(people: People, actor: str) -> tuple[Account, Account]:
    """Who asks, and whose the foreign objects are."""
    owner = await people.add("owner")
    if actor in {"owner", "nobody", "bad_token", "expired", "wrong_audience"}:
        return owner, await people.add("other_user")
    if actor == "superuser":
        await people.superuser("root")  # or nobody could delete a superuser, not even themselves
        return await people.superuser("superuser"), owner
    return await people.add(actor), owner


def token_of(account: Account, actor: str) -> str | None:
    token, now = account.access_token, int(time.time())
    match actor:
        case "nobody":
            return None
        case "bad_token":
            return signed(token, KEY[::-1])
        case "expired":
            return signed(token, KEY, iat=now - 7200, exp=now - 3600)
        case "wrong_audience":
            return signed(token, KEY, aud="another-service")
    return token


def signed(token: str, key: str, **claims: Any) -> str:
    """The token with other claims, or with a signature by another key."""
    header = jwt.get_unverified_header(token)
    stated = jwt.decode(token, options={"verify_signature": False})
    return jwt.encode(stated | claims, key, header["alg"], headers=header)


def example_of(operation: str) -> Any:
    """The first example of the request body, None where the operation has no body."""
    declared = resolved(OPERATIONS[operation][2].get("requestBody", {})).get("content", {})
    for media_type in declared.values():
        return next(iter(media_type["examples"].values()))["value"]
    return None
