"""Strings and numbers that a folded schema admits, drawn with a given source of chance."""

from __future__ import annotations

import base64
import math
from collections.abc import Callable, Iterator
from decimal import Decimal
from random import Random
from typing import Any, Final
from uuid import UUID

import jsonschema_rs

from app.contract.schema import FORMATS
from codegen.mock import patterns
from codegen.mock.folding import Contradiction, Folded

WORDS: Final = (
    *("amber", "birch", "cedar", "delta", "ember", "fjord", "grove", "harbour", "island"),
    *("juniper", "kettle", "lantern", "meadow", "nectar", "orchard", "pebble", "quartz"),
    *("river", "saffron", "timber", "umber", "valley", "willow", "yarrow", "zephyr"),
)
_TEXT_WORDS = ("minLength", "maxLength", "format")
_NUMBER_WORDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
USUAL_SPAN = 99


def text(schema: Folded, random: Random) -> str:
    """Return a string; raises Contradiction where none is found."""
    admits = _judge("string", schema, _TEXT_WORDS)
    for candidate in _texts(schema, random):
        if admits(candidate):
            return candidate
    raise Contradiction("no string is found for the pattern, the format and the lengths")


def number(schema: Folded, random: Random, *, is_whole: bool) -> int | float:
    """Return a number; raises Contradiction where none is found."""
    admits = _judge("integer" if is_whole else "number", schema, _NUMBER_WORDS)
    for candidate in _numbers(schema, random, is_whole=is_whole):
        if math.isfinite(candidate) and admits(candidate):
            return candidate
    raise Contradiction("no number is found within the bounds")


def _judge(kind: str, schema: Folded, words: tuple[str, ...]) -> Callable[[Any], bool]:
    own = {"type": kind, **{word: schema[word] for word in words if word in schema}}
    parts: list[dict[str, Any]] = [{"pattern": p} for p in schema.get("patterns", ())]
    parts += [{"not": n} for n in schema.get("nots", ()) if "$ref" not in str(n)]
    validator = jsonschema_rs.Draft202012Validator(
        {**own, "allOf": parts} if parts else own, validate_formats=True, formats=FORMATS
    )
    return validator.is_valid


def _texts(schema: Folded, random: Random) -> Iterator[str]:
    made = _FORMATS.get(schema.get("format", ""))
    if made is not None:
        yield from (made(random) for _ in range(3))
    if schema.get("contentEncoding") == "base64":
        yield _base64(random)
    least, most = schema.get("minLength", 0), schema.get("maxLength", math.inf)
    yield from _worded(least, most, random)
    for pattern in schema.get("patterns", ()):
        for _ in range(2):
            yield from _stretched(patterns.texts(pattern, random), least)


def _worded(least: int, most: float, random: Random) -> Iterator[str]:
    for separator in (" ", "-", ""):
        words = [random.choice(WORDS) for _ in range(2)]
        while len(separator.join(words)) < min(least, patterns.LONGEST):
            words.append(random.choice(WORDS))
        whole = separator.join(words)
        yield whole if len(whole) <= most else whole[: max(least, int(most))].strip()
    word = random.choice(WORDS)
    yield word if len(word) <= most else word[: int(most)]


def _stretched(drawn: Iterator[str], least: int) -> Iterator[str]:
    """Yield what was drawn, and as long as it has to be, for a pattern that only says what is in
    a text or how it begins.
    """
    for candidate in drawn:
        yield candidate
        if len(candidate) < least <= patterns.LONGEST:
            yield candidate + "x" * (least - len(candidate))


def _numbers(schema: Folded, random: Random, *, is_whole: bool) -> Iterator[int | float]:
    low, high = _bounds(schema)
    step = schema.get("multipleOf")
    if step:
        exact = Decimal(str(step))
        first = math.ceil(Decimal(str(low)) / exact)
        for count in (first + random.randrange(10), first, first + 1):
            multiple = exact * count
            yield int(multiple) if multiple == int(multiple) else float(multiple)
    if is_whole or high - low >= 1:
        yield random.randint(math.ceil(low), max(math.ceil(low), math.floor(high)))
    if not is_whole:
        yield round(random.uniform(low, high), 2)
        yield (low + high) / 2
    for edge in (low, high):
        yield from (edge, math.floor(edge), math.ceil(edge), math.floor(edge) + 1)


def _bounds(schema: Folded) -> tuple[float, float]:
    """Return a span of usual size that the bounds allow, positive where that may be."""
    lows = [schema[word] for word in ("minimum", "exclusiveMinimum") if word in schema]
    highs = [schema[word] for word in ("maximum", "exclusiveMaximum") if word in schema]
    high = min(highs, default=math.inf)
    low = max(lows, default=1 if high >= 1 else high - USUAL_SPAN)
    low = 1 if low < 1 <= high else low
    return low, min(high, low + USUAL_SPAN)


def _word(random: Random) -> str:
    return random.choice(WORDS)


def _base64(random: Random) -> str:
    return base64.b64encode(_word(random).encode()).decode()


def _date(random: Random) -> str:
    return f"2026-{random.randint(1, 12):02}-{random.randint(1, 28):02}"


def _time(random: Random) -> str:
    return f"{random.randint(0, 23):02}:{random.randint(0, 59):02}:{random.randint(0, 59):02}Z"


def _uuid(random: Random) -> str:
    return str(UUID(int=random.getrandbits(128), version=4))


def _email(random: Random) -> str:
    return f"{_word(random)}@example.com"


def _host(random: Random) -> str:
    return f"{_word(random)}.example.com"


def _uri(random: Random) -> str:
    return f"https://example.com/{_word(random)}"


_FORMATS: Final[dict[str, Callable[[Random], str]]] = {
    "date-time": lambda random: f"{_date(random)}T{_time(random)}",
    "date": _date,
    "time": _time,
    "duration": lambda random: f"P{random.randint(1, 30)}D",
    "email": _email,
    "idn-email": _email,
    "hostname": _host,
    "idn-hostname": _host,
    "ipv4": lambda random: f"192.0.2.{random.randint(1, 254)}",
    "ipv6": lambda random: f"2001:db8::{random.randint(1, 9999)}",
    "uri": _uri,
    "iri": _uri,
    "url": _uri,
    "uri-reference": lambda random: f"/{_word(random)}",
    "iri-reference": lambda random: f"/{_word(random)}",
    "uri-template": lambda random: f"/{_word(random)}/{{id}}",
    "uuid": _uuid,
    "json-pointer": lambda random: f"/{_word(random)}",
    "relative-json-pointer": lambda random: f"0/{_word(random)}",
    "regex": lambda random: f"^{_word(random)}$",
    "byte": _base64,
}
