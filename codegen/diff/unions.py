"""The variants of `oneOf` and `anyOf`: which of the old ones is which of the new ones."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.contract.pointers import tokens_of
from codegen.diff.changes import NARROWED, REQUEST, WIDENED, Change, Relation, severity_of, word
from codegen.diff.discriminators import discriminators
from codegen.diff.marks import name_of
from codegen.diff.nodes import OR_NULL, Pointers
from codegen.diff.views import View

if TYPE_CHECKING:
    from codegen.diff.schemas import Key, SchemaPairs

# Trying each variant with each costs their product.
MOST_TRIALS = 64
Union = tuple[str, list[Pointers]]


def is_rearranged(old: View, new: View) -> bool:
    """Whether one has variants and the other none, as `anyOf` with null and `[string, null]`."""
    only, other = (old, new) if old.unions else (new, old)
    return len(only.unions) == 1 and not other.unions and only.is_bare_union


def compared(pairs: SchemaPairs, key: Key) -> Iterator[Change | Key]:
    """Compare the unions of two schemas that have demands beside them, or none."""
    old, new = pairs.views(key)
    for mine, theirs in zip(old.unions, new.unions, strict=False):
        yield from matched(pairs, key, mine, theirs)
    if len(old.unions) != len(new.unions):
        is_more = len(old.unions) < len(new.unions)
        says = f"a choice of variants is {'there' if is_more else 'gone'}"
        yield _change(key, NARROWED if is_more else WIDENED, "variants", says, old, new)
    yield from discriminators(pairs, key)


def rearranged(pairs: SchemaPairs, key: Key) -> Iterator[Change | Key]:
    """Compare the variants of one schema with the other schema, which has none."""
    old, new = pairs.views(key)
    mine, theirs = _variants(old), _variants(new)
    was_null, is_null = _is_nullable(pairs, key, mine, 0), _is_nullable(pairs, key, theirs, 1)
    if was_null != is_null:
        says = "null is admitted as well" if is_null else "null is no longer admitted"
        yield _change(key, WIDENED if is_null else NARROWED, "type", says, old, new)
    mine = [(*v, OR_NULL) for v in mine if not _view(pairs, key, v, 0).is_null]
    theirs = [(*v, OR_NULL) for v in theirs if not _view(pairs, key, v, 1).is_null]
    yield from matched(pairs, key, ("anyOf", mine), ("anyOf", theirs))


def _variants(view: View) -> list[Pointers]:
    return view.unions[0][1] if view.unions else [view.at]


def _is_nullable(pairs: SchemaPairs, key: Key, variants: list[Pointers], side: int) -> bool:
    views = [_view(pairs, key, variant, side) for variant in variants]
    return any("null" in view.types for view in views if view.nodes)


def _view(pairs: SchemaPairs, key: Key, at: Pointers, side: int) -> View:
    owner = (pairs.old, pairs.new)[side]
    return owner.view(owner.roots(at, key.way), key.way)


def matched(pairs: SchemaPairs, key: Key, old: Union, new: Union) -> Iterator[Change | Key]:
    """Yield the pairs of variants that belong together, and those that have come or gone."""
    yield from _keyword(pairs, key, old, new)
    mine, theirs = list(old[1]), list(new[1])
    for same in (_is_same, _is_equal, _is_compatible):
        if same is _is_compatible and len(mine) * len(theirs) > MOST_TRIALS:
            break
        for variant in list(mine):
            other = next((o for o in theirs if same(pairs, key, variant, o)), None)
            if other is not None:
                yield pairs.key(key.way, variant, other)
                mine.remove(variant)
                theirs.remove(other)
    if len(mine) == len(theirs) == 1:
        yield pairs.key(key.way, mine.pop(), theirs.pop())
    if key.way is REQUEST:
        mine = [v for v in mine if not any(_is_compatible(pairs, key, v, o) for o in new[1])]
    else:
        theirs = [v for v in theirs if not any(_is_compatible(pairs, key, o, v) for o in old[1])]
    for variant in mine:
        view = _view(pairs, key, variant, 0)
        yield _variant(key, NARROWED, "is no longer admitted", variant, view)
    for variant in theirs:
        view = _view(pairs, key, variant, 1)
        yield _variant(key, WIDENED, "is admitted as well", variant, view)


def _keyword(pairs: SchemaPairs, key: Key, old: Union, new: Union) -> Iterator[Change]:
    """Yield that one variant is enough now, or that it must be one only; where their types exclude
    one another, both is the same.
    """
    if old[0] == new[0] or (
        _are_apart(pairs, key, old[1], 0) and _are_apart(pairs, key, new[1], 1)
    ):
        return
    relation = NARROWED if new[0] == "oneOf" else WIDENED
    says = f"{old[0]} has become {new[0]}"
    yield _change(key, relation, "variants", says, *pairs.views(key))


def _are_apart(pairs: SchemaPairs, key: Key, variants: list[Pointers], side: int) -> bool:
    types = [_view(pairs, key, variant, side).types for variant in variants]
    return sum(map(len, types)) == len(frozenset().union(*types))


def _is_same(pairs: SchemaPairs, key: Key, old: Pointers, new: Pointers) -> bool:
    """Whether both are the component of one name."""
    first, second = pairs.old.roots(old, key.way), pairs.new.roots(new, key.way)
    return first == second and tokens_of(first[0])[:-1] == ["components", "schemas"]


def _is_equal(pairs: SchemaPairs, key: Key, old: Pointers, new: Pointers) -> bool:
    """Whether both are written alike."""
    first, second = _view(pairs, key, old, 0), _view(pairs, key, new, 1)
    return [node for _, node in first.nodes] == [node for _, node in second.nodes]


def _is_compatible(pairs: SchemaPairs, key: Key, old: Pointers, new: Pointers) -> bool:
    """Whether a client that knows the one can do with the other."""
    return pairs.is_compatible(pairs.key(key.way, old, new))


def _variant(key: Key, relation: Relation, says: str, at: Pointers, view: View) -> Change:
    """Return the change of a variant that has come or gone."""
    rule = f"{word(key.way)}-variants-{relation.value}"
    places = (at[0], None) if relation is NARROWED else (None, at[0])
    subject = name_of(view.pointer)
    says = f"the variant {subject} {says}"
    return Change(severity_of(relation, key.way), rule, says, subject, *places)


def _change(key: Key, relation: Relation, rule: str, says: str, *views: View) -> Change:
    subject, places = name_of(views[1].pointer), (views[0].pointer, views[1].pointer)
    rule = f"{word(key.way)}-{rule}-{relation.value}"
    return Change(severity_of(relation, key.way), rule, says, subject, *places)
