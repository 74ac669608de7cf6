"""Entity tags (RFC 9110, section 8.8.3), made of what a representation is made of."""

from __future__ import annotations

import hashlib

from generated import CONTRACT_DIGEST


def entity_tag(*parts: object) -> str:
    """A strong tag that changes with each of `parts`, which are numbers, strings, flags or None,
    and with the document, because a new member makes the same row a new representation.
    """
    text = repr((CONTRACT_DIGEST, *parts))
    return f'"{hashlib.blake2b(text.encode(), digest_size=12).hexdigest()}"'
