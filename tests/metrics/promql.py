"""Which metrics an expression of Prometheus names."""

from __future__ import annotations

import re
from collections.abc import Iterator

STRING = re.compile(r'"[^"]*"')
SELECTED = re.compile(r"\{[^}]*\}|\[[^\]]*\]")
GROUPED = re.compile(r"\b(by|without|on|ignoring|group_left|group_right)\s*\([^)]*\)")
NAME = re.compile(r"\b[a-zA-Z_:][a-zA-Z0-9_:]*\b(?!\s*\()")
WORDS = frozenset({"and", "or", "unless", "bool", "offset", "by", "without", "on", "ignoring"})


def names_in(expression: str) -> Iterator[str]:
    text = expression
    for pattern in (STRING, SELECTED, GROUPED):
        text = pattern.sub(" ", text)
    yield from (name for name in NAME.findall(text) if name not in WORDS)
