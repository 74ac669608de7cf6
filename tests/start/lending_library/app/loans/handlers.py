"""The operations of the tag loans. The document says what they do; this is how."""

from __future__ import annotations

from app.context import Actor, Context
from app.db.etags import entity_tag
from app.loans import queries
from generated.loans import LendCopyCreated
from generated.problems import LoanEnded, LoanNotFound
from generated.schemas import Loan, LoanCreate


async def lend_copy(context: Context, actor: Actor, *, body: LoanCreate) -> LendCopyCreated:
    row = await queries.insert_loan(context.session, body.copy_id, body.borrower)
    return LendCopyCreated(
        body=Loan(**row._asdict()), location=f"/api/v1/loans/{row.id}", etag=entity_tag(*row)
    )


async def return_copy(context: Context, actor: Actor, *, loan_id: int) -> Loan:
    row = await queries.lock_loan(context.session, loan_id)
    if row is None:
        raise LoanNotFound
    if not row.is_open:
        raise LoanEnded
    return Loan(**(await queries.end_loan(context.session, loan_id))._asdict())
