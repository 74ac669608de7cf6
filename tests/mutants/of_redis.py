"""Counting in Redis, and doing without it."""

from __future__ import annotations

from tests.mutants.checks import by
from tests.mutants.mutant import Change, Mutant, Notice

LINK, KEYS, CHECKS = "app/redis/link.py", "app/redis/keys.py", "app/redis/checks.py"
CHARGE, GIVE_BACK = "app/redis/charge.lua", "app/redis/give_back.lua"


def lost(test: str, says: str) -> Notice:
    return by("limits/test_losing_redis.py", test, says)


def stored(test: str, says: str) -> Notice:
    return by("limits/test_stores.py", test, says)


def owned(test: str, says: str) -> Notice:
    return by("limits/test_redis_limits.py", test, says)


MUTANTS = (
    Mutant(
        "everybody gets in while Redis is lost",
        "A count that was not made is taken for none",
        (
            Change(
                LINK,
                "            raise Unavailable from error\n",
                "            return [0, 1000] * len(keys)\n",
            ),
            Change(
                LINK,
                "        if self._seeking is not None:\n            raise Unavailable\n",
                "        if self._seeking is not None:\n            return [0, 1000] * len(keys)\n",
            ),
        ),
        (lost("test_nobody_gets_in_uncounted_and_all_else_goes_on", "assert (200, '')"),),
    ),
    Mutant(
        "patience with a silent Redis",
        "A request waits for Redis until its own deadline",
        (Change("app/redis/client.py", "PATIENCE = 0.9\n", "PATIENCE = 4\n"),),
        (lost("test_nobody_gets_in_uncounted_and_all_else_goes_on", "< 2.5"),),
    ),
    Mutant(
        "everybody waits for a lost Redis",
        "Each request finds out by itself that Redis is lost",
        (
            Change(
                LINK,
                "        if self._seeking is not None:\n            raise Unavailable\n",
                "",
            ),
        ),
        (lost("test_while_it_is_lost_nobody_waits_for_it", "all of them together"),),
    ),
    Mutant(
        "a Redis that is lost for good",
        "Redis is found again and nobody asks it",
        (
            Change(
                LINK,
                '        self._seeking = None\n        log.info("limits_back")\n',
                '        log.info("limits_back")\n',
            ),
        ),
        (lost("test_nobody_gets_in_uncounted_and_all_else_goes_on", "< 2.0"),),
    ),
    Mutant(
        "a Redis that forgets",
        "Nobody asks what Redis does when its memory is full",
        (
            Change(
                CHECKS,
                '    if not memory["maxmemory"] or policy == "noeviction":\n',
                "    if policy:\n",
            ),
        ),
        (
            owned("test_a_redis_that_forgets_when_it_is_full_is_refused", "DID NOT RAISE"),
            lost("test_a_redis_that_would_forget_counts_is_not_taken_back", "assert 401 == 503"),
        ),
    ),
    Mutant(
        "a count that never ends",
        "A new count has no span",
        (Change(CHARGE, "if left < 0 then", "if left < -9 then"),),
        (owned("test_a_count_goes_by_itself", "assert ["),),
    ),
    Mutant(
        "a span that goes on and on",
        "Each request begins the span anew",
        (Change(CHARGE, "if left < 0 then", "if true then"),),
        (stored("test_counting_begins_anew_when_the_span_is_over_and_not_before", "prolong"),),
    ),
    Mutant(
        "wider limits used up by what a narrow one refuses",
        "Redis counts a request that is refused by the policies behind it",
        (Change(CHARGE, "    break\n", "    left = 0\n"),),
        (stored("test_what_one_policy_refuses_the_wider_ones_do_not_count", "[redis]"),),
    ),
    Mutant(
        "more given back than was taken",
        "What Redis has not counted is taken back",
        (Change(GIVE_BACK, "if counted > 0 then", "if true then"),),
        (stored("test_what_was_never_counted_is_not_given_back", "[redis]"),),
    ),
    Mutant(
        "names in Redis",
        "A key holds what somebody typed",
        (
            Change(
                KEYS,
                'key_of(f"{service} {charge.policy.name}", charge.subject).hex()',
                "charge.policy.name + charge.subject",
            ),
        ),
        (stored("test_what_was_typed_is_not_to_be_read_in_a_key", "[redis]"),),
    ),
)
