"""What is inside of two schemas: members, other members, items."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.contract.pointers import child
from codegen.diff.changes import (
    NARROWED,
    REQUEST,
    WIDENED,
    Change,
    Relation,
    additive,
    breaking,
    severity_of,
    word,
)
from codegen.diff.keywords import kebab
from codegen.diff.marks import name_of
from codegen.diff.nodes import Pointers
from codegen.diff.views import View

if TYPE_CHECKING:
    from codegen.diff.reading import Reading
    from codegen.diff.schemas import Key, SchemaPairs


def compared(pairs: SchemaPairs, key: Key) -> Iterator[Change | Key]:
    """Yield the changes of what two schemas are made of, and the pairs to look at."""
    common = frozenset.intersection(*(view.types for view in pairs.views(key)))
    if "object" in common:
        yield from _members(pairs, key)
    if "array" in common:
        yield from _items(pairs, key)


def _members(pairs: SchemaPairs, key: Key) -> Iterator[Change | Key]:
    old, new = pairs.views(key)
    before, after = _travelling(pairs.old, old), _travelling(pairs.new, new)
    for name in before:
        if name in after:
            yield pairs.key(key.way, before[name], after[name])
        else:
            says = f"the member {name} is gone"
            places = before[name][0], new.members.get(name, (None,))[0]
            yield breaking(f"{word(key.way)}-property-removed", says, name, *places)
    for name in [n for n in after if n not in before]:
        yield from _come(pairs, key, name)
    yield from _refused(old, new)
    yield from _required(old, new, before.keys() & after.keys(), before.keys() | after.keys())
    yield from _others(pairs, old, new)
    yield from _patterned(pairs, old, new)


def _travelling(reading: Reading, view: View) -> dict[str, Pointers]:
    """Return the members that travel in the direction of a view."""
    members = view.members.items()
    return {n: at for n, at in members if not reading.view(at, view.way).flag(view.way.value)}


def _come(pairs: SchemaPairs, key: Key, name: str) -> Iterator[Change | Key]:
    old, new = pairs.views(key)
    at = new.members[name]
    if key.way is REQUEST and name in new.required and name not in old.required:
        says, rule = f"the member {name} must be sent", "request-property-added-required"
        yield breaking(rule, says, name, old.pointer, at[0])
    else:
        says = f"there is a member {name}"
        yield additive(f"{word(key.way)}-property-added", says, name, old.pointer, at[0])
    # It was one of those without a name, of which something may have been demanded.
    if name not in old.members and old.describing(name) and not old.closed_by:
        yield pairs.key(key.way, old.describing(name), at)


def _refused(old: View, new: View) -> Iterator[Change]:
    """Yield which members an object that is open otherwise may not have, or may have again."""
    places = old.pointer, new.pointer
    if not old.closed_by:
        for name in sorted(new.refused - old.refused - old.members.keys()):
            yield _change("property", f"the member {name} is refused", old, NARROWED, places)
    if not new.closed_by:
        for name in sorted(old.refused - new.refused - new.members.keys()):
            yield _change("property", f"the member {name} is admitted", old, WIDENED, places)


def _required(old: View, new: View, kept: set[str], known: set[str]) -> Iterator[Change]:
    """Yield whose presence is demanded now, or no longer; what has come or gone is told already."""
    for name in dict.fromkeys((*old.required, *new.required)):
        was, now = name in old.required, name in new.required
        if was == now or (name in known and name not in kept):
            continue
        says = f"the member {name} is {'required' if now else 'optional'}"
        rule = f"{word(old.way)}-property-{'required' if now else 'optional'}"
        places = _place(old, name), _place(new, name)
        severity = severity_of(NARROWED if now else WIDENED, old.way)
        yield Change(severity, rule, says, name, *places)


def _place(view: View, name: str) -> str:
    return view.members.get(name, (view.pointer,))[0]


def _others(pairs: SchemaPairs, old: View, new: View) -> Iterator[Change | Key]:
    """Yield what has changed for members that are not named."""
    if old.others and new.others:
        yield pairs.key(old.way, old.others, new.others)
    yield from _left_over(old, new)
    places = old.place("additionalProperties"), new.place("additionalProperties")
    if new.closed_by and not old.closed_by:
        # Nobody misses the members of an answer that it did not name, unless it said what they are.
        relation = Relation.CHANGED if old.others else NARROWED
        says = "members that it does not name are refused"
    elif old.closed_by and not new.closed_by:
        # Clients ignore members of answers that they do not know: members may come at any time.
        rule = f"{word(old.way)}-additional-properties-widened"
        says = "members that it does not name are admitted"
        yield additive(rule, says, name_of(old.pointer), *places)
        return
    elif not old.closed_by and bool(old.others) != bool(new.others):
        relation = NARROWED if new.others else WIDENED
        says = "the schema of members that it does not name is another"
    else:
        return
    yield _change("additional-properties", says, old, relation, places)


def _left_over(old: View, new: View) -> Iterator[Change]:
    """Yield that an object refuses other members than before, of those that nothing speaks of."""
    gone, come = old.left_over - new.left_over, new.left_over - old.left_over
    if not old.closed_by and not new.closed_by and (gone or come):
        relation = Relation.CHANGED if gone and come else NARROWED if come else WIDENED
        places = old.place("unevaluatedProperties"), new.place("unevaluatedProperties")
        says = "other members than before are refused"
        yield _change("unevaluated-properties", says, old, relation, places)


def _patterned(pairs: SchemaPairs, old: View, new: View) -> Iterator[Change | Key]:
    """Yield what has changed for members that are named by a pattern."""
    was, now = _by_pattern(old), _by_pattern(new)
    for pattern in [p for p in was if p in now]:
        yield pairs.key(old.way, was[pattern], now[pattern])
    for pattern in sorted(was.keys() ^ now.keys()):
        says = f"members that match {pattern} are {'no longer ' * (pattern in was)}spoken of"
        places = old.place("patternProperties"), new.place("patternProperties")
        yield _change("pattern-properties", says, old, Relation.CHANGED, places)


def _by_pattern(view: View) -> dict[str, Pointers]:
    found: dict[str, Pointers] = {}
    for at, schemas in view.having("patternProperties"):
        for pattern in schemas:
            found[pattern] = (*found.get(pattern, ()), child(at, pattern))
    return found


def _items(pairs: SchemaPairs, key: Key) -> Iterator[Change | Key]:
    """Compare the items that have a place of their own, and then all others as one."""
    old, new = pairs.views(key)
    for index in range(max(old.leading, new.leading) + 1):
        was, now = old.item(index), new.item(index)
        if was and now:
            yield pairs.key(key.way, was, now)
        elif was or now:
            keyword = "prefixItems" if index < max(old.leading, new.leading) else "items"
            says = f"what items from {index} on are is {'' if now else 'no longer '}said"
            relation = NARROWED if now else WIDENED
            yield _change(
                kebab(keyword), says, old, relation, (old.place(keyword), new.place(keyword))
            )


def _change(rule: str, says: str, old: View, relation: Relation, places: tuple[str, str]) -> Change:
    named = f"{word(old.way)}-{rule}-{relation.value}"
    return Change(severity_of(relation, old.way), named, says, name_of(old.pointer), *places)
