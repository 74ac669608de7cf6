"""Edits of parameters."""

from __future__ import annotations

from tests.diff.edits.edit import Edit, operation, parameter

BREAKING = [
    Edit(
        "a parameter goes",
        "parameter-removed",
        "AuthorId",
        lambda s: operation(s)["parameters"].remove({"$ref": "#/components/parameters/AuthorId"}),
    ),
    Edit(
        "a parameter becomes required",
        "parameter-required",
        "AuthorId",
        lambda s: parameter(s, "AuthorId").update(required=True),
    ),
    Edit(
        "a required parameter comes",
        "parameter-added-required",
        "/parameters/6",
        lambda s: operation(s)["parameters"].append(
            {"name": "locale", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
    ),
    Edit(
        "a parameter is written otherwise",
        "parameter-style-changed",
        "Published",
        lambda s: parameter(s, "Published").update(explode=False),
    ),
    Edit(
        "a parameter has another default",
        "request-default-changed",
        "PageSize/schema/default",
        lambda s: parameter(s, "PageSize")["schema"].update(default=20),
    ),
    Edit(
        "a parameter's bound falls",
        "request-maximum-narrowed",
        "PageSize/schema/maximum",
        lambda s: parameter(s, "PageSize")["schema"].update(maximum=50),
    ),
    Edit(
        "a parameter's pattern changes",
        "request-pattern-changed",
        "Cursor/schema/pattern",
        lambda s: parameter(s, "Cursor")["schema"].update(pattern="^[0-9]+$"),
    ),
    Edit(
        "a parameter is in JSON",
        "parameter-style-changed",
        "AuthorId",
        lambda s: parameter(s, "AuthorId").update(
            content={"application/json": {"schema": parameter(s, "AuthorId").pop("schema")}}
        ),
    ),
    Edit(
        "reserved characters are sent as they are",
        "parameter-style-changed",
        "Cursor",
        lambda s: parameter(s, "Cursor").update(allowReserved=True),
    ),
    Edit(
        "a parameter is judged by what stands beside its reference",
        "request-max-length-narrowed",
        "Cursor/schema/maxLength",
        lambda s: (
            s["components"]["schemas"].update(Mark=parameter(s, "Cursor")["schema"]),
            parameter(s, "Cursor").update(
                schema={"$ref": "#/components/schemas/Mark", "maxLength": 8}
            ),
        ),
    ),
]

HARMLESS = [
    Edit(
        "a parameter comes",
        "parameter-added",
        "/parameters/6",
        lambda s: operation(s)["parameters"].append(
            {"name": "locale", "in": "query", "schema": {"type": "string"}}
        ),
    ),
    Edit(
        "a bound of a request rises",
        "request-maximum-widened",
        "PageSize/schema/maximum",
        lambda s: parameter(s, "PageSize")["schema"].update(maximum=200),
    ),
    Edit(
        "a parameter is deprecated",
        "deprecated",
        "AuthorId",
        lambda s: parameter(s, "AuthorId").update({"deprecated": True, "x-sunset": "2099-01-01"}),
    ),
    Edit(
        "a parameter left out means something that is told",
        "request-default-added",
        "Cursor/schema/default",
        lambda s: parameter(s, "Cursor")["schema"].update(default="0000000000000000"),
    ),
]
