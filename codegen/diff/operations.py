"""Operations of the old document and of the new one, by method and address."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from app.contract.model import Operation
from app.contract.schema import Direction
from codegen.diff.changes import REQUEST, RESPONSE, Change, additive, breaking, docs
from codegen.diff.marks import marks
from codegen.diff.requests import body, parameters
from codegen.diff.responses import responses
from codegen.diff.schemas import Key, SchemaPairs
from codegen.diff.security import security
from codegen.diff.servers import servers

_TEMPLATE = re.compile(r"\{[^{}]*\}")
_NAMES = re.compile(r"\{([^{}]*)\}")


class Matched(NamedTuple):
    """One operation in both documents, or in one of them."""

    old: Operation | None
    new: Operation | None
    is_hook: bool

    @property
    def id(self) -> str:
        """The name by which it is told: that by which clients know it."""
        operation = self.old or self.new
        assert operation is not None  # noqa: S101 - one of them is there
        return operation.id


def matched(
    old: Iterable[Operation], new: Iterable[Operation], *, is_hook: bool = False
) -> Iterator[Matched]:
    """Pair the operations of one address, whatever the parameters of its path are called."""
    before, after = _by_address(old), _by_address(new)
    for address, operation in before.items():
        yield Matched(operation, after.get(address), is_hook)
    for address, operation in after.items():
        if address not in before:
            yield Matched(None, operation, is_hook)


def _by_address(operations: Iterable[Operation]) -> dict[tuple[str, str], Operation]:
    return {(_TEMPLATE.sub("{}", o.path.rstrip("/")), o.method): o for o in operations}


def compared(pairs: SchemaPairs, found: Matched) -> Iterator[Change | Key]:
    """Yield the changes of one operation, and the pairs of schemas in it."""
    kind = "webhook" if found.is_hook else "operation"
    old, new = found.old, found.new
    if old is None or new is None:
        yield _whole(kind, old, new, pairs)
        return
    yield from _told(pairs, kind, old, new)
    # A webhook is a request that the service sends, so the client receives what is sent there.
    sent, received = (RESPONSE, REQUEST) if found.is_hook else (REQUEST, RESPONSE)
    yield from _parts(pairs, sent, received, (old, new))
    if not found.is_hook:
        yield from security(pairs.old, pairs.new, old, new)
        yield from servers(pairs.old, pairs.new, old.pointer, new.pointer)


def _parts(
    pairs: SchemaPairs, sent: Direction, received: Direction, both: tuple[Operation, Operation]
) -> Iterator[Change | Key]:
    yield from parameters(pairs, sent, *both)
    yield from body(pairs, sent, *both)
    yield from responses(pairs, received, *both)


def _whole(kind: str, old: Operation | None, new: Operation | None, pairs: SchemaPairs) -> Change:
    if new is None:
        assert old is not None  # noqa: S101 - one of them is there
        return _gone(kind, old, pairs)
    says = f"there is {'an' if kind == 'operation' else 'a'} {kind} {new.method} {new.path}"
    return additive(f"{kind}-added", says, new.id, None, new.pointer)


def _gone(kind: str, old: Operation, pairs: SchemaPairs) -> Change:
    moved = pairs.new.document.by_id.get(old.id)
    if moved is None or kind != "operation" or old.id not in pairs.old.document.by_id:
        says = f"{old.method} {old.path} is gone"
        return breaking(f"{kind}-removed", says, old.id, old.pointer, None)
    says = f"it was {old.method} {old.path} and is {moved.method} {moved.path}"
    return breaking("operation-moved", says, old.id, old.pointer, None)


def _told(pairs: SchemaPairs, kind: str, old: Operation, new: Operation) -> Iterator[Change]:
    mine, theirs = pairs.old.node(old.pointer), pairs.new.node(new.pointer)
    places = old.pointer, new.pointer
    yield from marks(old.id, {**mine, "tags": None}, {**theirs, "tags": None}, *places)
    if kind == "operation" and mine.get("operationId") != theirs.get("operationId"):
        says = f"the operationId is {new.id}: {old.id} was the name of a function in every SDK"
        yield breaking("operation-id-changed", says, old.id, *places)
    if _NAMES.findall(old.path) != _NAMES.findall(new.path):
        says = f"the path was {old.path}, whose parameters are arguments in every SDK"
        yield breaking("path-parameter-renamed", says, old.id, *places)
    if kind == "operation" and old.tag != new.tag:
        says = f"the tag is {new.tag}: SDKs are divided by tags, and it was under {old.tag}"
        yield breaking("operation-tag-changed", says, old.id, *places)
    inherited = (old.summary, old.description) != (new.summary, new.description)
    is_told = any(mine.get(n) != theirs.get(n) for n in ("summary", "description"))
    if inherited and not is_told:
        yield docs("text-changed", "the text of its path is another", new.id, *places)
