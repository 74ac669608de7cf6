"""The representation that an answer has: an example of it, and what else its schema admits."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from app.contract.document import Document
from app.contract.media import is_json
from app.contract.schema import Direction, Schemas
from app.contract.shapes import Shape
from codegen.mock.answers import Choice
from codegen.mock.fitting import Admits, Members, fit


@dataclass(frozen=True, slots=True)
class Form:
    """Objects of one schema. `example` is one of them."""

    shape: Shape
    example: Members
    admits: Admits

    @classmethod
    def at(cls, pointer: str, example: Any, document: Document, schemas: Schemas) -> Form | None:
        """Return the form of a schema, None where its example is no object."""
        if not isinstance(example, dict):
            return None
        validator = schemas.validator(pointer, Direction.RESPONSE)
        return cls(Shape.of(document.source, pointer), example, validator.is_valid)

    def known(self, members: Mapping[str, Any]) -> Members:
        """Return those of the members that objects of this form are known to have."""
        names = {*self.example, *self.shape.properties}
        return {name: value for name, value in members.items() if name in names}

    def of(self, members: Members) -> Members:
        """Return an object of this form that has as many of the members as can be."""
        if self.admits(members):
            return members
        return fit(self.example, self.known(members), self.admits)


def form_of(choice: Choice, document: Document, schemas: Schemas) -> Form | None:
    """Return the form of an answer's body, None where it is no JSON object."""
    media_type, sample = choice.media_type, choice.sample
    if media_type is None or media_type.schema is None or sample is None or media_type.is_stream:
        return None
    if choice.code is not None or not is_json(media_type.name):
        return None
    return Form.at(media_type.schema, sample.value, document, schemas)
