"""Which schemas describe the files of multipart forms, so that their type is `Upload`."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.contract import media, pointers
from app.contract.document import Document
from app.contract.model import MediaType
from app.contract.pointers import UnresolvableReferenceError, child
from codegen import merge
from codegen.merge import Part


def uploads(document: Document) -> frozenset[str]:
    """Return the pointers of the schemas of file parts."""
    return frozenset(
        pointer
        for operation in document.operations
        for name, media_type in (operation.body.content if operation.body else {}).items()
        if name.startswith("multipart/form-data")
        for pointer in _files(media_type, document.source)
    )


def _files(media_type: MediaType, source: dict[str, Any]) -> Iterator[str]:
    if media_type.schema is None:
        return
    whole = Part(pointers.resolve(source, media_type.schema)[0], media_type.schema)
    merged = merge.merge(merge.parts_of(source, whole))
    for name, (_, pointer) in merged.properties.items():
        encoding = media_type.encoding.get(name)
        kind = encoding.content_type if encoding else None
        try:
            schema, at = pointers.resolve(source, pointer)
            place = pointer
            if schema.get("type") == "array" and "items" in schema:
                place = child(at, "items")
                schema, _ = pointers.resolve(source, place)
        except UnresolvableReferenceError:
            continue
        if media.is_file(schema, kind):
            yield place
