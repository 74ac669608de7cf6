"""Media types: which one a body is, and which ones a client accepts (RFC 9110, section 12)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, TypeVar

T = TypeVar("T")
_TYPED = frozenset(
    {"type", "enum", "const", "allOf", "anyOf", "oneOf", "properties", "items", "$ref"}
)
_PARAMETER = re.compile(r';\s*+([^\s=;"]++)=(?:"((?:[^"\\]|\\.)*+)"|([^;"]*+))')


def parse(field: str) -> tuple[str, dict[str, str]]:
    """Split a Content-Type value into its lower-case type and its parameters."""
    name, semicolon, _ = field.partition(";")
    found = _PARAMETER.finditer(field, len(name)) if semicolon else ()
    return name.strip().lower(), {m[1].lower(): _unquoted(m) for m in found}


def _unquoted(parameter: re.Match[str]) -> str:
    quoted, token = parameter.group(2, 3)
    return token.strip() if quoted is None else re.sub(r"\\(.)", r"\1", quoted)


def is_json(name: str) -> bool:
    """Whether a media type is JSON, by name or by its +json suffix (RFC 6839)."""
    kind = name.partition(";")[0].strip().lower()
    return kind == "application/json" or kind.endswith("+json")


def is_file(schema: Mapping[str, Any], kind: str | None) -> bool:
    """Whether a part of a multipart form is a file, going by its schema and its encoding's type.

    Otherwise it is text or JSON (OpenAPI 3.1, Special Considerations for multipart Content).
    """
    if "contentEncoding" in schema:
        return False
    kind = kind or schema.get("contentMediaType")
    if kind is not None:
        return not is_json(kind) and not kind.strip().lower().startswith("text/")
    return schema.get("format") == "binary" or schema.keys().isdisjoint(_TYPED)


def declared(content: Mapping[str, T], name: str) -> T | None:
    """Return the entry of a `content` map for a media type: exact, then `type/*`, then `*/*`."""
    if name in content:
        return content[name]
    for key, entry in content.items():
        if key.partition(";")[0].strip() == name:
            return entry
    return content.get(f"{name.partition('/')[0]}/*") or content.get("*/*")


def acceptable(accept: str | None, offered: Iterable[str]) -> list[str]:
    """Return the offered media types that an Accept field admits, the best first.

    A missing or empty field admits everything; q=0 refuses (RFC 9110, section 12.5.1).
    """
    names = list(offered)
    if accept is None or not accept.strip() or accept.strip() == "*/*":
        return names
    ranges = [_media_range(part) for part in accept.split(",") if part.strip()]
    rated = [(_quality(name.partition(";")[0].strip(), ranges), name) for name in names]
    return [name for quality, name in sorted(rated, key=lambda r: -r[0]) if quality > 0]


def _media_range(text: str) -> tuple[str, float]:
    name, parameters = parse(text)
    try:
        quality = float(parameters.get("q", "1"))
    except ValueError:
        quality = 0.0
    return name, quality if 0 <= quality <= 1 else 0.0


def _quality(name: str, ranges: list[tuple[str, float]]) -> float:
    """Return the quality of the most specific range that covers `name`, 0 where none does."""
    for pattern in (name, f"{name.partition('/')[0]}/*", "*/*"):
        matching = [quality for candidate, quality in ranges if candidate == pattern]
        if matching:
            return max(matching)
    wildcard = [quality for candidate, quality in ranges if "*" in name and candidate]
    return max(wildcard, default=0.0)
