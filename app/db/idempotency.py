"""Answers to requests with an Idempotency-Key, kept in the transaction that has the effect."""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Protocol

from sqlalchemy import BigInteger, DateTime, Interval, bindparam, delete, func, select, update
from sqlalchemy.dialects.postgresql import insert

from app.contract import AnsweredBefore, Claim, IdempotencyKeyInUse, IdempotencyKeyReused, Kept
from app.contract.problems import ContractBroken
from app.db.session import Session
from app.db.tables import idempotency_keys

KEPT_FOR = timedelta(hours=24)

EXPIRES_AT = func.now(type_=DateTime(timezone=True)) + bindparam("kept_for", KEPT_FOR, Interval)
IS_EXPIRED = idempotency_keys.c.expires_at <= func.now()
# One at a time may carry out a request. The lock is tried and not waited for, and ends with the
# transaction; without it, whoever comes second would wait for the row of the first, and hold a
# connection meanwhile.
_OFFERED = insert(idempotency_keys).from_select(
    ["id", "fingerprint", "expires_at"],
    select(
        bindparam("id", type_=idempotency_keys.c.id.type),
        bindparam("fingerprint", type_=idempotency_keys.c.fingerprint.type),
        EXPIRES_AT,
    ).where(func.pg_try_advisory_xact_lock(bindparam("lock", type_=BigInteger))),
)
CLAIM = _OFFERED.on_conflict_do_update(
    index_elements=["id"],
    set_={
        "fingerprint": _OFFERED.excluded.fingerprint,
        "expires_at": _OFFERED.excluded.expires_at,
        "status": None,
        "headers": None,
        "body": None,
    },
    where=IS_EXPIRED,
).returning(idempotency_keys.c.id)
FIND = select(
    idempotency_keys.c.fingerprint,
    idempotency_keys.c.status,
    idempotency_keys.c.headers,
    idempotency_keys.c.body,
).where(idempotency_keys.c.id == bindparam("id"), ~IS_EXPIRED)
KEEP = (
    update(idempotency_keys)
    .where(idempotency_keys.c.id == bindparam("claimed"))
    .returning(idempotency_keys.c.id)
)
FORGET = delete(idempotency_keys).where(idempotency_keys.c.id == bindparam("claimed"))


class HasSession(Protocol):
    """What a request's context has to have."""

    @property
    def session(self) -> Session: ...


class KeptAnswers:
    """The store of the contract runtime. A claim comes first in the transaction, and with it when
    the handler begins one: who has long work before that holds no connection meanwhile.
    """

    async def claim(self, context: HasSession, claim: Claim) -> None:
        async def first(session: Session) -> None:
            await insert_claim(session, claim)

        await context.session.begin_with(first)

    async def keep(self, context: HasSession, claim: Claim, answer: Kept) -> None:
        values = {
            "claimed": claim.id,
            "status": answer.status,
            "headers": json.dumps(dict(answer.headers)),
            "body": answer.body,
        }
        if not await context.session.execute(KEEP, values):
            raise ContractBroken("what was claimed by an Idempotency-Key is claimed no more")

    async def forget(self, context: HasSession, claim: Claim) -> None:
        await context.session.execute(FORGET, {"claimed": claim.id})


async def insert_claim(session: Session, claim: Claim) -> None:
    """Raises IdempotencyKeyInUse, and what `refuse` raises."""
    lock = int.from_bytes(claim.id[:8], signed=True)
    parameters = {"id": claim.id, "fingerprint": claim.fingerprint, "lock": lock}
    if not await session.execute(CLAIM, parameters):
        await refuse(session, claim)


async def refuse(session: Session, claim: Claim) -> None:
    """Somebody has the claim already. Raises IdempotencyKeyInUse where that is still at work,
    IdempotencyKeyReused where it was another request, and AnsweredBefore otherwise.
    """
    row = (await session.execute(FIND, {"id": claim.id})).one_or_none()
    if row is None:
        raise IdempotencyKeyInUse
    fingerprint, status, headers, body = row
    if fingerprint != claim.fingerprint:
        raise IdempotencyKeyReused
    raise AnsweredBefore(Kept(status, json.loads(headers), body))
