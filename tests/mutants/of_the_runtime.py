"""The contract runtime lets in what it must not, or answers at the wrong moment."""

from __future__ import annotations

from tests.mutants.checks import START, by, tests
from tests.mutants.mutant import Change, Mutant, Notice

CONTRACT = "app/contract/contract.py"
EVERY = "api/test_every_operation.py"
LATER = """
class _Later:
    def __init__(self, context: Any) -> None:
        self.context = context

    async def __aenter__(self) -> Any:
        return await self.context.__aenter__()

    async def __aexit__(self, *told: Any) -> None:
        __import__("asyncio").ensure_future(self.context.__aexit__(*told))


"""

MUTANTS = (
    Mutant(
        "no guard",
        "The service brings no guard for the document's security scheme",
        (Change("app/main.py", 'return {"oauth2": authenticate}', "return {}"),),
        (Notice(START, "the service has no guard for it"),),
    ),
    Mutant(
        "a guard that is not called",
        "The runtime never asks the guard",
        (
            Change(
                CONTRACT,
                "            actor = await endpoint.security.identify(context, offered)\n",
                "            actor = None\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_security.py",
                "test_a_bad_token_is_called_so",
                "test_a_bad_token_is_called_so - ",
            ),
            by(
                EVERY,
                "test_a_token_that_is_not_valid_is_refused_even_where_none_is_needed",
                "(500, 'internal_error') == (401, 'invalid_token')",
            ),
        ),
    ),
    Mutant(
        "credentials not demanded",
        "Nobody is refused for having sent no credentials",
        (
            Change(
                "app/contract/credentials.py",
                "        if not found and not self._admits_nobody:\n",
                "        if False:\n",
            ),
        ),
        (
            by(
                EVERY,
                "test_nobody_is_let_in_without_credentials",
                "(500, 'internal_error') == (401, 'unauthorized')",
            ),
        ),
    ),
    Mutant(
        "input before credentials",
        "Input is judged before the guard is asked",
        (
            Change(
                CONTRACT,
                "            actor = await endpoint.security.identify(context, offered)\n"
                "            call = endpoint.read(texts, content, context, actor)\n",
                "            endpoint.read(texts, content, context, None)\n"
                "            actor = await endpoint.security.identify(context, offered)\n"
                "            call = endpoint.read(texts, content, context, actor)\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_security.py",
                "test_credentials_are_judged_before_input",
                "assert 406 == 401",
            ),
        ),
    ),
    Mutant(
        "a commit after the answer, by the runtime",
        "The runtime sends the answer before it leaves the transaction",
        (
            Change(CONTRACT, "def raw_path_of(", LATER.lstrip() + "def raw_path_of("),
            Change(
                CONTRACT,
                "        async with self._open_context(endpoint.operation) as context:\n",
                "        async with _Later(self._open_context(endpoint.operation)) as context:\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_transaction.py",
                "test_the_commit_comes_before_the_first_byte",
                "At index 1 diff: 'answer starts' != 'commit'",
            ),
        ),
    ),
    Mutant(
        "no body limit",
        "A body may be of any length",
        (
            Change(
                "app/contract/bodies.py", "        if received > limit:\n", "        if False:\n"
            ),
            Change(
                "app/contract/bodies.py",
                "if any(length.isdecimal() and int(length[:20]) > limit for length in lengths):",
                "if False:",
            ),
        ),
        (by(EVERY, "test_a_body_beyond_its_limit_is_refused", "== (413, 'content_too_large')"),),
    ),
    Mutant(
        "no limit to a body of unknown length",
        "The limit holds for Content-Length only",
        (
            Change(
                "app/contract/bodies.py", "        if received > limit:\n", "        if False:\n"
            ),
        ),
        (
            by(
                "contract/runtime/test_bodies.py",
                "test_a_body_has_a_limit_whether_its_length_is_declared_or_not",
                "(200, None) == (413, 'content_too_large')",
            ),
        ),
    ),
    Mutant(
        "repeated members",
        "Of a member that comes twice in a JSON object the last one counts",
        (
            Change(
                "app/contract/json_text.py",
                "    if len(members) != len(pairs):\n",
                "    if False:\n",
            ),
        ),
        (
            by(
                "contract/runtime/test_bodies.py",
                "test_a_body_that_is_not_strict_json_is_malformed",
                "malformed[a repeated member] - ",
            ),
        ),
    ),
    Mutant(
        "unknown query parameters",
        "A query parameter that nobody declares is ignored",
        (
            Change(
                "app/contract/parameters.py",
                "if not all(any(reader.owns(name) for reader in self._query) for name in query):",
                "if False:",
            ),
        ),
        (
            by(
                EVERY,
                "test_an_unknown_query_parameter_is_refused",
                "(200, '') == (422, 'invalid_input')",
            ),
        ),
    ),
    Mutant(
        "one method in Allow",
        "405 names one method of the path only",
        (
            Change(
                "app/contract/paths.py",
                'names = {*self.methods, "OPTIONS"} | ',
                "names = list(self.methods)[:1] or ",
            ),
        ),
        (
            by(
                "contract/runtime/test_paths.py",
                "test_405_lists_every_method_of_the_path",
                "assert 'GET' == 'DELETE, GET,",
            ),
        ),
    ),
    Mutant(
        "input in an error",
        "422 repeats what the client sent, in the words of the validator",
        (
            Change(
                "app/contract/violations.py",
                "detail = sentence.format(limit=_limit(error.kind), types=_types(error.kind))",
                "detail = error.message",
            ),
        ),
        (
            by(
                "contract/runtime/test_edge.py",
                "test_a_refusal_never_repeats_what_the_client_sent",
                "assert 'zqx9' not in",
            ),
        ),
    ),
    Mutant(
        "two hosts",
        "A request may name several hosts",
        (
            Change(
                "app/contract/edge.py", "        if len(hosts) != 1 or", "        if not hosts or"
            ),
        ),
        (
            by(
                "contract/runtime/test_edge.py",
                "test_a_request_names_exactly_one_host",
                "(200, None) == (400, 'malformed_request')",
            ),
        ),
    ),
    Mutant(
        "int64 unbounded",
        "The gate takes the format int64 for no bound",
        (
            Change(
                "app/contract/schema.py",
                '    "int64": (-(2**63), 2**63 - 1),\n',
                '    "int64": (-(2**99), 2**99),\n',
            ),
        ),
        (
            by(
                "contract/runtime/test_probes.py",
                "test_values_are_what_json_schema_says",
                "assert 200 == 422",
            ),
        ),
    ),
    Mutant(
        "a dialect of its own",
        "The gate takes a closed schema for an open one",
        (
            Change(
                "app/contract/schema.py",
                "        _bound_integers(schema)\n        if narrows_times:\n",
                "        _bound_integers(schema)\n"
                '        schema.pop("additionalProperties", None)\n'
                "        if narrows_times:\n",
            ),
        ),
        (
            Notice(
                tests(
                    "contract/test_gate_agrees_with_the_document.py",
                    "test_they_agree_about_values_of_every_kind",
                    "test_the_gate_agrees_with_a_second_implementation",
                ),
                "assert True == False",
            ),
        ),
    ),
)
