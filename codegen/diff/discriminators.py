"""The member by which variants are told apart, and what its values mean."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from app.contract.pointers import child, tokens_of
from codegen.diff.changes import CHANGED, NARROWED, WIDENED, Change, Relation, severity_of, word
from codegen.diff.marks import name_of
from codegen.diff.nodes import UNIONS
from codegen.diff.views import View

if TYPE_CHECKING:
    from codegen.diff.schemas import Key, SchemaPairs


def discriminators(pairs: SchemaPairs, key: Key) -> Iterator[Change]:
    """Compare the discriminators of two schemas; one that comes or goes admits nothing else."""
    old, new = pairs.views(key)
    was, now = _discriminator(old), _discriminator(new)
    name, other = was.get("propertyName"), now.get("propertyName")
    if not was or not now:
        return
    if name != other:
        yield _change(key, CHANGED, f"variants are told by {other}, and were by {name}")
        return
    mine, theirs = _meanings(old), _meanings(new)
    for value in mine.keys() - theirs.keys():
        yield _change(key, NARROWED, f"the value {value} of {name} means nothing any more")
    for value in theirs.keys() - mine.keys():
        yield _change(key, WIDENED, f"the value {value} of {name} means a variant as well")
    for value in mine.keys() & theirs.keys():
        variants = pairs.key(key.way, (mine[value],), (theirs[value],))
        if mine[value] != theirs[value] and not pairs.is_compatible(variants):
            says = f"the value {value} of {name} means {name_of(theirs[value])}"
            yield _change(key, CHANGED, f"{says}, and meant {name_of(mine[value])}")


def _discriminator(view: View) -> dict[str, Any]:
    found = view.first("discriminator")
    return found if isinstance(found, dict) else {}


def _meanings(view: View) -> dict[str, str]:
    """Return the variant that each value means; one that is not mapped goes by its own name
    (OpenAPI 3.1, Discriminator Object).
    """
    mapping = _discriminator(view).get("mapping")
    written = mapping.items() if isinstance(mapping, dict) else ()
    found = {value: _target(str(target)) for value, target in written}
    branches = [b for keyword in UNIONS for _, each in view.having(keyword) for b in each]
    named = [b["$ref"] for b in branches if isinstance(b, dict) and "$ref" in b]
    return found | {tokens_of(at)[-1]: at for at in named if at not in found.values()}


def _target(named: str) -> str:
    return named if named.startswith("#") else child("#/components/schemas", named)


def _change(key: Key, relation: Relation, says: str) -> Change:
    rule = f"{word(key.way)}-discriminator-{relation.value}"
    at = key.old[0], key.new[0]
    return Change(severity_of(relation, key.way), rule, says, name_of(at[1]), *at)
