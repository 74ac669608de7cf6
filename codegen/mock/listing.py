"""Lists of what was created: filtered and paged by the query, in the form that the document has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from app.contract.document import Document
from app.contract.schema import Schemas
from app.contract.shapes import Shape
from codegen.mock.answers import Choice
from codegen.mock.fitting import Members, first
from codegen.mock.forms import Form, form_of

# The usual names of what pages a list and counts it; a document has no other words for either.
SIZES = ("page_size", "per_page", "limit", "size", "pageSize", "perPage")
OFFSETS = ("offset", "skip")
TOTALS = ("total", "count", "total_count", "total_items", "totalCount", "totalItems")
# What stands in a list that ends here: no next page, no more, none before.
AT_REST = (None, False, 0)


class Listing:
    """Makes the bodies of one list."""

    def __init__(self, choice: Choice, document: Document, schemas: Schemas) -> None:
        """`choice` is an answer of the list, which shows its form."""
        self._document = document
        self._schemas = schemas
        self._choice = choice
        self._form = form_of(choice, document, schemas)

    def body(self, records: list[Members], query: Mapping[str, Any]) -> Any:
        """Return a list of the records, None where the answer is of another form."""
        found = [members for members in records if _passes(members, query)]
        if self._form is None:
            return self._array(found, query)
        name, shape = _array_in(self._form.shape)
        example = self._form.example.get(name)
        if shape is None:
            return None
        body = {**self._form.example, name: self._items(shape, example, _page(found, query))}
        for member in self._form.example:
            if member != name:
                likely = [query[member]] if member in query else []
                likely += [len(found)] if member in TOTALS else []
                body = first(body, member, (*likely, *AT_REST), self._form.admits)
        return body if self._form.admits(body) else None

    def _array(self, found: list[Members], query: Mapping[str, Any]) -> Any:
        media_type, sample = self._choice.media_type, self._choice.sample
        if media_type is None or media_type.schema is None or sample is None:
            return None
        shape = Shape.of(self._document.source, media_type.schema)
        if not isinstance(sample.value, list):
            return None
        return self._items(shape, sample.value, _page(found, query))

    def _items(self, shape: Shape, example: Any, found: list[Members]) -> list[Any]:
        """Return the items of one page, each in the form that the list has for it."""
        found = found[: shape.schema.get("maxItems", len(found))]
        if shape.items is None:
            return found
        shown = example[0] if isinstance(example, list) and example else {}
        form = Form.at(shape.items.pointer, shown, self._document, self._schemas)
        return [form.of(members) for members in found] if form is not None else []


def _array_in(shape: Shape) -> tuple[str, Shape | None]:
    """Return the member of a list's body that holds the items: the first array of objects."""
    arrays = {n: m for n, m in shape.properties.items() if m.items is not None}
    objects = {n: m for n, m in arrays.items() if m.items is not None and m.items.is_object}
    return next(iter((objects or arrays).items()), ("", None))


def _passes(members: Members, query: Mapping[str, Any]) -> bool:
    """Whether a record has what the query demands of members of the same name."""
    return all(members[name] == wanted for name, wanted in query.items() if name in members)


def _page(found: list[Members], query: Mapping[str, Any]) -> list[Members]:
    size = next((query[name] for name in SIZES if name in query), len(found))
    start = next((query[name] for name in OFFSETS if name in query), None)
    if start is None:
        start = (query.get("page", 1) - 1) * size
    return found[start : start + size]
