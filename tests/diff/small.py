"""Small documents with one schema, which is sent and received, so that both directions are seen."""

from __future__ import annotations

from typing import Any

from app.contract.document import Document
from codegen.diff.changes import Change, Severity
from codegen.diff.document import compare

THING = {"$ref": "#/components/schemas/Thing"}


def document(
    thing: Any, *, version: str = "3.1.0", schemas: dict[str, Any] | None = None, **more: Any
) -> dict[str, Any]:
    content = {"application/json": {"schema": THING}}
    operation = {
        "operationId": "send",
        "requestBody": {"content": content},
        "responses": {"200": {"description": "Back.", "content": content}},
    }
    return {
        "openapi": version,
        "info": {"title": "Small", "version": "1.0.0"},
        "paths": {"/things": {"post": operation}},
        "components": {"schemas": {"Thing": thing, **(schemas or {})}},
        **more,
    }


def compared(old: dict[str, Any], new: dict[str, Any]) -> list[Change]:
    return compare(Document(old), Document(new))


def rules(old: dict[str, Any], new: dict[str, Any]) -> dict[str, str]:
    """Return the severity of each rule that tells of something; texts are left out."""
    found = compared(old, new)
    return {c.rule: c.severity.value for c in found if c.severity is not Severity.DOCS}


def severities(old: Any, new: Any, **more: Any) -> tuple[str, str]:
    """Return what a change of the schema means when it is sent, and when it is received."""
    found = rules(document(old, **more), document(new, **more))
    graver = {"request": "", "response": ""}
    for rule, severity in found.items():
        way = rule.partition("-")[0]
        graver[way] = "breaking" if "breaking" in {severity, graver[way]} else severity
    return graver["request"], graver["response"]
