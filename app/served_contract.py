"""Which contract this service executes: the digest that a client can count for itself."""

from __future__ import annotations

from functools import cache

import generated
from app.contract import ServedDocument


@cache
def contract_digest() -> str:
    return ServedDocument.read(generated.DOCUMENT).digest
