"""The code from before a migration serves on while the tables are brought to it, as in a rolling
upgrade: the former service runs from the commit before the migration, out of Git's history.
"""

from __future__ import annotations

import io
import subprocess
import tarfile
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any

import pytest
from alembic import command

from app.db.migrate import current_revision
from tests.chaos.gate import FULL, Figures
from tests.chaos.stand import Stand, environment_for, until
from tests.chaos.wire import Answer, Line, request
from tests.chaos.writers import PASSWORD, POSTS
from tests.conftest import Databases
from tests.db.test_migrations import REVISIONS, run
from tests.processes import ROOT

# What a former service is made of. Its packages are those that are installed now.
CODE = ("app", "generated", "alembic", "alembic.ini")
MIGRATIONS = "alembic/versions"
USERS, LOGIN, REFRESH = "/api/v1/users", "/api/v1/auth/login", "/api/v1/auth/refresh"
STORIES = 3
NO_HISTORY = "the commit before this migration is not in this clone: git fetch --unshallow"


@cache
def before(revision: str) -> str:
    """The commit before the one that brought the migration; empty where it is not in this clone."""
    added = git("log", "--diff-filter=A", "--no-renames", "--format=%H", "--", path_of(revision))
    parent = f"{added.split()[-1]}^" if added else ""
    there = git("cat-file", "-t", f"{parent}:{MIGRATIONS}") if parent else ""
    return parent if there else ""


def path_of(revision: str) -> str:
    return f"{MIGRATIONS}/{revision}.py"


def git(*words: str) -> str:
    try:
        ran = subprocess.run(["git", *words], cwd=ROOT, capture_output=True, text=True, check=False)
    except FileNotFoundError:
        return ""
    return ran.stdout.strip() if ran.returncode == 0 else ""


def steps() -> list[Any]:
    """The newest migration; in the full form each one but the first, which has no code before."""
    wanted = REVISIONS[1:] if FULL else REVISIONS[1:][-1:]
    skipping = [pytest.mark.skipif(not before(revision), reason=NO_HISTORY) for revision in wanted]
    return [pytest.param(r, marks=mark) for r, mark in zip(wanted, skipping, strict=True)]


def former_code(revision: str, folder: Path) -> Path:
    archive = ["git", "archive", "--format=tar", before(revision), "--", *CODE]
    content = subprocess.run(archive, cwd=ROOT, capture_output=True, check=True).stdout
    with tarfile.open(fileobj=io.BytesIO(content)) as packed:
        packed.extractall(folder)  # noqa: S202 - our own history
    return folder


class Visitor:
    """Somebody who registers, signs in, writes, reads, changes and deletes, again and again."""

    def __init__(self, port: int) -> None:
        self.answers: Counter[tuple[str, int]] = Counter()
        self.stories = 0
        self._port = port

    def tell(self, number: int) -> None:
        with Line(self._port) as line:
            self._tell(line, f"visitor.{number}")
        self.stories += 1

    def _tell(self, line: Line, name: str) -> None:
        account = {"email": f"{name}@example.com", "username": name, "password": PASSWORD}
        user = self._ask(line, "POST", USERS, body=account).body["id"]
        form = {"username": name, "password": PASSWORD}
        pair = self._ask(line, "POST", LOGIN, form=form).body
        form = {"grant_type": "refresh_token", "refresh_token": pair["refresh_token"]}
        token = self._ask(line, "POST", REFRESH, form=form).body["access_token"]
        body = {"title": name, "content": "x", "published": True}
        post = f"{POSTS}/{self._ask(line, 'POST', POSTS, token=token, body=body).body['id']}"
        etag = {"If-Match": self._ask(line, "GET", post, token=token).fields["etag"]}
        self._ask(line, "PATCH", post, token=token, body={"title": "New"}, fields=etag)
        for target in (POSTS, USERS, f"{USERS}/{user}", "/health/ready", "/health/live"):
            self._ask(line, "GET", target)
        self._ask(line, "DELETE", post, token=token)
        self._ask(line, "DELETE", f"{USERS}/{user}", token=token)

    def _ask(self, line: Line, method: str, target: str, **what: Any) -> Answer:
        answer = line.ask(request(method, target, **what))
        self.answers[f"{method} {target}", answer.status] += 1
        assert answer.status < 300, f"{method} {target} was answered by {answer.status}"
        return answer


@contextmanager
def visited(visitor: Visitor, faults: list[BaseException]) -> Iterator[None]:
    over = threading.Event()

    def visit() -> None:
        for number in count():
            if over.is_set():
                return
            try:
                visitor.tell(number)
            except (AssertionError, OSError) as error:
                faults.append(error)

    thread = threading.Thread(target=visit, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join(30)


@pytest.mark.parametrize("revision", steps())
async def test_code_from_before_a_migration_serves_on_its_tables(
    revision: str, databases: Databases, tmp_path: Path, figures: Figures
) -> None:
    url = await databases.create(template="template0")
    faults: list[BaseException] = []
    stand = Stand(tmp_path, **environment_for(url))
    stand.root = former_code(revision, tmp_path / "code")
    with stand:
        assert await current_revision(url) in REVISIONS[: REVISIONS.index(revision)]
        visitor = Visitor(stand.port)
        with visited(visitor, faults):
            until(lambda: visitor.stories >= STORIES or bool(faults), 30)
            await run(url, command.upgrade, revision)
            after = visitor.stories
            until(lambda: visitor.stories >= after + 1 + STORIES or bool(faults), 30)
    await databases.drop(url)
    assert faults == [], stand.last_words()
    figures.record(
        {
            "answers of former code over a migration": visitor.answers.total(),
            "of them other than on the former tables": len(faults),
        }
    )
