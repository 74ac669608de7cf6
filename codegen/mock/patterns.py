"""Texts that match a regular expression of a schema (ECMA-262, as JSON Schema wants it).

What cannot be told by drawing alone, such as a look-ahead, is left out: whoever asks for a text
judges it by the expression itself.
"""

from __future__ import annotations

import re
import string
from collections.abc import Callable, Iterator
from contextlib import suppress
from functools import lru_cache
from random import Random

# Draws a text; the number says how often more than demanded a part is repeated.
Draw = Callable[[Random, int], str]
Ranges = list[tuple[int, int]]

MORE = (0, 1, 2, 3, 5, 8, 13, 21, 34, 64, 128, 256)
LONGEST = 10_000
_TIERS = (
    string.ascii_lowercase + string.digits,
    string.ascii_uppercase,
    "".join(chr(code) for code in range(0x20, 0x7F)),
    "".join(chr(code) for code in range(0xA1, 0x250)),
)
_DIGITS: Ranges = [(0x30, 0x39)]
_WORD: Ranges = [*_DIGITS, (0x41, 0x5A), (0x5F, 0x5F), (0x61, 0x7A)]
_SPACE: Ranges = [(0x20, 0x20), (0x09, 0x0D)]
_SETS = {"d": _DIGITS, "w": _WORD, "s": _SPACE}
_PROPERTIES: dict[str, Ranges] = {
    "L": [(0x41, 0x5A), (0x61, 0x7A)],
    "Lu": [(0x41, 0x5A)],
    "Ll": [(0x61, 0x7A)],
    "N": _DIGITS,
    "Nd": _DIGITS,
    "P": [(0x2D, 0x2E)],
    "Z": [(0x20, 0x20)],
    "Zs": [(0x20, 0x20)],
}
_CONTROLS = {"n": "\n", "r": "\r", "t": "\t", "f": "\f", "v": "\v", "0": "\0"}
_COUNT = re.compile(r"\{(\d+)(,(\d*))?\}")
_HEX = re.compile(r"x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|u\{([0-9A-Fa-f]+)\}")
_PROPERTY = re.compile(r"[pP]\{(?:[^}=]*=)?([^}]*)\}")
_SPAN = re.compile(r"-[^\]]")
_GROUP = re.compile(r"\?(?:[:=!]|<[=!]|P?<[^>]*>)")


class Undrawable(ValueError):
    """The expression uses something that this module does not draw."""


def texts(pattern: str, random: Random) -> Iterator[str]:
    """Yield texts that the pattern probably matches, longer ones after shorter ones."""
    with suppress(Undrawable):
        draw = _parsed(pattern)
        for more in MORE:
            yield draw(random, more)


@lru_cache(maxsize=1024)
def _parsed(pattern: str) -> Draw:
    parser = _Parser(pattern)
    draw = parser.alternatives()
    if not parser.is_at_end:
        raise Undrawable(pattern)
    return draw


class _Parser:
    """Reads one expression from left to right."""

    def __init__(self, pattern: str) -> None:
        self._pattern = pattern
        self._at = 0

    @property
    def is_at_end(self) -> bool:
        return self._at >= len(self._pattern)

    def alternatives(self) -> Draw:
        options = [self._sequence()]
        while self._skips("|"):
            options.append(self._sequence())
        return lambda random, more: random.choice(options)(random, more)

    def _sequence(self) -> Draw:
        parts: list[Draw] = []
        while not self.is_at_end and self._pattern[self._at] not in "|)":
            parts.append(self._repeated(self._atom()))
        return lambda random, more: "".join(part(random, more) for part in parts)

    def _repeated(self, atom: Draw) -> Draw:
        bounds = self._bounds()
        if bounds is None:
            return atom
        if not self._skips("?"):
            self._skips("+")
        least, most = bounds

        def draw(random: Random, more: int) -> str:
            count = least + more if most is None else min(most, least + more)
            text = ""
            for _ in range(count):
                text += atom(random, more)
                if len(text) > LONGEST:
                    raise Undrawable("the text would be too long")
            return text

        return draw

    def _bounds(self) -> tuple[int, int | None] | None:
        for sign, bounds in (("*", (0, None)), ("+", (1, None)), ("?", (0, 1))):
            if self._skips(sign):
                return bounds
        count = self._matched(_COUNT)
        if count is None:
            return None
        least = int(count[1])
        if count[2] is None:
            return least, least
        return least, int(count[3]) if count[3] else None

    def _atom(self) -> Draw:
        if self._skips("("):
            return self._group()
        if self._skips("["):
            return self._class()
        if self._skips("\\"):
            return self._escape()
        sign = self._next()
        if sign in "^$":
            return _literal("")
        return _one_of(_WORD, negated=False) if sign == "." else _literal(sign)

    def _group(self) -> Draw:
        kind = self._matched(_GROUP)
        inside = self.alternatives()
        if not self._skips(")"):
            raise Undrawable(self._pattern)
        looks_around = kind is not None and kind[0] in {"?=", "?!", "?<=", "?<!"}
        return _literal("") if looks_around else inside

    def _class(self) -> Draw:
        negated = self._skips("^")
        ranges: Ranges = []
        while not self._skips("]"):
            first = self._class_member()
            if len(first) == 1 and _SPAN.match(self._pattern, self._at):
                self._at += 1
                first = [(first[0][0], self._class_member()[0][1])]
            ranges += first
        return _one_of(ranges, negated=negated)

    def _class_member(self) -> Ranges:
        if not self._skips("\\"):
            return _single(self._next())
        if self._skips("b"):
            return _single("\b")
        return self._escaped_ranges()

    def _escape(self) -> Draw:
        if self._skips("b") or self._skips("B"):
            return _literal("")
        following = self._pattern[self._at : self._at + 1]
        if following in {"k", *"123456789"}:
            raise Undrawable(self._pattern)
        return _one_of(self._escaped_ranges(), negated=False)

    def _escaped_ranges(self) -> Ranges:
        code = self._matched(_HEX)
        if code is not None:
            return _single(chr(int(next(digits for digits in code.groups() if digits), 16)))
        is_complement = self._pattern.startswith("P", self._at)
        named = self._matched(_PROPERTY)
        if named is not None:
            ranges = _PROPERTIES.get(named[1], _WORD)
            return _complement(ranges) if is_complement else ranges
        sign = self._next()
        if sign.lower() in _SETS:
            ranges = _SETS[sign.lower()]
            return ranges if sign.islower() else _complement(ranges)
        return _single(_CONTROLS.get(sign, sign))

    def _next(self) -> str:
        if self.is_at_end:
            raise Undrawable(self._pattern)
        self._at += 1
        return self._pattern[self._at - 1]

    def _skips(self, sign: str) -> bool:
        if not self._pattern.startswith(sign, self._at):
            return False
        self._at += len(sign)
        return True

    def _matched(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        found = expression.match(self._pattern, self._at)
        if found is not None:
            self._at = found.end()
        return found


def _literal(text: str) -> Draw:
    return lambda _random, _more: text


def _single(sign: str) -> Ranges:
    return [(ord(sign), ord(sign))]


def _complement(ranges: Ranges) -> Ranges:
    return [(ord(c), ord(c)) for tier in _TIERS for c in tier if not _holds(ranges, c)]


def _holds(ranges: Ranges, sign: str) -> bool:
    return any(first <= ord(sign) <= last for first, last in ranges)


def _one_of(ranges: Ranges, *, negated: bool) -> Draw:
    """Draw one of a class's characters, out of the plainest among them."""
    for tier in _TIERS:
        found = "".join(sign for sign in tier if _holds(ranges, sign) != negated)
        if found:
            return lambda random, _more: random.choice(found)
    if negated or not ranges:
        raise Undrawable("a class without a character that can be told")
    return _literal(chr(ranges[0][0]))
