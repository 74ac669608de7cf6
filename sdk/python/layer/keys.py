"""Requests that are named by an Idempotency-Key: the service does them once, however often they are
sent.
"""

from __future__ import annotations

import re
import uuid

import httpx2

from ._document import KEYED

FIELD = "Idempotency-Key"


def _ending(path: str) -> re.Pattern[str]:
    """Match where a URL ends in the path of an operation, whatever stands for its parameters."""
    parts = re.split(r"\{[^{}]*\}", path)
    return re.compile("[^/]+".join(re.escape(part) for part in parts) + "/?$")


_ENDINGS = tuple((method, _ending(path)) for method, path in KEYED)


def name(request: httpx2.Request) -> None:
    """Give a key to a request that takes one and has none; it stays the same with each attempt."""
    if FIELD not in request.headers and _takes_key(request):
        request.headers[FIELD] = str(uuid.uuid4())


def is_named(request: httpx2.Request) -> bool:
    return FIELD in request.headers and _takes_key(request)


def _takes_key(request: httpx2.Request) -> bool:
    path = request.url.path
    return any(request.method == method and ending.search(path) for method, ending in _ENDINGS)
