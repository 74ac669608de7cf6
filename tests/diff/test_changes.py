"""Every deliberate edit is told of by its rule, at its place, as grave as it is."""

from __future__ import annotations

import copy
import json
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from app.contract.document import Document
from codegen.diff.changes import Change, Severity
from codegen.diff.document import compare, compare_readings
from codegen.diff.reading import Reading
from generated import DOCUMENT
from tests.codegen.golden import CASES, generated
from tests.diff.edits.catalogue import BREAKING, HARMLESS
from tests.diff.edits.edit import Edit, schema
from tests.diff.edits.written import WRITTEN_OTHERWISE


@cache
def ours() -> dict[str, Any]:
    source: dict[str, Any] = json.loads(DOCUMENT.read_bytes())
    return source


@cache
def our_reading() -> Reading:
    return Reading(Document(ours()))


def after(make: Callable[[dict[str, Any]], Any]) -> list[Change]:
    edited = copy.deepcopy(ours())
    make(edited)
    return compare_readings(our_reading(), Reading(Document(edited)))


@pytest.mark.parametrize("edit", BREAKING, ids=lambda edit: edit.name)
def test_a_breaking_edit_is_caught(edit: Edit) -> None:
    caught = [c for c in after(edit.make) if c.rule == edit.rule and c.pointer.endswith(edit.at)]

    assert caught
    assert all(change.is_breaking for change in caught)


@pytest.mark.parametrize("edit", HARMLESS, ids=lambda edit: edit.name)
def test_a_harmless_edit_is_told_of_and_breaks_nothing(edit: Edit) -> None:
    changes = after(edit.make)

    assert [c for c in changes if c.rule == edit.rule and c.pointer.endswith(edit.at)]
    assert not [change for change in changes if change.is_breaking]


@pytest.mark.parametrize("make", WRITTEN_OTHERWISE.values(), ids=WRITTEN_OTHERWISE.keys())
def test_what_is_only_written_otherwise_changes_nothing_for_clients(
    make: Callable[[dict[str, Any]], Any],
) -> None:
    assert {change.severity for change in after(make)} <= {Severity.DOCS}


@pytest.mark.parametrize("case", CASES)
def test_a_document_does_not_differ_from_itself(case: str) -> None:
    source = json.loads(generated(case)["openapi.json"])

    assert compare(Document(source), Document(copy.deepcopy(source))) == []


def test_a_change_names_every_operation_that_it_concerns() -> None:
    (change,) = after(lambda s: schema(s, "Post")["required"].remove("content"))

    assert change.operations == ("list_posts", "create_post", "get_post", "update_post")


def test_schemas_that_contain_each_other_are_compared_to_the_end() -> None:
    def source(bound: int) -> dict[str, Any]:
        tree = {"type": "array", "items": {"$ref": "#/components/schemas/Tree"}}
        leaf = {"type": "string", "maxLength": bound}
        node = {
            "properties": {
                "below": tree,
                "leaf": leaf,
                "self": {"$ref": "#/components/schemas/Tree"},
            }
        }
        answer = {"$ref": "#/components/schemas/Tree"}
        content = {"application/json": {"schema": answer}}
        read = {
            "operationId": "read",
            "responses": {"200": {"description": "", "content": content}},
        }
        return {
            "openapi": "3.1.0",
            "info": {"title": "Trees", "version": "1.0.0"},
            "paths": {"/tree": {"get": read}},
            "components": {"schemas": {"Tree": node}},
        }

    (change,) = compare(Document(source(5)), Document(source(6)))

    assert change.rule == "response-max-length-widened"


def test_a_map_that_is_closed_admits_less() -> None:
    def source(**more: Any) -> dict[str, Any]:
        body = {"content": {"application/json": {"schema": {"type": "object", **more}}}}
        send = {
            "operationId": "send",
            "requestBody": body,
            "responses": {"204": {"description": ""}},
        }
        info = {"title": "Maps", "version": "1.0.0"}
        return {"openapi": "3.1.0", "info": info, "paths": {"/": {"post": send}}}

    (change,) = compare(Document(source()), Document(source(additionalProperties=False)))

    assert change.rule == "request-additional-properties-narrowed"
    assert change.is_breaking
