"""Who plays in a run of Schemathesis, and what they do at the service besides what it draws."""

from __future__ import annotations

import json
import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlencode

from tests.contract.asking import NoAnswerError, answer_of

PASSWORD = "analytical-engine-1843"
EQUALS = ("alice", "bob")
SUPERUSER = "root"
# Whose sign-ins the refresh tokens belong to.
RENEWING = "carol"
KEPT = (*EQUALS, SUPERUSER, RENEWING)
# As whom each seed is run.
CALLERS = (EQUALS[0], SUPERUSER)
USERS, LOG_IN, POSTS = "/api/v1/users", "/api/v1/auth/login", "/api/v1/posts"
FORM = "application/x-www-form-urlencoded"
JSON = "application/json"


@dataclass(frozen=True, slots=True)
class Cast:
    """Who a run signs in as: `usernames` by the part they play, all with the same password.

    `caller` is the part that sends the requests. The names of those who are registered on the way
    begin with `stem`. `needed` is the id of the caller, where nothing brings a lost account back.
    """

    url: str
    caller: str
    usernames: Mapping[str, str]
    password: str
    stem: str
    needed: int | None = None

    def to_text(self) -> str:
        return json.dumps(asdict(self))

    @classmethod
    def from_text(cls, text: str) -> Self:
        return cls(**json.loads(text))


def kept(url: str, caller: str) -> Cast:
    """Those whom `database.fill` has made."""
    return Cast(url, caller, {name: name for name in KEPT}, PASSWORD, "ada")


@contextmanager
def registered(url: str) -> Iterator[Cast]:
    """Register equals and whoever renews under names of their own; delete them in the end."""
    run = secrets.token_hex(4)
    usernames = {part: f"{part}-{run}" for part in (*EQUALS, RENEWING)}
    cast = Cast(url, EQUALS[0], usernames, secrets.token_urlsafe(24), f"ada-{run}")
    ids: dict[str, int] = {}
    try:
        for part, username in usernames.items():
            ids[part] = register(cast, username)
        yield replace(cast, needed=ids[cast.caller])
    finally:
        for part, user_id in ids.items():
            remove(cast, usernames[part], user_id)


def register(cast: Cast, username: str) -> int:
    """Return the id of the new user."""
    account = {
        "username": username,
        "email": f"{username}@example.com",
        "password": cast.password,
    }
    made = answer_of("POST", cast.url + USERS, json.dumps(account), content_type=JSON)
    return id_of(made)


def id_of(made: Mapping[str, Any]) -> int:
    """Raise NoAnswerError where another API answers."""
    try:
        return int(made["id"])
    except (KeyError, TypeError, ValueError) as error:
        raise NoAnswerError("what was made has no id") from error


def sign_in(cast: Cast, username: str) -> dict[str, Any]:
    """Return the tokens of a new sign-in."""
    form = urlencode({"username": username, "password": cast.password})
    return answer_of("POST", cast.url + LOG_IN, form, content_type=FORM)


def bearer(tokens: Mapping[str, Any]) -> str:
    return f"Bearer {tokens['access_token']}"


def write(cast: Cast, authorization: str) -> int:
    """Write a post as whom an Authorization field names; return its id."""
    post = {"title": "Note G", "content": "It can do whatever we know how to order it to perform."}
    body = json.dumps(post)
    made = answer_of("POST", cast.url + POSTS, body, content_type=JSON, authorization=authorization)
    return id_of(made)


def remove(cast: Cast, username: str, user_id: int) -> None:
    """Delete an account as its owner; say so where that is not possible."""
    try:
        authorization = bearer(sign_in(cast, username))
        answer_of("DELETE", f"{cast.url}{USERS}/{user_id}", authorization=authorization)
    except NoAnswerError as error:
        sys.stderr.write(f"The user {username} is still there: {error}.\n")


def options(cast: Cast) -> list[str]:
    """What Schemathesis is told besides, to send requests as the caller."""
    return ["--auth-wfc-user", cast.caller]


def write_auth(file: Path, cast: Cast) -> None:
    """Write a Web Fuzzing Commons auth file: each user signs in as any client does."""
    users = [_user(part, cast, username) for part, username in cast.usernames.items()]
    file.write_text(json.dumps({"auth": users}))


def _user(part: str, cast: Cast, username: str) -> dict[str, object]:
    return {
        "name": part,
        "loginEndpointAuth": {
            "verb": "POST",
            "endpoint": LOG_IN,
            "contentType": FORM,
            "payloadUserPwd": {
                "username": username,
                "password": cast.password,
                "usernameField": "username",
                "passwordField": "password",
            },
            "token": {
                "extractFrom": "body",
                "extractSelector": "/access_token",
                "sendIn": "header",
                "sendName": "Authorization",
                "sendTemplate": "Bearer {token}",
            },
        },
    }
