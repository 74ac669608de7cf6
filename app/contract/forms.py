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
        name: _field(
            [decoded(value.replace("+", " ")) for value in values],
            shape.member(name) if shape else None,
            media_type.encoding.get(name),
        )
        for name, values in texts.items()
    }


def _field(values: list[str], shape: Shape | None, encoding: Encoding | None) -> Any:
    """Read the values of one field; two values of a scalar stay a list, which no schema admits."""
    if encoding is not None and encoding.content_type and media.is_json(encoding.content_type):
        return json_text.loads(values[0].encode())
    if shape is not None and shape.is_structured and "array" in shape.types:
        if encoding is not None and not encoding.explode:
            values = [part for value in values for part in value.split(",")]
        return [scalar(value, shape.items) for value in values]
    if shape is not None and shape.is_structured:
        return json_text.loads(values[0].encode())
    read = [scalar(value, shape) for value in values]
    return read[0] if len(read) == 1 else read


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
        member = shape.member(name) if shape else None
        fields.setdefault(name, []).append(_part(data, headers, options, member))
    return {name: _joined(parts, shape, name) for name, parts in fields.items()}


def _joined(parts: list[Any], shape: Shape | None, name: str) -> Any:
    member = shape.member(name) if shape else None
    if member is not None and member.is_structured and "array" in member.types:
        is_whole = len(parts) == 1 and isinstance(parts[0], list)
        return parts[0] if is_whole else parts
    return parts[0] if len(parts) == 1 else parts


def _part(
    data: bytes, headers: Mapping[str, str], options: Mapping[bytes, bytes], shape: Shape | None
) -> Any:
    kind = headers.get("content-type", "text/plain")
    item = shape.items if shape is not None and "array" in shape.types else None
    shape = item or shape
    if media.is_json(kind) or (shape is not None and shape.is_structured):
        return json_text.loads(data)
    if b"filename" in options or not kind.startswith("text/"):
        filename = _utf8(options[b"filename"]) if b"filename" in options else None
        return Upload(data, filename=filename, content_type=kind)
    return scalar(_utf8(data), shape)


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
