"""How often an operation is served and how old its answers may be, before and after."""

from __future__ import annotations

from typing import Any

import pytest

from tests.codegen.patching import REMOVED, patched
from tests.diff.cases.around import BASE, GET, PUT
from tests.diff.small import compared, rules

LIMIT, STALENESS = "x-rate-limit", "x-max-staleness"
SOME = {"name": "some", "limit": 10, "window": 60, "per": "address"}
ACCOUNT = {"per": "account", "field": "name"}


def limited(*policies: dict[str, Any], at: str = PUT) -> dict[str, Any]:
    return patched(BASE, {f"{at}/{LIMIT}": list(policies)})


@pytest.mark.parametrize(
    ("now", "severity"),
    [
        ({"limit": 9}, "breaking"),
        ({"limit": 11}, "additive"),
        ({"window": 61}, "breaking"),
        ({"window": 59}, "additive"),
        ({"limit": 20, "window": 120}, "breaking"),
        ({"limit": 5, "window": 30}, "breaking"),
        ({"counts": "failures"}, "additive"),
        ({"counts": "all"}, None),
        ({"per": "everyone"}, "breaking"),
        ({"per": "user"}, "breaking"),
        (ACCOUNT, "additive"),
        ({**ACCOUNT, "limit": 9}, "breaking"),
    ],
)
def test_a_limit_breaks_who_kept_the_old_one(now: dict[str, Any], severity: str | None) -> None:
    found = rules(limited(SOME), limited({**SOME, **now}))

    assert list(found.values()) == ([severity] if severity else [])


@pytest.mark.parametrize(
    ("was", "now", "is_breaking"),
    [
        ({"per": "everyone"}, {"per": "user"}, False),
        ({"per": "user"}, {"per": "address"}, True),
        (ACCOUNT, {"per": "address"}, True),
        (ACCOUNT, {**ACCOUNT, "field": "email"}, True),
        ({"counts": "failures"}, {}, True),
    ],
)
def test_who_shares_a_count_with_more_has_less(
    was: dict[str, Any], now: dict[str, Any], *, is_breaking: bool
) -> None:
    (change,) = compared(limited({**SOME, **was}), limited({**SOME, **now}))

    assert change.is_breaking == is_breaking


def test_a_limit_where_there_was_none_breaks_and_one_that_goes_does_not() -> None:
    both = limited(SOME, {**SOME, "name": "more"})

    assert rules(BASE, limited(SOME)) == {"rate-limit-added": "breaking"}
    assert rules(limited(SOME), both) == {"rate-limit-added": "breaking"}
    assert rules(both, limited(SOME)) == {"rate-limit-removed": "additive"}


def test_the_limits_of_a_tag_are_those_of_its_operations() -> None:
    tag = {"name": "default", LIMIT: [SOME]}
    tagged = {**BASE, "tags": [tag]}
    spelt_out = patched(limited(SOME), {f"{GET}/{LIMIT}": [SOME]})
    come = [c for c in compared(BASE, tagged) if c.rule == "rate-limit-added"]

    assert [c.operations for c in come] == [("get_thing",), ("put_thing",)]
    assert {c.new for c in come} == {f"#/tags/0/{LIMIT}/0"}
    assert rules(tagged, spelt_out) == {}


def test_a_change_of_a_limit_says_what_it_was_and_is() -> None:
    now = {**SOME, "limit": 5, "counts": "failures"}
    (change,) = compared(limited(SOME), limited(now))

    assert change.says == (
        "the rate limit some was 10 in 60 s per address and is 5 failures in 60 s per address"
    )
    assert change.old == change.new == f"{PUT}/{LIMIT}/0"


@pytest.mark.parametrize(
    ("was", "now", "expected"),
    [
        (REMOVED, 2, {"staleness-raised": "breaking"}),
        (2, 3, {"staleness-raised": "breaking"}),
        (3, 2, {"staleness-lowered": "additive"}),
        (2, REMOVED, {"staleness-lowered": "additive"}),
        (2, 2.0, {}),
    ],
)
def test_an_answer_may_not_become_older_unnoticed(
    was: Any, now: Any, expected: dict[str, str]
) -> None:
    old, new = (
        patched(BASE, {f"{GET}/{STALENESS}": age} if age is not REMOVED else {})
        for age in (was, now)
    )

    assert rules(old, new) == expected
