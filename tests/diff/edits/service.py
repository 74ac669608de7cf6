"""Edits of how often operations are served, how old answers may be, and of repetition."""

from __future__ import annotations

from typing import Any

from tests.diff.edits.edit import ITEM, LIST, Edit, Source, operation, parameter

LOG_IN = "/api/v1/auth/login"
KEY = {"$ref": "#/components/parameters/IdempotencyKey"}
NEW = {"name": "reading", "limit": 1000, "window": 60, "per": "address"}


def limit(source: Source) -> dict[str, Any]:
    found: dict[str, Any] = operation(source, LOG_IN, "post")["x-rate-limit"][0]
    return found


BREAKING = [
    Edit(
        "fewer sign-ins are let pass",
        "rate-limit-narrowed",
        "login/post/x-rate-limit/0",
        lambda s: limit(s).update(limit=9),
    ),
    Edit(
        "reading is limited",
        "rate-limit-added",
        "/get/x-rate-limit/0",
        lambda s: operation(s).update({"x-rate-limit": [NEW]}),
    ),
    Edit(
        "what is read may be older",
        "staleness-raised",
        "/get/x-max-staleness",
        lambda s: operation(s, ITEM).update({"x-max-staleness": 3}),
    ),
    Edit(
        "a request cannot be repeated any more",
        "parameter-removed",
        "IdempotencyKey",
        lambda s: operation(s, LIST, "post")["parameters"].remove(KEY),
    ),
    Edit(
        "every request has to have a key",
        "parameter-required",
        "IdempotencyKey",
        lambda s: parameter(s, "IdempotencyKey").update(required=True),
    ),
]

HARMLESS = [
    Edit(
        "more sign-ins are let pass",
        "rate-limit-widened",
        "login/post/x-rate-limit/0",
        lambda s: limit(s).update(limit=11),
    ),
    Edit(
        "posts are written without a limit",
        "rate-limit-removed",
        "posts/post/x-rate-limit/0",
        lambda s: operation(s, LIST, "post").pop("x-rate-limit"),
    ),
    Edit(
        "what is read is always current",
        "staleness-lowered",
        "/get",
        lambda s: operation(s, ITEM).pop("x-max-staleness"),
    ),
    Edit(
        "changing a post can be repeated",
        "parameter-added",
        "IdempotencyKey",
        lambda s: operation(s, ITEM, "patch").setdefault("parameters", []).append(KEY),
    ),
]
