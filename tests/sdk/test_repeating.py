"""Creations are repeated after a broken connection, and done once: each has a key of its own."""

from __future__ import annotations

import json
import re
import urllib.error
import urllib.parse
import urllib.request
import uuid
from collections.abc import Mapping

import pytest

from colophon_sdk import Tokens
from tests.people import PASSWORD
from tests.sdk.callers import Asked, Call, Caller
from tests.sdk.conftest import Service
from tests.sdk.scripted import Answer, in_turn, problem, scripted
from tests.sdk.scripted import Asked as Request
from tests.sdk.test_behaviour import (  # noqa: F401 - fixtures
    BROKEN,
    CHANGE,
    FOUND,
    REGISTER,
    USER,
    caller,
    typescript_caller,
)
from tests.sdk.test_signing_in import posted

KEY = "idempotency-key"
UUID = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")
# The caller's own connection is what breaks; these are of one connection only.
OF_THE_CONNECTION = {"connection", "content-length", "date", "host", "transfer-encoding"}


@pytest.fixture(scope="module")
def tokens(service: Service) -> Tokens:
    """Register somebody, and return the tokens of a sign-in."""
    url = service.url
    person = {"username": "repeating", "email": "repeating@example.org", "password": PASSWORD}
    posted(f"{url}/api/v1/users", json.dumps(person).encode(), "application/json")
    form = urllib.parse.urlencode({"username": "repeating", "password": PASSWORD}).encode()
    answer = posted(f"{url}/api/v1/auth/login", form, "application/x-www-form-urlencoded")
    return Tokens(answer["access_token"], answer["refresh_token"])


def test_each_call_has_a_key_that_stays_the_same_when_it_is_repeated(
    caller: Caller,  # noqa: F811
) -> None:
    answers = in_turn(BROKEN, problem(503, "unavailable"), Answer(201, USER))
    with scripted(answers) as server:
        made = caller(Asked(server.url, [REGISTER, REGISTER]))

    first, *again, other = (asked.headers[KEY] for asked in server.asked)
    assert made.errors == [None, None]
    assert UUID.fullmatch(first)
    assert again == [first, first]
    assert UUID.fullmatch(other)
    assert other != first


def test_a_key_that_is_given_is_kept(caller: Caller) -> None:  # noqa: F811
    own = str(uuid.uuid4())
    call = Call("users", "register_user", headers={"Idempotency-Key": own}, body=REGISTER.body)
    with scripted(in_turn(BROKEN, Answer(201, USER))) as server:
        caller(Asked(server.url, [call]))

    assert [asked.headers[KEY] for asked in server.asked] == [own, own]


def test_what_takes_no_key_gets_none(caller: Caller) -> None:  # noqa: F811
    with scripted(in_turn(FOUND)) as server:
        caller(Asked(server.url, [CHANGE], tokens=Tokens("access")))

    assert KEY not in server.asked[0].headers


def test_a_post_whose_answer_was_lost_is_written_once(
    caller: Caller,  # noqa: F811
    service: Service,
    tokens: Tokens,
) -> None:
    """The connection breaks after the service has written the post, twice."""
    lost: list[int] = []

    def losing(asked: Request) -> Answer:
        answer = forwarded(service.url, asked)
        if len(lost) < 2:
            lost.append(answer.status)
            return BROKEN
        return answer

    title = f"Written once, {uuid.uuid4()}"
    call = Call("posts", "create_post", body={"title": title, "content": "x", "published": True})
    with scripted(losing) as server:
        made = caller(Asked(server.url, [call], tokens=tokens))

    assert lost == [201, 201]
    assert made.only["data"]["title"] == title
    listed = forwarded(service.url, Request("GET", "/api/v1/posts?page_size=5", {}, b""))
    written = [post for post in json.loads(listed.body)["posts"] if post["title"] == title]
    assert [post["id"] for post in written] == [made.only["data"]["id"]]


def forwarded(url: str, asked: Request) -> Answer:
    """What the service answers."""
    request = urllib.request.Request(  # noqa: S310 - loopback
        url + asked.path, asked.body or None, own(asked.headers), method=asked.method
    )
    try:
        with urllib.request.urlopen(request) as answer:  # noqa: S310 - loopback
            return Answer(answer.status, answer.read(), own(dict(answer.headers)))
    except urllib.error.HTTPError as error:
        return Answer(error.code, error.read(), own(dict(error.headers)))


def own(headers: Mapping[str, str]) -> dict[str, str]:
    return {n: value for n, value in headers.items() if n.lower() not in OF_THE_CONNECTION}
