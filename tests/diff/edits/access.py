"""Edits of who gets in."""

from __future__ import annotations

from tests.diff.edits.edit import LIST, Edit, operation

KEY = {"type": "apiKey", "in": "header", "name": "X-Key"}


BREAKING = [
    Edit(
        "what was public needs sign-in",
        "security-added",
        "/get/security",
        lambda s: operation(s, "/health").update(security=[{"oauth2": []}]),
    ),
    Edit(
        "the sign-in of all operations is required where it was optional",
        "security-added",
        "/get/security",
        lambda s: operation(s).update(security=[{"oauth2": []}]),
    ),
    Edit(
        "a scope is needed",
        "security-narrowed",
        "/post/security",
        lambda s: operation(s, LIST, "post").update(security=[{"oauth2": ["write"]}]),
    ),
    Edit(
        "tokens come from elsewhere",
        "security-scheme-changed",
        "securitySchemes/oauth2",
        lambda s: s["components"]["securitySchemes"]["oauth2"]["flows"]["password"].update(
            tokenUrl="/token"
        ),
    ),
    Edit(
        "one credential of two is enough no longer",
        "security-narrowed",
        "/post/security",
        lambda s: (
            s["components"]["securitySchemes"].update(key=KEY),
            operation(s, LIST, "post").update(security=[{"oauth2": [], "key": []}]),
        ),
    ),
    Edit(
        "a way to get a token goes",
        "security-scheme-changed",
        "securitySchemes/oauth2",
        lambda s: s["components"]["securitySchemes"]["oauth2"].update(
            flows={"clientCredentials": {"tokenUrl": "/token", "scopes": {}}}
        ),
    ),
]

HARMLESS = [
    Edit(
        "sign-in becomes optional",
        "security-widened",
        "/get/security",
        lambda s: operation(s, "/api/v1/me").update(security=[{}, {"oauth2": []}]),
    ),
    Edit(
        "a scope is offered",
        "security-scope-offered",
        "securitySchemes/oauth2",
        lambda s: s["components"]["securitySchemes"]["oauth2"]["flows"]["password"].update(
            scopes={"write": "Write."}
        ),
    ),
    Edit(
        "another credential is enough as well",
        "security-widened",
        "/post/security",
        lambda s: (
            s["components"]["securitySchemes"].update(key=KEY),
            operation(s, LIST, "post").update(security=[{"oauth2": []}, {"key": []}]),
        ),
    ),
    Edit(
        "another way to get a token comes",
        "rewritten",
        "securitySchemes/oauth2",
        lambda s: s["components"]["securitySchemes"]["oauth2"]["flows"].update(
            clientCredentials={"tokenUrl": "/token", "scopes": {}}
        ),
    ),
]
