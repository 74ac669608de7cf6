"""Which objects an OpenAPI document is made of, and the schemas among them.

A table instead of a visitor class: kind of object -> member -> what stands there. Prefix `*` means
a map of such objects, `+` a list of them.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from app.contract.pointers import child

METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace")

_OPERATION_MEMBERS = dict.fromkeys(METHODS, "operation")

OBJECTS: dict[str, dict[str, str]] = {
    "document": {
        "paths": "*path_item",
        "webhooks": "*path_item",
        "components": "components",
        "x-response-headers": "*header",  # of sources alone: bundling moves them
    },
    "components": {
        "schemas": "*schema",
        "responses": "*response",
        "parameters": "*parameter",
        "requestBodies": "*body",
        "headers": "*header",
        "callbacks": "*callback",
        "pathItems": "*path_item",
        "examples": "*example",
        "links": "*link",
        "securitySchemes": "*security_scheme",
    },
    "path_item": {"parameters": "+parameter", **_OPERATION_MEMBERS},
    "callback": {"": "*path_item"},
    "operation": {
        "parameters": "+parameter",
        "requestBody": "body",
        "responses": "*response",
        "callbacks": "*callback",
    },
    "body": {"content": "*media_type"},
    "response": {"content": "*media_type", "headers": "*header", "links": "*link"},
    "parameter": {"schema": "schema", "content": "*media_type", "examples": "*example"},
    "header": {"schema": "schema", "content": "*media_type", "examples": "*example"},
    "media_type": {"schema": "schema", "encoding": "*encoding", "examples": "*example"},
    "encoding": {"headers": "*header"},
    "example": {},
    "link": {},
    "security_scheme": {},
    "schema": {
        **dict.fromkeys(("allOf", "anyOf", "oneOf", "prefixItems"), "+schema"),
        **dict.fromkeys(
            ("properties", "patternProperties", "dependentSchemas", "$defs", "definitions"),
            "*schema",
        ),
        **dict.fromkeys(
            (
                *("not", "if", "then", "else", "items", "contains", "propertyNames"),
                *("additionalProperties", "unevaluatedItems", "unevaluatedProperties"),
                "contentSchema",
            ),
            "schema",
        ),
    },
}


def objects(
    node: Any, kind: str = "document", pointer: str = "#"
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield (kind, pointer, object) for `node` and every object below it, parents first.

    References are yielded as they stand and not followed, so each object comes exactly once.
    """
    if not isinstance(node, dict):
        return
    yield kind, pointer, node
    if "$ref" in node and kind != "schema":
        return
    if kind == "callback":
        yield from _members(node, "*path_item", pointer)
        return
    for member, shape in OBJECTS[kind].items():
        if member in node:
            yield from _members(node[member], shape, child(pointer, member))


def _members(node: Any, shape: str, pointer: str) -> Iterator[tuple[str, str, dict[str, Any]]]:
    if shape.startswith("*") and isinstance(node, dict):
        for name, value in node.items():
            if not is_extension(name, shape, pointer):
                yield from objects(value, shape[1:], child(pointer, name))
    elif shape.startswith("+") and isinstance(node, list):
        for index, value in enumerate(node):
            yield from objects(value, shape[1:], child(pointer, index))
    elif shape[0] not in "*+":
        yield from objects(node, shape, pointer)


def is_extension(name: str, shape: str, pointer: str) -> bool:
    """Whether a member of the map at `pointer` is an extension rather than an entry."""
    is_patterned = shape in {"*path_item", "*response"} and not pointer.startswith("#/components/")
    return is_patterned and name.startswith("x-")


def schemas(source: dict[str, Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (pointer, schema) for every schema and subschema of a document."""
    for kind, pointer, node in objects(source):
        if kind == "schema":
            yield pointer, node
