"""Form bodies: urlencoded (WHATWG URL, section 5) and multipart (RFC 7578), as JSON values."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Any

from python_multipart.exceptions import MultipartParseError
from python_multipart.multipart import MultipartParser, parse_options_header

from app.contract import json_text, media, styles
from app.contract.answers import Upload
from app.contract.model import Encoding, MediaType
from app.contract.paths import decoded
from app.contract.problems import MalformedRequest
from app.contract.shapes import Shape, scalar

if TYPE_CHECKING:
    from python_multipart.multipart import MultipartCallbacks

MAX_PARTS = 1000


def urlencoded(raw: bytes, media_type: MediaType, source: dict[str, Any]) -> dict[str, Any]:
    """Return the fields of an urlencoded form, each read as its property's schema says."""
    texts = styles.query_texts(raw)
    shape = Shape.of(source, media_type.schema) if media_type.schema else None
    return {
        name: _field(values, shape.member(name) if shape else None, media_type.encoding.get(name))
        for name, values in texts.items()
    }


def _field(texts: list[str], shape: Shape | None, encoding: Encoding | None) -> Any:
    """Read the values of one field. Several values of a scalar become a list, for it to refuse."""
    if encoding is not None and encoding.content_type and media.is_json(encoding.content_type):
        read = [json_text.loads(_plain(text).encode()) for text in texts]
    elif shape is not None and shape.is_structured and "array" in shape.types:
        if encoding is not None and not encoding.explode:
            texts = [part for text in texts for part in text.split(",")]
        return [_value(_plain(text), shape.items) for text in texts]
    else:
        read = [_value(_plain(text), shape) for text in texts]
    return read[0] if len(read) == 1 else read


def _plain(text: str) -> str:
    return decoded(text.replace("+", " "))


def _value(text: str, shape: Shape | None) -> Any:
    """Read one value: an object or array is a JSON text (OpenAPI, Encoding Object)."""
    if shape is not None and shape.is_structured:
        return json_text.loads(text.encode())
    return scalar(text, shape)


def multipart(
    raw: bytes, parameters: Mapping[str, str], media_type: MediaType, source: dict[str, Any]
) -> dict[str, Any]:
    """Return the parts of a multipart form by name; binary ones as Upload."""
    shape = Shape.of(source, media_type.schema) if media_type.schema else None
    fields: dict[str, list[Any]] = {}
    for headers, data in _parts(raw, parameters.get("boundary", "")):
        _, options = parse_options_header(headers.get("content-disposition", ""))
        if b"name" not in options:
            raise MalformedRequest("A part of the form has no name.")
        name = _utf8(options[b"name"])
        upload = Upload(
            data,
            filename=_utf8(options[b"filename"]) if b"filename" in options else None,
            content_type=headers.get("content-type", "text/plain"),
        )
        part = _part(upload, shape.member(name) if shape else None, media_type.encoding.get(name))
        fields.setdefault(name, []).append(part)
    return {name: _joined(parts, shape, name) for name, parts in fields.items()}


def _joined(parts: list[Any], shape: Shape | None, name: str) -> Any:
    member = shape.member(name) if shape else None
    if member is not None and member.is_structured and "array" in member.types:
        is_whole = len(parts) == 1 and isinstance(parts[0], list)
        return parts[0] if is_whole else parts
    return parts[0] if len(parts) == 1 else parts


def _part(upload: Upload, shape: Shape | None, encoding: Encoding | None) -> Any:
    """Read a part as its schema says; where there is none, as the part says of itself."""
    if shape is None:
        return _undeclared(upload)
    shape = (shape.items if "array" in shape.types else None) or shape
    if shape.is_structured:
        return json_text.loads(upload)
    if media.is_file(shape.schema, encoding.content_type if encoding else None):
        return upload
    return scalar(_utf8(upload), shape)


def _undeclared(upload: Upload) -> Any:
    if upload.filename is not None:
        return upload
    if media.is_json(upload.content_type):
        return json_text.loads(upload)
    return _utf8(upload) if upload.content_type.lower().startswith("text/") else upload


def _utf8(data: bytes) -> str:
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError:
        raise MalformedRequest("A text of the form is not valid UTF-8.") from None


class _Collector:
    """Gathers what the push parser reports: the header fields and the bytes of each part."""

    def __init__(self) -> None:
        """Start without parts."""
        self.parts: list[tuple[dict[str, str], bytearray]] = []
        self._name, self._value = bytearray(), bytearray()
        self.is_complete = False

    def callbacks(self) -> MultipartCallbacks:
        """Return the callbacks under the names that the parser calls them by."""
        return {
            "on_part_begin": self._begin,
            "on_part_data": lambda data, start, end: self.parts[-1][1].extend(data[start:end]),
            "on_header_field": lambda data, start, end: self._name.extend(data[start:end]),
            "on_header_value": lambda data, start, end: self._value.extend(data[start:end]),
            "on_header_end": self._end_header,
            "on_end": self._end,
        }

    def _begin(self) -> None:
        if len(self.parts) >= MAX_PARTS:
            raise MalformedRequest(f"The form has more than {MAX_PARTS} parts.")
        self.parts.append(({}, bytearray()))

    def _end_header(self) -> None:
        name = self._name.decode("latin-1").lower()
        self.parts[-1][0][name] = self._value.decode("latin-1")
        self._name.clear()
        self._value.clear()

    def _end(self) -> None:
        self.is_complete = True


def _parts(raw: bytes, boundary: str) -> list[tuple[dict[str, str], bytes]]:
    if not boundary:
        raise MalformedRequest("The multipart body names no boundary.")
    collector = _Collector()
    try:
        parser = MultipartParser(boundary.encode("latin-1"), collector.callbacks())
        parser.write(raw)
        parser.finalize()
    except (MultipartParseError, UnicodeEncodeError, ValueError):
        raise MalformedRequest("The multipart body cannot be read.") from None
    if not collector.is_complete:
        raise MalformedRequest("The multipart body ends too early.")
    return [(headers, bytes(data)) for headers, data in collector.parts]
