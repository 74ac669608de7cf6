from __future__ import annotations

import json
from collections.abc import Iterator

import httpx2
import pytest
from playwright.sync_api import Browser, expect

from tests.browser.swagger import block_of, sign_in, signed_in, try_out
from tests.browser.visit import Visit, visiting
from tests.client import OPERATIONS

PASSWORD = "analytical-engine-1843"
FIRST, LAST = ("register_user", "log_in"), ("delete_post", "delete_user")
BETWEEN = [name for name in OPERATIONS if name not in {*FIRST, *LAST}]
IN_ORDER = [*FIRST, *BETWEEN, *LAST]
STATUSES = {
    "register_user": 201,
    "create_post": 201,
    "refresh_token": 400,
    "delete_post": 204,
    "delete_user": 204,
}


def registered(url: str, username: str) -> int:
    """Register somebody with the password of the document's examples; returns the id."""
    form = {"username": username, "email": f"{username}@example.org", "password": PASSWORD}
    answer = httpx2.post(f"{url}/api/v1/users", json=form)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["id"])


@pytest.fixture
def docs(browser: Browser, url: str) -> Iterator[Visit]:
    with visiting(browser, url) as visit:
        visit.open("/docs", wait_for=".opblock")
        yield visit


def test_a_post_is_written_and_listed_after_wrong_passwords_and_wrong_input(docs: Visit) -> None:
    registered(docs.url, "grace")

    dialog = sign_in(docs.page, "grace", "not her password")
    expect(dialog.locator(".errors")).to_contain_text("The user name or the password is wrong.")
    docs.keep("swagger-refused")
    signed_in(docs.page, "grace", PASSWORD)
    draft = {"title": "", "content": "Moths.", "published": True}
    post = draft | {"title": "First bug"}
    refused = try_out(docs.page, "create_post", body=json.dumps(draft), stay=True)
    written = try_out(docs.page, "create_post", body=json.dumps(post), stay=True)
    block_of(docs.page, "create_post").locator(".live-responses-table").scroll_into_view_if_needed()
    docs.keep("swagger-written")
    listed = try_out(docs.page, "list_posts")

    assert (refused.status, written.status, listed.status) == (422, 201, 200)
    assert '"pointer": "#/title"' in refused.shown
    assert '"First bug"' in listed.shown


def test_every_operation_works_at_the_first_click(docs: Visit) -> None:
    """Ids apart, of course. The example of a refresh token is nobody's."""
    user_id = registered(docs.url, "mary")
    signed_in(docs.page, "mary", PASSWORD)
    written = try_out(docs.page, "create_post")
    given = {"user_id": user_id, "post_id": int(json.loads(written.body)["id"])}

    for name in IN_ORDER:
        path = {key: value for key, value in given.items() if f"{{{key}}}" in OPERATIONS[name][1]}
        tried = try_out(docs.page, name, path=path)
        assert (name, tried.status) == (name, STATUSES.get(name, 200))
