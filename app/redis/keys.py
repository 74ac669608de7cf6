"""Under which keys the counts stand."""

from __future__ import annotations

from app.contract import Charge
from app.db.limits import key_of

# All keys of one request must be in one slot of a cluster, which the part in braces decides.
PREFIX = "{rate-limits}:"
PROBE = f"{PREFIX}probe"


def key_for(service: str, charge: Charge) -> str:
    """Of one length and without what somebody typed; another service has other keys."""
    return PREFIX + key_of(f"{service} {charge.policy.name}", charge.subject).hex()
