"""Tokens as an attacker, or a careless other service, would make them: byte by byte, by no library
that would refuse to.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from typing import Any


def encoded(value: bytes | str) -> str:
    raw = value if isinstance(value, bytes) else value.encode()
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def signed(message: str, key: bytes, digest: str = "sha256") -> str:
    return encoded(hmac.new(key, message.encode(), getattr(hashlib, digest)).digest())


def token(header: Any, claims: Any, key: bytes, digest: str = "sha256") -> str:
    """`header` and `claims` as JSON values, or as the text or bytes to encode."""
    parts = (
        value if isinstance(value, str | bytes) else json.dumps(value) for value in (header, claims)
    )
    message = ".".join(map(encoded, parts))
    return f"{message}.{signed(message, key, digest)}"
