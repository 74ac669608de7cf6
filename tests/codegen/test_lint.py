"""Each house rule is broken once on purpose; our own document breaks none."""

from __future__ import annotations

import functools
from pathlib import Path
from typing import Any

import pytest

from codegen import lint
from codegen.bundle import Bundle, bundle
from codegen.rules import RULES
from tests.codegen.golden import HERE
from tests.codegen.patching import REMOVED, patched

OPENAPI = HERE.parents[1] / "openapi"
POSTS = "#/paths/~1api~1v1~1posts"
USER = "#/components/schemas/User"
LOG_IN = "#/paths/~1api~1v1~1auth~1login/post"
LIMITED = "#/components/responses/TooManyRequests/headers"
FORBIDDEN = "#/components/responses/UserUpdateForbidden"

BREAKS: list[tuple[str, dict[str, Any], str]] = [
    ("operation-id-snake-case", {f"{POSTS}/post/operationId": "createPost"}, "createPost is not"),
    ("operation-id-snake-case", {f"{POSTS}/post/operationId": REMOVED}, "no operationId"),
    ("one-tag-per-operation", {f"{POSTS}/post/tags": ["posts", "users"]}, "2 tags"),
    ("one-tag-per-operation", {f"{POSTS}/post/tags": ["drafts"]}, "drafts is not declared"),
    ("explicit-security", {f"{POSTS}/post/security": REMOVED}, "not stated"),
    ("no-default-response", {f"{POSTS}/post/responses/4XX": {"description": "."}}, "anything"),
    ("required-statuses", {f"{POSTS}/post/responses/413": REMOVED}, "413 is not declared"),
    ("required-statuses", {f"{POSTS}/post/responses/503": REMOVED}, "503 is not declared"),
    ("required-statuses", {f"{POSTS}/get/responses/304": REMOVED}, "304 is not declared"),
    ("required-statuses", {f"{POSTS}/get/responses/422": REMOVED}, "422 is not declared"),
    ("required-statuses", {f"{POSTS}/get/responses/200": REMOVED}, "0 successes"),
    ("no-idle-statuses", {f"{POSTS}/post/requestBody": REMOVED}, "never answered"),
    ("no-idle-statuses", {f"{POSTS}/get/parameters": []}, "never answered"),
    ("no-idle-statuses", {f"{POSTS}/get/x-database": False}, "never answered"),
    ("creations-repeatable", {f"{POSTS}/post/parameters": []}, "takes no Idempotency-Key"),
    (
        "creations-repeatable",
        {"#/components/responses/IdempotencyKeyInUse/x-problems": []},
        "idempotency_key_in_use is not declared",
    ),
    (
        "creations-repeatable",
        {"#/components/responses/InvalidInputOrKeyReused/x-problems": ["invalid_input"]},
        "idempotency_key_reused is not declared",
    ),
    (
        "creations-repeatable",
        {f"{POSTS}/post/responses/201/headers/Idempotent-Replayed": REMOVED},
        "Idempotent-Replayed is not declared",
    ),
    (
        "required-headers-everywhere",
        {"#/components/responses/Unavailable/headers/Retry-After": REMOVED},
        "Retry-After is not declared",
    ),
    (
        "required-headers-everywhere",
        {"#/components/headers/RequestId/required": False},
        "X-Request-Id is not required",
    ),
    ("rate-limits-declared", {f"{LOG_IN}/responses/429": REMOVED}, "does not declare 429"),
    ("rate-limits-declared", {f"{LOG_IN}/x-rate-limit": REMOVED}, "has no x-rate-limit"),
    ("rate-limits-declared", {f"{LOG_IN}/x-rate-limit": []}, "has no x-rate-limit"),
    (
        "rate-limits-declared",
        {"#/tags/3/x-rate-limit": [{"name": "all", "limit": 1, "window": 1, "per": "everyone"}]},
        "get_health has a rate limit and does not declare 429",
    ),
    (
        "rate-limits-declared",
        {f"{LIMITED}/Retry-After": REMOVED},
        "the header Retry-After is not declared",
    ),
    (
        "rate-limits-declared",
        {f"{LIMITED}/RateLimit": REMOVED},
        "the header RateLimit is not declared",
    ),
    (
        "rate-limits-declared",
        {f"{LOG_IN}/responses/200/headers/RateLimit-Policy": REMOVED},
        "the header RateLimit-Policy is not declared",
    ),
    (
        "rate-limits-declared",
        {"#/components/headers/RateLimit/required": False},
        "the header RateLimit is not required",
    ),
    ("links-from-create", {f"{POSTS}/post/responses/201/links": {}}, "the new id to get_post"),
    ("staleness-is-a-choice", {f"{POSTS}/post/x-max-staleness": 2}, "POST does not only read"),
    ("staleness-is-a-choice", {f"{POSTS}/get/x-max-staleness": 61}, "more than 60 seconds"),
    ("staleness-is-a-choice", {f"{POSTS}/get/security": []}, "security must be optional"),
    ("staleness-is-a-choice", {f"{POSTS}/get/x-database": False}, "x-database: false"),
    ("strings-bounded", {f"{USER}/properties/username/maxLength": REMOVED}, "no maxLength"),
    ("no-u0000", {f"{USER}/properties/bio/pattern": "^[^a]*$"}, "the pattern matches"),
    ("no-u0000", {f"{USER}/properties/bio/pattern": "[a-z]*"}, "not anchored"),
    ("no-u0000", {f"{USER}/properties/bio/pattern": r"^\d.$"}, "a dot outside"),
    ("integers-bounded", {f"{USER}/properties/id/maximum": REMOVED}, "no maximum"),
    ("integers-bounded", {f"{USER}/properties/id/format": "int32"}, "do not lie in int32"),
    ("integers-bounded", {f"{USER}/properties/id/format": "int16"}, "none of int32"),
    (
        "echoed-parameters-fit",
        {"#/components/parameters/PageSize/schema/maximum": 200},
        "maximum is narrower than that of the parameter of list_posts: 200",
    ),
    (
        "echoed-parameters-fit",
        {"#/components/parameters/PageSize/schema/maximum": REMOVED},
        "maximum is narrower than that of the parameter of list_posts: none",
    ),
    (
        "echoed-parameters-fit",
        {"#/components/schemas/PostPage/properties/page_size/minimum": 2},
        "minimum is narrower",
    ),
    (
        "pages-hold-what-is-asked",
        {"#/components/parameters/PageSize/schema/maximum": 101},
        "maxItems is less than the 101 that list_posts may be asked for by page_size",
    ),
    (
        "pages-hold-what-is-asked",
        {"#/components/schemas/UserPage/properties/users/maxItems": 99},
        "maxItems is less than the 100 that list_users",
    ),
    (
        "arrays-bounded",
        {"#/components/schemas/UserPage/properties/users/maxItems": REMOVED},
        "no m",
    ),
    ("objects-closed", {f"{USER}/additionalProperties": True}, "is open"),
    ("no-inline-objects", {f"{USER}/properties/bio": {"type": "object"}}, "stands inline"),
    ("no-inline-objects", {f"{USER}/anyOf": [{"type": "object"}]}, "anyOf is not used"),
    ("problem-responses-list-codes", {f"{FORBIDDEN}/x-problems": []}, "does not list"),
    (
        "problem-responses-list-codes",
        {f"{FORBIDDEN}/content/text~1plain": {}},
        "the content is not",
    ),
    ("problem-responses-list-codes", {f"{FORBIDDEN}/x-problems/0": "wrong_password"}, "twice"),
    (
        "problem-responses-list-codes",
        {f"{FORBIDDEN}/x-problems/0": "forbidden"},
        "no example named",
    ),
    ("problem-status-matches-catalogue", {f"{FORBIDDEN}/x-problems/0": "email_taken"}, "no 403"),
    (
        "problem-status-matches-catalogue",
        {"#/components/x-problems/not_yourself/title": "Else"},
        "has title unlike",
    ),
    ("every-catalogue-code-used-or-runtime", {"#/components/x-problems/new": {}}, "no response"),
    (
        "catalogue-entries-complete",
        {"#/components/x-problems/conflict/detail": "Ü"},
        "cannot be sent",
    ),
    ("catalogue-entries-complete", {"#/components/x-problems/A": {}}, "not of the form"),
    (
        "catalogue-entries-complete",
        {"#/components/x-problems/conflict/description": REMOVED},
        "miss",
    ),
    ("catalogue-entries-complete", {"#/components/x-problems/conflict/when": REMOVED}, "when is m"),
    ("catalogue-entries-complete", {"#/components/x-problems/conflict/remedy": REMOVED}, "remedy"),
    ("examples-present", {f"{USER}/examples": REMOVED}, "no examples"),
    ("examples-present", {f"{USER}/examples/0/id": "x"}, "not one of its schema"),
    ("descriptions-present", {f"{USER}/description": REMOVED}, "no description"),
    ("descriptions-present", {f"{USER}/properties/bio/description": "Bio"}, "does not end"),
    ("descriptions-present", {f"{POSTS}/post/summary": "Write it."}, "ends in a stop"),
    ("descriptions-present", {f"{POSTS}/post/summary": REMOVED}, "no summary"),
]
TEXTS = dict.fromkeys(("title", "detail", "description", "when", "remedy"), "New.")
COMPLETE = {"status": 409, **TEXTS}


@functools.cache
def ours() -> Bundle:
    return bundle(OPENAPI / "openapi.yaml")


def findings_of(source: dict[str, Any], rule: str) -> list[str]:
    rules = [r for r in lint.read_rules(OPENAPI / "rules.yaml") if r["id"] == rule]
    subject = Bundle(source, ours().files, ours().origins)
    return [str(finding) for finding in lint.lint(subject, rules)]


@pytest.mark.parametrize(("rule", "changes", "text"), BREAKS)
def test_a_rule_names_what_breaks_it(rule: str, changes: dict[str, Any], text: str) -> None:
    filled = {
        at: COMPLETE if value == {} and "x-problems" in at else value
        for at, value in changes.items()
    }
    found = findings_of(patched(ours().source, filled), rule)
    assert any(f": {rule}: " in finding and text in finding for finding in found), found


def test_each_rule_is_broken_once() -> None:
    assert {rule for rule, _, _ in BREAKS} == set(RULES)


def test_our_document_breaks_no_rule(capsys: pytest.CaptureFixture[str]) -> None:
    arguments = [str(OPENAPI / "openapi.yaml"), "--rules", str(OPENAPI / "rules.yaml")]
    assert lint.main(arguments) == 0
    assert capsys.readouterr().out == ""


def test_a_rule_that_nobody_carries_out_is_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rules = tmp_path / "rules.yaml"
    rules.write_text("rules:\n  - id: be-nice\n", encoding="utf-8")
    assert lint.main([str(OPENAPI / "openapi.yaml"), "--rules", str(rules)]) == 1
    assert capsys.readouterr().out == "rules.yaml #/rules/0/id: there is no rule 'be-nice'\n"
