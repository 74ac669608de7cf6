"""The examples of the packages' READMEs run, in their order, at the running service."""

from __future__ import annotations

import re
from pathlib import Path

from tests.sdk.conftest import PYTHON_PACKAGE, TYPESCRIPT_PACKAGE, Project, Service, run

PYTHON = re.compile(r"```python\n(.*?)```", re.DOTALL)
TYPESCRIPT = re.compile(r"```ts\n(.*?)```", re.DOTALL)
ADDRESS = "http://127.0.0.1:8000"


def test_the_examples_in_python(python_home: Path, service: Service, tmp_path: Path) -> None:
    examples = PYTHON.findall((PYTHON_PACKAGE / "README.md").read_text())
    said = []
    for number, example in enumerate(examples):
        script = tmp_path / f"example{number}.py"
        script.write_text(example.replace(ADDRESS, service.url).replace('"ada', '"lovelace'))
        said.append(run(python_home, "-W", "error", script))

    assert said
    assert not any("Please report" in text for text in said)


def test_the_examples_in_typescript(node_project: Project, service: Service) -> None:
    examples = TYPESCRIPT.findall((TYPESCRIPT_PACKAGE / "README.md").read_text())
    names = [f"example{number}" for number in range(len(examples))]
    node_project.compile(
        **{
            name: example.replace(ADDRESS, service.url).replace("'ada", "'byron")
            for name, example in zip(names, examples, strict=True)
        }
    )
    said = [node_project.run(name) for name in names]

    assert said
    assert not any("Please report" in text for text in said)
