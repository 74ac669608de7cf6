"""Calls operations by their operationId, and refuses an answer that the document does not allow."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote, urlencode

import httpx2

from tests.contract.coverage import record
from tests.judge import decoded, judge, operations, resolved

OPERATIONS = operations()
FORM = "application/x-www-form-urlencoded"


@dataclass(frozen=True, slots=True)
class Account:
    """Somebody who is registered and signed in."""

    id: int
    username: str
    email: str
    password: str
    access_token: str
    refresh_token: str


@dataclass(frozen=True, slots=True)
class Reply:
    status: int
    headers: httpx2.Headers
    body: Any

    @property
    def etag(self) -> str:
        return self.headers["etag"]

    @property
    def code(self) -> str:
        """Which problem it is; empty where it is none."""
        return self.body.get("code", "") if self.status >= 400 else ""


class Api:
    """`await api("update_post", as_=alice, post_id=7, if_match=etag, body={...})`.

    Parameters go where the document has them. `body` is sent as the first media type that the
    operation declares, or as `media_type`; `content` is sent as it is. `query` and `headers` are
    for what the document does not have.
    """

    def __init__(self, http: httpx2.AsyncClient) -> None:
        self.http = http

    async def __call__(
        self,
        operation_id: str,
        *,
        as_: Account | str | None = None,
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
            headers=sent | dict(headers or {}),
            content=content if body is None else encoded(body, sent["content-type"]),
        )
        judge(operation, response.status_code, response.headers, response.content)
        media_type = response.headers.get("content-type", "").partition(";")[0]
        body = decoded(response.content, media_type) if response.content else None
        reply = Reply(response.status_code, response.headers, body)
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


def authorization(as_: Account | str | None) -> dict[str, str]:
    if as_ is None:
        return {}
    token = as_.access_token if isinstance(as_, Account) else as_
    return {"authorization": f"Bearer {token}"}


def encoded_type(
    operation: dict[str, Any], body: Any, content: bytes | None, media_type: str | None
) -> dict[str, str]:
    if body is None and content is None:
        return {}
    if media_type is None:
        declared = resolved(operation.get("requestBody", {})).get("content", {})
        media_type = next(iter(declared), "application/json")
    return {"content-type": media_type}


def encoded(body: Any, media_type: str) -> bytes:
    if media_type.startswith(FORM):
        return urlencode(body, doseq=True).encode()
    return json.dumps(body).encode()
