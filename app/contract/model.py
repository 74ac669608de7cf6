"""What a document declares, as frozen data: operations, parameters, bodies, responses, problems.

Schemas stay in the document and are named by their JSON pointer; `schema.py` executes them.
"""

from __future__ import annotations

import keyword
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

RUNTIME_HEADERS = frozenset(
    {
        "x-request-id",
        "traceparent",
        "retry-after",
        "idempotent-replayed",
        "ratelimit",
        "ratelimit-policy",
        "www-authenticate",
        "allow",
        "vary",
        "content-location",
        "content-type",
        "content-length",
    }
)
ROUTER_MEMBERS = frozenset({"api", "endpoint", "operations", "tag"})
SAFE_METHODS = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})
IDEMPOTENCY_KEY = "idempotency-key"


@dataclass(frozen=True, slots=True, kw_only=True)
class Encoding:
    """How one property of a form body is written (OpenAPI, Encoding Object)."""

    content_type: str | None
    style: str
    explode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class MediaType:
    """One entry of a `content` map. `schema` is the pointer of its schema, if it has one."""

    name: str
    pointer: str
    schema: str | None
    encoding: Mapping[str, Encoding]
    is_stream: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Parameter:
    """A path, query, header or cookie parameter; `media_type` is set where it has `content`."""

    name: str
    location: str
    pointer: str
    required: bool
    style: str
    explode: bool
    schema: str
    media_type: str | None
    has_default: bool
    default: Any

    @property
    def key(self) -> str:
        """The name as it is compared: header names are case-insensitive (RFC 9110, section 5.1)."""
        return self.name.lower() if self.location == "header" else self.name


@dataclass(frozen=True, slots=True, kw_only=True)
class Header:
    """A response header. `constant` is the only value it may have, where the document fixes it."""

    name: str
    pointer: str
    required: bool
    schema: str | None
    constant: str | None

    @property
    def is_runtimes(self) -> bool:
        """Whether the runtime sets it, so that no handler needs to."""
        return self.constant is not None or self.name.lower() in RUNTIME_HEADERS


@dataclass(frozen=True, slots=True, kw_only=True)
class Body:
    """A request body; `max_size` (`x-max-body-size`) is in bytes, if the document says."""

    pointer: str
    required: bool
    content: Mapping[str, MediaType]
    max_size: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A declared answer. `status` is as written: `200`, `4XX` or `default`."""

    status: str
    pointer: str
    description: str
    content: Mapping[str, MediaType]
    headers: Mapping[str, Header]
    problems: tuple[str, ...]

    @property
    def is_success(self) -> bool:
        """Whether it is a 2xx answer."""
        return self.status.startswith("2")


@dataclass(frozen=True, slots=True, kw_only=True)
class Operation:
    """One method of one path. `security` lists the alternatives; `()` among them means nobody.
    `max_staleness` is in seconds: how old an answer may be for who shows no credential.
    """

    id: str
    method: str
    path: str
    pointer: str
    tag: str
    summary: str
    description: str
    deprecated: bool
    parameters: tuple[Parameter, ...]
    body: Body | None
    responses: Mapping[str, Response]
    security: tuple[Mapping[str, tuple[str, ...]], ...]
    max_staleness: int | None = None

    @property
    def name(self) -> str:
        """The operationId as an identifier that no keyword and no member of a router bears."""
        name = snake_case(self.id)
        return f"{name}_" if keyword.iskeyword(name) or name in ROUTER_MEMBERS else name

    @property
    def is_safe(self) -> bool:
        """Whether its method is safe (RFC 9110, section 9.2.1)."""
        return self.method in SAFE_METHODS

    @property
    def idempotency_key(self) -> str | None:
        """The name of the header parameter that names a request (draft-ietf-httpapi-idempotency-
        key-header), None where there is none or where nothing is done anyway.
        """
        if self.is_safe:
            return None
        headers = (p for p in self.parameters if p.location == "header")
        return next((p.name for p in headers if p.key == IDEMPOTENCY_KEY), None)

    @property
    def vary(self) -> str | None:
        """The request fields that decide what is answered (RFC 9110, section 12.5.5)."""
        offered = {name for r in self.responses.values() if r.is_success for name in r.content}
        fields = ["Accept"] if len(offered) > 1 else []
        return ", ".join([*fields, "Authorization"] if self.takes_actor else fields) or None

    @property
    def needs_actor(self) -> bool:
        """Whether nobody gets in without credentials."""
        return bool(self.security) and all(self.security)

    @property
    def takes_actor(self) -> bool:
        """Whether credentials are looked at."""
        return any(self.security)

    def response_for(self, status: int) -> Response | None:
        """Return the declaration of a status: exact, then its class (`4XX`), then `default`."""
        for key in (str(status), f"{status // 100}XX", "default"):
            if key in self.responses:
                return self.responses[key]
        return None

    def problem_codes(self) -> frozenset[str]:
        """The codes of every problem that this operation declares."""
        return frozenset(code for r in self.responses.values() for code in r.problems)


@dataclass(frozen=True, slots=True, kw_only=True)
class ProblemType:
    """One entry of the document's catalogue of problems (RFC 9457, section 4.2).

    `description` says what it means, `when` it comes and `remedy` what to do, in Markdown.
    """

    code: str
    status: int
    title: str
    detail: str
    description: str
    when: str
    remedy: str
    oauth_error: str | None
    refines: tuple[str, ...]
    retry_after: int | None

    @property
    def type(self) -> str:
        """The problem type URI reference."""
        return f"/problems/{self.code.replace('_', '-')}"


@dataclass(frozen=True, slots=True, kw_only=True)
class SecurityScheme:
    """Where a credential stands: `kind` is apiKey, http, oauth2, openIdConnect or mutualTLS."""

    name: str
    kind: str
    scheme: str
    location: str
    parameter: str


def snake_case(name: str) -> str:
    """Turn any name of a document into a snake_case Python identifier."""
    words = re.sub(r"([a-z0-9])([A-Z])|([A-Z]+)([A-Z][a-z])", r"\1\3_\2\4", name)
    identifier = re.sub(r"[\W_]+", "_", words, flags=re.ASCII).strip("_").lower()
    return f"_{identifier}" if identifier[:1].isdigit() else identifier
