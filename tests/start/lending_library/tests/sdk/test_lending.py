"""Both packages lend, upload and export at the running service, by either credential."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from tests.samples import KEY, ROWS
from tests.sdk.conftest import PROGRAMS, Project, Service, run

LENDING = PROGRAMS / "lending.py"
MYPY = "from mypy.api import run; print(run(['--strict', '--hide-error-context', '.'])[0])"


@pytest.fixture(scope="module")
def library(service: Service) -> str:
    """The service with a clerk who has the key."""
    asyncio.run(fill(service.database_url.replace("+asyncpg", "")))
    return service.url


async def fill(url: str) -> None:
    connection = await asyncpg.connect(url)
    await connection.execute(ROWS)
    await connection.close()


def test_the_python_package_lends(python_home: Path, library: str) -> None:
    said = run(python_home, "-W", "error", LENDING, library, KEY, cwd=python_home.parent)

    assert said == "told\n"


def test_the_typescript_package_lends(node_project: Project, library: str) -> None:
    assert node_project.run("lending", library, KEY) == "told\n"


def test_the_program_of_a_clerk_is_typed(python_home: Path, tmp_path: Path) -> None:
    (tmp_path / "lending.py").write_text(LENDING.read_text())

    assert "Success: no issues" in run(python_home, "-c", MYPY, cwd=tmp_path)
