"""What has been created in a mock, in memory, the newest last."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from codegen.mock.resources import Key

# The oldest is forgotten beyond it.
MOST_RECORDS = 10_000


@dataclass(slots=True)
class Record:
    """One thing that was created: the members of its representation."""

    key: Key
    parents: Key
    members: dict[str, Any]

    @property
    def etag(self) -> str:
        """A strong entity tag, another one after each change."""
        return tag_of([self.key, self.members])


@dataclass(slots=True)
class Shelf:
    """The records of one resource. `created` counts them, those that are gone included."""

    records: dict[Key, Record] = field(default_factory=dict)
    created: int = 0

    def put(self, record: Record) -> None:
        """Keep a record."""
        self.records[record.key] = record
        if len(self.records) > MOST_RECORDS:
            del self.records[next(iter(self.records))]

    def newest_first(self, parents: Key) -> Iterator[Record]:
        """Yield what was created in one collection."""
        yield from (r for r in reversed(self.records.values()) if r.parents == parents)


def tag_of(value: Any) -> str:
    """Return an entity tag of a JSON value."""
    return f'"{hashlib.sha256(json.dumps(value).encode()).hexdigest()[:16]}"'
