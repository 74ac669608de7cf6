"""Bodies of answers: the examples of a media type, or a value made where it has none."""

from __future__ import annotations

import base64
import json
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from typing import Any, Final

from app.contract import media, pointers
from app.contract.document import Document
from app.contract.model import MediaType
from app.contract.pointers import UnresolvableReferenceError, child
from app.contract.schema import Direction, Schemas
from codegen.mock.values import Values

# What a range such as `image/*` is answered with.
CONCRETE: Final = {
    "image/*": "image/png",
    "text/*": "text/plain",
    "*/*": "application/octet-stream",
}
_PIXEL: Final = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="
)
_PLAIN: Final = {
    "application/json": {},
    "application/x-ndjson": "{}\n",
    "image/png": _PIXEL,
    "text/event-stream": "data: amber\n\n",
}


@dataclass(frozen=True, slots=True)
class Sample:
    """One body of a media type. `pointer` is where it stands, or what it was made from."""

    name: str | None
    pointer: str
    value: Any
    is_made: bool = False


def concrete(media_type: MediaType) -> str:
    """Return the media type that an answer of a declared one, or of a range, is sent as."""
    name = media_type.name
    if "*" not in name:
        return name
    return CONCRETE.get(name.lower()) or name.replace("*", "octet-stream")


def examples(document: Document, pointer: str) -> Iterator[Sample]:
    """Yield the examples that stand beside the schema of a media type or header.

    `externalValue` is not looked at.
    """
    node = pointers.lookup(document.source, pointer)
    if "example" in node:
        yield Sample(None, child(pointer, "example"), node["example"])
    for name in node.get("examples") or ():
        try:
            found, at = pointers.resolve(document.source, child(pointer, "examples", name))
        except UnresolvableReferenceError:
            continue
        if "value" in found:
            yield Sample(name, child(at, "value"), found["value"])


def made(media_type: MediaType, schemas: Schemas, values: Values) -> Sample:
    """Return a body made from the schema; raises Contradiction where none is found."""
    plain = _PLAIN.get(concrete(media_type))
    if plain is None and not media.is_json(media_type.name):
        plain = "amber\n" if media_type.name.startswith("text/") else b"amber\n"
    if media_type.schema is None or (media_type.is_stream and plain is not None):
        return Sample(None, media_type.pointer, {} if plain is None else plain, is_made=True)
    validator = schemas.validator(media_type.schema, Direction.RESPONSE)
    value = values.make(media_type.schema, validator.is_valid)
    return Sample(None, media_type.pointer, value, is_made=True)


def body_of(media_type: MediaType, value: Any) -> Any:
    """Return a sample's value as a handler would return it."""
    return _stream(_octets(value)) if media_type.is_stream else value


def _octets(value: Any) -> bytes:
    if isinstance(value, bytes):
        return value
    return value.encode() if isinstance(value, str) else json.dumps(value).encode()


async def _stream(octets: bytes) -> AsyncIterator[bytes]:
    yield octets
