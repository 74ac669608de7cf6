"""The gate on the way out: nothing passes that the document does not declare for the operation.

Status, media type, required headers and body are judged in production too. What fails is a bug
of ours and raises ContractBroken, which rolls the request back and is answered with 500.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from http import HTTPStatus
from typing import Any

from pydantic_core import to_jsonable_python

from app.contract import json_text, media, pointers, problems
from app.contract.answers import Answer
from app.contract.document import Document
from app.contract.exchange import Exchange, Outgoing
from app.contract.idempotency import Kept
from app.contract.judge import ADDED_LATER, ResponseJudge
from app.contract.model import Operation, ProblemType
from app.contract.problems import ContractBroken, InternalError, InvalidToken, Problem
from app.contract.schema import Schemas


class Gate:
    """Judges the answers of one operation. Built once."""

    def __init__(self, operation: Operation, document: Document, schemas: Schemas) -> None:
        """Keep the declarations; what judges a status is built when it is first needed."""
        self.operation = operation
        self._document = document
        self._schemas = schemas
        self._judges: dict[int, ResponseJudge] = {}

    def answer(self, result: Any) -> Outgoing:
        """Turn what a handler returned into an answer, or raise ContractBroken."""
        if not isinstance(result, Answer):
            return self._judge(*self._only_success, {}, result)
        status = getattr(result, "status_code", None) or result.status
        media_type = getattr(result, "content_type", None) or result.media_type
        body = getattr(result, "body", None)
        return self._judge(status, media_type, header_fields(result), body)

    def problem(self, problem: Problem, exchange: Exchange, challenge: str) -> Outgoing:
        """Turn a problem into an answer, or raise ContractBroken where it is not declared."""
        catalogue = self._document.problems
        entry = problems.problem_type_for(problem.code, self.operation, catalogue)
        if entry is None:
            raise self._broken(f"the problem {problem.code} is not declared")
        body = problems.body_of(problem, entry, exchange.request_id)
        if exchange.traceparent is not None and self._names_trace(entry.status):
            body["trace_id"] = exchange.trace_id
        headers = problem_headers(problem, entry, challenge)
        return self._judge(entry.status, problems.MEDIA_TYPE, headers, body)

    def _names_trace(self, status: int) -> bool:
        """Whether problems of this status have a member for it in the document."""
        response = self.operation.response_for(status)
        content = response and response.content.get(problems.MEDIA_TYPE)
        if not content or content.schema is None:
            return False
        schema, _ = pointers.resolve(self._document.source, content.schema)
        return "trace_id" in schema.get("properties", ())

    def bare(self, status: int, headers: dict[str, str]) -> Outgoing:
        """Judge an answer without content that the runtime gives by itself."""
        return self._judge(status, None, headers, None)

    def again(self, kept: Kept) -> Outgoing:
        """Give an answer a second time, as long as the document still declares it."""
        headers = {**kept.headers, "idempotent-replayed": "true"}
        outgoing = self.raw(kept.status, headers, kept.body)
        outgoing.headers |= kept.headers
        outgoing.body = kept.body
        return outgoing

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

    def _judge(
        self, status: int, media_type: str | None, headers: Mapping[str, str], body: Any
    ) -> Outgoing:
        judge = self._judges.get(status)
        if judge is None:
            judge = self._judges[status] = self._judge_of(status)
        return judge.judge(status, media_type, headers, body)

    def _judge_of(self, status: int) -> ResponseJudge:
        response = self.operation.response_for(status)
        if response is None:
            raise self._broken(f"the status {status} is not declared")
        return ResponseJudge(self.operation, response, self._document, self._schemas)

    def _broken(self, what: str) -> ContractBroken:
        return ContractBroken(f"{self.operation.id}: {what}")


def header_fields(result: Any) -> dict[str, str]:
    """Return the headers of what a handler returned, by their names in lower case."""
    if not isinstance(result, Answer):
        return {}
    kind: Any = type(result)
    return {
        name: value if isinstance(value, str) else header_text(value)
        for field, name in _names_of(kind)
        if (value := getattr(result, field)) is not None
    }


@lru_cache(1024)
def _names_of(answer: type[Any]) -> tuple[tuple[str, str], ...]:
    return tuple((field, name.lower()) for field, name in answer.header_names.items())


def header_text(value: Any) -> str:
    """Write a header value in the `simple` style."""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list | tuple):
        return ",".join(header_text(item) for item in value)
    return value if isinstance(value, str) else str(to_jsonable_python(value))


def problem_headers(problem: Problem, entry: ProblemType, challenge: str) -> dict[str, str]:
    """Return the fields that come with a problem of this status; the problem's own win."""
    headers = {"cache-control": "no-store"}
    if entry.retry_after is not None:
        headers["retry-after"] = str(entry.retry_after)
    if entry.status == HTTPStatus.UNAUTHORIZED:
        is_bad_token = entry.code == InvalidToken.code and challenge == "Bearer"
        headers["www-authenticate"] = challenge + ' error="invalid_token"' * is_bad_token
    return headers | {name.lower(): value for name, value in problem.headers.items()}


def unrouted(problem: Problem, document: Document, exchange: Exchange, challenge: str) -> Outgoing:
    """Turn a problem into an answer where no operation is meant, by the catalogue alone."""
    entry = document.problems.get(problem.code) or document.problems.get(InternalError.code)
    if entry is None:
        return Outgoing(500)
    body = problems.body_of(problem, entry, exchange.request_id)
    if exchange.traceparent is not None:
        body["trace_id"] = exchange.trace_id
    headers = problem_headers(problem, entry, challenge)
    return Outgoing(
        entry.status, {"content-type": problems.MEDIA_TYPE, **headers}, json_text.dumps(body)
    )
