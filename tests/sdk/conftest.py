"""A running service for the client packages, and the packages as their users install them."""

from __future__ import annotations

import asyncio
import json
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from app.db.embedded import EmbeddedPostgres
from app.db.migrate import migrate
from sdk.facts import read_facts
from tests.conftest import KEY, Databases
from tests.processes import ROOT, serve

BUNDLE: dict[str, Any] = json.loads((ROOT / "generated/openapi.json").read_text())
FACTS = read_facts(BUNDLE)
MODULE, PACKAGE = f"{FACTS.slug.replace('-', '_')}_sdk", f"{FACTS.slug}-sdk"
PYTHON_PACKAGE = ROOT / "generated/sdk/python"
TYPESCRIPT_PACKAGE = ROOT / "generated/sdk/typescript"
PROGRAMS = Path(__file__).parent / "programs"
TSC = ROOT / "sdk/typescript/node_modules/.bin/tsc"
STRICT = [
    *(
        "--strict",
        "--noUncheckedIndexedAccess",
        "--exactOptionalPropertyTypes",
        "--pretty",
        "false",
    ),
    *("--target", "es2022", "--module", "nodenext", "--lib", "es2022,dom,dom.iterable"),
]


@dataclass(frozen=True)
class Service:
    """A running service, and the database behind it, where nothing is stored at first."""

    url: str
    database_url: str


@pytest.fixture(scope="session")
def service(
    postgres: EmbeddedPostgres, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Service]:
    database_url = asyncio.run(_migrated(postgres))
    folder = tmp_path_factory.mktemp("service")
    with serve(folder, {"DATABASE_URL": database_url, "SECRET_KEY": KEY}) as served:
        yield Service(served.url, database_url)


async def _migrated(postgres: EmbeddedPostgres) -> str:
    url = await Databases(postgres).create(template="template0")
    await migrate(url)
    return url


@pytest.fixture(scope="session")
def python_home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The Python of a new environment, outside the repository, with the wheel and what it needs."""
    folder = tmp_path_factory.mktemp("python-sdk")
    python = folder / "venv/bin/python"
    pip = [str(python), "-m", "pip", "--disable-pip-version-check", "--no-input"]
    lock = ROOT / "requirements/sdk.lock"
    run(sys.executable, "-m", "venv", folder / "venv")
    run(*pip, "install", "-q", "--no-deps", "--require-hashes", "--only-binary=:all:", "-r", lock)
    run("sh", ROOT / "scripts/packages.sh", folder, "python", python)
    (wheel,) = folder.glob("*.whl")
    run(*pip, "install", "-q", "--no-deps", wheel)
    run(*pip, "check")
    return python


def run(*command: str | Path, cwd: Path | None = None) -> str:
    """Run a program to its end and return what it printed; a failure shows all of it."""
    done = subprocess.run(
        [str(word) for word in command],
        cwd=cwd,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, f"{command}\n{done.stdout}\n{done.stderr}"
    return done.stdout


@dataclass(frozen=True)
class Project:
    """A project outside the repository in which the tarball is installed."""

    folder: Path

    def compile(self, **sources: str) -> None:
        """Compile programs, named without `.ts`, as strictly as TypeScript can."""
        assert self._compiled(sources) == ""

    def refused_by_the_compiler(self, source: str) -> str:
        return self._compiled({"wrong": source})

    def run(self, name: str, *arguments: str) -> str:
        return run("node", self.folder / f"{name}.js", *arguments)

    def _compiled(self, sources: dict[str, str]) -> str:
        for name, source in sources.items():
            (self.folder / f"{name}.ts").write_text(source)
        done = subprocess.run(
            [TSC, *STRICT, *(f"{name}.ts" for name in sources)],
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        return done.stdout


@pytest.fixture(scope="session")
def node_project(tmp_path_factory: pytest.TempPathFactory) -> Project:
    """What is needed is installed as `make sdk` does; a machine that cannot have it says why."""
    ready = subprocess.run(
        ["sh", "scripts/node.sh"], cwd=ROOT, capture_output=True, text=True, check=False
    )
    if ready.returncode:
        pytest.skip(ready.stderr.strip().splitlines()[-1])
    folder = tmp_path_factory.mktemp("typescript-sdk")
    project = folder / "project"
    run("sh", ROOT / "scripts/packages.sh", folder, "typescript")
    (tarball,) = folder.glob("*.tgz")
    project.mkdir()
    (project / "package.json").write_text('{"private": true, "type": "module"}')
    run("npm", "install", "--silent", "--offline", "--no-audit", "--no-fund", tarball, cwd=project)
    made = Project(project)
    programs = {file.stem: file.read_text() for file in PROGRAMS.glob("*.ts")}
    if programs:
        made.compile(**programs)
    return made
