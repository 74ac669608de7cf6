"""The path table: from a request target to the operations of one path of the document.

A tree of segments. A literal segment wins over a template, the path is split before anything is
percent-decoded so that `%2F` stays inside a value, and one trailing slash is ignored.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar
from urllib.parse import quote, unquote_to_bytes

from app.contract.problems import MalformedRequest

T = TypeVar("T")
# A table never changes, so that a path is looked for once; long ones would take too much memory.
LONGEST_KEPT = 128
_TEMPLATE = re.compile(r"\{([^{}]+)\}")
_ESCAPE = re.compile(r"%[0-9A-Fa-f]{2}")
_LITERAL = "!$&'()*+,;=:@"  # what a segment may hold as it is (RFC 3986, section 3.3)
_BAD_ESCAPE = re.compile(r"%(?![0-9A-Fa-f]{2})")


@dataclass(slots=True)
class _Node(Generic[T]):
    literals: dict[str, _Node[T]] = field(default_factory=dict)
    templates: dict[tuple[str, ...], _Node[T]] = field(default_factory=dict)
    methods: dict[str, tuple[tuple[str, ...], T]] = field(default_factory=dict)


class Found(NamedTuple, Generic[T]):
    """A path of the document: its endpoints by method, with the names its templates bear there.

    `values` are still percent-encoded, since a style splits them before they are decoded.
    """

    methods: Mapping[str, tuple[tuple[str, ...], T]]
    values: tuple[str, ...]

    def meant_by(self, method: str) -> str:
        """Return the method whose endpoint answers `method`: GET answers HEAD too."""
        return "GET" if method == "HEAD" and method not in self.methods else method

    @property
    def allow(self) -> str:
        """The Allow field (RFC 9110, section 10.2.1): HEAD comes with GET, OPTIONS with all."""
        names = {*self.methods, "OPTIONS"} | ({"HEAD"} if "GET" in self.methods else set())
        return ", ".join(sorted(names))


class PathTable(Generic[T]):
    """Every path of a document, each with its endpoints by method."""

    def __init__(self, entries: Iterable[tuple[str, str, T]]) -> None:
        """`entries` are (path template, upper-case method, endpoint)."""
        self._root: _Node[T] = _Node()
        self._fixed: dict[str, Found[T]] = {}
        for path, method, endpoint in entries:
            node, names = self._root, []
            for segment in _segments(path):
                node = _descend(node, segment)
                names += _TEMPLATE.findall(segment)
            node.methods[method] = (tuple(names), endpoint)
            if not names:
                self._fixed[path] = Found(node.methods, ())
        _put_literal_parts_first(self._root)
        self._search_once = lru_cache(1024)(self._search)

    def find(self, raw_path: str) -> Found[T] | None:
        """Return the path meant by a still percent-encoded path, None where there is none.

        Raises MalformedRequest (400) where an escape is broken or is not UTF-8.
        """
        fixed = self._fixed.get(raw_path)
        if fixed is not None or not raw_path.startswith("/"):
            return fixed
        is_short = len(raw_path) <= LONGEST_KEPT
        return self._search_once(raw_path) if is_short else self._search(raw_path)

    def _search(self, raw_path: str) -> Found[T] | None:
        segments = [(_normalized(s), decoded(s)) for s in _segments(raw_path)]
        return _find(self._root, segments, 0, ())


def decoded(text: str) -> str:
    """Percent-decode strictly (RFC 3986, section 2.1)."""
    if "%" not in text and text.isascii():
        return text
    if _BAD_ESCAPE.search(text) or not text.isascii():
        raise MalformedRequest("The target holds a broken percent-encoding.")
    try:
        return unquote_to_bytes(text).decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedRequest("The target is not UTF-8 once it is decoded.") from None


def _normalized(segment: str) -> str:
    """Write a still encoded segment in its one normal form (RFC 3986, section 6.2.2)."""
    if "%" not in segment:
        return segment
    return _ESCAPE.sub(lambda e: quote(unquote_to_bytes(e[0])), segment)


def _segments(path: str) -> list[str]:
    segments = path.split("/")[1:]
    return segments[:-1] if segments and segments[-1] == "" else segments


def _descend(node: _Node[T], segment: str) -> _Node[T]:
    if "{" not in segment:
        return node.literals.setdefault(segment, _Node())
    literals = _TEMPLATE.split(segment)[::2]
    parts = tuple(quote(literal, safe=_LITERAL) for literal in literals)
    return node.templates.setdefault(parts, _Node())


def _put_literal_parts_first(node: _Node[T]) -> None:
    """Try `report-{id}` before `{id}`: more literal characters are more specific."""
    ordered = sorted(node.templates.items(), key=lambda entry: -len("".join(entry[0])))
    node.templates = dict(ordered)
    for child in (*node.literals.values(), *node.templates.values()):
        _put_literal_parts_first(child)


def _find(
    node: _Node[T], segments: list[tuple[str, str]], index: int, values: tuple[str, ...]
) -> Found[T] | None:
    if index == len(segments):
        return Found(node.methods, values) if node.methods else None
    segment, plain = segments[index]
    literal = node.literals.get(plain)
    found = _find(literal, segments, index + 1, values) if literal is not None else None
    if found is not None:
        return found
    for parts, child in node.templates.items():
        between = _between(parts, segment)
        if between is not None:
            found = _find(child, segments, index + 1, (*values, *between))
            if found is not None:
                return found
    return None


def _between(parts: tuple[str, ...], segment: str) -> tuple[str, ...] | None:
    """Return what stands between literal parts, each value as short as can be but never empty.

    It takes linear time, which a regular expression of several values does not.
    """
    (first, *middle, last), found = parts, []
    start, end = len(first), len(segment) - len(last)
    for part in middle:
        at = segment.find(part, start + 1)
        if at < 0:
            return None
        found.append(segment[start:at])
        start = at + len(part)
    if start >= end or not segment.startswith(first) or not segment.endswith(last):
        return None
    return (*found, segment[start:end])
