from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from codegen.mock.fitting import fit, patched, plain

ADMITS = jsonschema_rs.Draft202012Validator(
    {
        "type": "object",
        "additionalProperties": False,
        "required": ["id"],
        "properties": {
            "id": {"type": "integer"},
            "name": {"type": "string"},
            "bio": {"type": ["string", "null"]},
            "address": {"type": "object"},
        },
    }
).is_valid


def test_what_is_not_admitted_is_left_as_it_was() -> None:
    wanted = {"id": 2, "name": 5, "password": "secret", "bio": None}

    assert fit({"id": 1, "name": "Ada"}, wanted, ADMITS) == {"id": 2, "name": "Ada", "bio": None}


@pytest.mark.parametrize(
    ("patch", "expected"),
    [
        ({}, {"id": 1, "name": "Ada", "address": {"city": "London", "zip": "W1"}}),
        ({"name": None}, {"id": 1, "address": {"city": "London", "zip": "W1"}}),
        ({"id": None, "address": {"zip": None, "no": {"a": 1, "b": None}}},
         {"id": 1, "name": "Ada", "address": {"city": "London", "no": {"a": 1}}}),
        ({"address": {"city": ["a"]}},
         {"id": 1, "name": "Ada", "address": {"city": ["a"], "zip": "W1"}}),
        ({"address": "here", "bio": None},
         {"id": 1, "name": "Ada", "bio": None, "address": {"city": "London", "zip": "W1"}}),
    ],
)  # fmt: skip
def test_a_merge_patch_is_applied(patch: Any, expected: Any) -> None:
    members = {"id": 1, "name": "Ada", "address": {"city": "London", "zip": "W1"}}

    assert patched(members, patch, ADMITS) == expected


def test_files_of_a_form_are_no_members() -> None:
    assert plain({"title": "A", "cover": b"x", "photos": [b"x"], "tags": ["a"]}) == {
        "title": "A",
        "tags": ["a"],
    }
    assert plain([1]) == plain(None) == plain(b"x") == {}
