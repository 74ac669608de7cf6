"""The header fields of answers: from their examples, or made from their schemas."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from typing import Any

from app.contract.document import Document
from app.contract.judge import ADDED_LATER
from app.contract.model import Header, Response
from app.contract.schema import Direction, Schemas
from codegen.mock import samples
from codegen.mock.answers import Choice
from codegen.mock.values import Values

MADE_IN_VAIN = "none"


class Fields:
    """Finds a value for each declared field that has an example or must not be missing."""

    def __init__(self, document: Document, schemas: Schemas, values: Values, seed: int) -> None:
        self._document = document
        self._schemas = schemas
        self._values = values
        tag = hashlib.sha256(str(seed).encode()).hexdigest()[:16]
        self._usual = {"etag": f'"{tag}"', "retry-after": 1, "location": "/"}

    def of(self, response: Response, challenge: str) -> dict[str, Any]:
        """Return names and values; raises Contradiction where a field has none."""
        usual = {**self._usual, "www-authenticate": challenge}
        found: dict[str, Any] = {}
        for name, header in response.headers.items():
            if header.constant is not None or name in ADDED_LATER:
                continue
            examples = [s.value for s in samples.examples(self._document, header.pointer)]
            if examples or header.required:
                found[header.name] = self._first(header, [*examples, usual.get(name)])
        return found

    def with_values(self, choice: Choice, values: Mapping[str, Any]) -> dict[str, Any]:
        """Return the fields of an answer, with these values by name in lower case where they are
        declared. Others that may be missing are, since their examples say nothing of this answer.
        """
        found: dict[str, Any] = {}
        for name, header in choice.response.headers.items():
            own = values.get(name)
            if own is not None and self.admits(header, own):
                found[header.name] = own
            elif header.required and header.name in choice.headers:
                found[header.name] = choice.headers[header.name]
        return found

    def admits(self, header: Header, value: Any) -> bool:
        """Whether a value is one of a field's schema."""
        if header.schema is None:
            return True
        return bool(self._schemas.validator(header.schema, Direction.RESPONSE).is_valid(value))

    def _first(self, header: Header, candidates: list[Any]) -> Any:
        for value in candidates:
            if value is not None and self.admits(header, value):
                return value
        if header.schema is None:
            return MADE_IN_VAIN
        return self._values.make(header.schema, lambda value: self.admits(header, value))
