"""That the users of a run of Schemathesis are those whom its configuration names."""

import tomllib
from typing import Any

import pytest

from tests.contract import users
from tests.processes import ROOT

CONFIG: dict[str, Any] = tomllib.loads((ROOT / "schemathesis.toml").read_text())
DOCUMENT_TEXT = (ROOT / "generated/openapi.json").read_text()
HOOKS = (ROOT / "tests/contract/hooks.py").read_text()


def test_equals_must_never_see_what_is_each_others() -> None:
    assert tuple(CONFIG["auth"]["wfc"]["peers"]) == users.EQUALS


@pytest.mark.parametrize("name", ["usernames", "passwords", "refresh_tokens"])
def test_the_values_that_the_hooks_look_for_are_examples_of_the_document(name: str) -> None:
    for value in CONFIG["dictionaries"][name]["values"]:
        assert f'"{value}"' in DOCUMENT_TEXT
        assert value in HOOKS or name == "passwords"
