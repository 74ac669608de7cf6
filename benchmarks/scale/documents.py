"""Invented documents of any size, written as people write them: every five operations are the
life of one kind of thing, whose schemas refer to those of its neighbour.
"""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from typing import Any

from benchmarks.scale import catalogue
from benchmarks.scale.things import Thing, id_parameter, paths_of, schemas_of

OPERATIONS_EACH = 5
THINGS_PER_TAG = 4
# fmt: off
ADJECTIVES = (
    "active", "brief", "central", "daily", "early", "final", "global", "hidden", "internal",
    "joint", "known", "local", "minor", "native", "open", "partial", "quick", "remote", "shared",
    "total",
)
NOUNS = (
    "account", "batch", "course", "device", "event", "folder", "group", "house", "invoice",
    "journal", "key", "lesson", "market", "note", "order", "parcel", "quote", "report", "station",
    "ticket",
)
# fmt: on
MOST = len(ADJECTIVES) * len(NOUNS) * OPERATIONS_EACH


def document(operations: int) -> dict[str, Any]:
    """OpenAPI 3.1 with so many operations, a multiple of five and MOST at most."""
    things = list(things_of(operations // OPERATIONS_EACH))
    return {
        "openapi": "3.1.0",
        "info": {"title": "A service of many things", "version": "1.0.0"},
        "tags": [{"name": tag} for tag in dict.fromkeys(thing.tag for thing in things)],
        "security": [{"bearer": []}],
        "paths": {path: item for thing in things for path, item in paths_of(thing).items()},
        "components": {
            "securitySchemes": {"bearer": {"type": "http", "scheme": "bearer"}},
            "x-problems": catalogue.problems([thing.name for thing in things]),
            "headers": catalogue.HEADERS,
            "parameters": catalogue.PARAMETERS
            | {f"{thing.model}Id": id_parameter(thing) for thing in things},
            "responses": catalogue.responses([thing.name for thing in things]),
            "schemas": catalogue.SCHEMAS
            | {name: schema for thing in things for name, schema in schemas_of(thing).items()},
        },
    }


def things_of(count: int) -> Iterator[Thing]:
    """Every second one belongs to the one before it."""
    names = [f"{a}_{n}" for a, n in itertools.islice(itertools.product(ADJECTIVES, NOUNS), count)]
    for number, name in enumerate(names):
        yield Thing(
            name=name,
            tag=f"{names[number // THINGS_PER_TAG * THINGS_PER_TAG]}_group",
            neighbour=names[number - 1],
            parent=names[number - 1] if number % 2 else None,
        )


FIRST = next(things_of(1))
