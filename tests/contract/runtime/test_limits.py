"""Rate limits of a document, counted by the runtime itself."""

from __future__ import annotations

import copy
from collections.abc import Sequence
from typing import Any

import pytest

from app.contract import Charge, Standing
from app.contract.limits import Counters, network_of
from tests.contract.runtime.asgi import Received
from tests.contract.runtime.workshop import GOOD, JSON, SOURCE, NameTaken, Workshop, make

TWO = {"name": "tools", "limit": 2, "window": 60, "per": "address"}
THREE = {"name": "all", "limit": 3, "window": 600, "per": "everyone"}
FIELDS = {name: {"schema": {"type": "string"}} for name in ("RateLimit", "RateLimit-Policy")}


def limited(*policies: dict[str, Any], **options: Any) -> Workshop:
    """A workshop in which tools can be made no faster than that."""
    source = copy.deepcopy(SOURCE)
    operation = source["paths"]["/tools"]["post"]
    operation["x-rate-limit"] = list(policies)
    operation["responses"]["201"]["headers"] |= FIELDS
    return make(source, **options)


async def create(workshop: Workshop, name: str = "saw", *fields: tuple[str, str]) -> Received:
    body = f'{{"name": "{name}"}}'.encode()
    return await workshop("POST", "/v1/tools", *(fields or (GOOD,)), JSON, body=body)


async def statuses(workshop: Workshop, times: int) -> list[int]:
    return [(await create(workshop)).status for _ in range(times)]


async def test_a_request_beyond_the_limit_is_refused_before_its_handler() -> None:
    workshop = limited(TWO)
    assert await statuses(workshop, 2) == [201, 201]
    workshop.journal.clear()
    refused = await create(workshop)

    assert (refused.status, refused.code) == (429, "too_many_requests")
    assert 1 <= int(refused.header("retry-after") or 0) <= 60
    assert workshop.journal == ["begin", "rollback", "answer starts"]


async def test_each_answer_that_declares_it_tells_how_the_client_stands() -> None:
    workshop = limited(TWO, THREE)
    first, second = await create(workshop), await create(workshop)

    assert first.header("ratelimit-policy") == '"tools";q=2;w=60, "all";q=3;w=600'
    assert first.header("ratelimit") == '"tools";r=1;t=60'
    assert second.header("ratelimit") == '"tools";r=0;t=60'
    assert (await create(workshop)).header("ratelimit") is None, "the 429 here declares none"


async def test_an_operation_without_limits_tells_of_none() -> None:
    workshop = limited(TWO)
    await create(workshop)
    received = await workshop("GET", "/v1/tools/1")

    assert received.status == 200
    assert received.header("ratelimit") is None


async def test_what_one_policy_refuses_the_wider_ones_do_not_count() -> None:
    counts: list[Sequence[Standing]] = []

    class Watched(Counters):
        async def charge(self, _: Any, charges: Sequence[Charge]) -> Sequence[Standing]:
            counts.append(await super().charge(_, charges))
            return counts[-1]

    workshop = limited(THREE, TWO, limits=Watched())
    assert await statuses(workshop, 5) == [201, 201, 429, 429, 429]
    assert [[s.counted for s in standings] for standings in counts] == [
        *([1, 1], [2, 2]),
        *([3], [3], [3]),
    ]


async def test_what_is_refused_for_its_form_or_its_caller_is_not_counted() -> None:
    workshop = limited(TWO)
    for _ in range(4):
        assert (await create(workshop, "")).status == 422
        assert (await create(workshop, "saw", ("authorization", "Bearer bad"))).status == 401

    assert await statuses(workshop, 3) == [201, 201, 429]


async def test_a_failure_is_counted() -> None:
    workshop = limited(TWO)
    workshop.answer("create_tool", NameTaken())

    assert await statuses(workshop, 3) == [409, 409, 429]


async def test_where_failures_alone_count_success_costs_nothing() -> None:
    workshop = limited({**TWO, "counts": "failures"})
    assert await statuses(workshop, 5) == [201] * 5
    workshop.answer("create_tool", NameTaken())

    assert await statuses(workshop, 3) == [409, 409, 429]


async def test_users_are_counted_one_by_one() -> None:
    workshop = limited({**TWO, "per": "user"})
    reader = ("authorization", "Bearer reader")
    assert await statuses(workshop, 3) == [201, 201, 429]

    assert (await create(workshop, "saw", reader)).status == 201


async def test_an_account_is_a_member_of_the_body_in_any_case() -> None:
    workshop = limited({**TWO, "per": "account", "field": "name"})
    found = [(await create(workshop, name)).status for name in ("saw", "SAW", "Saw", "axe")]

    assert found == [201, 201, 429, 201]


async def test_a_tag_limits_its_operations_together_and_one_can_be_let_off() -> None:
    source = copy.deepcopy(SOURCE)
    source["tags"] = [{"name": "default", "x-rate-limit": [TWO]}]
    source["paths"]["/tools/newest"]["get"]["x-rate-limit"] = []
    workshop = make(source)
    read = [(await workshop("GET", "/v1/tools/1")).status, (await create(workshop)).status]

    assert read == [200, 201]
    assert (await create(workshop)).status == 429
    assert (await workshop("GET", "/v1/tools/newest")).status != 429


async def test_every_limit_is_multiplied_by_the_factor() -> None:
    assert await statuses(limited(TWO, limits=Counters(1.5)), 4) == [201] * 3 + [429]
    assert await statuses(limited(TWO, limits=Counters(0.01)), 2) == [201, 429]


async def test_counting_begins_anew_when_the_span_is_over(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("app.contract.limits.time.monotonic", lambda: now)
    workshop = limited(TWO)
    assert await statuses(workshop, 3) == [201, 201, 429]
    now += 59.9
    assert await statuses(workshop, 1) == [429]
    now += 0.1

    assert await statuses(workshop, 3) == [201, 201, 429]


async def test_counts_that_are_over_are_forgotten(monkeypatch: pytest.MonkeyPatch) -> None:
    now = 1000.0
    monkeypatch.setattr("app.contract.limits.time.monotonic", lambda: now)
    monkeypatch.setattr("app.contract.limits.SWEPT_EVERY", 5)
    counters = Counters()
    workshop = limited({**TWO, "per": "account", "field": "name"}, limits=counters)
    for name in ("a", "b", "c", "d"):
        await create(workshop, name)
    now += 60
    await create(workshop, "e")

    assert len(counters._spans) == 1


@pytest.mark.parametrize(
    ("client", "network"),
    [
        ("192.0.2.1", "192.0.2.1"),
        ("::ffff:192.0.2.1", "192.0.2.1"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("/run/service.sock", ""),
        (None, ""),
    ],
)
def test_an_ipv6_network_counts_as_one_address(client: str | None, network: str) -> None:
    assert network_of(client) == network
