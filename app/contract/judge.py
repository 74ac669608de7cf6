"""Judges the answers of one declared response: its media types, its headers, its body.

What the declaration says is looked up once; a validator is compiled when it is first needed.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Iterator, Mapping
from functools import cached_property, lru_cache
from typing import Any

import orjson

from app.contract import media
from app.contract.document import Document
from app.contract.exchange import Outgoing
from app.contract.model import Header, MediaType, Operation, Response
from app.contract.problems import ContractBroken
from app.contract.schema import Direction, Schemas
from app.contract.shapes import Shape, scalar
from app.contract.written import plain, written

# The edge, the limits and the server add these when the answer has been judged.
ADDED_LATER = frozenset(
    {
        *("x-request-id", "traceparent", "ratelimit", "ratelimit-policy"),
        *("content-type", "content-length"),
    }
)
TEXT = frozenset({"string"})
# Judging a shorter one costs less than looking for it among those that have passed.
SHORTEST_TEXT_KEPT = 4096
HEADERS_KEPT = 1024
LONGEST_HEADER_KEPT = 128
_FIELD_VALUE = re.compile(r"[\t -~]*")


class ResponseJudge:
    """One status of one operation. Every method that judges raises ContractBroken."""

    def __init__(
        self, operation: Operation, response: Response, document: Document, schemas: Schemas
    ) -> None:
        """Keep the declaration."""
        self._place = f"{operation.id}: {response.status}"
        self._response = response
        self._has_content = bool(response.content)
        self._schemas = schemas
        self._vary = operation.vary
        # What others answer may hold secrets that nobody should keep, and is seldom the same twice.
        self._remembers = operation.method == "GET"
        self._contents: dict[str | None, _Content] = {}
        self._headers = {
            name: _DeclaredHeader(header, document, schemas)
            for name, header in response.headers.items()
            if name not in ADDED_LATER
        }
        # Most values are given again and again; as with bodies, not those that may be secrets.
        self._judge_header_once = lru_cache(HEADERS_KEPT)(self._judge_header)

    def judge(
        self, status: int, media_type: str | None, headers: Mapping[str, str], body: Any
    ) -> Outgoing:
        """Return the answer as it may leave; the names of `headers` are in lower case."""
        outgoing = Outgoing(status, self._constants.copy())
        if self._has_content:
            content = self._contents.get(media_type) or self._content(media_type)
            outgoing.headers["content-type"] = content.field
            if content.is_json_text:
                outgoing.body = self._written(content, body)
            else:
                self._put_body(outgoing, content, body)
        elif body is not None:
            raise self._broken("has no content and a body was given")
        self._put_headers(outgoing, headers)
        return outgoing

    def _content(self, media_type: str | None) -> _Content:
        declared = media.declared(self._response.content, (media_type or "").lower())
        if declared is None:
            raise self._broken(f"does not declare the media type {media_type}")
        found = _Content(declared, media_type, self._schemas)
        if len(self._contents) < len(self._response.content):
            self._contents[media_type] = found
        return found

    def _put_body(self, outgoing: Outgoing, content: _Content, body: Any) -> None:
        if content.is_stream != isinstance(body, AsyncIterable):
            raise self._broken("is a stream in the document or in fact, not both")
        if content.is_stream:
            outgoing.stream = body
        else:
            outgoing.body = self._text(content, body)

    def _text(self, content: _Content, body: Any) -> bytes:
        if not isinstance(body, str | bytes):
            raise self._broken(f"{content.field} takes text or bytes")
        raw = body.encode() if isinstance(body, str) else body
        self._judge_value(content, body if isinstance(body, str) else raw.decode("latin-1"))
        return raw

    def _written(self, content: _Content, body: Any) -> bytes:
        as_it_is = plain(body)
        text, read = written(body) if as_it_is is None else (as_it_is, orjson.loads)
        remembers = self._remembers and len(text) >= SHORTEST_TEXT_KEPT
        passed = self._schemas.passed
        if remembers and passed.hold(content.schema, text):
            return text
        if as_it_is is None or not content.admits(body):
            self._judge_value(content, read(text))
        if remembers:
            passed.add(content.schema, text)
        return text

    def _judge_value(self, content: _Content, value: Any) -> None:
        if content.validator is None or content.validator.is_valid(value):
            return
        error = next(content.errors(value))
        place = "/".join(str(step) for step in error.instance_path)
        raise self._broken(f"body: /{place} does not hold to `{error.kind.name}`")

    @cached_property
    def _constants(self) -> dict[str, str]:
        """The headers that the document itself gives a value, judged once for all answers."""
        found = {"vary": self._vary} if self._vary is not None else {}
        for name, header in self._headers.items():
            if header.constant is not None:
                self._judge_header(name, header.constant)
                found[name] = header.constant
        return found

    @cached_property
    def _required(self) -> list[str]:
        """The headers without which no answer may leave, and that only a handler can give."""
        found = self._headers.items()
        return [name for name, header in found if header.is_required and header.constant is None]

    def _put_headers(self, outgoing: Outgoing, headers: Mapping[str, str]) -> None:
        for name in self._required:
            if name not in headers:
                raise self._broken(f"lacks its required header {self._headers[name].name}")
        for name, value in headers.items():
            if self._remembers and len(value) <= LONGEST_HEADER_KEPT:
                self._judge_header_once(name, value)
            else:
                self._judge_header(name, value)
        outgoing.headers.update(headers)

    def _judge_header(self, name: str, value: str) -> None:
        if not _FIELD_VALUE.fullmatch(value):
            raise self._broken(f"{name} is not a field value")
        header = self._headers.get(name)
        if header is not None and not header.admits(value):
            raise self._broken(f"{header.name} does not hold to its schema")

    def _broken(self, what: str) -> ContractBroken:
        return ContractBroken(f"{self._place} {what}")


class _Content:
    """One media type that was given to an answer, and how the document declares it."""

    def __init__(self, declared: MediaType, given: str | None, schemas: Schemas) -> None:
        name = given or declared.name
        is_text = name.startswith("text/") and ";" not in name
        self.field = f"{name}; charset=utf-8" if is_text else name
        self.is_stream = declared.is_stream
        self.is_json_text = media.is_json(declared.name) and not declared.is_stream
        self.schema = declared.schema or ""
        self._has_schema = declared.schema is not None
        self._schemas = schemas

    @cached_property
    def validator(self) -> Any:
        """None where the document has no schema."""
        if not self._has_schema:
            return None
        return self._schemas.validator(self.schema, Direction.RESPONSE, is_quick=True)

    def errors(self, value: Any) -> Iterator[Any]:
        """What is wrong with a value that does not pass, in the document's words."""
        validator = self._schemas.validator(self.schema, Direction.RESPONSE)
        return iter(validator.iter_errors(value))

    def admits(self, body: Any) -> bool:
        """Whether a plain body shows that its text passes. Where it does not, the text may."""
        if not self._is_told_by_values:
            return self.validator is None
        try:
            return bool(self.validator.is_valid(body))
        except ValueError:  # It holds what orjson writes by itself and a validator does not know.
            return False

    @cached_property
    def _is_told_by_values(self) -> bool:
        return self.validator is not None and self._schemas.are_told_by_values(self.schema)


class _DeclaredHeader:
    """One header of a response, as the document declares it."""

    def __init__(self, header: Header, document: Document, schemas: Schemas) -> None:
        self.name = header.name
        self.constant = header.constant
        self.is_required = header.required
        self._schema = header.schema
        self._document = document
        self._schemas = schemas

    def admits(self, text: str) -> bool:
        if self._schema is None:
            return True
        if self._shape.types == TEXT:
            return bool(self._validator.is_valid(text))
        value = header_value(text, self._shape)
        return bool(self._validator.is_valid(value) or self._validator.is_valid(text))

    @cached_property
    def _shape(self) -> Shape:
        return Shape.of(self._document.source, self._schema or "")

    @cached_property
    def _validator(self) -> Any:
        return self._schemas.validator(self._schema or "", Direction.RESPONSE, is_quick=True)


def header_value(text: str, shape: Shape) -> Any:
    """Read a header value in the `simple` style."""
    if shape.is_structured and "array" in shape.types:
        return [scalar(part.strip(), shape.items) for part in text.split(",")] if text else []
    return scalar(text, shape)
