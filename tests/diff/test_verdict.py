"""What breaks clients is released only when version and changelog say so and its sunset is past."""

from __future__ import annotations

import copy
from collections.abc import Callable
from datetime import date
from typing import Any

import pytest

from app.contract.document import Document
from codegen.diff.document import compare
from codegen.diff.verdict import objections
from tests.diff.edits.catalogue import HARMLESS
from tests.diff.edits.edit import LIST, operation, parameter
from tests.diff.test_changes import ours

TODAY = date(2027, 5, 1)
TOLD = "# Changelog\n\n## [{version}]\n\n### Breaking\n\n- `list_posts` is gone.\n\n### Added\n"
GOING = {"deprecated": True, "x-sunset": "2027-05-01"}


def judged(
    before: Callable[[dict[str, Any]], Any],
    after: Callable[[dict[str, Any]], Any],
    *,
    was: str = "1.2.0",
    now: str = "2.0.0",
    changelog: str | None = None,
) -> list[str]:
    old = copy.deepcopy(ours())
    old["info"]["version"] = was
    before(old)
    new = copy.deepcopy(old)
    new["info"]["version"] = now
    after(new)
    documents = Document(old), Document(new)
    text = TOLD.format(version=now) if changelog is None else changelog
    return objections(compare(*documents), *documents, changelog=text, today=TODAY)


def going(source: dict[str, Any]) -> None:
    operation(source).update(GOING)


def gone(source: dict[str, Any]) -> None:
    source["paths"][LIST].pop("get")


def test_what_was_announced_and_is_told_of_may_go() -> None:
    assert judged(going, gone) == []


@pytest.mark.parametrize(
    ("was", "now", "is_enough"),
    [
        ("1.2.0", "2.0.0", True),
        ("1.2.0", "2.0.0-rc.1", True),
        ("0.2.0", "0.3.0", True),
        ("0.2.0", "1.0.0", True),
        ("1.2.0", "1.3.0", False),
        ("1.2.0", "1.2.0", False),
        ("0.2.0", "0.2.1", False),
        ("2.0.0", "1.0.0", False),
        ("1", "2", False),
    ],
)
def test_the_version_has_to_say_so(was: str, now: str, *, is_enough: bool) -> None:
    found = judged(going, gone, was=was, now=now)

    assert [text for text in found if "info.version" in text] == ([] if is_enough else found)


@pytest.mark.parametrize(
    "changelog",
    [
        "",
        "## [1.2.0]\n\n### Breaking\n\n- `list_posts` is gone.\n",
        "## [2.0.0]\n\n### Removed\n\n- `list_posts` is gone.\n",
        "## [2.0.0]\n\n### Breaking\n\n- Something.\n\n### Added\n\n- `list_posts`\n",
        "## [2.0.0]\n\n### Breaking\n\n## [1.0.0]\n\n- `list_posts`\n",
    ],
)
def test_the_changelog_has_to_say_so(changelog: str) -> None:
    (objection,) = judged(going, gone, changelog=changelog)

    assert "CHANGELOG.md" in objection


@pytest.mark.parametrize(
    "notice",
    [
        {},
        {"deprecated": True},
        {"deprecated": True, "x-sunset": "2027-05-02"},
        {"deprecated": False, "x-sunset": "2027-04-01"},
    ],
)
def test_the_old_way_has_to_have_been_announced(notice: dict[str, Any]) -> None:
    (objection,) = judged(lambda s: operation(s).update(notice), gone)

    assert "No sunset has passed for the old way of list_posts" in objection


def test_a_parameter_can_be_announced_by_itself() -> None:
    def drop(source: dict[str, Any]) -> None:
        reference = {"$ref": "#/components/parameters/AuthorId"}
        operation(source)["parameters"].remove(reference)

    assert judged(lambda s: parameter(s, "AuthorId").update(GOING), drop) == []


@pytest.mark.parametrize("edit", HARMLESS, ids=lambda edit: edit.name)
def test_what_breaks_nobody_needs_no_more_than_itself(edit: Any) -> None:
    assert judged(lambda _: None, edit.make, now="1.2.0", changelog="") == []
