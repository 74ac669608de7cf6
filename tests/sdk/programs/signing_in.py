"""What a program does with the Python package to be somebody, and to stay it.

Its arguments: the address of the service, a password, tokens whose access token has expired.
"""

from __future__ import annotations

import asyncio
import json
import sys
from uuid import uuid4

from colophon_sdk import (
    AsyncClient,
    Client,
    EmailTaken,
    InvalidCredentials,
    InvalidToken,
    Tokens,
    Unauthorized,
    UsernameTaken,
)

URL, PASSWORD, EXPIRED = sys.argv[1], sys.argv[2], json.loads(sys.argv[3])


def register_and_sign_in(client: Client) -> str:
    username = f"u{uuid4().hex[:12]}"
    email = f"{username}@example.org"
    user = client.users.register_user(email=email, username=username, password=PASSWORD)
    assert user.is_active is True
    try:
        client.users.register_user(email=email, username=f"{username}2", password=PASSWORD)
        raise AssertionError("the address was taken twice")
    except (EmailTaken, UsernameTaken) as problem:
        assert problem.status == 409
        assert "already exists" in problem.detail
    try:
        client.sign_in(username, "not the password")
        raise AssertionError("signed in without the password")
    except InvalidCredentials as problem:
        assert problem.request_id
    client.sign_in(username, PASSWORD)
    assert client.users.get_me().id == user.id
    return username


def stay_signed_in(kept: list[Tokens]) -> None:
    old = Tokens(EXPIRED["access_token"], EXPIRED["refresh_token"])
    with Client(URL, tokens=old, on_tokens=kept.append) as client:
        assert client.users.get_me().username == "grace"
        renewed = client.tokens
        assert renewed == kept[-1] != old
        revoked = kept[-1]
        client.sign_out()
        assert client.tokens is None
        try:
            client.users.get_me()
            raise AssertionError("still signed in")
        except Unauthorized as problem:
            assert problem.status == 401
    without_renewal = Tokens(revoked.access_token)
    with Client(URL, tokens=without_renewal) as client:
        try:
            client.users.get_me()
            raise AssertionError("the token was not revoked")
        except InvalidToken as problem:
            assert problem.code == "invalid_token"


async def without_blocking(username: str) -> None:
    async with AsyncClient(URL) as client:
        await client.sign_in(username, PASSWORD)
        found = await asyncio.gather(*(client.users.get_me() for _ in range(5)))
        assert {me.username for me in found} == {username}
        await client.sign_out()


with Client(URL) as client:
    name = register_and_sign_in(client)
stay_signed_in([])
asyncio.run(without_blocking(name))
print("told")
