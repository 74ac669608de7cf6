"""JSON pointers into one document (RFC 6901), in their URI fragment form `#/paths/~1posts/get`."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote, unquote


class UnresolvableReferenceError(ValueError):
    """A `$ref` leads nowhere, leaves the document, or leads back to itself."""

    def __init__(self, pointer: str, reason: str) -> None:
        """Keep the pointer of the reference, so that a reader can find it."""
        super().__init__(f"{pointer}: {reason}")
        self.pointer = pointer
        self.reason = reason


def child(pointer: str, *tokens: str | int) -> str:
    """Return the pointer of a member below `pointer`."""
    escaped = (str(token).replace("~", "~0").replace("/", "~1") for token in tokens)
    return "/".join((pointer, *escaped))


def tokens_of(pointer: str) -> list[str]:
    """Return the member names that a pointer passes through."""
    fragment = pointer.partition("#")[2]
    if "%" in fragment:
        fragment = unquote(fragment)
    tokens = fragment.split("/")[1:]
    return [t.replace("~1", "/").replace("~0", "~") for t in tokens] if "~" in fragment else tokens


def as_uri_fragment(pointer: str) -> str:
    """Percent-encode what a URI fragment cannot hold (RFC 3986, section 3.5)."""
    return "#" + quote(pointer.removeprefix("#"), safe="/~!$&'()*+,;=:@-._%")


def lookup(source: Any, pointer: str) -> Any:
    """Return what stands at `pointer`; raises UnresolvableReferenceError for nothing."""
    if not pointer.startswith("#"):
        raise UnresolvableReferenceError(pointer, "the reference leaves the document")
    node = source
    for token in tokens_of(pointer):
        try:
            node = node[int(token)] if isinstance(node, list) else node[token]
        except (KeyError, IndexError, ValueError, TypeError):
            raise UnresolvableReferenceError(pointer, "nothing stands there") from None
    return node


def resolve(source: Any, pointer: str) -> tuple[dict[str, Any], str]:
    """Follow `$ref` from `pointer` to the object it stands for; return it with its own pointer."""
    seen = [pointer]
    node = lookup(source, pointer)
    while isinstance(node, dict) and isinstance(node.get("$ref"), str):
        pointer = node["$ref"]
        if pointer in seen:
            raise UnresolvableReferenceError(pointer, "the reference leads back to itself")
        seen.append(pointer)
        node = lookup(source, pointer)
    if not isinstance(node, dict):
        raise UnresolvableReferenceError(pointer, "an object was expected there")
    return node, pointer
