"""The steps by which SECRET_KEY is replaced, taken with a running service."""

from __future__ import annotations

import json
import secrets
import urllib.error
import urllib.parse
import urllib.request
from pathlib import Path
from typing import Any

import pytest

from tests.processes import serve

PERSON = {"email": "ada@example.org", "username": "ada", "password": "correct horse battery"}


def call(url: str, body: bytes | None = None, **headers: str) -> tuple[int, Any]:
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    request = urllib.request.Request(url, body, fields)  # noqa: S310 - loopback
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
            return answer.status, json.loads(answer.read())
    except urllib.error.HTTPError as error:
        return error.code, json.loads(error.read())


def status_with(token: str, url: str) -> int:
    return call(f"{url}/api/v1/users", Authorization=f"Bearer {token}")[0]


def signed_in(url: str) -> str:
    form = {"username": PERSON["username"], "password": PERSON["password"]}
    encoded = urllib.parse.urlencode(form).encode()
    _, body = call(
        f"{url}/api/v1/auth/login", encoded, Content_Type="application/x-www-form-urlencoded"
    )
    return str(body["access_token"])


@pytest.mark.usefixtures("anyio_backend")
def test_a_key_is_replaced_without_signing_anybody_out(tmp_path: Path, migrated_url: str) -> None:
    old, new = secrets.token_urlsafe(64), secrets.token_urlsafe(64)
    url = {"DATABASE_URL": migrated_url}
    with serve(tmp_path, {**url, "SECRET_KEY": old}) as served:
        call(
            f"{served.url}/api/v1/users",
            json.dumps(PERSON).encode(),
            Content_Type="application/json",
        )
        first = signed_in(served.url)
    with serve(tmp_path, {**url, "SECRET_KEY": old, "SECRET_KEYS_PREVIOUS": new}) as served:
        assert status_with(first, served.url) == 200
    with serve(tmp_path, {**url, "SECRET_KEY": new, "SECRET_KEYS_PREVIOUS": old}) as served:
        assert status_with(first, served.url) == 200
        second = signed_in(served.url)
    with serve(tmp_path, {**url, "SECRET_KEY": new}) as served:
        assert status_with(first, served.url) == 401
        assert status_with(second, served.url) == 200
