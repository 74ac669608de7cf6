"""Both packages sign in at the running service, renew what has expired, and sign out."""

from __future__ import annotations

import json
import urllib.parse
import urllib.request
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import jwt
import pytest

from tests.conftest import KEY
from tests.people import PASSWORD
from tests.sdk.conftest import PROGRAMS, Project, Service, run

USERNAME = "grace"


def posted(url: str, body: bytes, media_type: str) -> dict[str, Any]:
    request = urllib.request.Request(url, body, {"Content-Type": media_type})  # noqa: S310 - loopback
    with urllib.request.urlopen(request) as answer:  # noqa: S310
        found: dict[str, Any] = json.load(answer)
    return found


@pytest.fixture(scope="module")
def registered(service: Service) -> str:
    person = {"username": USERNAME, "email": "grace@example.com", "password": PASSWORD}
    posted(f"{service.url}/api/v1/users", json.dumps(person).encode(), "application/json")
    return service.url


def expired_sign_in(url: str) -> str:
    """Return tokens as they are two hours after signing in: the access token has expired."""
    form = urllib.parse.urlencode({"username": USERNAME, "password": PASSWORD}).encode()
    tokens = posted(f"{url}/api/v1/auth/login", form, "application/x-www-form-urlencoded")
    header = jwt.get_unverified_header(tokens["access_token"])
    claims = jwt.decode(tokens["access_token"], options={"verify_signature": False})
    past = datetime.now(UTC) - timedelta(hours=2)
    claims |= {"iat": past, "exp": past + timedelta(minutes=30)}
    algorithm = header.pop("alg")
    tokens["access_token"] = jwt.encode(claims, KEY, algorithm=algorithm, headers=header)
    return json.dumps(tokens)


def test_the_python_package_signs_in_and_stays_signed_in(
    python_home: Path, registered: str
) -> None:
    said = run(
        python_home,
        "-W",
        "error",
        PROGRAMS / "signing_in.py",
        registered,
        PASSWORD,
        expired_sign_in(registered),
        cwd=python_home.parent,
    )

    assert said == "told\n"


def test_the_typescript_package_signs_in_and_stays_signed_in(
    node_project: Project, registered: str
) -> None:
    said = node_project.run("signing_in", registered, PASSWORD, expired_sign_in(registered))

    assert said == "told\n"
