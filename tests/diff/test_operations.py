"""Addresses, parameters, statuses, credentials, webhooks: what is around the schemas."""

from __future__ import annotations

import copy
from typing import Any

import pytest

from tests.codegen.patching import REMOVED, patched
from tests.diff.cases.around import BASE, BREAKING, GET, HARMLESS
from tests.diff.small import compared, rules


def base_for(rule: str) -> dict[str, Any]:
    """Changes of a deprecation need one that is there already."""
    is_deprecated = rule.startswith(("sunset", "no-longer"))
    marks = {f"{GET}/deprecated": True, f"{GET}/x-sunset": "2027-06-30"}
    return patched(BASE, marks) if is_deprecated else BASE


@pytest.mark.parametrize(
    ("changes", "rule"), [c[1:] for c in BREAKING], ids=[c[0] for c in BREAKING]
)
def test_what_breaks_a_client_is_told(changes: dict[str, Any], rule: str) -> None:
    old = base_for(rule)
    assert rules(old, patched(old, changes)).get(rule) == "breaking"


@pytest.mark.parametrize(
    ("changes", "rule"), [c[1:] for c in HARMLESS], ids=[c[0] for c in HARMLESS]
)
def test_what_breaks_no_client_is_not(changes: dict[str, Any], rule: str) -> None:
    old = base_for(rule)
    found = rules(old, patched(old if changes else BASE, changes))
    assert found == ({rule: "additive"} if rule else {})


def test_a_renamed_path_parameter_leaves_the_address_as_it_is() -> None:
    item = copy.deepcopy(BASE["paths"]["/things/{thing_id}"])
    item["parameters"][0]["name"] = "id"
    new = {**BASE, "paths": {"/things/{id}": item}}
    assert rules(BASE, new) == {"path-parameter-renamed": "breaking"}


def test_security_of_the_document_concerns_those_that_say_nothing_themselves() -> None:
    found = compared(BASE, patched(BASE, {"#/security": [{"key": []}]}))
    assert [f.rule for f in found] == [
        "security-narrowed",
        "security-widened",
    ]
    assert {f.operations for f in found} == {("get_thing",)}
    assert {f.new for f in found} == {"#/security"}


def test_a_callback_is_told_of_as_part_of_its_operation() -> None:
    callbacks = "#/paths/~1things~1{thing_id}/put/callbacks"
    (change,) = [c for c in compared(BASE, patched(BASE, {callbacks: REMOVED})) if c.is_breaking]

    assert (change.rule, change.operations) == ("callback-removed", ("put_thing",))
