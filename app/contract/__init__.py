"""The contract runtime: what generated routers stand on. It knows no feature and no database."""

from app.contract.answers import Answer, ByteStream, Upload
from app.contract.calls import Call, Router
from app.contract.conditional import Precondition
from app.contract.contract import Contract
from app.contract.credentials import Guard
from app.contract.document import Document
from app.contract.exchange import Exchange
from app.contract.idempotency import AnsweredBefore, Claim, Idempotency, Kept
from app.contract.install import entrance, install
from app.contract.limits import Charge, Standing, Store
from app.contract.model import Operation
from app.contract.observers import Ended, Observer
from app.contract.problems import (
    ContractBroken,
    ContractIncomplete,
    IdempotencyKeyInUse,
    IdempotencyKeyReused,
    InputError,
    OperationNotImplemented,
    Problem,
)
from app.contract.served import ServedDocument

__all__ = [
    "Answer",
    "AnsweredBefore",
    "ByteStream",
    "Call",
    "Charge",
    "Claim",
    "Contract",
    "ContractBroken",
    "ContractIncomplete",
    "Document",
    "Ended",
    "Exchange",
    "Guard",
    "Idempotency",
    "IdempotencyKeyInUse",
    "IdempotencyKeyReused",
    "InputError",
    "Kept",
    "Observer",
    "Operation",
    "OperationNotImplemented",
    "Precondition",
    "Problem",
    "Router",
    "ServedDocument",
    "Standing",
    "Store",
    "Upload",
    "entrance",
    "install",
]
