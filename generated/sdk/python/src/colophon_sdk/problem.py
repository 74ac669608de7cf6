"""What can go wrong with a call, as exceptions.

    SDKError
     +- Problem             the service answers with a problem (RFC 9457); one class for each `code`
     +- NotModified         304: what you hold is current
     +- UnexpectedAnswer    something answers that is not the API: a proxy, another service
     +- Unreachable         nothing answers

A code that this version does not know is raised as `Problem` itself.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, ClassVar

import httpx2

from .api._runtime.client.errors import SDKError

__all__ = [
    "Fault",
    "NotModified",
    "Problem",
    "SDKError",
    "UnexpectedAnswer",
    "Unreachable",
    "raise_for",
]

PROBLEM_JSON = "application/problem+json"
NOT_MODIFIED = 304
SHOWN = 200


@dataclass(frozen=True)
class Fault:
    """One fault of the input and its place: JSON pointer into the body, parameter or header."""

    code: str
    detail: str
    pointer: str | None = None
    parameter: str | None = None
    header: str | None = None


class Problem(SDKError):
    """The service refuses a request, or fails at it. Decide by class or `code`, show `detail`."""

    code: str = "unknown"
    known: ClassVar[dict[str, type[Problem]]] = {}

    def __init__(self, status: int, body: Mapping[str, Any], headers: Mapping[str, str]) -> None:
        super().__init__()
        self.code = str(body.get("code", self.code))
        self.status = status
        self.title = str(body.get("title", ""))
        self.detail = str(body.get("detail", self.title))
        errors = body.get("errors")
        faults = errors if isinstance(errors, list) else []
        self.errors = tuple(_fault(entry) for entry in faults if isinstance(entry, dict))
        self.body = dict(body)
        self.headers = dict(headers)

    def __init_subclass__(cls) -> None:
        super().__init_subclass__()
        if "code" in vars(cls):
            Problem.known.setdefault(cls.code, cls)

    @property
    def request_id(self) -> str | None:
        """By which the request can be found in the logs of the service."""
        value = self.body.get("request_id") or self.headers.get("x-request-id")
        return None if value is None else str(value)

    @property
    def trace_id(self) -> str | None:
        """The trace (W3C Trace Context) that the request was a part of, if it was one of any."""
        value = self.body.get("trace_id")
        return None if value is None else str(value)

    @property
    def retry_after(self) -> float | None:
        """The seconds to wait that the answer asks for, where it gives them as a number."""
        value = self.headers.get("retry-after", "")
        return float(value) if value.isdecimal() else None

    def __str__(self) -> str:
        places = "".join(f" {_place(fault)}: {fault.detail}" for fault in self.errors)
        traced = f", trace {self.trace_id}" if self.trace_id else ""
        known_as = f" [request {self.request_id}{traced}]" if self.request_id else ""
        return f"{self.code} ({self.status}): {self.detail}{places}{known_as}"


class NotModified(SDKError):
    """304: what was asked for is still what its entity tag `etag` names."""

    def __init__(self, etag: str | None) -> None:
        super().__init__(reason="not_modified")
        self.etag = etag


class UnexpectedAnswer(SDKError):
    """An answer that is neither the operation's nor a problem: a proxy's page, another service."""

    def __init__(self, status: int, url: str, start: str) -> None:
        super().__init__(reason="unexpected_answer")
        self.status = status
        self.url = url
        self.start = start

    def __str__(self) -> str:
        return (
            f"{self.url} answered {self.status} with what is no answer of this API: {self.start!r}"
        )


class Unreachable(SDKError):
    """No answer: the service is down, the address is wrong, or the time was up."""

    def __init__(self, url: str, attempts: int, cause: httpx2.TransportError) -> None:
        super().__init__(reason="unreachable", cause=cause)
        self.url = url
        self.attempts = attempts

    def __str__(self) -> str:
        said = str(self.cause) or type(self.cause).__name__
        tries = "attempt" if self.attempts == 1 else "attempts"
        return f"{self.url} gave no answer in {self.attempts} {tries}: {said}"


def raise_for(response: httpx2.Response) -> None:
    """Raise what an answer that was read and is no success means."""
    if response.status_code == NOT_MODIFIED:
        raise NotModified(response.headers.get("etag"))
    body = _problem_body(response)
    if body is None:
        raise unexpected(response)
    problem = Problem.known.get(str(body.get("code")), Problem)
    raise problem(response.status_code, body, response.headers)


def unexpected(response: httpx2.Response) -> UnexpectedAnswer:
    """Return the error for an answer that was read and makes no sense."""
    url = str(response.url.copy_with(query=None))
    return UnexpectedAnswer(response.status_code, url, response.text[:SHOWN])


def _problem_body(response: httpx2.Response) -> dict[str, Any] | None:
    media_type = response.headers.get("content-type", "").partition(";")[0].strip().lower()
    if media_type != PROBLEM_JSON:
        return None
    try:
        body = json.loads(response.content)
    except ValueError:
        return None
    return body if isinstance(body, dict) else None


def _fault(members: Mapping[str, Any]) -> Fault:
    return Fault(
        code=str(members.get("code", "")),
        detail=str(members.get("detail", "")),
        pointer=members.get("pointer"),
        parameter=members.get("parameter"),
        header=members.get("header"),
    )


def _place(fault: Fault) -> str:
    return fault.pointer or fault.parameter or fault.header or "request"
