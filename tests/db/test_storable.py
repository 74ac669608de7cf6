from __future__ import annotations

import copy
import json
from collections.abc import Callable
from typing import Any

import pytest
from sqlalchemy import Column, Integer, MetaData, Table

from tests.db.landing import WRITTEN
from tests.db.storable import DOCUMENT, findings

Document = dict[str, Any]


@pytest.fixture
def document() -> Document:
    found: Document = json.loads(DOCUMENT.read_text())
    return found


def test_every_value_that_the_document_admits_can_be_stored(document: Document) -> None:
    assert findings(document) == []


@pytest.mark.parametrize(
    ("schema", "member", "change", "said"),
    [
        ("PostCreate", "title", {"maxLength": 256}, "256 characters are admitted, 255 fit"),
        ("PostUpdate", "content", {"minLength": 0}, "the column wants 1"),
        ("UserUpdate", "username", {"type": ["string", "null"]}, "NOT NULL"),
        ("UserUpdate", "bio", {"pattern": ""}, "U+0000"),
        ("UserCreate", "username", {"pattern": r"^\w+$"}, "beyond ASCII"),
        ("UserUpdate", "is_active", {"type": "integer"}, "holds none"),
        ("PostCreate", "published", {"type": "array"}, "no column holds"),
        ("PostCreate", "summary", {"type": "string"}, "no such column"),
        ("Post", "title", {"maxLength": 200}, "more than can be shown"),
        ("User", "bio", {"type": "string"}, "cannot be shown"),
    ],
)
def test_a_document_that_admits_more_is_found_out(
    document: Document, schema: str, member: str, change: dict[str, Any], said: str
) -> None:
    members = document["components"]["schemas"][schema]["properties"]
    members[member] = {**members.get(member, {}), **change}

    assert any(f"{schema}.{member}" in f and said in f for f in findings(document))


def test_a_column_that_is_shorter_than_the_document_is_found_out(document: Document) -> None:
    shorter = WRITTEN["PostCreate"].to_metadata(MetaData())
    shorter.c.title.info["longest"] = 254

    assert findings(document, {**WRITTEN, "PostCreate": shorter}) == [
        "PostCreate.title: 255 characters are admitted, 254 fit"
    ]


def test_an_integer_that_is_wider_than_its_column_is_found_out(document: Document) -> None:
    narrow = Table("posts", MetaData(), Column("rank", Integer))
    document["components"]["schemas"]["PostUpdate"]["properties"] = {
        "rank": {"type": "integer", "minimum": 0, "maximum": 2**31}
    }

    assert findings(document, {**WRITTEN, "PostUpdate": narrow}) == [
        "PostUpdate.rank: integers beyond the column's 2147483647 are admitted"
    ]


def leave_out_title(document: Document) -> None:
    document["components"]["schemas"]["PostCreate"]["required"].remove("title")


def widen_ids(document: Document) -> None:
    document["components"]["parameters"]["PostId"]["schema"]["maximum"] = 2**63


def add_body(document: Document) -> None:
    post = copy.deepcopy(document["paths"]["/api/v1/posts"]["post"])
    post["requestBody"]["content"]["application/json"]["schema"] = {"type": "object"}
    document["paths"]["/api/v1/other"] = {"post": post}


@pytest.mark.parametrize(
    ("change", "said"),
    [
        (leave_out_title, "PostCreate: title may be left out, and has no default"),
        (widen_ids, "parameter PostId: integers beyond bigint are admitted"),
        (add_body, "create_post: nobody has said where its body is stored"),
    ],
)
def test_other_misfits_are_found_out(
    document: Document, change: Callable[[Document], None], said: str
) -> None:
    change(document)

    assert said in findings(document)
