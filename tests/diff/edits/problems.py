"""Edits of the catalogue of problems."""

from __future__ import annotations

from tests.diff.edits.edit import Edit, schema

BREAKING = [
    Edit(
        "a problem has another error of OAuth",
        "problem-oauth-error-changed",
        "x-problems/invalid_grant",
        lambda s: s["components"]["x-problems"]["invalid_grant"].update(oauth_error="other"),
    ),
    Edit(
        "a problem has another status",
        "problem-status-changed",
        "x-problems/post_not_found",
        lambda s: s["components"]["x-problems"]["post_not_found"].update(status=410),
    ),
    Edit(
        "a problem goes",
        "problem-removed",
        "x-problems/post_not_found",
        lambda s: s["components"]["x-problems"].pop("post_not_found"),
    ),
]

HARMLESS = [
    Edit(
        "a problem code comes",
        "response-enum-extended",
        "ProblemCode/enum",
        lambda s: schema(s, "ProblemCode")["enum"].append("teapot"),
    ),
    Edit(
        "a problem is told of in other words",
        "text-changed",
        "x-problems/post_not_found/title",
        lambda s: s["components"]["x-problems"]["post_not_found"].update(title="Gone"),
    ),
]
