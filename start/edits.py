"""What is taken out of files that the machinery shares with the publishing API. An edit that finds
nothing to change is an error: whoever changes such a line is told where else it is named.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from start.failure import StartError


class Edit(Protocol):
    @property
    def file(self) -> str: ...

    def changed(self, text: str) -> str:
        """The text afterwards, the same where there was nothing to change."""


@dataclass(frozen=True, slots=True)
class Replace:
    """A piece of text that stands there exactly once."""

    file: str
    old: str
    new: str = ""

    def changed(self, text: str) -> str:
        return text.replace(self.old, self.new) if text.count(self.old) == 1 else text


@dataclass(frozen=True, slots=True)
class Lines:
    """Every line in which the expression is found goes."""

    file: str
    expression: str

    def changed(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        return "".join(line for line in lines if not re.search(self.expression, line))


@dataclass(frozen=True, slots=True)
class Cut:
    """The lines go from the first that begins with `first` to the one before `until`, which is the
    next after it that begins so; an empty `until` is the end.
    """

    file: str
    first: str
    until: str

    def changed(self, text: str) -> str:
        lines = text.splitlines(keepends=True)
        starts = [n for n, line in enumerate(lines) if line.startswith(self.first)]
        if not starts:
            return text
        start = starts[0]
        ends = [n for n in range(start + 1, len(lines)) if lines[n].startswith(self.until)]
        end = len(lines) if not self.until else ends[0]
        return "".join(lines[:start] + lines[end:])


@dataclass(frozen=True, slots=True)
class Drop:
    """A definition of a module or of a class (`Class.name`), with its comments and decorators."""

    file: str
    name: str

    def changed(self, text: str) -> str:
        outer, _, inner = self.name.rpartition(".")
        tree = ast.parse(text)
        body = tree.body if not outer else _class(tree, outer).body
        lines = text.splitlines(keepends=True)
        for node in reversed(body):
            if inner in _names(node):
                first, last = _reach(node, lines)
                lines[first:last] = []
        return "".join(lines)


def apply(edit: Edit, root: Path) -> None:
    path = root / edit.file
    before = path.read_text(encoding="utf-8")
    after = edit.changed(before)
    if after == before:
        raise StartError(
            f"{edit} changes nothing in {edit.file}: name in start/ what stands there now."
        )
    path.write_text(after, encoding="utf-8")


def _class(tree: ast.Module, name: str) -> ast.ClassDef:
    found = [n for n in tree.body if isinstance(n, ast.ClassDef) and n.name == name]
    return found[0] if found else ast.ClassDef(name, [], [], [], [])


def _names(node: ast.stmt) -> Iterator[str]:
    """The names that a statement defines, or of what is called in it and nothing else."""
    match node:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.ClassDef():
            yield node.name
        case ast.Assign():
            yield from (target.id for target in node.targets if isinstance(target, ast.Name))
        case ast.AnnAssign(target=ast.Name(id=name)):
            yield name
        case ast.Expr(value=ast.Call(func=ast.Name(), args=[ast.Constant(value=str(name)), *_])):
            yield name


def _reach(node: ast.stmt, lines: list[str]) -> tuple[int, int]:
    decorators = getattr(node, "decorator_list", [])
    first = min([node.lineno, *(each.lineno for each in decorators)]) - 1
    while first and lines[first - 1].lstrip().startswith("#"):
        first -= 1
    assert node.end_lineno is not None  # noqa: S101 - parsed from text, so it has one
    return first, node.end_lineno
