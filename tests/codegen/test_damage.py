"""A document that is damaged anywhere is refused or generated from; nothing breaks down."""

from __future__ import annotations

import contextlib
import copy
import json
import random
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from codegen import schemas
from codegen.findings import RefusedError
from codegen.generate import Options, generate
from tests.codegen.golden import CASES, generated

WORDS = (
    *("type", "$ref", "properties", "required", "items", "in", "name", "schema", "default", "enum"),
    *("parameters", "responses", "x-problems", "content", "security", "tags", "operationId"),
    *("servers", "nullable", "allOf", "discriminator", "headers", "links", "examples", "format"),
)
VALUES: tuple[Any, ...] = (
    *(None, True, 5, -1.5, "x", "", "200", "#", "#/paths", "#/components/schemas/X", "a.yaml#/x"),
    *([], {}, ["a"], [1], [{}], {"type": "string"}, {"$ref": "#/x"}, {"oneOf": [{}]}, {"a": 1}),
)


def places(node: Any, path: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    if path:
        yield path
    if isinstance(node, dict | list):
        for key, value in node.items() if isinstance(node, dict) else enumerate(node):
            yield from places(value, (*path, key))


def damaged(source: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """Return a copy with one member changed, removed or added."""
    copied = copy.deepcopy(source)
    *above, last = chance.choice(list(places(copied)))
    owner: Any = copied
    for step in above:
        owner = owner[step]
    kind = chance.choice(("change", "remove", "add"))
    if kind == "remove":
        del owner[last]
    elif kind == "add" and isinstance(owner, dict):
        owner[chance.choice(WORDS)] = copy.deepcopy(chance.choice(VALUES))
    else:
        owner[last] = copy.deepcopy(chance.choice(VALUES))
    return copied


@pytest.mark.parametrize("seed", range(8))
def test_damage_is_refused_or_does_no_harm(
    seed: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(schemas, "render", lambda _: "")
    chance = random.Random(seed)  # noqa: S311 - a repeatable choice, not a secret
    source = json.loads(generated(chance.choice(CASES))["openapi.json"])
    path = tmp_path / "document.json"
    for _ in range(40):
        path.write_text(json.dumps(damaged(source, chance)), encoding="utf-8")
        with contextlib.suppress(RefusedError):
            assert generate(path, Options(add_problems=True))[0]["openapi.json"]
