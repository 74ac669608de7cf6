"""The gate on the way out lets everything pass: the tests' own judge is the second one to ask."""

from __future__ import annotations

from tests.mutants.checks import FUZZ, by, tests
from tests.mutants.mutant import Change, Mutant, Notice
from tests.mutants.of_handlers import MUTANTS as WRONG_ANSWERS
from tests.mutants.of_handlers import READ

JUDGE, CONTRACT = "app/contract/judge.py", "app/contract/contract.py"
WRITTEN, BODIES = "app/contract/written.py", "contract/runtime/test_written.py"
PASSED, REMEMBERED = "app/contract/passed.py", "contract/runtime/test_passed.py"
TRACES = "contract/runtime/test_traceparent.py"
GATE_TESTS = tests("contract/runtime/test_gate.py")
LEFT = "assert (201, None) == (500, 'internal_error')"
BODIES_PASS = Change(
    JUDGE,
    "        if content.validator is None or content.validator.is_valid(value):\n",
    "        if True:\n",
)
HEADERS_PASS = Change(
    JUDGE,
    "            if name not in headers:\n",
    "            if False:\n",
)


def answer(name: str) -> tuple[Change, ...]:
    """What the handler does wrong in the mutant of this name."""
    return next(mutant.changes for mutant in WRONG_ANSWERS if mutant.name == name)


MUTANTS = (
    Mutant(
        "bodies pass the gate",
        "The gate judges no body on the way out",
        (BODIES_PASS,),
        (Notice(GATE_TESTS, LEFT),),
    ),
    Mutant(
        "headers pass the gate",
        "The gate does not miss a required header",
        (HEADERS_PASS,),
        (Notice(GATE_TESTS, LEFT),),
    ),
    Mutant(
        "an extra field leaves",
        "The gate judges no body, and `get_post` answers an extra member",
        (BODIES_PASS, *answer("an extra field")),
        (Notice(READ, "Additional properties are not allowed"),),
    ),
    Mutant(
        "an extra field over HTTP",
        "As above, and the service runs as it does for its clients",
        (BODIES_PASS, *answer("an extra field")),
        (Notice(FUZZ, "Response violates schema"),),
    ),
    Mutant(
        "an answer without its ETag leaves",
        "The gate does not miss a required header, and `get_post` sends no ETag",
        (HEADERS_PASS, *answer("a missing ETag")),
        (Notice(READ, "missing header etag"),),
    ),
    Mutant(
        "an answer is judged after the commit",
        "What the gate refuses has been committed by then",
        (
            Change(
                CONTRACT,
                "            if endpoint.limits is None:\n"
                "                return await self._carry_out(endpoint, call, texts)\n"
                "            async with endpoint.limits.charged(call):\n"
                "                return await self._carry_out(endpoint, call, texts)\n",
                "            result = await endpoint.handler(call)\n"
                "        return endpoint.answer(result, call, texts)\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_gate.py",
                "test_an_undeclared_answer_is_rolled_back",
                "At index 2 diff: 'commit' != 'rollback'",
            ),
        ),
    ),
    Mutant(
        "If-Match not missed by the runtime",
        "The runtime does not notice that a handler has ignored If-Match",
        (
            Change(
                "app/contract/endpoint.py",
                "        if not call.precondition.is_checked:\n",
                "        if False:\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_conditional.py",
                "test_a_precondition_that_nobody_checks_is_a_bug",
                "assert (200, None) == (500, 'internal_error')",
            ),
        ),
    ),
    Mutant(
        "a text judged by its ends",
        "The gate takes a text for one that has passed where both begin and end alike",
        (Change(PASSED, "_place(schema, text)) == text\n", "_place(schema, text)) is not None\n"),),
        (by(REMEMBERED, "test_a_text_that_looks_alike_from_its_ends_is_judged", "assert None =="),),
    ),
    Mutant(
        "a text that has not passed yet",
        "The gate remembers a text before it has judged it",
        (
            Change(
                JUDGE,
                "        if as_it_is is None or not content.admits(body):\n",
                "        if remembers:\n"
                "            passed.add(content.schema, text)\n"
                "        if as_it_is is None or not content.admits(body):\n",
            ),
        ),
        (by(REMEMBERED, "test_a_text_that_has_failed_fails_again", "assert None =="),),
    ),
    Mutant(
        "a body that is not what its text says",
        "The gate judges a body in place of its text under whatever schema",
        (Change(WRITTEN, "(TURNING | UNFOLLOWED)", "UNFOLLOWED"),),
        (by(BODIES, "test_a_body_passes_if_and_only_if_its_text_does", "assert True == False"),),
    ),
    Mutant(
        "a body that JSON cannot say",
        "The gate takes any body for one that consists of what JSON has",
        (Change(WRITTEN, "option=PLAIN)", "default=jsonable)"),),
        (by(BODIES, "test_what_json_has_not_is_not_plain", "is None"),),
    ),
    Mutant(
        "properties that are only counted",
        "Quick schemas count properties where others may be there too",
        (
            Change(
                "app/contract/quick.py",
                '        and schema.get("additionalProperties") is False\n',
                "",
            ),
        ),
        (
            by(
                "contract/runtime/test_quick.py",
                "test_counting_properties_judges_as_looking_for_each",
                "assert True == False",
            ),
        ),
    ),
    Mutant(
        "secrets that are remembered",
        "The gate remembers what it answers to writes too",
        (Change(JUDGE, 'self._remembers = operation.method == "GET"', "self._remembers = True"),),
        (by(REMEMBERED, "test_only_answers_to_reads_are_kept", "assert [{"),),
    ),
    Mutant(
        "any trace",
        "A traceparent is taken as it came",
        (
            Change(
                "app/contract/exchange.py",
                "    return None if parts is None else",
                "    return found[0].decode() if parts is None else",
            ),
        ),
        (by(TRACES, "test_any_other_is_ignored", "is None"),),
    ),
    Mutant(
        "an answer without its trace",
        "The edge does not tell the client the trace of its request",
        (
            Change(
                "app/contract/edge.py",
                "        if self.exchange.traceparent is not None:\n",
                "        if False:\n",
            ),
        ),
        (
            by(
                TRACES,
                "test_an_answer_has_a_traceparent_where_the_request_had_a_valid_one",
                "assert None == ",
            ),
        ),
    ),
)
