"""Operations of the old document and of the new one, by method and address."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from typing import NamedTuple

from app.contract.model import Operation
from app.contract.schema import Direction
from codegen.diff.changes import REQUEST, RESPONSE, Change, additive, breaking, docs
from codegen.diff.limits import limits, staleness
from codegen.diff.marks import marks
from codegen.diff.reading import Reading
from codegen.diff.requests import body, parameters
from codegen.diff.responses import responses
from codegen.diff.schemas import Key, SchemaPairs
from codegen.diff.security import security
from codegen.diff.servers import servers

_TEMPLATE = re.compile(r"\{[^{}]*\}")
_NAMES = re.compile(r"\{([^{}]*)\}")


class Matched(NamedTuple):
    """One operation in both documents, or in one of them. `kind` is operation, webhook or callback,
    `id` the name by which clients know it: a callback is part of an operation.
    """

    id: str
    kind: str
    old: Operation | None
    new: Operation | None


def matched(old: Reading, new: Reading) -> Iterator[Matched]:
    """Pair the operations of one address, whatever the parameters of its path are called, and the
    webhooks and callbacks of one name.
    """
    callbacks = {**new.callbacks, **old.callbacks}
    pairs = _paired(old.document.operations, new.document.operations, _address)
    yield from (Matched(_one_of(*pair).id, "operation", *pair) for pair in pairs)
    for pair in _paired(old.hooks.webhooks, new.hooks.webhooks, lambda hook: hook.path):
        hook = _one_of(*pair)
        is_callback = hook.path in callbacks
        name = callbacks[hook.path] if is_callback else hook.path
        yield Matched(name, "callback" if is_callback else "webhook", *pair)


def _paired(
    old: Iterable[Operation], new: Iterable[Operation], name: Callable[[Operation], str]
) -> Iterator[tuple[Operation | None, Operation | None]]:
    before = {(name(o), o.method): o for o in old}
    after = {(name(o), o.method): o for o in new}
    yield from ((before.get(key), after.get(key)) for key in {**before, **after})


def _address(operation: Operation) -> str:
    return _TEMPLATE.sub("{}", operation.path.rstrip("/"))


def _one_of(old: Operation | None, new: Operation | None) -> Operation:
    operation = old or new
    assert operation is not None  # noqa: S101 - one of them is there
    return operation


def compared(pairs: SchemaPairs, found: Matched) -> Iterator[Change | Key]:
    """Yield the changes of one operation, and the pairs of schemas in it."""
    old, new = found.old, found.new
    if old is None or new is None:
        yield _gone(pairs, found, old) if old else _come(found, _one_of(old, new))
        return
    yield from _told(pairs, found.id, old, new)
    # A webhook is a request that the service sends, so the client receives what is sent there.
    is_ours = found.kind == "operation"
    sent, received = (REQUEST, RESPONSE) if is_ours else (RESPONSE, REQUEST)
    yield from _parts(pairs, sent, received, (old, new))
    if is_ours:
        yield from _named(old, new)
        yield from security(pairs.old, pairs.new, old, new)
        yield from servers(pairs.old, pairs.new, old.pointer, new.pointer)
        yield from limits(pairs.old, pairs.new, old, new)
        yield from staleness(old, new)


def _parts(
    pairs: SchemaPairs, sent: Direction, received: Direction, both: tuple[Operation, Operation]
) -> Iterator[Change | Key]:
    yield from parameters(pairs, sent, *both)
    yield from body(pairs, sent, *both)
    yield from responses(pairs, received, *both)


def _come(found: Matched, new: Operation) -> Change:
    says = f"there is {'an' if found.kind == 'operation' else 'a'} {found.kind} {new.path}"
    return additive(f"{found.kind}-added", f"{says} ({new.method})", found.id, None, new.pointer)


def _gone(pairs: SchemaPairs, found: Matched, old: Operation) -> Change:
    moved = pairs.new.document.by_id.get(old.id)
    if moved is None or found.kind != "operation":
        says = f"the {found.kind} {old.path} ({old.method}) is gone"
        return breaking(f"{found.kind}-removed", says, found.id, old.pointer, None)
    says = f"it was {old.method} {old.path} and is {moved.method} {moved.path}"
    return breaking("operation-moved", says, found.id, old.pointer, None)


def _told(pairs: SchemaPairs, name: str, old: Operation, new: Operation) -> Iterator[Change]:
    mine, theirs = pairs.old.node(old.pointer), pairs.new.node(new.pointer)
    places = old.pointer, new.pointer
    yield from marks(name, {**mine, "tags": None}, {**theirs, "tags": None}, *places)
    inherited = (old.summary, old.description) != (new.summary, new.description)
    is_told = any(mine.get(n) != theirs.get(n) for n in ("summary", "description"))
    if inherited and not is_told:
        yield docs("text-changed", "the text of its path is another", name, *places)


def _named(old: Operation, new: Operation) -> Iterator[Change]:
    """Yield the names that have changed, of which SDKs are made."""
    places = old.pointer, new.pointer
    if old.id != new.id:
        says = f"the operationId is {new.id}: {old.id} was the name of a function in every SDK"
        yield breaking("operation-id-changed", says, old.id, *places)
    if _NAMES.findall(old.path) != _NAMES.findall(new.path):
        says = f"the path was {old.path}, whose parameters are arguments in every SDK"
        yield breaking("path-parameter-renamed", says, old.id, *places)
    if old.tag != new.tag:
        says = f"the tag is {new.tag}: SDKs are divided by tags, and it was under {old.tag}"
        yield breaking("operation-tag-changed", says, old.id, *places)
