"""The size of files and functions, and the names of modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("app", "codegen", "sdk", "benchmarks", "scripts", "start")
# Tests of another repository, and what the generator has written.
NOT_OURS = ("lending_library", "expected")
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
LONGEST_FILE_OF_TESTS = 400
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "service", "manager", "misc"}


def modules() -> list[Path]:
    return [file for folder in CODE for file in sorted((ROOT / folder).rglob("*.py"))]


def modules_of_tests() -> list[Path]:
    found = sorted((ROOT / "tests").rglob("*.py"))
    return [file for file in found if not set(NOT_OURS) & set(file.parts)]


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


def too_long(file: Path, longest_file: int) -> list[str]:
    """What is too long in a file, itself included."""
    name, lines = str(file.relative_to(ROOT)), file.read_text().count("\n")
    found = [(node.name, length(node), LONGEST_FUNCTION) for node in functions(file)]
    parts = [("file", lines, longest_file), *found]
    return [f"{name} {part}: {lines}" for part, lines, longest in parts if lines > longest]


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_is_short_and_its_name_says_something(file: Path) -> None:
    assert file.stem not in VAGUE_NAMES
    assert too_long(file, LONGEST_FILE) == []


def test_tests_are_short_as_well() -> None:
    files = modules_of_tests()

    assert len(files) > 1
    assert [long for file in files for long in too_long(file, LONGEST_FILE_OF_TESTS)] == []


def test_the_median_function_is_no_longer_than_eight_lines() -> None:
    lengths = sorted(length(node) for file in modules() for node in functions(file))

    assert lengths[len(lengths) // 2] <= 8
