"""Loaded by Schemathesis: gives some of the valid requests what only this service can know.

Without it no sign-in would succeed, no refresh token would be one that was issued, the example of
a registration would be a conflict from the second time on, and nobody would find their own account.
"""

from __future__ import annotations

import base64
import itertools
import json
import os
from collections.abc import Callable
from typing import Any

import schemathesis

from tests.contract import users

REFRESH_TOKEN = "9d0c5b1e4f7a4c2d8e6b3a1f0c9d7e5b.1.7Jx0mUq2n4V5oTqkq0r8Yw3dZ1sB6fHc9eKpLgXaRtM"
USERNAME, EMAIL = "ada", "ada@example.com"
# Every how many-th change of an account is of the caller's own.
OWN = 4
NUMBERS = itertools.count(1)


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    change = CHANGES.get((case.method, case.path))
    if change is not None and is_valid(case):
        change(case)


def is_valid(case: Any) -> bool:
    return case.meta is not None and case.meta.generation.mode.value == "positive"


def put(case: Any, old: str, **members: str) -> None:
    """Put members in the place of those of the body that have the value `old`."""
    body = case.body if isinstance(case.body, dict) else {}
    changed = {name: value for name, value in members.items() if body.get(name) == old}
    if changed:
        case.body = {**body, **changed}


def use_a_fresh_token(case: Any) -> None:
    if isinstance(case.body, dict) and case.body.get("refresh_token") == REFRESH_TOKEN:
        token = users.refresh_token(os.environ["CONTRACT_URL"])
        put(case, REFRESH_TOKEN, refresh_token=token)


def sign_in_as_somebody(case: Any) -> None:
    put(case, USERNAME, username=users.RENEWING)
    put(case, EMAIL, username=f"{users.RENEWING}@example.com")


def register_anew(case: Any) -> None:
    number = next(NUMBERS)
    put(case, USERNAME, username=f"{USERNAME}-{number}")
    put(case, EMAIL, email=f"{USERNAME}-{number}@example.com")


def find_oneself(case: Any) -> None:
    """Use the id in the access token; not in a sequence, which chooses its ids itself."""
    token = (case.headers or {}).get("Authorization", "").removeprefix("Bearer ")
    if token and case.meta.phase.name.value != "stateful" and next(NUMBERS) % OWN == 0:
        payload = token.split(".")[1]
        claims = json.loads(base64.urlsafe_b64decode(payload + "=" * (-len(payload) % 4)))
        case.path_parameters = {**case.path_parameters, "user_id": int(claims["sub"])}


CHANGES: dict[tuple[str, str], Callable[[Any], None]] = {
    ("POST", "/api/v1/auth/login"): sign_in_as_somebody,
    ("POST", "/api/v1/auth/refresh"): use_a_fresh_token,
    ("POST", "/api/v1/users"): register_anew,
    ("PATCH", "/api/v1/users/{user_id}"): find_oneself,
    ("DELETE", "/api/v1/users/{user_id}"): find_oneself,
}
