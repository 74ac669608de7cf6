"""Two schemas side by side: what of the values they admit has become less, more or other."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, NamedTuple

from app.contract import pointers
from codegen.diff.changes import Change, Relation, Severity, Way, additive, breaking, docs
from codegen.diff.facets import Facets, Pointers, canonical, facets_of, flag

NARROWED, WIDENED, CHANGED = Relation.NARROWED, Relation.WIDENED, Relation.CHANGED


class Pair(NamedTuple):
    """Two schemas to compare, for values that go one way."""

    old: Pointers
    new: Pointers
    way: Way


class SchemaComparison:
    """Compares schemas of two documents. Each pair is looked at once, whoever refers to it."""

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        """`old` and `new` are bundles."""
        self._old = old
        self._new = new
        self._known: dict[Pair, list[Change | Pair]] = {}

    def changes(self, old: Pointers, new: Pointers, way: Way) -> Iterator[Change]:
        """Yield what has changed between two schemas and in all that is inside of them."""
        pending, seen = [Pair(old, new, way)], set[Pair]()
        while pending:
            pair = pending.pop()
            if pair in seen:
                continue
            seen.add(pair)
            if pair not in self._known:
                self._known[pair] = list(self._compared(*pair))
            for found in self._known[pair]:
                if isinstance(found, Pair):
                    pending.append(found)
                else:
                    yield found

    def _compared(self, old: Pointers, new: Pointers, way: Way) -> Iterator[Change | Pair]:
        """Yield what has changed in the schemas themselves, and the pairs inside of them."""
        before, after = facets_of(self._old, old), facets_of(self._new, new)
        yield from _values(before, after, way)
        yield from _bounds(before, after, way)
        yield from _words(before, after, way)
        yield from _notes(before, after, way)
        yield from self._object(before, after, way)
        yield from self._array(before, after, way)
        yield from self._unions(before, after, way)

    def _object(self, old: Facets, new: Facets, way: Way) -> Iterator[Change | Pair]:
        mine, theirs = self._travelling(self._old, old, way), self._travelling(self._new, new, way)
        for name in mine.keys() - theirs.keys():
            rule = f"{way.value}-property-removed"
            yield breaking(rule, mine[name][-1], f"the member {name} is gone", is_gone=True)
        for name in theirs.keys() - mine.keys():
            yield _added(name, theirs[name][-1], way, is_required=name in new.required)
        for name in mine.keys() & theirs.keys():
            was, now = name in old.required, name in new.required
            if was != now:
                yield _required(name, theirs[name][-1], way, now=now)
            yield Pair(mine[name], theirs[name], way)
        for name in old.required ^ new.required:
            if name not in mine.keys() | theirs.keys():
                yield _required(name, new.pointer, way, now=name in new.required)
        if old.is_closed != new.is_closed:
            relation = NARROWED if new.is_closed else WIDENED
            says = "members that it does not name are " + (
                "refused" if new.is_closed else "admitted"
            )
            yield _change("additional-properties", new.pointer, says, way, relation)
        if old.rest and new.rest:
            yield Pair(old.rest, new.rest, way)
        elif bool(old.rest) != bool(new.rest) and old.is_closed == new.is_closed:
            says = "the schema of members that it does not name is another"
            relation = NARROWED if new.rest else WIDENED
            yield _change("additional-properties", new.pointer, says, way, relation)

    def _travelling(self, source: dict[str, Any], it: Facets, way: Way) -> dict[str, Pointers]:
        """Return the members that a value may have on its way."""
        hidden = "readOnly" if way is Way.REQUEST else "writeOnly"
        return {n: at for n, at in it.properties.items() if flag(source, at, hidden) is not True}

    def _array(self, old: Facets, new: Facets, way: Way) -> Iterator[Change | Pair]:
        if old.items and new.items:
            yield Pair(old.items, new.items, way)
        elif old.items or new.items:
            relation = NARROWED if new.items else WIDENED
            yield _change("items", new.pointer, "the schema of items is another", way, relation)
        if len(old.prefix) != len(new.prefix):
            says = f"there are {len(new.prefix)} leading items, not {len(old.prefix)}"
            yield _change("prefix-items", new.pointer, says, way, CHANGED)
        for before, after in zip(old.prefix, new.prefix, strict=False):
            yield Pair(before, after, way)

    def _unions(self, old: Facets, new: Facets, way: Way) -> Iterator[Change | Pair]:
        for word in {**old.unions, **new.unions}:
            mine, theirs = list(old.unions.get(word, ())), list(new.unions.get(word, ()))
            if bool(mine) != bool(theirs):
                says = f"{word} is {'there' if theirs else 'gone'}"
                yield _change("variants", new.pointer, says, way, CHANGED)
                continue
            for before, after in self._paired(mine, theirs):
                mine.remove(before)
                theirs.remove(after)
                yield Pair((before,), (after,), way)
            for pointer in mine:
                yield _gone("variants", pointer, f"a variant of {word} is gone", way)
            for pointer in theirs:
                says = f"{word} has one more variant"
                yield _change("variants", pointer, says, way, WIDENED)

    def _paired(self, old: list[str], new: list[str]) -> list[tuple[str, str]]:
        """Pair equal variants, then those of the same name, then the rest where none was added."""
        pairs: list[tuple[str, str]] = []
        for key_of in (canonical, _name_of):
            keys = {
                key_of(pointers.lookup(self._new, n)): n for n in new if n not in dict(_flip(pairs))
            }
            for before in old:
                key = key_of(pointers.lookup(self._old, before))
                if before not in dict(pairs) and key is not None and key in keys:
                    pairs.append((before, keys.pop(key)))
        left = [o for o in old if o not in dict(pairs)]
        right = [n for n in new if n not in dict(_flip(pairs))]
        return pairs + (list(zip(left, right, strict=True)) if len(left) == len(right) else [])


def _flip(pairs: list[tuple[str, str]]) -> list[tuple[str, str]]:
    return [(new, old) for old, new in pairs]


def _name_of(schema: Any) -> str | None:
    """Return what a variant is known by: the component, its title, or its type."""
    if not isinstance(schema, dict):
        return None
    for word in ("$ref", "title", "type"):
        if isinstance(schema.get(word), str):
            return f"{word} {schema[word]}"
    return None


def _values(old: Facets, new: Facets, way: Way) -> Iterator[Change]:
    for rule, was, now in (("type", old.types, new.types), ("enum", old.values, new.values)):
        if was == now:
            continue
        if was is None or now is None:
            relation = NARROWED if was is None else WIDENED
            yield _change(rule, new.pointer, f"{rule} is {_listed(now)}", way, relation)
            continue
        gone, come = was - now, now - was
        if rule == "type" and {"integer", "number"} <= was ^ now:
            gone, come = _without_integers(gone, now), _without_integers(come, was)
        if gone:
            says = f"{_listed(gone)} is no longer admitted"
            yield _change(rule, new.pointer, says, way, NARROWED)
        if come:
            says = f"{_listed(come)} is admitted as well"
            if rule == "enum" and old.flags.get("x-extensible-enum") is True:
                yield additive(f"{way.value}-enum-extended", new.pointer, says)
            else:
                yield _change(rule, new.pointer, says, way, WIDENED)


def _without_integers(kinds: frozenset[str], other: frozenset[str]) -> frozenset[str]:
    """Every integer is a number, so that it is no loss where numbers are admitted."""
    return kinds - {"integer"} if "number" in other else kinds


def _bounds(old: Facets, new: Facets, way: Way) -> Iterator[Change]:
    for word in sorted({*old.lower, *new.lower}):
        was, now = old.lower.get(word, 0 if word != "minimum" else None), new.lower.get(word)
        now = 0 if now is None and word != "minimum" else now
        yield from _bound(word, was, now, new.pointer, way, is_lower=True)
    for word in sorted({*old.upper, *new.upper}):
        was, now = old.upper.get(word), new.upper.get(word)
        yield from _bound(word, was, now, new.pointer, way, is_lower=False)
    if old.is_unique != new.is_unique:
        says = "items must be different" if new.is_unique else "items may be the same"
        relation = NARROWED if new.is_unique else WIDENED
        yield _change("unique-items", new.pointer, says, way, relation)


def _bound(
    word: str, was: float | None, now: float | None, pointer: str, way: Way, *, is_lower: bool
) -> Iterator[Change]:
    if was == now:
        return
    if was is None or now is None:
        relation = NARROWED if was is None else WIDENED
    else:
        relation = NARROWED if (now > was) == is_lower else WIDENED
    said = [f"{bound:.12g}" if bound is not None else "none" for bound in (was, now)]
    yield _change(word, pointer, f"{word} was {said[0]} and is {said[1]}", way, relation)


def _words(old: Facets, new: Facets, way: Way) -> Iterator[Change]:
    for word in sorted({*old.words, *new.words}):
        was, now = old.words.get(word, frozenset()), new.words.get(word, frozenset())
        if was == now:
            continue
        relation = NARROWED if was < now else WIDENED if now < was else CHANGED
        yield _change(word, new.pointer, f"{word} is {_listed(now)}", way, relation)


def _notes(old: Facets, new: Facets, way: Way) -> Iterator[Change]:
    if old.texts != new.texts:
        yield docs(new.pointer)
    if old.flags.get("default") != new.flags.get("default"):
        says = f"the default is {canonical(new.flags.get('default'))}"
        make = breaking if way is Way.REQUEST else additive
        yield make(f"{way.value}-default-changed", new.pointer, says)
    if bool(old.flags.get("deprecated")) != bool(new.flags.get("deprecated")):
        yield deprecation(new.pointer, is_deprecated=bool(new.flags.get("deprecated")))


def deprecation(pointer: str, *, is_deprecated: bool) -> Change:
    """Return that something is deprecated from now on, or no longer."""
    if is_deprecated:
        return additive("deprecated", pointer, "it is deprecated")
    return additive("no-longer-deprecated", pointer, "it is no longer deprecated")


def _added(name: str, pointer: str, way: Way, *, is_required: bool) -> Change:
    if way is Way.REQUEST and is_required:
        says = f"the member {name} must be sent"
        return breaking("request-property-added-required", pointer, says)
    return additive(f"{way.value}-property-added", pointer, f"there is a member {name}")


def _required(name: str, pointer: str, way: Way, *, now: bool) -> Change:
    says = f"the member {name} is {'required' if now else 'optional'}"
    relation = NARROWED if now else WIDENED
    rule = "property-required" if now else "property-optional"
    return Change(way.severity(relation), f"{way.value}-{rule}", pointer, says)


def _change(word: str, pointer: str, says: str, way: Way, relation: Relation) -> Change:
    rule = f"{way.value}-{_kebab(word)}-{relation.value}"
    return Change(way.severity(relation), rule, pointer, says)


def _gone(word: str, pointer: str, says: str, way: Way) -> Change:
    severity: Severity = way.severity(NARROWED)
    return Change(severity, f"{way.value}-{word}-narrowed", pointer, says, is_gone=True)


def _kebab(word: str) -> str:
    return "".join(f"-{letter.lower()}" if letter.isupper() else letter for letter in word)


def _listed(values: frozenset[str] | None) -> str:
    return ", ".join(sorted(values)) if values else "anything"
