"""The name of a new repository, in the forms that its places want."""

from __future__ import annotations

import re
from dataclasses import dataclass
from keyword import iskeyword, issoftkeyword

from start.failure import StartError

LONGEST = 40
FORM = re.compile(r"(?=.{2,40}$)[a-z][a-z0-9]*(?:-[a-z0-9]+)*")
# This product, PostgreSQL's own databases and roles, words that SQL keeps for itself, and the
# packages of every repository.
TAKEN = {"colophon", "postgres", "template0", "template1", "public", "user", "table", "test"}
TAKEN |= {"app", "codegen", "generated", "sdk", "tests", "alembic"}
TAKEN |= {"all", "group", "order", "role", "select", "grant", "check", "default", "column"}


@dataclass(frozen=True, slots=True)
class Name:
    """`kebab` names the project, `snake` its database, role and image; `title` is for people."""

    kebab: str

    @property
    def snake(self) -> str:
        return self.kebab.replace("-", "_")

    @property
    def title(self) -> str:
        return " ".join(word.capitalize() for word in self.kebab.split("-"))


def read_name(text: str) -> Name:
    """Raises StartError."""
    if not FORM.fullmatch(text):
        raise StartError(
            f"{text!r} cannot be the name: use 2 to {LONGEST} lower-case letters and digits, a "
            "letter first, with hyphens between words, as in NAME=lending-library."
        )
    if text in TAKEN or text.startswith("pg-") or iskeyword(text) or issoftkeyword(text):
        raise StartError(
            f"{text!r} cannot be the name, because Python, PostgreSQL or this repository has it "
            "already: choose another, such as NAME=lending-library."
        )
    return Name(text)
