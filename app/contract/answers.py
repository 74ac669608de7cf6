"""What a handler returns where the plain body does not say it all: status and headers with it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from typing import Any, ClassVar, Self

from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True, kw_only=True)
class Answer:
    """Base of the generated answers: one class for each status (and media type) of an operation.

    `header_names` maps a field to the header that carries it; a field that is None is not sent.
    A class for `4XX` or `default` has a field `status_code` besides, one for a range of media
    types such as `image/*` a field `content_type`.
    """

    status: ClassVar[int] = 200
    media_type: ClassVar[str | None] = None
    header_names: ClassVar[Mapping[str, str]] = {}


class Upload(bytes):
    """A file that came in a multipart form: its bytes, with the name and type the client gave."""

    filename: str | None
    content_type: str

    def __new__(
        cls, data: bytes, *, filename: str | None = None, content_type: str = "text/plain"
    ) -> Self:
        """Keep `data` as the value itself, so that an upload is used wherever bytes are."""
        upload = super().__new__(cls, data)
        upload.filename = filename
        upload.content_type = content_type
        return upload

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, _handler: Any) -> CoreSchema:
        """Let models hold uploads. A file that came as plain text is one as well."""
        return core_schema.no_info_plain_validator_function(cls._of)

    @classmethod
    def _of(cls, value: Any) -> Self:
        if isinstance(value, cls):
            return value
        if isinstance(value, str):
            return cls(value.encode())
        raise ValueError("a file was expected")


ByteStream = AsyncIterator[bytes]
