"""A deliberate edit of our own document: what it does, and how it has to be told of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Source = dict[str, Any]
LIST = "/api/v1/posts"
ITEM = "/api/v1/posts/{post_id}"


class Edit(NamedTuple):
    """`at` is the end of the pointer that has to be named."""

    name: str
    rule: str
    at: str
    make: Callable[[Source], Any]


def operation(source: Source, path: str = LIST, method: str = "get") -> Source:
    found: Source = source["paths"][path][method]
    return found


def schema(source: Source, name: str) -> Source:
    found: Source = source["components"]["schemas"][name]
    return found


def member(source: Source, name: str, of: str) -> Source:
    found: Source = schema(source, of)["properties"][name]
    return found


def parameter(source: Source, name: str) -> Source:
    found: Source = source["components"]["parameters"][name]
    return found


def success(source: Source, path: str = LIST, method: str = "get", status: str = "200") -> Source:
    found: Source = operation(source, path, method)["responses"][status]
    return found
