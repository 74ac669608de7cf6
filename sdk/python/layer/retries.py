"""Which requests are sent again, and when. Nothing is repeated that might be done twice.

- No connection came about, or the answer is 429: all requests, since nothing was done.
- The connection broke, no answer came in time, or it is 408, 502, 503 or 504: GET, HEAD, OPTIONS,
  PUT and DELETE without a condition, and whatever is named by an Idempotency-Key.
- An earlier attempt with the same Idempotency-Key is still being carried out: that one.
- Everything else: none.

After a broken connection a PUT or DELETE may have been carried out. Sent again with its `If-Match`,
it would be answered with 412 as if somebody else had been faster, so a conditional one is left to
the caller.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass
from email.utils import parsedate_to_datetime

import httpx2

from . import keys

READING = frozenset({"GET", "HEAD", "OPTIONS"})
IDEMPOTENT = frozenset({"PUT", "DELETE"})
CONDITIONS = ("if-match", "if-none-match", "if-unmodified-since")
REFUSED_BEFORE_WORK = frozenset({429})
PASSING = frozenset({408, 502, 503, 504})
CONFLICT = 409
NEVER_SENT = (httpx2.ConnectError, httpx2.ConnectTimeout, httpx2.PoolTimeout)

Outcome = httpx2.Response | httpx2.TransportError


@dataclass(frozen=True)
class Retries:
    """How often and for how long to try. `Retries(attempts=1)` sends each request once.

    The pause before attempt n+1 is drawn between zero and `first_pause * 2**(n-1)`, and is at least
    what the answer's Retry-After says. A pause that would end later than `within` seconds after the
    call began is not begun.
    """

    attempts: int = 4
    first_pause: float = 0.25
    longest_pause: float = 8.0
    within: float = 60.0
    draw: Callable[[], float] = random.random

    def pause(self, attempt: int, outcome: Outcome) -> float:
        """Return the seconds to wait after an attempt, counted from 1."""
        ceiling = min(self.longest_pause, self.first_pause * 2.0 ** (attempt - 1))
        asked = asked_pause(outcome) if isinstance(outcome, httpx2.Response) else 0.0
        return max(asked, ceiling * self.draw())


def repeatable(request: httpx2.Request, outcome: Outcome) -> bool:
    """Whether sending the request again does no harm, by what is known of its outcome."""
    if not isinstance(request.stream, httpx2.ByteStream):
        return False
    if isinstance(outcome, httpx2.Response):
        if outcome.status_code in REFUSED_BEFORE_WORK or is_in_use(request, outcome):
            return True
        return outcome.status_code in PASSING and harmless_twice(request)
    return isinstance(outcome, NEVER_SENT) or harmless_twice(request)


def is_in_use(request: httpx2.Request, response: httpx2.Response) -> bool:
    """Whether an earlier attempt is still at work. Of a 409 that alone says when to try again."""
    is_put_off = response.status_code == CONFLICT and "retry-after" in response.headers
    return is_put_off and keys.is_named(request)


def harmless_twice(request: httpx2.Request) -> bool:
    """Whether the request can be sent again after it may have been carried out."""
    if request.method in READING or keys.is_named(request):
        return True
    conditional = any(name in request.headers for name in CONDITIONS)
    return request.method in IDEMPOTENT and not conditional


def asked_pause(response: httpx2.Response) -> float:
    """Return the seconds of Retry-After (RFC 9110, section 10.2.3), 0.0 without a usable one."""
    value = response.headers.get("retry-after", "").strip()
    if value.isdecimal():
        return float(value)
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except ValueError:
        return 0.0
