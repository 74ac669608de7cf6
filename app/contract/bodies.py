"""Request bodies: received within their limit, decoded by media type, judged by their schema."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from typing import Any, NamedTuple

from starlette.requests import ClientDisconnect
from starlette.types import Receive

from app.contract import forms, json_text, media
from app.contract.answers import Upload
from app.contract.document import Document
from app.contract.model import Body, MediaType
from app.contract.problems import (
    ContentTooLarge,
    InputError,
    InvalidInput,
    MalformedRequest,
    Problem,
    UnsupportedMediaType,
)
from app.contract.schema import Schemas
from app.contract.violations import body_errors

NO_BODY = "The operation takes no body."
TEXT_CHARSETS = frozenset({"utf-8", "utf8", "us-ascii", "ascii"})


class Content(NamedTuple):
    """A body as it came, with its Content-Type and Content-Encoding fields."""

    media_type: str | None
    coding: str | None
    raw: bytes
    stream: AsyncIterator[bytes] | None = None


class DecodedBody(NamedTuple):
    """A judged body and the media type of the document that it was read as."""

    value: Any
    media_type: str | None


NOTHING_SENT = Content(None, None, b"")
NOTHING_READ = DecodedBody(None, None)


def is_announced(fields: Mapping[str, list[str]]) -> bool:
    """Tell whether a request has content (RFC 9112, section 6)."""
    return "content-length" in fields or "transfer-encoding" in fields


async def receive_stream(receive: Receive, limit: int) -> AsyncIterator[bytes]:
    """Yield a body's chunks as they come, `limit` bytes at most in all."""
    received = 0
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        chunk = message.get("body", b"")
        received += len(chunk)
        if received > limit:
            raise ContentTooLarge
        if chunk:
            yield chunk
        if not message.get("more_body", False):
            return


class BodyReader:
    """Reads the body of one operation. Built once."""

    def __init__(self, body: Body | None, document: Document, schemas: Schemas) -> None:
        """`body` is None where the operation takes none."""
        self.body = body
        self._document = document
        self._schemas = schemas

    def expects(self, fields: Mapping[str, list[str]]) -> bool:
        """Tell whether there may be something to receive."""
        return self.body is not None or is_announced(fields)

    async def receive(
        self, fields: Mapping[str, list[str]], receive: Receive, default_limit: int
    ) -> Content:
        """Receive the body before anything is held for the request: its client may be slow."""
        lengths = fields.get("content-length", ())
        types = fields.get("content-type", [None])
        media_type = types[0] if len(types) == 1 else ""
        coding = ",".join(fields.get("content-encoding", ())) or None
        limit = (self.body.max_size if self.body else None) or default_limit
        if any(length.isdecimal() and int(length[:20]) > limit for length in lengths):
            raise self._too_large()
        stream = receive_stream(receive, limit)
        if self._streams(media_type):
            return Content(media_type, coding, b"", stream)
        if not is_announced(fields):
            return Content(media_type, coding, b"")
        try:
            return Content(media_type, coding, b"".join([chunk async for chunk in stream]))
        except ContentTooLarge:
            raise self._too_large() from None

    def _too_large(self) -> Problem:
        return ContentTooLarge() if self.body is not None else MalformedRequest(NO_BODY)

    def _streams(self, field: str | None) -> bool:
        declared = self._declared(media.parse(field or "")[0])
        return declared is not None and declared.is_stream

    def read(self, content: Content) -> DecodedBody:
        """Decode and judge; raises MalformedRequest, UnsupportedMediaType or InvalidInput."""
        if self.body is None:
            if content.raw:
                raise MalformedRequest(NO_BODY)
            return NOTHING_READ
        if content.media_type is None and not content.raw and content.stream is None:
            return self._read_absent()
        media_type, charset = self._media_type(content)
        if media_type.is_stream:
            return DecodedBody(content.stream, media_type.name)
        value, judged = self._decode(content.raw, media_type, content.media_type or "", charset)
        self._judge(judged, media_type)
        return DecodedBody(value, media_type.name)

    def _read_absent(self) -> DecodedBody:
        if self.body is not None and self.body.required:
            error = InputError(code="required", detail="A body is required.", pointer="#")
            raise InvalidInput(errors=[error])
        return NOTHING_READ

    def _media_type(self, content: Content) -> tuple[MediaType, str]:
        """Return the declared media type that the body claims to be, and its charset."""
        if content.coding is not None and content.coding.strip().lower() not in {"", "identity"}:
            raise UnsupportedMediaType("The body must not be compressed.")
        name, parameters = media.parse(content.media_type or "")
        declared = self._declared(name)
        charset = parameters.get("charset", "utf-8").strip("\"'").lower()
        if declared is None or charset not in TEXT_CHARSETS:
            raise UnsupportedMediaType
        return declared, charset

    def _declared(self, name: str) -> MediaType | None:
        """Return the entry for a media type; a range such as `image/*` is none."""
        if self.body is None or not name or "*" in name:
            return None
        return media.declared(self.body.content, name)

    def _decode(
        self, raw: bytes, media_type: MediaType, field: str, charset: str
    ) -> tuple[Any, Any]:
        """Return the value for the handler and the JSON value that the schema judges.

        What is declared as a range of media types is taken as the bytes that it is.
        """
        name, parameters = media.parse(field)
        if "*" in media_type.name:
            return raw, raw.decode("latin-1")
        if media.is_json(name):
            value = json_text.loads(raw)
            return value, value
        if name == "application/x-www-form-urlencoded":
            value = forms.urlencoded(raw, media_type, self._document.source)
            return value, value
        if name == "multipart/form-data":
            value = forms.multipart(raw, parameters, media_type, self._document.source)
            return value, _without_uploads(value)
        if name.startswith("text/"):
            text = _text(raw, charset)
            return text, text
        return raw, raw.decode("latin-1")

    def _judge(self, value: Any, media_type: MediaType) -> None:
        if media_type.schema is None:
            return
        validator = self._schemas.validator(media_type.schema)
        if not validator.is_valid(value):
            raise InvalidInput(errors=body_errors(validator, value))


def _text(raw: bytes, charset: str) -> str:
    try:
        return raw.decode(charset)
    except UnicodeDecodeError:
        raise MalformedRequest("The body is not text in its charset.") from None


def _without_uploads(value: Mapping[str, Any]) -> dict[str, Any]:
    """Stand a string of as many characters as octets in for each upload, for length keywords."""
    return {name: _judgeable(member) for name, member in value.items()}


def _judgeable(member: Any) -> Any:
    if isinstance(member, Upload):
        return member.decode("latin-1")
    return [_judgeable(item) for item in member] if isinstance(member, list) else member
