"""Calls operations by their operationId, and refuses an answer that the document does not allow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Protocol
from urllib.parse import quote, urlencode

import httpx2

from tests.contract.coverage import record
from tests.judge import decoded, judge, operations, resolved

OPERATIONS = operations()
FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BOUNDARY = "between-the-parts"
# Each answer that is asked for here is a part of this trace, and says so.
TRACEPARENT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01"
END = f"--{BOUNDARY}--\r\n".encode()


class SignedIn(Protocol):
    @property
    def access_token(self) -> str: ...


# A token, somebody who has one, or the header fields that carry other credentials.
Credentials = SignedIn | str | Mapping[str, str] | None


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: httpx2.Headers
    body: Any
    content: bytes = b""

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def code(self) -> str:
        """Which problem it is; empty where it is none."""
        return self.body.get("code", "") if self.status >= 400 else ""


class Api:
    """`await api("update_thing", as_=alice, thing_id=7, if_match=etag, body={...})`.

    Parameters go where the document has them. `body` is sent as the first media type that the
    operation declares, or as `media_type`; `content` is sent as it is. `query` and `headers` are
    for what the document does not have. What is answered is decoded where it is JSON.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def __call__(
        self,
        operation_id: str,
        *,
        as_: Credentials = None,
        body: Any = None,
        content: bytes | None = None,
        media_type: str | None = None,
        query: Mapping[str, Any] | None = None,
        headers: Mapping[str, str] | None = None,
        **parameters: Any,
    ) -> Reply:
        method, path, operation = OPERATIONS[operation_id]
        target, sent = placed(operation, path, parameters, query or {})
        sent |= authorization(as_) | encoded_type(operation, body, content, media_type)
        response = await self.http.request(
            method.upper(),
            target,
            headers={"traceparent": TRACEPARENT} | sent | dict(headers or {}),
            content=content if body is None else encoded(body, sent["content-type"]),
        )
        judge(operation, response.status_code, response.headers, response.content)
        media_type = response.headers.get("content-type", "").partition(";")[0]
        body = decoded(response.content, media_type) if response.content else None
        reply = Reply(response.status_code, response.headers, body, response.content)
        record(operation_id, reply.status, media_type or None, response.headers, reply.code or None)
        return reply


def placed(
    operation: dict[str, Any], path: str, parameters: dict[str, Any], query: Mapping[str, Any]
) -> tuple[str, dict[str, str]]:
    """The target and the header fields of a request with these parameters."""
    fields, headers = dict(query), {}
    for declared in operation["parameters"]:
        name = declared["name"]
        argument = name.lower().replace("-", "_")
        if argument not in parameters:
            continue
        value = parameters.pop(argument)
        text = value if isinstance(value, str) else json.dumps(value)
        match declared["in"]:
            case "path":
                path = path.replace(f"{{{name}}}", quote(text, safe=""))
            case "query":
                fields[name] = text
            case "header":
                headers[name] = text
    assert not parameters, f"{operation['operationId']} has no parameters {parameters.keys()}"
    return (f"{path}?{urlencode(fields, doseq=True)}" if fields else path), headers


def authorization(as_: Credentials) -> dict[str, str]:
    if as_ is None:
        return {}
    if isinstance(as_, Mapping):
        return dict(as_)
    token = as_ if isinstance(as_, str) else as_.access_token
    return {"authorization": f"Bearer {token}"}


def encoded_type(
    operation: dict[str, Any], body: Any, content: bytes | None, media_type: str | None
) -> dict[str, str]:
    if body is None and content is None:
        return {}
    if media_type is None:
        declared = resolved(operation.get("requestBody", {})).get("content", {})
        media_type = next(iter(declared), "application/json")
    if media_type == MULTIPART:
        media_type = f"{MULTIPART}; boundary={BOUNDARY}"
    return {"content-type": media_type}


def encoded(body: Any, media_type: str) -> bytes:
    if media_type.startswith(FORM):
        return urlencode(body, doseq=True).encode()
    if media_type.startswith(MULTIPART):
        return b"".join(part(name, value) for name, value in body.items()) + END
    return json.dumps(body).encode()


def part(name: str, value: str | bytes) -> bytes:
    """One part of a multipart form (RFC 7578): bytes are a file."""
    head = f'--{BOUNDARY}\r\nContent-Disposition: form-data; name="{name}"'
    if isinstance(value, bytes):
        head += '; filename="file"\r\nContent-Type: application/octet-stream'
    content = value if isinstance(value, bytes) else value.encode()
    return f"{head}\r\n\r\n".encode() + content + b"\r\n"
