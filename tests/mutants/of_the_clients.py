"""The client packages, the mock and the pages do what nobody would notice in the service."""

from __future__ import annotations

from tests.mutants.checks import SDK_CURRENT, by
from tests.mutants.mutant import Change, Mutant, Notice

TOKENS = "sdk/test_behaviour.py"
MOCKED, REPERTOIRE = "codegen/mock/application.py", "codegen/mock/repertoire.py"
LOCKED = (
    "        async with self._http.ways.turn():\n"
    "            tokens = self._current()\n"
    "            renewed_meanwhile ="
)
UNLOCKED = LOCKED.replace("async with self._http.ways.turn()", "if self._http")


def in_the_layer(file: str, old: str, new: str) -> tuple[Change, Change]:
    """A change of the layer, and of the package that it is a part of, as `make sdk` writes it."""
    places = ("sdk/python/layer", "generated/sdk/python/src/colophon_sdk")
    first, second = (Change(f"{place}/{file}", old, new) for place in places)
    return first, second


CLIENTS = (
    Mutant(
        "a call repeated that may be done twice",
        "The Python client sends a POST again after a broken connection",
        in_the_layer("retries.py", '{"PUT", "DELETE"}', '{"PUT", "DELETE", "PATCH", "POST"}'),
        (
            by(TOKENS, "test_only_what_may_be_done_twice_is_repeated[blocking-call17-first17-1]",
               "assert 2 == 1"),
        ),
    ),
    Mutant(
        "tokens renewed by everybody",
        "The Python client renews a token without waiting for its turn",
        in_the_layer("sign_in.py", LOCKED, UNLOCKED),
        (
            by(TOKENS, "test_many_calls_at_once_renew_the_token_once[awaited-tokens0]",
               "Left contains 7 more items"),
        ),
    ),
    Mutant(
        "a list that ends early",
        "The TypeScript client yields the first page of a list alone",
        (
            Change(
                "sdk/typescript/layer/paging.ts",
                "if (following === null || following === undefined || following === '') {",
                "if (following !== here) {",
            ),
        ),
        (
            by("sdk/test_build.py", "test_another_document_gets_the_same_typescript_package",
               "[ 'lamp' ]"),
        ),
    ),
    Mutant(
        "a package edited by hand",
        "A file of the Python package is not what the document generates",
        (
            Change(
                "generated/sdk/python/src/colophon_sdk/problems.py",
                'code = "post_not_found"',
                'code = "post_missing"',
            ),
        ),
        (Notice(SDK_CURRENT, "colophon_sdk/problems.py is not what"),),
    ),
)  # fmt: skip
MOCK = (
    Mutant(
        "a mock that answers anything",
        "The mock answers a status that the document does not declare",
        (
            Change(
                REPERTOIRE,
                "            return [found] if found is not None else []\n",
                "            return [found or next(iter(self.operation.responses.values()))]\n",
            ),
        ),
        (
            by("mock/test_answers.py",
               "test_a_preference_that_cannot_be_met_is_a_declared_problem",
               "assert 500 == 400"),
        ),
    ),
    Mutant(
        "a mock that takes any credential",
        "The mock does not look at the form of a token",
        (Change(MOCKED, "            raise InvalidToken\n", "            pass\n"),),
        (
            by("mock/test_other_documents.py",
               "test_credentials_are_asked_for_as_the_document_says",
               "assert 204 == 401"),
        ),
    ),
)  # fmt: skip
PAGES = (
    Mutant(
        "a page that does not escape",
        "The page of a problem shows its title as HTML",
        (
            Change(
                "app/pages/problems.py",
                "<h1>{escape(entry['title'])}</h1>",
                "<h1>{entry['title']}</h1>",
            ),
        ),
        (
            by("pages/test_problems.py", "test_a_document_without_texts_has_pages_as_well",
               "assert 'odd' == 'h1'"),
        ),
    ),
    Mutant(
        "a page that may do anything",
        "Pages run scripts of everywhere",
        (Change("app/pages/layout.py", "default-src 'none'", "default-src *"),),
        (
            by("pages/test_serving.py",
               "test_a_page_loads_files_of_this_service_only_and_may_do_nothing_else",
               "== \"'none'\""),
        ),
    ),
)  # fmt: skip
MUTANTS = (*CLIENTS, *MOCK, *PAGES)
