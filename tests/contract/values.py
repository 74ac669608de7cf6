"""JSON values for a schema: ones that it should admit, and ones that differ a little from those."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC
from typing import Any

from hypothesis import strategies as st

from app.contract import pointers

Schema = dict[str, Any]
Strategy = st.SearchStrategy[Any]

# Of no type's own: what programs confuse with one another, and what no column can hold.
ODDITIES: list[Any] = [
    *(None, True, False, 0, -1, 1, 5, 1.5, 5.0, -0.0, 1e300, 10**30, 2**31, 2**63 - 1, 2**63),
    *("", "0", "5", "5.0", "true", "null", "x", "é", "\0", "\n", "\U0001f600", "a" * 70, " "),
    *("2020-01-01", "2020-01-01T00:00:00Z", "2020-01-01 00:00:00Z", "2020-02-30T00:00:00Z"),
    *("2020-01-01T24:00:00Z", "2020-01-01T00:00:00", "2020-01-01T00:00:00+25:00", "a@b.c"),
    *([], [None], {}, {"": None}, {"id": 1}, [{}], [[]]),
]


class Values:
    """Strategies for the schemas of one document."""

    def __init__(self, source: Schema) -> None:
        self.source = source

    def admitted(self, schema: Schema) -> Strategy:
        """Values that the schema admits. A keyword that is not known here is an error."""
        if "$ref" in schema:
            return self.admitted(pointers.resolve(self.source, schema["$ref"])[0])
        unknown = schema.keys() - KNOWN
        assert not unknown, f"{self.__class__.__name__} does not know {unknown}"
        if "const" in schema:
            return st.just(schema["const"])
        if "enum" in schema:
            return st.sampled_from(schema["enum"])
        types = schema["type"] if isinstance(schema["type"], list) else [schema["type"]]
        return st.one_of([self._of_type(name, schema) for name in types])

    def _of_type(self, name: str, schema: Schema) -> Strategy:
        made: dict[str, Callable[[Schema], Strategy]] = {
            "null": lambda _: st.none(),
            "boolean": lambda _: st.booleans(),
            "integer": integers,
            "string": strings,
            "array": self._arrays,
            "object": self._objects,
        }
        return made[name](schema)

    def _arrays(self, schema: Schema) -> Strategy:
        least = schema.get("minItems", 0)
        most = min(schema.get("maxItems", 3), least + 3)
        return st.lists(self.admitted(schema["items"]), min_size=least, max_size=most)

    def _objects(self, schema: Schema) -> Strategy:
        properties = {n: self.admitted(s) for n, s in schema.get("properties", {}).items()}
        required = set(schema.get("required", ()))
        members = st.fixed_dictionaries(
            {name: properties[name] for name in properties if name in required},
            optional={name: properties[name] for name in properties if name not in required},
        )
        return members.filter(lambda value: has_enough(schema, value))

    def beside(self, admitted: Strategy) -> Strategy:
        """Values that differ from admitted ones in one place; some of them are admitted still."""
        return st.builds(differing, admitted, st.randoms(use_true_random=False))


KNOWN = frozenset(
    {
        *("type", "properties", "required", "additionalProperties", "items", "enum", "const"),
        *("minLength", "maxLength", "pattern", "minimum", "maximum", "minItems", "maxItems"),
        *("minProperties", "maxProperties", "dependentRequired", "format"),
        *("title", "description", "default", "examples", "deprecated"),
        *("x-enum-of", "x-extensible-enum"),
        "contentMediaType",
    }
)


def has_enough(schema: Schema, value: Schema) -> bool:
    least, most = schema.get("minProperties", 0), schema.get("maxProperties", len(value))
    needs = schema.get("dependentRequired", {})
    fulfilled = all(set(needs[name]) <= value.keys() for name in needs if name in value)
    return bool(least <= len(value) <= most) and fulfilled


def integers(schema: Schema) -> Strategy:
    """Integers, also in the spelling `5.0`, which is the same number."""
    whole = st.integers(schema.get("minimum"), schema.get("maximum"))
    return whole | whole.filter(lambda number: abs(number) < 2**53).map(float)


def strings(schema: Schema) -> Strategy:
    if schema.get("format") == "date-time":
        return st.datetimes(timezones=st.just(UTC)).map(
            lambda t: t.isoformat().replace("+00", "+01")
        )
    least, most = schema.get("minLength", 0), schema.get("maxLength", 50)
    pattern = schema.get("pattern", "^[^\\u0000]*$")
    # A class repeated without end, as most are, is drawn within the bounds from the start.
    bounded = re.sub(r"\][*+]\$$", f"]{{{least},{min(most, least + 20)}}}$", pattern)
    drawn = st.from_regex(bounded.removesuffix("$") + r"\Z")
    return drawn.filter(lambda text: least <= len(text) <= most)


def differing(value: Any, random: Any) -> Any:
    """Return a copy of `value` in which one place is another value."""
    if isinstance(value, dict) and value and random.random() < 0.8:
        return differing_object(value, random)
    if isinstance(value, list) and value and random.random() < 0.8:
        index = random.randrange(len(value))
        return [*value[:index], differing(value[index], random), *value[index + 1 :]]
    if isinstance(value, str) and random.random() < 0.7:
        return differing_text(value, random)
    if isinstance(value, int | float) and not isinstance(value, bool) and random.random() < 0.7:
        return random.choice([value + 1, value - 1, value + 0.5, -value, value * 2**40, str(value)])
    return random.choice(ODDITIES)


def differing_object(value: Schema, random: Any) -> Schema:
    name = random.choice(sorted(value))
    chance = random.random()
    if chance < 0.2:
        return {key: member for key, member in value.items() if key != name}
    if chance < 0.3:
        return {**value, random.choice(["", "odd", name + "_", name.upper()]): 1}
    return {**value, name: differing(value[name], random)}


def differing_text(text: str, random: Any) -> str:
    place = random.randrange(len(text) + 1)
    before, after = text[:place], text[place:]
    piece = random.choice(["\0", "\n", "\r", " ", "é", "\u2028", "٣", '"', "/", "A", "0", "-", ","])
    made = [before + piece + after, before + after[1:], before, text + "\n", text * 2, text * 200]
    made += [text.upper(), text.lower(), text[::-1], text.replace("T", " ")]
    return str(random.choice(made))
