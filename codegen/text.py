"""Python text: docstrings, imports and calls that fit into a line or are broken over several."""

from __future__ import annotations

import re
import textwrap
from collections.abc import Iterable, Mapping
from typing import Any

WIDTH = 100
_OPTION = re.compile(r'"(?:[^"\\]|\\.)*"|\'(?:[^\'\\]|\\.)*\'|-?\w+')


def literal(value: Any) -> str:
    """Return a JSON scalar as a Python literal, strings in double quotes."""
    if not isinstance(value, str):
        return repr(value)
    text = repr(value)
    return text if '"' in value else f'"{text[1:-1]}"'.replace("\\'", "'")


def indent(lines: Iterable[str], depth: int = 1) -> list[str]:
    """Indent lines by `depth` steps, empty ones aside."""
    return [f"{'    ' * depth}{line}" if line else "" for line in lines]


def docstring(*paragraphs: str, depth: int = 1) -> list[str]:
    """Return the lines of a docstring; paragraphs are wrapped, lists and indented lines kept."""
    width = WIDTH - 4 * depth
    text = "\n\n".join(wrapped(p, width) for p in paragraphs if p.strip())
    text = text.replace("\\", "\\\\").replace('"""', '\\"\\"\\"')
    lines = text.splitlines() or [""]
    if len(lines) == 1 and len(lines[0]) <= width - 6 and not lines[0].endswith('"'):
        return indent([f'"""{lines[0]}"""'], depth)
    return indent([f'"""{lines[0]}', *lines[1:], '"""'], depth)


def wrapped(text: str, width: int) -> str:
    """Wrap the paragraphs of a markdown text, leaving alone what is not running text."""
    blocks = text.strip().split("\n\n")
    return "\n\n".join(_wrapped_block(block, width) for block in blocks if block.strip())


def _wrapped_block(block: str, width: int) -> str:
    lines = [line.rstrip() for line in block.strip("\n").splitlines()]
    is_running = not any(line[:1] in {" ", "\t", "*", "-", "|", "#", ">", "`"} for line in lines)
    if not is_running:
        return "\n".join(_wrapped_line(line, width) for line in lines)
    return "\n".join(_wrapped_line(" ".join(lines), width).splitlines())


def _wrapped_line(line: str, width: int) -> str:
    margin = " " * (len(line) - len(line.lstrip()))
    filled = textwrap.wrap(
        line.strip(),
        max(width - 3 - len(margin), 40),
        initial_indent=margin,
        subsequent_indent=margin,
        break_long_words=False,
        break_on_hyphens=False,
    )
    return "\n".join(filled)


def call(before: str, arguments: list[str], after: str) -> list[str]:
    """Return `before(arguments)after` on one line where it fits, else an argument on each line."""
    line = f"{before}({', '.join(arguments)}){after}"
    if len(line) <= WIDTH or not arguments:
        return [line]
    inner = f"    {', '.join(arguments)}"
    margin = before[: len(before) - len(before.lstrip())]
    if len(margin + inner) <= WIDTH and "*" not in arguments:
        return [f"{before}(", margin + inner, f"{margin}){after}"]
    each = (f"{margin}    {a}" if a == "/" else f"{margin}    {a}," for a in arguments)
    return [f"{before}(", *each, f"{margin}){after}"]


def union_lines(before: str, members: list[str], after: str) -> list[str]:
    """Return `before A | B after`, a member on each line where it does not fit on one."""
    line = f"{before}{' | '.join(members)}{after}"
    if len(line) <= WIDTH:
        return [line]
    margin = before[: len(before) - len(before.lstrip())]
    return [
        f"{before}(",
        *(f"{margin}    {'| ' * bool(index)}{member}" for index, member in enumerate(members)),
        f"{margin}){after}",
    ]


def import_lines(modules: Mapping[str, Iterable[str]]) -> list[str]:
    """Return `from module import names` for each module, sorted, long ones in brackets."""
    lines: list[str] = []
    for module in sorted(modules):
        names = sorted(set(modules[module]), key=_import_order)
        if not names:
            continue
        line = f"from {module} import {', '.join(names)}"
        if len(line) <= WIDTH:
            lines.append(line)
        else:
            lines += [f"from {module} import (", *(f"    {name}," for name in names), ")"]
    return lines


def _import_order(name: str) -> tuple[int, str]:
    """Constants, then classes, then the rest, as isort does."""
    bare = name.partition(" as ")[0]
    return (0 if bare.isupper() else 1 if bare[:1].isupper() else 2), name


def string_lines(before: str, text: str, after: str = "") -> list[str]:
    """Return a string literal after `before`, in brackets and over several lines where too long."""
    line = f"{before}{literal(text)}{after}"
    if len(line) <= WIDTH:
        return [line]
    margin = before[: len(before) - len(before.lstrip())]
    pieces = textwrap.wrap(
        text, WIDTH - len(margin) - 10, break_on_hyphens=False, drop_whitespace=False
    )
    return [f"{before}(", *(f"{margin}    {literal(p)}" for p in pieces), f"{margin}){after}"]


def folded(line: str) -> list[str]:
    """Break a long line at a Literal, with an option on each line."""
    before, word, rest = line.partition("Literal[")
    options = _OPTION.findall(rest)
    listed = ", ".join(options)
    if len(line) <= WIDTH or not word or not rest.startswith(f"{listed}]"):
        return [line]
    margin = before[: len(before) - len(before.lstrip())]
    inner = [f"{margin}    {option}," for option in options]
    return [f"{before}{word}", *inner, f"{margin}]{rest[len(listed) + 1 :]}"]
