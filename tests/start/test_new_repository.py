"""A repository made from this one: true to its name, and green; `make own-api` runs all of it."""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path

import pytest

from start.owners import files_of
from tests.start.gate import NAME, SHARED, VENV, must, new_library, new_repository

# The licence keeps whom the machinery is from. `post` alone is a method of HTTP.
PRODUCT = re.compile(
    r"[Cc]olophon|\b[Pp]osts\b|\bposts?_|[a-z](?<!secret)_posts?\b|\bPost[A-Z](?!GRES)\w*|"
    r"\b[Aa] post\b|publishing"
)
SIGN_IN = re.compile(r"SECRET_KEY|superuser|log_in|register_user|[Pp]assword_hash|/api/v1/users")


@pytest.fixture(scope="module")
def with_sign_in(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_repository(tmp_path_factory.mktemp("sign-in"), sign_in=True)


@pytest.fixture(scope="module")
def with_health_alone(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return new_repository(tmp_path_factory.mktemp("health"), sign_in=False)


@pytest.fixture(params=["with_sign_in", "with_health_alone"])
def made(request: pytest.FixtureRequest) -> Path:
    repository: Path = request.getfixturevalue(request.param)
    return repository


@pytest.fixture(scope="module")
def library(with_health_alone: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The same walk from where a repository with health alone stands."""
    copied = tmp_path_factory.mktemp("library") / NAME
    return new_library(shutil.copytree(with_health_alone, copied, symlinks=True))


def lines_with(expression: re.Pattern[str], folder: Path, *except_: str) -> list[str]:
    return [
        f"{file}: {line.strip()[:100]}"
        for file in files_of(folder)
        if not file.startswith(except_)
        for line in (folder / file).read_text().splitlines()
        if expression.search(line)
    ]


def test_it_has_no_word_of_this_product(made: Path) -> None:
    packages = ("generated/sdk/python/LICENSE", "generated/sdk/typescript/LICENSE")
    assert lines_with(PRODUCT, made, "LICENSE", *packages) == []


def test_it_bears_its_own_name(made: Path) -> None:
    project = (made / "pyproject.toml").read_text()

    assert f'name = "{NAME}"' in project
    assert "  title: Lending Library\n" in (made / "openapi/openapi.yaml").read_text()
    assert 'DATABASE = "lending_library"' in (made / "app/db/embedded/cluster.py").read_text()
    assert (made / "README.md").read_text().startswith("# Lending Library\n")
    python = (made / "generated/sdk/python/pyproject.toml").read_text()
    assert f'name = "{NAME}-sdk"' in python
    assert 'name = "lending_library_sdk"' in python
    assert f'"name": "{NAME}-sdk"' in (made / "generated/sdk/typescript/package.json").read_text()


def test_its_history_begins_with_one_commit_that_holds_everything(made: Path) -> None:
    git = ["git", "-C", str(made)]
    count = [*git, "rev-list", "--count", "HEAD"]
    status = [*git, "status", "--porcelain"]

    assert subprocess.run(count, capture_output=True, text=True, check=True).stdout == "1\n"
    assert subprocess.run(status, capture_output=True, text=True, check=True).stdout == ""


def test_no_placeholder_is_left(made: Path) -> None:
    assert lines_with(re.compile(r"@[A-Z]+@|^@(if|end)"), made) == []


def test_what_is_linked_is_there(made: Path) -> None:
    pages = [str(page.relative_to(made)) for page in sorted((made / "docs").glob("*.md"))]
    assert {"docs/sdk.md", "docs/mock.md", "docs/changes.md"} <= {*pages}
    for file in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", *pages):
        for target in re.findall(r"\]\(([^)#:]+)\)", (made / file).read_text()):
            assert ((made / file).parent / target).exists(), f"{file} links to {target}"


def test_without_sign_in_nothing_of_it_is_left(library: Path) -> None:
    machinery = ("LICENSE", "requirements/", "codegen/", "tests/codegen/", "tests/platform/")
    found = lines_with(
        SIGN_IN, library, *machinery, "app/db/", "tests/contract/runtime/", "tests/conftest.py"
    )

    assert found == []


def test_it_is_in_order_from_the_start(with_sign_in: Path) -> None:
    """The library's checks show the same of a repository without sign-in."""
    for target in ("document", "current", "lint", "imports"):
        must(with_sign_in, "make", *SHARED, target)


def check_it(library: Path) -> str:
    return must(library, "make", *SHARED, "check")


def run_its_tests(library: Path) -> str:
    folders = (
        "tests/api",
        "tests/db/test_migrations.py",
        "tests/diff",
        "tests/sdk/test_lending.py",
    )
    handlers = ("tests/contract/test_handlers.py", "tests/contract/test_broken_handlers.py")
    must(library, str(VENV / "bin/python"), "-m", "pytest", "-q", *folders, *handlers)
    return must(library, str(VENV / "bin/python"), "-m", "tests.contract.coverage")


def fuzz_it(library: Path) -> str:
    return must(library, "make", *SHARED, "contract", "SEED=1")


GATES = (run_its_tests, fuzz_it, check_it)


@pytest.fixture(scope="module")
def gates(library: Path) -> Iterator[dict[str, Future[str]]]:
    """All at work side by side, since most of their time is waiting for processes to start."""
    with ThreadPoolExecutor(3) as pool:
        yield {gate.__name__: pool.submit(gate, library) for gate in GATES}


def test_another_api_passes_every_check(gates: dict[str, Future[str]]) -> None:
    gates["check_it"].result()


def test_another_api_passes_its_tests(gates: dict[str, Future[str]]) -> None:
    gates["run_its_tests"].result()


def test_another_api_is_fuzzed_without_a_finding(gates: dict[str, Future[str]]) -> None:
    assert "as anybody: exit code 0" in gates["fuzz_it"].result()
