"""What a schema was and is, and what that means when it is sent and when it is received."""

from __future__ import annotations

from typing import Any

Case = tuple[str, Any, Any, tuple[str, str]]
NARROWER = ("breaking", "additive")
WIDER = ("additive", "breaking")
OTHER = ("breaking", "breaking")
FREE = ("additive", "additive")
SAME = ("", "")

TEXT, NULL, NUMBER = {"type": "string"}, {"type": "null"}, {"type": "number"}
A = {"type": "object", "properties": {"kind": {"const": "a"}, "a": TEXT}, "required": ["kind"]}
B = {"type": "object", "properties": {"kind": {"const": "b"}, "b": TEXT}, "required": ["kind"]}
A_REF, B_REF = {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}
A_TWIN = {"$ref": "#/components/schemas/A2"}
BOTH = {"A": A, "B": B, "A2": A}
KIND = {"propertyName": "kind"}


def member(schema: Any, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": {"m": schema}, **more}
