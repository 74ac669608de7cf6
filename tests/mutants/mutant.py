"""What a mutant is: a small change that makes the service wrong, and what must notice it."""

from __future__ import annotations

import ast
from dataclasses import dataclass
from pathlib import Path


class DoesNotApplyError(Exception):
    """The text to change is not there exactly once: the code has moved on, the mutant must too."""


@dataclass(frozen=True, slots=True)
class Change:
    """`old` stands in `file` exactly once; `new` takes its place."""

    file: str
    old: str
    new: str

    def apply(self, root: Path) -> None:
        """Raises DoesNotApplyError, and SyntaxError where it makes no Python."""
        path = root / self.file
        path.write_text(self.changed(path.read_text(encoding="utf-8")), encoding="utf-8")

    def changed(self, text: str) -> str:
        """Return the text of the file with the change in it; raises as `apply` does."""
        found = text.count(self.old)
        if found != 1:
            raise DoesNotApplyError(f"{self.file} has this {found} times, not once: {self.old!r}")
        changed = text.replace(self.old, self.new)
        if self.file.endswith(".py"):
            ast.parse(changed, self.file)  # A typing error of ours would look like a catch.
        return changed


@dataclass(frozen=True, slots=True)
class Check:
    """A command of the project: `arguments` of Python, run in the folder that is to be judged.

    `keeps` are folders that a green run leaves behind and that make the next run quick.
    """

    name: str
    arguments: tuple[str, ...] = ()
    tests: tuple[str, ...] = ()
    limit: float = 120.0
    keeps: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Notice:
    """That `check` fails is not enough: `says` must stand in what it prints, so that it fails for
    the reason for which it exists.
    """

    check: Check
    says: str


@dataclass(frozen=True, slots=True)
class Mutant:
    """`is_generated`: generated/ is written anew after the change, as whoever made it would do."""

    name: str
    what: str
    changes: tuple[Change, ...]
    noticed_by: tuple[Notice, ...]
    is_generated: bool = False
