"""The size of files and functions, and the names of modules."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CODE = ("app", "codegen", "sdk", "benchmarks", "scripts", "start")
LONGEST_FUNCTION = 40
LONGEST_FILE = 300
VAGUE_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "service", "manager", "misc"}


def modules() -> list[Path]:
    return [file for folder in CODE for file in sorted((ROOT / folder).rglob("*.py"))]


def functions(file: Path) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def length(node: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    assert node.end_lineno is not None
    return node.end_lineno - node.lineno + 1


@pytest.mark.parametrize("file", modules(), ids=lambda file: str(file.relative_to(ROOT)))
def test_a_module_is_short_and_its_name_says_something(file: Path) -> None:
    assert file.stem not in VAGUE_NAMES
    assert file.read_text().count("\n") <= LONGEST_FILE
    too_long = [
        f"{node.name}: {length(node)}"
        for node in functions(file)
        if length(node) > LONGEST_FUNCTION
    ]
    assert too_long == []


def test_the_median_function_is_no_longer_than_eight_lines() -> None:
    lengths = sorted(length(node) for file in modules() for node in functions(file))

    assert lengths[len(lengths) // 2] <= 8
