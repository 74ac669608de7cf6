"""Reads a bundled OpenAPI document (3.0 or 3.1, local references only) into `model.py`'s data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from app.contract import pointers
from app.contract.grammar import METHODS
from app.contract.model import (
    Body,
    Encoding,
    Header,
    MediaType,
    Operation,
    Parameter,
    ProblemType,
    Response,
    SecurityScheme,
)
from app.contract.pointers import child

DEFAULT_STYLES = {"path": "simple", "query": "form", "header": "simple", "cookie": "form"}


class Document:
    """A bundled OpenAPI document. Raises UnresolvableReferenceError for a reference to nothing."""

    def __init__(self, source: dict[str, Any]) -> None:
        """Read `source`, the parsed JSON of the bundle."""
        self.source = source
        self.version: str = str(source.get("openapi", ""))
        self._responses: dict[tuple[str, str], Response] = {}
        self.operations = tuple(self._operations("paths"))
        self.webhooks = tuple(self._operations("webhooks"))
        self.security_schemes = self._security_schemes()
        self.problems = self._problems()

    @property
    def is_3_0(self) -> bool:
        """Whether schemas are in the dialect of OpenAPI 3.0."""
        return self.version.startswith("3.0")

    @cached_property
    def by_id(self) -> Mapping[str, Operation]:
        """The operations by operationId."""
        return {operation.id: operation for operation in self.operations}

    @cached_property
    def base_path(self) -> str:
        """The path of the first server, which every path of the document stands under."""
        servers = self.source.get("servers") or [{"url": "/"}]
        url = str(servers[0].get("url", "/"))
        for name, variable in servers[0].get("variables", {}).items():
            url = url.replace("{" + name + "}", str(variable.get("default", "")))
        return urlsplit(url).path.rstrip("/")

    def _operations(self, member: str) -> Iterator[Operation]:
        for path in self.source.get(member) or {}:
            if path.startswith("x-"):
                continue
            item, at = pointers.resolve(self.source, child("#", member, path))
            for method in METHODS:
                if method in item:
                    yield self._operation(path, method, item, at)

    def _operation(self, path: str, method: str, item: dict[str, Any], at: str) -> Operation:
        node, pointer = item[method], child(at, method)
        security = node.get("security", self.source.get("security", []))
        return Operation(
            id=node.get("operationId") or f"{method}_{path}",
            method=method.upper(),
            path=path,
            pointer=pointer,
            tag=str((node.get("tags") or ["default"])[0]),
            summary=node.get("summary") or item.get("summary") or "",
            description=node.get("description") or item.get("description") or "",
            deprecated=bool(node.get("deprecated", False)),
            parameters=self._parameters(item, at, node, pointer),
            body=self._body(child(pointer, "requestBody")) if "requestBody" in node else None,
            responses={
                str(status): self._response(str(status), child(pointer, "responses", status))
                for status in node.get("responses", {})
                if not str(status).startswith("x-")
            },
            security=tuple({k: tuple(v) for k, v in choice.items()} for choice in security),
            max_staleness=node.get("x-max-staleness"),
        )

    def _parameters(
        self, item: dict[str, Any], at: str, node: dict[str, Any], pointer: str
    ) -> tuple[Parameter, ...]:
        """Merge the parameters of the path item with the operation's own, which win."""
        merged: dict[tuple[str, str], Parameter] = {}
        for owner, owner_at in ((item, at), (node, pointer)):
            for index in range(len(owner.get("parameters", []))):
                parameter = self._parameter(child(owner_at, "parameters", index))
                merged[parameter.location, parameter.key] = parameter
        return tuple(merged.values())

    def _parameter(self, pointer: str) -> Parameter:
        node, pointer = pointers.resolve(self.source, pointer)
        style = node.get("style") or DEFAULT_STYLES[node["in"]]
        media_type = next(iter(node.get("content", {})), None)
        members = ("content", media_type, "schema") if media_type else ("schema",)
        schema_at = child(pointer, *members)
        schema = self._schema(schema_at)
        said = self._said(schema) if schema else {}
        return Parameter(
            name=node["name"],
            location=node["in"],
            pointer=pointer,
            required=bool(node.get("required", False)),
            style=style,
            explode=bool(node.get("explode", style == "form")),
            schema=schema or schema_at,
            media_type=media_type,
            has_default="default" in said,
            default=said.get("default"),
        )

    def _schema(self, pointer: str) -> str | None:
        """Return the pointer of the schema at `pointer`: a component's where it is one.

        Since 3.1 what stands beside a `$ref` is part of the schema, so the way ends there.
        """
        try:
            node = pointers.lookup(self.source, pointer)
        except pointers.UnresolvableReferenceError:
            return None
        passed: list[str] = []
        while isinstance(node, dict) and "$ref" in node and (len(node) == 1 or self.is_3_0):
            passed.append(pointer)
            pointer = node["$ref"]
            if pointer in passed:
                raise pointers.UnresolvableReferenceError(pointer, "it leads back to itself")
            node = pointers.lookup(self.source, pointer)
        return pointer

    def _said(self, pointer: str) -> dict[str, Any]:
        """Return what a schema says and what it refers to says, the nearest first."""
        node, end = pointers.resolve(self.source, pointer)
        found: dict[str, Any] = {}
        while pointer != end:
            beside = pointers.lookup(self.source, pointer)
            found = {**beside, **found}
            pointer = beside["$ref"]
        return {**node, **found}

    def _body(self, pointer: str) -> Body:
        node, pointer = pointers.resolve(self.source, pointer)
        return Body(
            pointer=pointer,
            required=bool(node.get("required", False)),
            content=self._content(node, pointer),
            max_size=node.get("x-max-body-size"),
        )

    def _content(self, node: dict[str, Any], pointer: str) -> dict[str, MediaType]:
        return {
            name.lower(): MediaType(
                name=name,
                pointer=(at := child(pointer, "content", name)),
                schema=self._schema(child(at, "schema")),
                encoding={k: _encoding(v) for k, v in media_type.get("encoding", {}).items()},
                is_stream=bool(media_type.get("x-stream", False)),
            )
            for name, media_type in (node.get("content") or {}).items()
        }

    def _response(self, status: str, pointer: str) -> Response:
        """Read a component once, however many operations answer with it."""
        node, pointer = pointers.resolve(self.source, pointer)
        key = (status, pointer)
        if key not in self._responses:
            self._responses[key] = self._read_response(status, node, pointer)
        return self._responses[key]

    def _read_response(self, status: str, node: dict[str, Any], pointer: str) -> Response:
        return Response(
            status=status.upper() if status != "default" else status,
            pointer=pointer,
            description=str(node.get("description", "")),
            content=self._content(node, pointer),
            headers={
                name.lower(): self._header(name, child(pointer, "headers", name))
                for name in node.get("headers", {})
            },
            problems=tuple(node.get("x-problems", ())),
        )

    def _header(self, name: str, pointer: str) -> Header:
        node, pointer = pointers.resolve(self.source, pointer)
        schema = self._schema(child(pointer, "schema"))
        said = self._said(schema) if schema else {}
        choices = [said["const"]] if "const" in said else said.get("enum", [])
        return Header(
            name=name,
            pointer=pointer,
            required=bool(node.get("required", False)),
            schema=schema,
            constant=str(choices[0]) if len(choices) == 1 else None,
        )

    def _security_schemes(self) -> dict[str, SecurityScheme]:
        schemes = self.source.get("components", {}).get("securitySchemes", {})
        resolved = {
            name: pointers.resolve(self.source, child("#/components/securitySchemes", name))[0]
            for name in schemes
        }
        return {
            name: SecurityScheme(
                name=name,
                kind=node["type"],
                scheme=str(node.get("scheme", "bearer")).lower(),
                location=node.get("in", "header"),
                parameter=node.get("name", "Authorization"),
            )
            for name, node in resolved.items()
        }

    def _problems(self) -> dict[str, ProblemType]:
        catalogue = self.source.get("components", {}).get("x-problems", {})
        return {code: _problem_type(code, entry) for code, entry in catalogue.items()}


def _problem_type(code: str, entry: Mapping[str, Any]) -> ProblemType:
    refines = entry.get("refines", ())
    return ProblemType(
        code=code,
        status=entry["status"],
        title=entry["title"],
        detail=entry["detail"],
        description=entry.get("description", ""),
        when=entry.get("when", ""),
        remedy=entry.get("remedy", ""),
        oauth_error=entry.get("oauth_error"),
        refines=(refines,) if isinstance(refines, str) else tuple(refines),
        retry_after=entry.get("retry_after"),
    )


def _encoding(node: Mapping[str, Any]) -> Encoding:
    style = node.get("style", "form")
    return Encoding(
        content_type=node.get("contentType"),
        style=style,
        explode=bool(node.get("explode", style == "form")),
    )
