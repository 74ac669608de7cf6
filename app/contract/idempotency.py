"""Requests with an `Idempotency-Key` (draft-ietf-httpapi-idempotency-key-header): what was done
once is not done twice, and a repetition gets the first answer.

Where the answers are kept is the service's business, and said by a `Store`.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, Generic, NamedTuple, Protocol, TypeVar

from app.contract.answers import Upload
from app.contract.calls import Call
from app.contract.model import Operation
from app.contract.problems import ContractBroken

if TYPE_CHECKING:
    from app.contract.exchange import Outgoing

ContextT = TypeVar("ContextT")
ActorT = TypeVar("ActorT")
ContextT_contra = TypeVar("ContextT_contra", contravariant=True)


class Claim(NamedTuple):
    """What a request says of itself, as two SHA-256 digests: `id` names caller, operation and key,
    `fingerprint` what is asked for. The key goes into both and nothing else of it is kept, so that
    nobody who reads the store can find out by trial what was sent, a password for example.
    """

    id: bytes
    fingerprint: bytes


class Kept(NamedTuple):
    """An answer as it was sent the first time."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class AnsweredBefore(Exception):
    """A store raises it: the request was carried out earlier, and this is what was answered."""

    def __init__(self, kept: Kept) -> None:
        super().__init__()
        self.kept = kept


class Store(Protocol[ContextT_contra]):
    """Keeps answers in the very transaction that has the effect, so that there is either both or
    neither, whatever ends the process.
    """

    async def claim(self, context: ContextT_contra, claim: Claim) -> None:
        """See to it that nobody else carries out the same request at the same time.

        Raises, now or at the transaction's next statement, AnsweredBefore, IdempotencyKeyInUse or
        IdempotencyKeyReused.
        """

    async def keep(self, context: ContextT_contra, claim: Claim, answer: Kept) -> None:
        """Keep the answer, which is there for others as soon as the transaction is committed."""

    async def forget(self, context: ContextT_contra, claim: Claim) -> None:
        """Give the claim up: what is answered, and committed, is no success."""


@dataclass(frozen=True, slots=True)
class Idempotency(Generic[ContextT, ActorT]):
    """The store of a service, and what tells its callers apart: a JSON value that stays the same
    with each sign-in of a caller. Whoever may call without credentials is None.
    """

    store: Store[ContextT]
    caller_of: Callable[[ActorT], Any]

    async def claim(self, operation: Operation, call: Call[ContextT, ActorT], key: str) -> Claim:
        """Return the claim of a judged request; raises what the store raises."""
        actor = call.signed_in
        caller = None if actor is None else self.caller_of(actor)
        claim = claim_of(operation, call, caller, unquoted(key))
        await self.store.claim(call.context, claim)
        return claim

    async def keep(self, context: ContextT, claim: Claim, outgoing: Outgoing) -> None:
        """Keep what is about to be sent, if it is a success."""
        if outgoing.status >= HTTPStatus.BAD_REQUEST:
            await self.store.forget(context, claim)
            return
        if outgoing.stream is not None:
            raise ContractBroken("a stream cannot be sent again, and the operation takes a key")
        kept = Kept(outgoing.status, outgoing.headers, outgoing.body)
        await self.store.keep(context, claim, kept)


def unquoted(key: str) -> str:
    """Return the key without the quotes of a string (RFC 9651, section 3.3.3)."""
    is_quoted = len(key) > 1 and key[0] == key[-1] == '"'
    return key[1:-1] if is_quoted else key


def claim_of(operation: Operation, call: Call[Any, Any], caller: Any, key: str) -> Claim:
    """Return what tells a request from all others."""
    asked = [key, call.path, call.query, call.media_type, call.accept, call.body]
    return Claim(digest_of([operation.id, caller, key]), digest_of(asked))


def digest_of(value: Any) -> bytes:
    """Return the SHA-256 digest of decoded input: the same for whatever is the same value, in
    whichever order the members of its objects stand.
    """
    digest = hashlib.sha256()
    _feed(digest.update, value)
    return digest.digest()


def _feed(update: Callable[[bytes], object], value: Any) -> None:
    """Each part says how long it is before it comes, so that no two values read alike."""
    if isinstance(value, Mapping):
        update(b"{%d" % len(value))
        for name in sorted(value):
            _feed(update, name)
            _feed(update, value[name])
    elif isinstance(value, list | tuple):
        update(b"[%d" % len(value))
        for item in value:
            _feed(update, item)
    elif isinstance(value, bytes):
        if isinstance(value, Upload):
            _feed(update, [value.filename, value.content_type])
        update(b"b%d:" % len(value))
        update(value)
    else:
        text = value.encode() if isinstance(value, str) else json.dumps(value).encode()
        update(b"%c%d:" % (b"s" if isinstance(value, str) else b"j", len(text)))
        update(text)
