"""The gate on the way out: nothing passes that the document does not declare for the operation.

Status, media type, required headers and body are judged in production too. What fails is a bug
of ours and raises ContractBroken, which rolls the request back and is answered with 500.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterable, Mapping
from functools import cached_property
from http import HTTPStatus
from typing import Any

from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from app.contract import json_text, media, problems
from app.contract.answers import Answer
from app.contract.document import Document
from app.contract.exchange import Outgoing
from app.contract.model import Header, MediaType, Operation, ProblemType, Response
from app.contract.problems import ContractBroken, InternalError, InvalidToken, Problem
from app.contract.schema import Direction, Schemas
from app.contract.shapes import Shape, scalar

# The edge adds these to every answer, the server these to every message.
ADDED_LATER = frozenset({"x-request-id", "content-type", "content-length"})
_FIELD_VALUE = re.compile(r"[\t -~]*")


class Gate:
    """Judges the answers of one operation. Built once."""

    def __init__(self, operation: Operation, document: Document, schemas: Schemas) -> None:
        """Keep the declarations; a validator is compiled when it is first needed."""
        self.operation = operation
        self._document = document
        self._schemas = schemas
        self._shapes: dict[str, Shape] = {}
        self._vary = "Authorization" if operation.takes_actor else None

    def answer(self, result: Any) -> Outgoing:
        """Turn what a handler returned into an answer, or raise ContractBroken."""
        if not isinstance(result, Answer):
            return self._plain(result)
        status = getattr(result, "status_code", None) or result.status
        headers = {
            name: header_text(value)
            for field, name in result.header_names.items()
            if (value := getattr(result, field)) is not None
        }
        media_type = getattr(result, "content_type", None) or result.media_type
        return self._judge(status, media_type, headers, getattr(result, "body", None))

    def problem(self, problem: Problem, request_id: str, challenge: str) -> Outgoing:
        """Turn a problem into an answer, or raise ContractBroken where it is not declared."""
        catalogue = self._document.problems
        entry = problems.problem_type_for(problem.code, self.operation, catalogue)
        if entry is None:
            raise self._broken(f"the problem {problem.code} is not declared")
        body = problems.body_of(problem, entry, request_id)
        headers = problem_headers(problem, entry, challenge)
        return self._judge(entry.status, problems.MEDIA_TYPE, headers, body)

    def bare(self, status: int, headers: dict[str, str]) -> Outgoing:
        """Judge an answer without content that the runtime gives by itself."""
        return self._judge(status, None, headers, None)

    def raw(self, status: int, headers: Mapping[str, str], body: bytes) -> Outgoing:
        """Judge an answer that an exception handler of the application made by hand."""
        name, _ = media.parse(headers.get("content-type", ""))
        value: Any = json_text.loads(body) if media.is_json(name) else body or None
        kept = {k: v for k, v in headers.items() if k not in ADDED_LATER}
        return self._judge(status, name or None, kept, value)

    @cached_property
    def _only_success(self) -> tuple[int, str | None]:
        successes = [r for r in self.operation.responses.values() if r.is_success]
        response = successes[0]
        return int(response.status), next((m.name for m in response.content.values()), None)

    def _plain(self, body: Any) -> Outgoing:
        status, media_type = self._only_success
        return self._judge(status, media_type, {}, body)

    def _judge(
        self, status: int, media_type: str | None, headers: dict[str, str], body: Any
    ) -> Outgoing:
        response = self.operation.response_for(status)
        if response is None:
            raise self._broken(f"the status {status} is not declared")
        outgoing = Outgoing(status)
        self._put_body(outgoing, response, media_type, body)
        self._put_headers(outgoing, response, headers)
        return outgoing

    def _put_body(
        self, outgoing: Outgoing, response: Response, media_type: str | None, body: Any
    ) -> None:
        if not response.content:
            if body is not None:
                raise self._broken(f"{response.status} has no content and a body was given")
            return
        declared = media.declared(response.content, (media_type or "").lower())
        if declared is None:
            raise self._broken(f"{response.status} does not declare the media type {media_type}")
        outgoing.headers["content-type"] = _content_type(media_type or declared.name)
        if declared.is_stream != isinstance(body, AsyncIterable):
            raise self._broken(
                f"{response.status} is a stream in the document or in fact, not both"
            )
        if declared.is_stream:
            outgoing.stream = body
        elif media.is_json(declared.name):
            outgoing.body = self._json(response, declared, body)
        else:
            outgoing.body = self._other(response, declared, body)

    def _json(self, response: Response, media_type: MediaType, body: Any) -> bytes:
        value = jsonable(body)
        self._judge_value(response, media_type, value)
        return json_text.dumps(value)

    def _other(self, response: Response, media_type: MediaType, body: Any) -> bytes:
        if not isinstance(body, str | bytes):
            raise self._broken(f"{response.status} {media_type.name} takes text or bytes")
        raw = body.encode() if isinstance(body, str) else body
        text = body if isinstance(body, str) else raw.decode("latin-1")
        self._judge_value(response, media_type, text)
        return raw

    def _judge_value(self, response: Response, media_type: MediaType, value: Any) -> None:
        if media_type.schema is None:
            return
        validator = self._validator(media_type.schema)
        if not validator.is_valid(value):
            error = next(iter(validator.iter_errors(value)))
            place = "/".join(str(step) for step in error.instance_path)
            keyword = error.kind.name
            raise self._broken(f"{response.status} body: /{place} does not hold to `{keyword}`")

    def _put_headers(self, outgoing: Outgoing, response: Response, headers: dict[str, str]) -> None:
        given = {name.lower(): value for name, value in headers.items()}
        for name, header in response.headers.items():
            value = given.get(name, header.constant)
            if value is not None:
                self._judge_header(response, header, value)
                given[name] = value
            elif header.required and name not in ADDED_LATER:
                raise self._broken(f"{response.status} lacks its required header {header.name}")
        for name, value in given.items():
            if not _FIELD_VALUE.fullmatch(value):
                raise self._broken(f"{response.status} {name} is not a field value")
        if self._vary is not None:
            outgoing.headers["vary"] = self._vary  # what is shown depends on who asks
        outgoing.headers.update(given)

    def _judge_header(self, response: Response, header: Header, text: str) -> None:
        if header.schema is None:
            return
        value = header_value(text, self._shape(header.schema))
        validator = self._validator(header.schema)
        if not validator.is_valid(value) and not validator.is_valid(text):
            raise self._broken(f"{response.status} {header.name} does not hold to its schema")

    def _shape(self, pointer: str) -> Shape:
        if pointer not in self._shapes:
            self._shapes[pointer] = Shape.of(self._document.source, pointer)
        return self._shapes[pointer]

    def _validator(self, pointer: str) -> Any:
        return self._schemas.validator(pointer, Direction.RESPONSE)

    def _broken(self, what: str) -> ContractBroken:
        return ContractBroken(f"{self.operation.id}: {what}")


def jsonable(body: Any) -> Any:
    """Return a body as JSON values: models by their document names, absent members left out."""
    if isinstance(body, BaseModel):
        return body.model_dump(mode="json", by_alias=True)
    return to_jsonable_python(body, by_alias=True)


def header_text(value: Any) -> str:
    """Write a header value in the `simple` style."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(header_text(item) for item in value)
    return value if isinstance(value, str) else str(to_jsonable_python(value))


def header_value(text: str, shape: Shape) -> Any:
    """Read a header value in the `simple` style."""
    if shape.is_structured and "array" in shape.types:
        return [scalar(part.strip(), shape.items) for part in text.split(",")] if text else []
    return scalar(text, shape)


def problem_headers(problem: Problem, entry: ProblemType, challenge: str) -> dict[str, str]:
    """Return the fields that come with a problem of this status; the problem's own win."""
    headers = {"cache-control": "no-store"}
    if entry.retry_after is not None:
        headers["retry-after"] = str(entry.retry_after)
    if entry.status == HTTPStatus.UNAUTHORIZED:
        is_bad_token = entry.code == InvalidToken.code and challenge == "Bearer"
        headers["www-authenticate"] = challenge + ' error="invalid_token"' * is_bad_token
    return headers | {name.lower(): value for name, value in problem.headers.items()}


def unrouted(problem: Problem, document: Document, request_id: str, challenge: str) -> Outgoing:
    """Turn a problem into an answer where no operation is meant, by the catalogue alone."""
    entry = document.problems.get(problem.code) or document.problems.get(InternalError.code)
    if entry is None:
        return Outgoing(500)
    body = problems.body_of(problem, entry, request_id)
    headers = problem_headers(problem, entry, challenge)
    return Outgoing(
        entry.status, {"content-type": problems.MEDIA_TYPE, **headers}, json_text.dumps(body)
    )


def _content_type(name: str) -> str:
    return f"{name}; charset=utf-8" if name.startswith("text/") and ";" not in name else name
