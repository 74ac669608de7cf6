"""A document that shares nothing with this service: other names, a key, no catalogue."""

from __future__ import annotations

from typing import Any


def answer(schema: str, **members: Any) -> dict[str, Any]:
    content = {"application/json": {"schema": {"$ref": f"#/components/schemas/{schema}"}}}
    return {"description": "It.", "content": content, **members}


def shop() -> dict[str, Any]:
    """Return a document of its own, to change as a test likes."""
    after = {"name": "after", "in": "query", "schema": {"type": "string", "default": "first"}}
    onwards = {"operationId": "listGadgets", "parameters": {"after": "$response.body#/meta/next"}}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Corner Shop", "version": "3.2.1"},
        "paths": {
            "/gadgets": {
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
            },
            "/orders": {
                "post": {
                    "operationId": "order",
                    "tags": ["gadget-store"],
                    "requestBody": {"required": True, "content": answer("Order")["content"]},
                    "responses": {"204": {"description": "Ordered."}},
                },
            },
        },
        "components": {
            "securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Key"}},
            "schemas": {
                "Gadget": {
                    "type": "object",
                    "required": ["name", "size"],
                    "additionalProperties": False,
                    "properties": {
                        "name": {"type": "string", "minLength": 3},
                        "size": {"type": "string", "enum": ["small", "large"]},
                        "pattern": {"type": "string", "default": "plain"},
                    },
                },
                "Gadgets": {
                    "type": "object",
                    "required": ["found", "meta"],
                    "additionalProperties": False,
                    "properties": {
                        "found": {
                            "type": "array",
                            "items": {"$ref": "#/components/schemas/Gadget"},
                        },
                        "meta": {"$ref": "#/components/schemas/Meta"},
                    },
                },
                "Meta": {
                    "type": "object",
                    "required": ["next", "state"],
                    "additionalProperties": False,
                    "properties": {
                        "next": {"type": ["string", "null"]},
                        "state": {"type": "string", "enum": ["open"]},
                    },
                },
                "Order": {
                    "type": "object",
                    "additionalProperties": False,
                    "maxProperties": 1,
                    "properties": {"kind": {"type": "string", "enum": ["rush"]}},
                },
                "Unused": {"type": "object"},
            },
        },
    }
