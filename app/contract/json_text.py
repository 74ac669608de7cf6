"""JSON texts, read strictly (RFC 8259) and written compactly.

What programs disagree about is refused: repeated member names, NaN and Infinity, numbers beyond
double range, lone surrogates, byte order marks, and nesting deeper than any document needs.
"""

from __future__ import annotations

import json
import math
import re
from decimal import Decimal
from typing import Any

import orjson

from app.contract.problems import MalformedRequest

MAX_DEPTH = 100
MAX_DIGITS = 400
DIGITS_OF_INT64 = 18
# A string that never ends is one string all the same, or each quote in it would be tried anew.
_STRING_OR_BRACKET = re.compile(rb'"[^"\\]*+(?:\\.[^"\\]*+)*+"?|[\[{\]}]', re.DOTALL)
_LONE_SURROGATE_ESCAPE = re.compile(rb"\\u[dD][89a-fA-F][0-9a-fA-F]{2}")


def loads(raw: bytes) -> Any:
    """Return the value of a JSON text; raises MalformedRequest (400) with a plain reason."""
    try:
        text = raw.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedRequest("The body is not valid UTF-8.") from None
    if raw.count(b"[") + raw.count(b"{") > MAX_DEPTH and _depth(raw) > MAX_DEPTH:
        raise MalformedRequest(f"The JSON text is nested deeper than {MAX_DEPTH} levels.")
    try:
        value = _decode(text)
    except _Refused as refusal:
        raise MalformedRequest(str(refusal)) from None
    except (ValueError, RecursionError):
        raise MalformedRequest("The body is not a JSON text.") from None
    if _LONE_SURROGATE_ESCAPE.search(raw) and _holds_surrogates(value):
        raise MalformedRequest("The JSON text holds half of a surrogate pair.")
    return value


def dumps(value: Any) -> bytes:
    """Return a JSON-able value as a compact JSON text in UTF-8."""
    try:
        return orjson.dumps(value)
    except orjson.JSONEncodeError:  # it stops at integers of 64 bits, where JSON does not
        compact = json.dumps(value, ensure_ascii=False, allow_nan=False, separators=(",", ":"))
        return compact.encode()


class _Refused(ValueError):
    """A JSON text that is well-formed and refused all the same; the message says why."""


def _object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    members = dict(pairs)
    if len(members) != len(pairs):
        raise _Refused("A member name is repeated in one JSON object.")
    return members


def _integer(text: str) -> int:
    if len(text) > MAX_DIGITS:
        raise _Refused(f"A number has more than {MAX_DIGITS} digits.")
    return int(text)


def number(text: str) -> int | float:
    """Return the value of a JSON number. `5.0` is the integer 5, exactly, whatever its size.

    Other numbers are rounded to the nearest double. Raises OverflowError for one beyond them all.
    """
    if len(text) <= DIGITS_OF_INT64 and text.isdecimal():
        return int(text)
    approximate = float(text)
    if not math.isfinite(approximate):
        raise OverflowError
    if not approximate.is_integer() or approximate == 0:
        return approximate or 0
    exact = Decimal(text)
    return int(exact) if exact == exact.to_integral_value() else int(approximate)


def _float(text: str) -> int | float:
    try:
        return number(text)
    except OverflowError:
        raise _Refused("A number is beyond the range of a double.") from None


def _constant(_: str) -> float:
    raise _Refused("NaN and Infinity are not JSON.")


_decode = json.JSONDecoder(
    object_pairs_hook=_object, parse_int=_integer, parse_float=_float, parse_constant=_constant
).decode


def _depth(raw: bytes) -> int:
    """Return how deep brackets nest outside of strings, without recursion."""
    depth = deepest = 0
    for found in _STRING_OR_BRACKET.finditer(raw):
        token = found.group()
        if token in b"[{":
            depth += 1
            deepest = max(deepest, depth)
        elif token in b"]}":
            depth -= 1
    return deepest


def _holds_surrogates(value: Any) -> bool:
    return any(_is_unencodable(text) for text in _texts(value))


def _texts(value: Any) -> list[str]:
    """Return every string of a JSON value, member names included."""
    found: list[str] = []
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, str):
            found.append(item)
        elif isinstance(item, list):
            pending.extend(item)
        elif isinstance(item, dict):
            pending.extend(item.keys())
            pending.extend(item.values())
    return found


def _is_unencodable(text: str) -> bool:
    try:
        text.encode()
    except UnicodeEncodeError:
        return True
    return False
