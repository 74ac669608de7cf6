"""What the layer has to know of a document: names, sign-in, lists that go on, problems."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sdk.client_document import UnusableError, is_json, operations, resolve

Json = Any

FORM = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"
BODY_POINTER = "$response.body#"


@dataclass(frozen=True)
class SignIn:
    """The password flow of OAuth 2: the scheme's name and the addresses of its tokens."""

    scheme: str
    token_url: str
    refresh_url: str
    revocation_url: str | None


@dataclass(frozen=True)
class Scheme:
    """A security scheme that credentials are given for: its name, and where they go."""

    name: str
    kind: str
    place: str
    field: str


@dataclass(frozen=True)
class Pages:
    """A list that goes on: what an answer says is next, and where to send it."""

    operation: str
    tag: str
    path: str
    parameter: str
    pointer: str
    items: str


@dataclass(frozen=True)
class KnownProblem:
    code: str
    status: int
    title: str
    description: str


@dataclass(frozen=True)
class Facts:
    title: str
    version: str
    summary: str
    slug: str
    sign_in: SignIn | None
    keyed: tuple[tuple[str, str], ...]
    schemes: tuple[Scheme, ...]
    has_files: bool
    pages: tuple[Pages, ...]
    problems: tuple[KnownProblem, ...]
    tags: tuple[str, ...]
    parsed_as: str


def read_facts(document: Json) -> Facts:
    """Read them from the bundle. Raises UnusableError with one sentence."""
    if not isinstance(document, dict) or not {"openapi", "info", "paths"} <= document.keys():
        raise UnusableError("this is no OpenAPI document, which has openapi, info and paths.")
    info = document["info"]
    slug = re.sub(r"[^a-z0-9]+", "-", info["title"].lower()).strip("-")
    if not slug or not slug[0].isalpha():
        raise UnusableError(
            f"info.title {info['title']!r} gives no package name: begin it with a letter."
        )
    _require_names(document)
    tags = dict.fromkeys(operation["tags"][0] for _, _, operation in operations(document))
    sign_in = _sign_in(document)
    return Facts(
        title=info["title"],
        version=info["version"],
        summary=info.get("summary", f"The {info['title']} API."),
        slug=slug,
        sign_in=sign_in,
        keyed=tuple(_keyed(document)),
        schemes=tuple(_schemes(document, sign_in)),
        has_files=any(MULTIPART in _body(operation) for _, _, operation in operations(document)),
        pages=tuple(_all_pages(document)),
        problems=tuple(_problems(document)),
        tags=tuple(tags),
        parsed_as="json" if _answers_are_json(document) else "auto",
    )


def _keyed(document: Json) -> Iterator[tuple[str, str]]:
    """Yield method and path of the operations that take an Idempotency-Key."""
    for path, method, operation in operations(document):
        item = document["paths"][path]
        for node in (*item.get("parameters", ()), *operation.get("parameters", ())):
            parameter = resolve(document, node)
            if (parameter["in"], parameter["name"].lower()) == ("header", "idempotency-key"):
                yield method.upper(), path


def _require_names(document: Json) -> None:
    for path, method, operation in operations(document):
        for member in ("operationId", "tags"):
            if not operation.get(member):
                raise UnusableError(
                    f"{method.upper()} {path} has no {member}, and a call is named by it: "
                    "write it in the document."
                )


def _sign_in(document: Json) -> SignIn | None:
    for name, scheme in document.get("components", {}).get("securitySchemes", {}).items():
        flow = resolve(document, scheme).get("flows", {}).get("password")
        if flow:
            token_url = flow["tokenUrl"]
            return SignIn(
                name, token_url, flow.get("refreshUrl", token_url), _revocation_url(document)
            )
    return None


def _schemes(document: Json, sign_in: SignIn | None) -> Iterator[Scheme]:
    """Every scheme but the one that signing in takes care of."""
    for name, node in document.get("components", {}).get("securitySchemes", {}).items():
        scheme = resolve(document, node)
        if sign_in is not None and name == sign_in.scheme:
            continue
        if scheme["type"] == "apiKey":
            yield Scheme(name, "apiKey", scheme["in"], scheme["name"])
        elif scheme["type"] != "mutualTLS":
            yield Scheme(name, scheme.get("scheme", "bearer").lower(), "header", "Authorization")


def _body(operation: Json) -> Json:
    """The media types that an operation takes."""
    return operation.get("requestBody", {}).get("content", {})


def _revocation_url(document: Json) -> str | None:
    """RFC 7009's request is known by its form: `token` with an optional `token_type_hint`."""
    for path, method, operation in operations(document):
        form = _body(operation).get(FORM, {})
        schema = resolve(document, form.get("schema", {}))
        if method == "post" and {"token", "token_type_hint"} <= set(schema.get("properties", {})):
            return path
    return None


def _all_pages(document: Json) -> list[Pages]:
    found = [
        _pages(document, path, operation)
        for path, method, operation in operations(document)
        if method == "get"
    ]
    return [pages for pages in found if pages]


def _pages(document: Json, path: str, operation: Json) -> Pages | None:
    """A list goes on where its answer links to the list itself with a parameter from the body."""
    answer = resolve(document, operation["responses"].get("200", {}))
    schema = resolve(
        document, answer.get("content", {}).get("application/json", {}).get("schema", {})
    )
    arrays = [
        name for name, value in schema.get("properties", {}).items() if value.get("type") == "array"
    ]
    following = _following(document, operation, answer)
    if following is None or len(arrays) != 1:
        return None
    parameter, pointer = following
    return Pages(
        operation["operationId"], operation["tags"][0], path, parameter, pointer, arrays[0]
    )


def _following(document: Json, operation: Json, answer: Json) -> tuple[str, str] | None:
    queries = {
        parameter["name"]
        for parameter in (resolve(document, node) for node in operation.get("parameters", []))
        if parameter["in"] == "query"
    }
    for link in (resolve(document, node) for node in answer.get("links", {}).values()):
        if link.get("operationId") == operation["operationId"]:
            for name, expression in link.get("parameters", {}).items():
                pointer = str(expression).removeprefix(BODY_POINTER)
                if name in queries and pointer.rpartition("/")[2].startswith("next"):
                    return name, pointer
    return None


def _answers_are_json(document: Json) -> bool:
    answers = [
        resolve(document, answer)
        for _, _, operation in operations(document)
        for status, answer in operation["responses"].items()
        if status.startswith("2")
    ]
    contents = [answer["content"] for answer in answers if answer.get("content")]
    return all(any(is_json(media_type) for media_type in content) for content in contents)


def _problems(document: Json) -> list[KnownProblem]:
    catalogue = document.get("components", {}).get("x-problems", {})
    return [
        KnownProblem(
            code, problem["status"], problem["title"], problem.get("description", problem["title"])
        )
        for code, problem in catalogue.items()
    ]
