"""How requests are counted by the rate limits of their operation, and what clients are told of it.

Where the counts are kept is the store's business; `Counters` keeps them in this process. What is
told are the fields of draft-ietf-httpapi-ratelimit-headers, and Retry-After with a 429.
"""

from __future__ import annotations

import ipaddress
import math
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from typing import Any, Generic, NamedTuple, Protocol, TypeVar

from app.contract.calls import Call
from app.contract.exchange import Exchange, Outgoing, current_exchange
from app.contract.model import Operation
from app.contract.policies import LIMIT_FIELD, POLICY_FIELD, Policy
from app.contract.problems import TooManyRequests

# What one customer of a provider is given, so that its addresses are as good as one.
IPV6_NETWORK = 64
SWEPT_EVERY = 1_000

ContextT_contra = TypeVar("ContextT_contra", contravariant=True)


class Charge(NamedTuple):
    """A request as one policy counts it: for whom."""

    policy: Policy
    subject: str


class Standing(NamedTuple):
    """How many requests a policy has let pass in the present span, more than its limit where it
    refuses this one, and the seconds that the span goes on.
    """

    counted: int
    seconds: float


class Store(Protocol[ContextT_contra]):
    """Keeps the counts. Whatever a request comes to, it was made: a count outlives a rollback.
    Each limit of the document is multiplied by `factor`.
    """

    @property
    def factor(self) -> float: ...

    async def charge(
        self, context: ContextT_contra, charges: Sequence[Charge]
    ) -> Sequence[Standing]:
        """Count a request by each policy in turn, up to the first that refuses it, which is the
        last of the standings. One that is refused is counted by none behind it.
        """
        ...

    async def give_back(self, context: ContextT_contra, charges: Sequence[Charge]) -> None:
        """Count a request no more, which passed."""
        ...


class Allowance(NamedTuple):
    """What a client is told of its limits."""

    policies: str
    standing: str

    def tell(self, outgoing: Outgoing) -> None:
        outgoing.headers[POLICY_FIELD.lower()] = self.policies
        outgoing.headers[LIMIT_FIELD.lower()] = self.standing


class Limits(Generic[ContextT_contra]):
    """The limits of one operation. Built once."""

    def __init__(
        self, operation: Operation, policies: Sequence[Policy], store: Store[ContextT_contra]
    ) -> None:
        self._store = store
        self._policies = policies
        self._told = ", ".join(f'"{p.name}";q={p.limit};w={p.window}' for p in self._policies)
        self._telling = frozenset(
            int(status)
            for status, response in operation.responses.items()
            if LIMIT_FIELD.lower() in response.headers and status.isdecimal()
        )

    @asynccontextmanager
    async def charged(self, call: Call[Any, Any]) -> AsyncIterator[None]:
        """Count a request before it is carried out. Raises TooManyRequests, with Retry-After."""
        current = current_exchange()
        assert current is not None  # noqa: S101 - a request that is carried out has an exchange
        charges = [
            Charge(policy, subject_of(policy, call, current.client)) for policy in self._policies
        ]
        standings = await self._store.charge(call.context, charges)
        current.allowance = Allowance(self._told, told(charges, standings))
        last, policy = standings[-1], charges[len(standings) - 1].policy
        if last.counted > policy.limit:
            raise TooManyRequests(headers={"Retry-After": str(whole(last.seconds))})
        yield
        forgiven = [charge for charge in charges if charge.policy.failures_only]
        if forgiven:
            await self._store.give_back(call.context, forgiven)

    def tell(self, current: Exchange, outgoing: Outgoing) -> None:
        """Put what is known of the limits on an answer that declares it."""
        if current.allowance is not None and outgoing.status in self._telling:
            current.allowance.tell(outgoing)


def subject_of(policy: Policy, call: Call[Any, Any], client: str | None) -> str:
    """Return whom a request is counted for. An account is meant by name and from one address, so
    that nobody can use up the attempts of somebody who is elsewhere.
    """
    if policy.per == "user":
        return str(getattr(call.signed_in, "id", call.signed_in))
    if policy.per == "everyone":
        return ""
    network = network_of(client)
    if policy.per == "address":
        return network
    return f"{network} {str(call.body[policy.field]).lower()}"


def network_of(client: str | None) -> str:
    """Return the address of a client; of IPv6 its network, in which a client chooses freely."""
    try:
        address = ipaddress.ip_address(client or "")
    except ValueError:
        return ""
    if isinstance(address, ipaddress.IPv6Address):
        if address.ipv4_mapped is not None:
            return str(address.ipv4_mapped)
        return str(ipaddress.ip_network((int(address), IPV6_NETWORK), strict=False))
    return str(address)


def told(charges: Sequence[Charge], standings: Sequence[Standing]) -> str:
    """Return the RateLimit field: how the policy stands that leaves the client least."""
    known = [(c.policy, s) for c, s in zip(charges, standings, strict=False)]
    # Of several that leave nothing, the last is the one that refuses.
    policy, standing = min(reversed(known), key=share_left)
    remaining = max(0, policy.limit - standing.counted)
    return f'"{policy.name}";r={remaining};t={whole(standing.seconds)}'


def share_left(entry: tuple[Policy, Standing]) -> float:
    policy, standing = entry
    return max(0, policy.limit - standing.counted) / policy.limit


def whole(seconds: float) -> int:
    """Whole seconds, never fewer than there are: what is told is never too early."""
    return max(1, math.ceil(seconds))


class Counters:
    """Keeps the counts in this process: for one process, or for want of something better."""

    def __init__(self, factor: float = 1) -> None:
        self.factor = factor
        self._spans: dict[tuple[str, str], tuple[int, float]] = {}
        self._charges = 0

    async def charge(self, _: Any, charges: Sequence[Charge]) -> Sequence[Standing]:
        now = time.monotonic()
        self._sweep(now)
        standings: list[Standing] = []
        for policy, subject in charges:
            counted, ends_at = self._spans.get((policy.name, subject), (0, 0.0))
            if ends_at <= now:
                counted, ends_at = 0, now + policy.window
            counted = min(counted + 1, policy.limit + 1)
            self._spans[policy.name, subject] = counted, ends_at
            standings.append(Standing(counted, ends_at - now))
            if counted > policy.limit:
                break
        return standings

    async def give_back(self, _: Any, charges: Sequence[Charge]) -> None:
        for policy, subject in charges:
            counted, ends_at = self._spans.get((policy.name, subject), (1, 0.0))
            counted = max(0, min(counted, policy.limit) - 1)
            self._spans[policy.name, subject] = counted, ends_at

    def _sweep(self, now: float) -> None:
        self._charges += 1
        if self._charges % SWEPT_EVERY == 0:
            self._spans = {k: span for k, span in self._spans.items() if span[1] > now}
