"""Makes a document servable: adds what the runtime answers, leaves out media types on demand.

For documents of other people's APIs: a catalogue, a schema and a response for each problem. All of
it stands in the bundle that is served, so that nothing leaves the process undeclared.
"""

from __future__ import annotations

import copy
import fnmatch
from collections.abc import Iterable, Iterator
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.grammar import objects
from app.contract.model import Operation
from app.contract.pointers import child
from app.contract.problems import MEDIA_TYPE
from app.contract.required import missing_problems
from codegen.findings import refuse
from codegen.naming import pascal_case, unique

# Code -> status, title, detail.
CATALOGUE: dict[str, tuple[int, str, str]] = {
    "malformed_request": (400, "Malformed request", "The request could not be read."),
    "unauthorized": (401, "Sign-in needed", "This operation needs credentials."),
    "invalid_token": (401, "Invalid credentials", "The credentials are not valid."),
    "forbidden": (403, "Forbidden", "The credentials do not allow this."),
    "not_found": (404, "Not found", "There is nothing at this address."),
    "method_not_allowed": (405, "Method not allowed", "This address does not serve that method."),
    "not_acceptable": (406, "Not acceptable", "No declared media type fits the Accept header."),
    "idempotency_key_in_use": (
        *(409, "Idempotency key in use"),
        "A request with this Idempotency-Key is still being carried out.",
    ),
    "precondition_failed": (412, "Precondition failed", "The resource has changed meanwhile."),
    "content_too_large": (413, "Content too large", "The body is larger than is allowed."),
    "unsupported_media_type": (
        *(415, "Unsupported media type"),
        "This operation does not read bodies of that media type.",
    ),
    "invalid_input": (422, "Invalid input", "The input breaks a rule of the document."),
    "idempotency_key_reused": (
        *(422, "Idempotency key reused"),
        "This Idempotency-Key was sent before with another request.",
    ),
    "too_many_requests": (429, "Too many requests", "Too many requests. Try again later."),
    "header_fields_too_large": (
        *(431, "Header fields too large"),
        "The target and the header fields are too long.",
    ),
    "internal_error": (500, "Internal error", "The service failed to answer this request."),
    "not_implemented": (501, "Not implemented", "This operation is not served yet."),
    "unavailable": (503, "Temporarily unavailable", "The service cannot answer at the moment."),
}
RETRY_AFTER = {"idempotency_key_in_use": 1, "too_many_requests": 30, "unavailable": 2}
# Answered for want of a handler or of what a handler stands on, which no document can tell.
ALWAYS = ("not_implemented", "unavailable")


def leave_out(source: dict[str, Any], patterns: Iterable[str]) -> None:
    """Remove the media types that match a pattern such as `*/xml` from the bundle, in place."""
    for pointer, content in _contents(source):
        left = {name for name in content if not _matches(name, patterns)}
        if content and not left:
            raise refuse(pointer, "no media type is left")
        for name in content.keys() - left:
            del content[name]


def stream(source: dict[str, Any], patterns: Iterable[str]) -> None:
    """Let the media types that match a pattern be streamed, in place."""
    for _, content in _contents(source):
        for name, media_type in content.items():
            if isinstance(media_type, dict) and _matches(name, patterns):
                media_type["x-stream"] = True


def _contents(source: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    for kind, pointer, node in list(objects(source)):
        if kind in {"body", "response"} and isinstance(node.get("content"), dict):
            yield child(pointer, "content"), node["content"]


def _matches(name: str, patterns: Iterable[str]) -> bool:
    return any(fnmatch.fnmatchcase(name.lower(), pattern.lower()) for pattern in patterns)


def add_problems(source: dict[str, Any]) -> None:
    """Complete the bundle `source` in place."""
    components = source.setdefault("components", {})
    catalogue = components.setdefault("x-problems", {})
    for code, (status, title, detail) in CATALOGUE.items():
        entry: dict[str, Any] = {"status": status, "title": title, "detail": detail}
        if code in RETRY_AFTER:
            entry["retry_after"] = RETRY_AFTER[code]
        catalogue.setdefault(code, entry)
    document = Document(source)
    schemas = components.setdefault("schemas", {})
    name = unique("Problem", schemas)
    schemas[name] = _problem_schema(catalogue)
    completer = _Completer(source, child("#/components/schemas", name))
    for operation in document.operations:
        completer.complete(operation, _missing(operation, document))


def _missing(operation: Operation, document: Document) -> dict[int, list[str]]:
    missing = missing_problems(operation, document)
    for code in ALWAYS:
        status = document.problems[code].status
        if code not in operation.problem_codes() and code not in missing.get(status, ()):
            missing.setdefault(status, []).append(code)
    return dict(sorted(missing.items()))


class _Completer:
    """Puts problem responses into operations; equal ones are one component."""

    def __init__(self, source: dict[str, Any], schema: str) -> None:
        self._source = source
        self._schema = schema
        self._responses: dict[tuple[str, ...], str] = {}

    def complete(self, operation: Operation, missing: dict[int, list[str]]) -> None:
        node = pointers.lookup(self._source, operation.pointer)
        responses = node.setdefault("responses", {})
        for status, codes in missing.items():
            if str(status) in responses:
                at = child(operation.pointer, "responses", status)
                responses[str(status)] = self._extended(at, codes)
            else:
                responses[str(status)] = {"$ref": self._component(tuple(codes))}

    def _extended(self, at: str, codes: list[str]) -> dict[str, Any]:
        """Return a response that carries problems beside what it has carried before."""
        found, _ = pointers.resolve(self._source, at)
        response = copy.deepcopy(found)
        response["x-problems"] = [*response.get("x-problems", ()), *codes]
        content = response.setdefault("content", {})
        held = content.get(MEDIA_TYPE, {}).get("schema")
        own = self._content()
        if held is not None and held != own["schema"]:
            own = {**content[MEDIA_TYPE], "schema": {"anyOf": [held, own["schema"]]}}
        content[MEDIA_TYPE] = own
        return response

    def _component(self, codes: tuple[str, ...]) -> str:
        if codes not in self._responses:
            entries = self._source["components"].setdefault("responses", {})
            name = unique("".join(pascal_case(code) for code in codes), entries)
            catalogue = self._source["components"]["x-problems"]
            entries[name] = {
                "description": " ".join(catalogue[code]["detail"] for code in codes),
                "x-problems": list(codes),
                "headers": _headers(codes),
                "content": {MEDIA_TYPE: self._content()},
            }
            self._responses[codes] = child("#/components/responses", name)
        return self._responses[codes]

    def _content(self) -> dict[str, Any]:
        return {"schema": {"$ref": self._schema}}


def _headers(codes: Iterable[str]) -> dict[str, Any]:
    text, number = {"schema": {"type": "string"}}, {"schema": {"type": "integer", "minimum": 0}}
    headers: dict[str, Any] = {"X-Request-Id": {"required": True, **text}}
    if {"unauthorized", "invalid_token"} & set(codes):
        headers["WWW-Authenticate"] = {"required": True, **text}
    if set(RETRY_AFTER) & set(codes):
        headers["Retry-After"] = {"required": True, **number}
    return headers


def _problem_schema(catalogue: dict[str, Any]) -> dict[str, Any]:
    text = {"type": "string"}
    error = {
        "type": "object",
        "required": ["code", "detail"],
        "properties": dict.fromkeys(("pointer", "parameter", "header", "code", "detail"), text),
    }
    return {
        "description": "What went wrong (RFC 9457).",
        "type": "object",
        "required": ["type", "title", "status", "detail", "code", "request_id"],
        "properties": {
            "type": text,
            "title": text,
            "status": {"type": "integer"},
            "detail": text,
            "code": {"type": "string", "enum": list(catalogue)},
            "request_id": text,
            "errors": {"type": "array", "items": error},
            "error": text,
            "error_description": text,
        },
    }
