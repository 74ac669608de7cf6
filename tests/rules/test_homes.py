"""What may stand in one place only: commits, statements, the tests of an operation."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
DOCUMENT = json.loads((ROOT / "generated/openapi.json").read_text())
TAGS = [tag["name"] for tag in DOCUMENT["tags"]]
STATEMENT_WORDS = {"select", "insert", "update", "delete", "text", "union_all"}
HOMES_OF_STATEMENTS = {"queries.py", "lists.py"}

OPERATIONS = [
    (operation["tags"][0], operation["operationId"])
    for item in DOCUMENT["paths"].values()
    for method, operation in item.items()
    if method in {"get", "put", "post", "patch", "delete"}
]


def feature_modules() -> list[Path]:
    return [file for tag in TAGS for file in sorted((ROOT / "app" / tag).glob("*.py"))]


def called_names(file: Path) -> set[str]:
    calls = (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.Call))
    names = (
        c.func.attr if isinstance(c.func, ast.Attribute) else getattr(c.func, "id", "")
        for c in calls
    )
    return set(names)


def imported_from_sqlalchemy(file: Path) -> set[str]:
    imports = (n for n in ast.walk(ast.parse(file.read_text())) if isinstance(n, ast.ImportFrom))
    return {a.name for i in imports if i.module == "sqlalchemy" for a in i.names}


@pytest.mark.parametrize("file", feature_modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_feature_neither_commits_nor_rolls_back(file: Path) -> None:
    assert called_names(file) & {"commit", "rollback", "begin", "flush"} == set()


@pytest.mark.parametrize("file", feature_modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_statements_stand_in_their_home(file: Path) -> None:
    if file.name not in HOMES_OF_STATEMENTS:
        assert imported_from_sqlalchemy(file) & STATEMENT_WORDS == set()


@pytest.mark.parametrize(("tag", "operation"), OPERATIONS)
def test_each_operation_has_a_handler_and_a_test_file_of_its_name(tag: str, operation: str) -> None:
    assert (ROOT / f"tests/api/{tag}/test_{operation}.py").is_file()
    assert f"async def {operation}(" in (ROOT / f"app/{tag}/handlers.py").read_text()


def test_each_tag_is_one_word_in_every_wing() -> None:
    for tag in TAGS:
        assert (ROOT / f"openapi/{tag}.yaml").is_file()
        assert (ROOT / f"generated/{tag}.py").is_file()
        assert (ROOT / f"app/{tag}").is_dir()
        assert (ROOT / f"tests/api/{tag}").is_dir()
