"""Loaded by Schemathesis: gives some of the valid requests what only this service can know.

Without it no sign-in would succeed, no refresh token would be one that was issued, and hardly any
change would be of something that is there and the caller's own. Schemathesis takes an operation
that never succeeds in a phase for one whose schema is wrong. So each one is helped until it has
succeeded there, and every other time from then on. Invalid requests are sent as they were drawn.
"""

from __future__ import annotations

import itertools
import os
import random
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from typing import Any

import schemathesis

from app.security.blocklist import is_guessable
from tests.contract import keys, users
from tests.contract.asking import NoAnswerError, TooManyError
from tests.contract.keys import is_valid
from tests.contract.users import Cast

REFRESH_TOKEN = "9d0c5b1e4f7a4c2d8e6b3a1f0c9d7e5b.1.7Jx0mUq2n4V5oTqkq0r8Yw3dZ1sB6fHc9eKpLgXaRtM"
USERNAME, EMAIL = "ada", "ada@example.com"
USER, POST = "/api/v1/users/{user_id}", "/api/v1/posts/{post_id}"
ACCOUNT = {("PATCH", USER), ("DELETE", USER)}
KEEPING_A_PASSWORD = {("POST", users.USERS), ("PATCH", USER)}
FOR_SUPERUSERS = {"is_active", "is_superuser"}
NOBODY = 2**63 - 1
# How often an operation is helped that has succeeded in this phase before. Drawn, because the drawn
# requests come in patterns of their own: two media types in turn, say.
SHARE = 0.5
DICE = random.Random(1843)  # noqa: S311 - nothing to be guarded; a run repeats itself
NUMBERS = itertools.count(1)
# The operations that have succeeded, each with the phase.
SERVED: set[tuple[str, str]] = set()


@cache
def cast() -> Cast:
    return Cast.from_text(os.environ["CONTRACT_CAST"])


@schemathesis.hook
def before_call(_: Any, case: Any, __: Any) -> None:
    spare_the_caller(case)
    if not is_valid(case):
        return
    keys.renew(case)
    key = (case.method, case.path)
    if key in REPLACED:
        with suppress(TooManyError):  # Without what the service knows it is a request all the same.
            REPLACED[key](case)
    if key in HELPED and is_due(case):
        # What goes wrong with this request is for Schemathesis to see.
        with suppress(NoAnswerError):
            HELPED[key](case)
    choose_another_password(case)


@schemathesis.hook
def after_call(_: Any, case: Any, response: Any) -> None:
    if response.status_code < 300 and is_valid(case):
        SERVED.add(place_of(case))


def place_of(case: Any) -> tuple[str, str]:
    return case.operation.label, case.meta.phase.name.value


def is_due(case: Any) -> bool:
    if case.meta.phase.name.value == "stateful" and (case.method, case.path) in WITH_AN_ID:
        return False  # A sequence chooses by itself what it changes.
    return place_of(case) not in SERVED or DICE.random() < SHARE


def spare_the_caller(case: Any) -> None:
    """Leave the account alone that the run needs to go on, if there is one."""
    if cast().needed is not None and (case.method, case.path) in ACCOUNT:
        asked = (case.path_parameters or {}).get("user_id")
        if str(asked) == str(cast().needed):
            aim(case, user_id=NOBODY)


def put(case: Any, old: str, **members: str) -> None:
    """Put members in the place of those of the body that have the value `old`."""
    body = case.body if isinstance(case.body, dict) else {}
    changed = {name: value for name, value in members.items() if body.get(name) == old}
    if changed:
        case.body = {**body, **changed}


def put_all(case: Any, **members: str) -> None:
    """Put members in the place of those of the body that have their names."""
    body = case.body if isinstance(case.body, dict) else {}
    case.body = {**body, **{name: members[name] for name in members if name in body}}


def choose_another_password(case: Any) -> None:
    """What is drawn first is guessed first: eight zeros, say, which the service refuses to keep."""
    body = case.body if isinstance(case.body, dict) else {}
    if "password" not in body or (case.method, case.path) not in KEEPING_A_PASSWORD:
        return
    if is_guessable(body["password"], [body[n] for n in ("username", "email") if n in body]):
        put_all(case, password=f"{users.PASSWORD}-{next(NUMBERS)}")


def aim(case: Any, **path_parameters: int) -> None:
    """Ask for this object."""
    case.path_parameters = {**case.path_parameters, **path_parameters}


def set_headers(case: Any, **fields: str) -> None:
    """Send these fields, and no condition: the tag of a version that was drawn is never right."""
    headers = case.headers.copy()
    headers.pop("If-Match", None)
    headers.update(fields)
    case.headers = headers


def fresh_name() -> str:
    return f"{cast().stem}-{next(NUMBERS)}"


def fresh_token() -> str:
    return str(users.sign_in(cast(), cast().usernames[users.RENEWING])["refresh_token"])


def sign_in_as_somebody(case: Any) -> None:
    username = cast().usernames[users.RENEWING]
    put(case, USERNAME, username=username)
    put(case, EMAIL, username=f"{username}@example.com")
    put(case, users.PASSWORD, password=cast().password)


def sign_in(case: Any) -> None:
    username = cast().usernames[users.RENEWING]
    put_all(case, grant_type="password", username=username, password=cast().password)


def use_a_fresh_token(case: Any) -> None:
    if isinstance(case.body, dict) and case.body.get("refresh_token") == REFRESH_TOKEN:
        put_all(case, refresh_token=fresh_token())


def renew(case: Any) -> None:
    put_all(case, grant_type="refresh_token", refresh_token=fresh_token())


def register_anew(case: Any) -> None:
    name = fresh_name()
    put_all(case, username=name, email=f"{name}@example.com")


def find_a_newcomer(case: Any) -> None:
    """Ask for an account that was just registered, as a superuser or as its owner."""
    name = fresh_name()
    aim(case, user_id=users.register(cast(), name))
    if cast().caller == users.SUPERUSER:
        set_headers(case)
    else:
        set_headers(case, Authorization=users.bearer(users.sign_in(cast(), name)))


def change_a_newcomer(case: Any) -> None:
    name = fresh_name()
    put_all(case, username=name, email=f"{name}@example.com", current_password=cast().password)
    if cast().caller != users.SUPERUSER and isinstance(case.body, dict):
        case.body = {n: value for n, value in case.body.items() if n not in FOR_SUPERUSERS}
    find_a_newcomer(case)


def find_a_post_of_ones_own(case: Any) -> None:
    aim(case, post_id=users.write(cast(), case.headers.get("Authorization", "")))
    set_headers(case)


Change = Callable[[Any], None]
# The values of the document's examples, for what they stand for.
REPLACED: dict[tuple[str, str], Change] = {
    ("POST", users.LOG_IN): sign_in_as_somebody,
    ("POST", "/api/v1/auth/refresh"): use_a_fresh_token,
}
WITH_AN_ID: dict[tuple[str, str], Change] = {
    ("PATCH", USER): change_a_newcomer,
    ("DELETE", USER): find_a_newcomer,
    ("PATCH", POST): find_a_post_of_ones_own,
    ("DELETE", POST): find_a_post_of_ones_own,
}
HELPED: dict[tuple[str, str], Change] = {
    ("POST", users.LOG_IN): sign_in,
    ("POST", "/api/v1/auth/refresh"): renew,
    ("POST", users.USERS): register_anew,
    **WITH_AN_ID,
}
