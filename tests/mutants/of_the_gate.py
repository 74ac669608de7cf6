"""The gate on the way out lets everything pass: the tests' own judge is the second one to ask."""

from __future__ import annotations

from tests.mutants.checks import FUZZ, by, tests
from tests.mutants.mutant import Change, Mutant, Notice
from tests.mutants.of_handlers import MUTANTS as WRONG_ANSWERS
from tests.mutants.of_handlers import READ

JUDGE, CONTRACT = "app/contract/judge.py", "app/contract/contract.py"
GATE_TESTS = tests("contract/runtime/test_gate.py")
LEFT = "assert (201, None) == (500, 'internal_error')"
BODIES_PASS = Change(
    JUDGE,
    "        if content.validator is None or content.validator.is_valid(value):\n",
    "        if True:\n",
)
HEADERS_PASS = Change(
    JUDGE,
    "            elif header.is_required and header.constant is None:\n",
    "            elif False:\n",
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
                "return endpoint.answer(await endpoint.handler(call), call, texts)\n",
                "result = await endpoint.handler(call)\n"
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
)
