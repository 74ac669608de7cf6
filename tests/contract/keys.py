"""Keys for the requests of a run. Those that are drawn come again with another request, which is a
422 that says nothing about the request.
"""

from __future__ import annotations

import uuid
from typing import Any

KEY = "Idempotency-Key"


def is_valid(case: Any) -> bool:
    """Whether a request was drawn to be accepted."""
    return case.meta is not None and case.meta.generation.mode.value == "positive"


def renew(case: Any) -> None:
    """Give a request that has a key one of its own."""
    if case.headers is not None and KEY in case.headers:
        headers = case.headers.copy()
        headers[KEY] = str(uuid.uuid4())
        case.headers = headers
