"""What all operations of an invented document share: problems, their answers, paging, errors."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

JSON = "application/json"
PROBLEM = "application/problem+json"
STATUS_OF = {
    "malformed_request": 400,
    "unauthorized": 401,
    "invalid_token": 401,
    "not_acceptable": 406,
    "content_too_large": 413,
    "unsupported_media_type": 415,
    "invalid_input": 422,
    "header_fields_too_large": 431,
    "internal_error": 500,
    "unavailable": 503,
}
# What every operation can answer, and what only those with a body can.
ALWAYS = ("400", "401", "406", "422", "431", "500", "503")
WITH_BODY = ("413", "415")


def camel_case(name: str) -> str:
    """`active_account` as `ActiveAccount`."""
    return "".join(word.capitalize() for word in name.split("_"))


def ref(kind: str, name: str) -> dict[str, Any]:
    """A reference to a component."""
    return {"$ref": f"#/components/{kind}/{name}"}


def text(longest: int, **words: Any) -> dict[str, Any]:
    return {"type": "string", "minLength": 1, "maxLength": longest, **words}


def integer(lowest: int, highest: int, **words: Any) -> dict[str, Any]:
    return {"type": "integer", "minimum": lowest, "maximum": highest, **words}


def closed(properties: dict[str, Any], optional: Sequence[str] = ()) -> dict[str, Any]:
    """An object of these members and no others."""
    return {
        "type": "object",
        "required": [name for name in properties if name not in optional],
        "additionalProperties": False,
        "properties": properties,
    }


PARAMETERS: dict[str, Any] = {
    "Page": {
        "name": "page",
        "in": "query",
        "description": "The page of the list, counted from 1.",
        "schema": integer(1, 100, format="int32", default=1),
    },
    "PageSize": {
        "name": "page_size",
        "in": "query",
        "description": "How many entries a page has at most.",
        "schema": integer(1, 100, format="int32", default=50),
    },
}
HEADERS: dict[str, Any] = {"RequestId": {"required": True, "schema": text(128)}}
FIELD_ERROR = closed(
    {"pointer": text(500), "parameter": text(100), "code": text(100), "detail": text(500)},
    optional=["pointer", "parameter"],
)
PROBLEM_SCHEMA = closed(
    {
        "type": text(200, format="uri-reference"),
        "title": text(200),
        "status": integer(400, 599),
        "detail": text(1000),
        "code": {"type": "string", "x-enum-of": "problems"},
        "request_id": text(128),
        "errors": {"type": "array", "maxItems": 100, "items": ref("schemas", "FieldError")},
    },
    optional=["errors"],
)
SCHEMAS: dict[str, Any] = {"FieldError": FIELD_ERROR, "Problem": PROBLEM_SCHEMA}


def problems(names: Sequence[str]) -> dict[str, Any]:
    """The catalogue: what the runtime can answer, and for each thing that there is no such one."""
    missing = {f"{name}_not_found": 404 for name in names}
    return {
        code: {
            "status": status,
            "title": code.replace("_", " ").capitalize(),
            "detail": f"The answer is: {code.replace('_', ' ')}.",
        }
        for code, status in (STATUS_OF | missing).items()
    }


def responses(names: Sequence[str]) -> dict[str, Any]:
    """One for each status, `Answer400`, and one for each thing, `ActiveAccountNotFound`."""
    codes: dict[str, list[str]] = {}
    for code, status in STATUS_OF.items():
        codes.setdefault(f"Answer{status}", []).append(code)
    codes |= {f"{camel_case(name)}NotFound": [f"{name}_not_found"] for name in names}
    return {name: response(of) for name, of in codes.items()}


def response(codes: list[str]) -> dict[str, Any]:
    return {
        "description": " ".join(f"The problem {code}." for code in codes),
        "x-problems": codes,
        "headers": {"X-Request-Id": ref("headers", "RequestId")},
        "content": {PROBLEM: {"schema": ref("schemas", "Problem")}},
    }
