"""The statements about loans."""

from __future__ import annotations

from typing import NamedTuple

from sqlalchemy import bindparam, insert, select, update

from app.db.session import Session
from app.db.tables import loans


class LoanRow(NamedTuple):
    id: int
    copy_id: int
    borrower: str
    is_open: bool


COLUMNS = [loans.c[name] for name in LoanRow._fields]
BY_ID = loans.c.id == bindparam("loan_id")
INSERT_LOAN = insert(loans).returning(*COLUMNS)
LOCK_LOAN = select(*COLUMNS).where(BY_ID).with_for_update()
END_LOAN = update(loans).where(BY_ID).values(is_open=False).returning(*COLUMNS)


async def insert_loan(session: Session, copy_id: int, borrower: str) -> LoanRow:
    values = {"copy_id": copy_id, "borrower": borrower}
    return LoanRow(*(await session.execute(INSERT_LOAN, values)).one())


async def lock_loan(session: Session, loan_id: int) -> LoanRow | None:
    row = (await session.execute(LOCK_LOAN, {"loan_id": loan_id})).one_or_none()
    return None if row is None else LoanRow(*row)


async def end_loan(session: Session, loan_id: int) -> LoanRow:
    return LoanRow(*(await session.execute(END_LOAN, {"loan_id": loan_id})).one())
