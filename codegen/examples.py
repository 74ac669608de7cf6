"""Whether examples and defaults are values of the schemas that they stand beside."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.contract import media, pointers
from app.contract.document import Document
from app.contract.grammar import objects
from app.contract.pointers import UnresolvableReferenceError, child, tokens_of
from app.contract.schema import Direction, Schemas
from codegen.findings import Finding


def findings(document: Document) -> Iterator[Finding]:
    """Yield every example and default that is not valid, formats included."""
    checker = _Checker(document)
    for kind, pointer, node in objects(document.source):
        if kind == "schema":
            yield from checker.schema(pointer, node)
        elif kind in {"parameter", "header", "media_type"} and "$ref" not in node:
            yield from checker.carrier(kind, pointer, node)


class _Checker:
    def __init__(self, document: Document) -> None:
        self._document = document
        self._schemas = Schemas(document.source)

    def schema(self, pointer: str, schema: dict[str, Any]) -> Iterator[Finding]:
        """A schema's examples and default must be valid in a direction in which it travels."""
        if "$ref" in schema and self._document.is_3_0:
            return
        values = [(child(pointer, "examples", i), v) for i, v in _listed(schema.get("examples"))]
        values += [(child(pointer, w), schema[w]) for w in ("default", "example") if w in schema]
        for at, value in values:
            yield from self._judged(at, value, pointer, _directions_of(pointer))

    def carrier(self, kind: str, pointer: str, node: dict[str, Any]) -> Iterator[Finding]:
        """An example beside a schema must be a value of it; `externalValue` is not looked at."""
        if "schema" not in node or not _holds_json(kind, pointer):
            return
        directions = _directions_of(pointer, kind)
        for at, value in self._examples(pointer, node):
            yield from self._judged(at, value, child(pointer, "schema"), directions)

    def _examples(self, pointer: str, node: dict[str, Any]) -> Iterator[tuple[str, Any]]:
        if "example" in node:
            yield child(pointer, "example"), node["example"]
        named = node.get("examples")
        for name in named if isinstance(named, dict) else ():
            try:
                at = child(pointer, "examples", name)
                example, at = pointers.resolve(self._document.source, at)
            except UnresolvableReferenceError:
                continue
            if "value" in example:
                yield child(at, "value"), example["value"]

    def _judged(
        self, at: str, value: Any, schema: str, directions: tuple[Direction, ...]
    ) -> Iterator[Finding]:
        reasons = []
        for direction in directions:
            validator = self._schemas.validator(schema, direction)
            error = next(iter(validator.iter_errors(value)), None)
            if error is None:
                return
            reasons.append((child(at, *error.instance_path), error.message))
        pointer, message = reasons[0]
        yield Finding(pointer, f"the value is not one of its schema: {message[:200]}")


def _directions_of(pointer: str, kind: str = "schema") -> tuple[Direction, ...]:
    """Return the ways in which a value that stands there travels; either, where nothing tells."""
    tokens = tokens_of(pointer)
    if kind == "header" or "responses" in tokens[:5]:
        return (Direction.RESPONSE,)
    if kind == "parameter" or "requestBody" in tokens or tokens[1] == "requestBodies":
        return (Direction.REQUEST,)
    return (Direction.REQUEST, Direction.RESPONSE)


def _listed(examples: Any) -> list[tuple[int, Any]]:
    return list(enumerate(examples)) if isinstance(examples, list) else []


def _holds_json(kind: str, pointer: str) -> bool:
    """Whether an example is a JSON value rather than the text of another media type."""
    if kind != "media_type":
        return True
    name = tokens_of(pointer)[-1].partition(";")[0].strip().lower()
    return media.is_json(name) or name == "application/x-www-form-urlencoded"
