"""The client packages in front of the mock, for teams that start before the service does."""

from __future__ import annotations

from pathlib import Path

from tests.mock.mocks import mocking
from tests.sdk.conftest import PROGRAMS, Project, run


def test_the_python_package_works_in_front_of_a_mock(python_home: Path) -> None:
    with mocking("--stateful") as mock:
        program = PROGRAMS / "mocked.py"
        said = run(python_home, "-W", "error", program, str(mock.base_url), cwd=python_home.parent)

    assert said == "told\n"


def test_the_typescript_package_works_in_front_of_a_mock(node_project: Project) -> None:
    with mocking("--stateful") as mock:
        said = node_project.run("mocked", str(mock.base_url))

    assert said == "told\n"
