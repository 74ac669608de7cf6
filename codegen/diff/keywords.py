"""How the values that two schemas admit differ, keyword by keyword; what is inside is apart."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from codegen.diff.changes import CHANGED, NARROWED, RESPONSE, WIDENED, Relation
from codegen.diff.views import BOUNDS, NUMBERS, OPAQUE, View

LONGEST_SHOWN = 80
EXTENSIBLE = "x-extensible-enum"
_STRING, _ARRAY, _OBJECT = frozenset({"string"}), frozenset({"array"}), frozenset({"object"})
# The types of which a keyword demands something; of all others it demands nothing.
_ABOUT = {
    **dict.fromkeys(("minimum", "maximum", "multipleOf"), NUMBERS),
    **dict.fromkeys(("minLength", "maxLength", "pattern"), _STRING),
    **dict.fromkeys(("contentSchema", "contentEncoding", "contentMediaType"), _STRING),
    **dict.fromkeys(("minItems", "maxItems", "uniqueItems", "contains"), _ARRAY),
    "unevaluatedItems": _ARRAY,
    **dict.fromkeys(("minProperties", "maxProperties", "propertyNames"), _OBJECT),
    **dict.fromkeys(("dependentRequired", "dependentSchemas"), _OBJECT),
}


@dataclass(frozen=True, slots=True)
class Difference:
    """One keyword's part in it. `keyword` tells where in the schema to look."""

    relation: Relation
    rule: str
    keyword: str
    says: str


def differences(old: View, new: View) -> Iterator[Difference]:
    """Yield what differs; nothing where both admit the same as far as these keywords go."""
    yield from _types(old, new)
    yield from _values(old, new)
    # Of a type that has come or gone nothing more needs to be said.
    common = old.types & new.types
    for keyword in BOUNDS:
        if common & _ABOUT[keyword]:
            yield from _bounds(keyword, old, new)
    for keyword in OPAQUE:
        if common & _ABOUT.get(keyword, common):
            yield from _opaque(keyword, old, new)


def _types(old: View, new: View) -> Iterator[Difference]:
    if old.values is not None and new.values is not None:
        return  # each value is told of
    gone, come = old.types - new.types, new.types - old.types
    if gone:
        yield Difference(NARROWED, "type", "type", f"{_named(gone)} is no longer admitted")
    if come:
        yield Difference(WIDENED, "type", "type", f"{_named(come)} is admitted as well")


def _named(types: frozenset[str]) -> str:
    names = types - NUMBERS | {"number"} if types >= NUMBERS else types
    return ", ".join(sorted(names)).replace("fraction", "a number that is no integer")


def _values(old: View, new: View) -> Iterator[Difference]:
    was, now = old.values, new.values
    if was is not None and now is not None and old.way is RESPONSE:
        yield from _extensible(old, new)
    keyword = "enum" if [*old.having("enum"), *new.having("enum")] else "const"
    if was == now:
        return
    if was is None:
        says = f"only {_listed(now)} is admitted"
        yield Difference(NARROWED, "enum", keyword, says)
    elif now is None:
        yield Difference(WIDENED, "enum", keyword, "other values are admitted as well")
    else:
        if was - now:
            says = f"{_listed(was - now)} is no longer admitted"
            yield Difference(NARROWED, "enum", keyword, says)
        if now - was:
            yield Difference(WIDENED, "enum", keyword, f"{_listed(now - was)} is admitted as well")


def _extensible(old: View, new: View) -> Iterator[Difference]:
    was, now = old.flag(EXTENSIBLE), new.flag(EXTENSIBLE)
    if now and not was:
        yield Difference(WIDENED, "enum", EXTENSIBLE, "values that it does not name may come")
    elif was and not now:
        yield Difference(NARROWED, "enum", EXTENSIBLE, "no values may come that it does not name")


def _listed(values: frozenset[str] | None) -> str:
    return _shortened(", ".join(sorted(values or ())) or "nothing")


def _bounds(keyword: str, old: View, new: View) -> Iterator[Difference]:
    was, now = old.bounds.get(keyword), new.bounds.get(keyword)
    if was == now:
        return
    says = f"{keyword} was {_bound(was)} and is {_bound(now)}"
    if was is None or now is None:
        relation = NARROWED if was is None else WIDENED
    else:
        is_higher = now[0] > was[0] or (now[0] == was[0] and now[1] == (keyword == "minimum"))
        is_lower_bound = BOUNDS[keyword] is max
        relation = NARROWED if is_higher == is_lower_bound else WIDENED
    yield Difference(relation, kebab(keyword), keyword, says)


def _bound(bound: tuple[float, bool] | None) -> str:
    return "none" if bound is None else f"{bound[0]}{' (excluded)' * bound[1]}"


def _opaque(keyword: str, old: View, new: View) -> Iterator[Difference]:
    was, now = old.written(keyword), new.written(keyword)
    if was == now:
        return
    relation = NARROWED if was < now else WIDENED if now < was else CHANGED
    if keyword == "multipleOf" and relation is CHANGED:
        relation = _multiples(was, now)
    says = f"{keyword} was {_shown(was)} and is {_shown(now)}"
    yield Difference(relation, kebab(keyword), keyword, says)


def _multiples(was: frozenset[str], now: frozenset[str]) -> Relation:
    if len(was) > 1 or len(now) > 1:
        return CHANGED
    old, new = Fraction(next(iter(was))), Fraction(next(iter(now)))
    return NARROWED if new % old == 0 else WIDENED if old % new == 0 else CHANGED


def _shown(written: frozenset[str]) -> str:
    return _shortened(" and ".join(sorted(written)) or "none")


def _shortened(text: str) -> str:
    return text if len(text) <= LONGEST_SHOWN else text[: LONGEST_SHOWN - 3] + "..."


def kebab(keyword: str) -> str:
    """Write a keyword as the names of rules are written."""
    return re.sub(r"([A-Z])", r"-\1", keyword).lower()
