"""A document that shares nothing with this service: other names, a key, no catalogue."""

from __future__ import annotations

from typing import Any


def answer(schema: str, **members: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": "It.", "content": content, **members}


def shop() -> dict[str, Any]:
    """Return a document of its own, to change as a test likes."""
    return {
        "openapi": "3.1.0",
        "info": {"title": "Corner Shop", "version": "3.2.1"},
        "paths": {"/gadgets": gadgets(), "/orders": orders()},
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": schemas(),
        },
    }


def gadgets() -> dict[str, Any]:
    after = {"name": "after", "in": "query", "schema": {"type": "string", "default": "first"}}
    onwards = {"operationId": "listGadgets", "parameters": {"after": "$response.body#/meta/next"}}
    return {
        "get": {
            "operationId": "listGadgets",
            "tags": ["gadget-store"],
            "security": [{"key": []}],
            "parameters": [after],
            "responses": {"200": answer("Gadgets", links={"onwards": onwards})},
        },
        "put": {
            "operationId": "storeGadget",
            "tags": ["gadget-store"],
            "requestBody": {"required": True, "content": answer("Gadget")["content"]},
            "responses": {"204": {"description": "Stored."}},
        },
    }


def orders() -> dict[str, Any]:
    order = {
        "operationId": "order",
        "tags": ["gadget-store"],
        "requestBody": {"required": True, "content": answer("Order")["content"]},
        "responses": {"204": {"description": "Ordered."}},
    }
    return {"post": order}


def schemas() -> dict[str, Any]:
    gadget = {
        "name": {"type": "string", "minLength": 3},
        "size": {"type": "string", "enum": ["small", "large"]},
        "pattern": {"type": "string", "default": "plain"},
    }
    gadgets = {
        "found": {"type": "array", "items": {"$ref": "#/components/schemas/Gadget"}},
        "meta": {"$ref": "#/components/schemas/Meta"},
    }
    meta = {
        "next": {"type": ["string", "null"]},
        "state": {"type": "string", "enum": ["open"]},
    }
    kind = {"kind": {"type": "string", "enum": ["rush"]}}
    return {
        "Gadget": closed(gadget, required=["name", "size"]),
        "Gadgets": closed(gadgets, required=["found", "meta"]),
        "Meta": closed(meta, required=["next", "state"]),
        "Order": closed(kind, maxProperties=1),
        "Unused": {"type": "object"},
    }


def closed(properties: dict[str, Any], **members: Any) -> dict[str, Any]:
    return {
        "type": "object",
        **members,
        "additionalProperties": False,
        "properties": properties,
    }
