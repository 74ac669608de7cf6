"""What a schema may admit, as far as it helps to read a text: the schema itself then judges."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from app.contract import pointers
from app.contract.json_text import number
from app.contract.schema import reading_types

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,399})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?")


@dataclass(frozen=True)
class Shape:
    """What a schema may admit, as far as it helps to read a text."""

    source: dict[str, Any]
    pointer: str

    @classmethod
    def of(cls, source: dict[str, Any], pointer: str) -> Shape:
        """Return the shape of the schema at `pointer` of a document."""
        return cls(source, pointers.resolve(source, pointer)[1])

    @cached_property
    def schema(self) -> dict[str, Any]:
        """The schema itself."""
        return pointers.lookup(self.source, self.pointer)  # type: ignore[no-any-return]

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types it may admit."""
        return reading_types(self.source, self.pointer)

    @cached_property
    def is_structured(self) -> bool:
        """Whether it is an array or an object rather than a scalar."""
        return bool(self.types & {"array", "object"}) and "string" not in self.types

    @property
    def is_object(self) -> bool:
        """Whether it is read as an object."""
        return self.is_structured and "object" in self.types

    @cached_property
    def items(self) -> Shape | None:
        """The shape of an array's items, None where the schema is silent."""
        return self._below("items")

    @cached_property
    def properties(self) -> dict[str, Shape]:
        """The shapes of an object's members, those of `allOf` included."""
        found: dict[str, Shape] = {}
        for index in range(len(self.schema.get("allOf", []))):
            found |= self._at("allOf", index).properties
        for name, schema in self.schema.get("properties", {}).items():
            if isinstance(schema, dict):
                found[name] = self._at("properties", name)
        return found

    @cached_property
    def is_open(self) -> bool:
        """Whether it admits members that it does not name."""
        return self.schema.get("additionalProperties", True) is not False

    def member(self, name: str) -> Shape | None:
        """Return the shape of a member of an object, None where the schema is silent."""
        return self.properties.get(name) or self._below("additionalProperties")

    def _below(self, keyword: str) -> Shape | None:
        return self._at(keyword) if isinstance(self.schema.get(keyword), dict) else None

    def _at(self, *tokens: str | int) -> Shape:
        return Shape.of(self.source, pointers.child(self.pointer, *tokens))


def scalar(text: str, shape: Shape | None) -> Any:
    """Read a decoded text as the JSON scalar that a schema may admit; text stays text otherwise."""
    types = shape.types if shape is not None else frozenset({"string"})
    if types & {"integer", "number"} and _NUMBER.fullmatch(text):
        return _number(text)
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if "null" in types and text == "null":
        return None
    return text


def _number(text: str) -> int | float | str:
    """Return a number, or the text where no double can hold it, which no number schema admits."""
    try:
        return number(text)
    except OverflowError:
        return text
