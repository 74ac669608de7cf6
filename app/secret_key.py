"""What makes a signing key good enough, and the key that a development machine makes for itself.
Where keys come from is `app.settings`; what they sign is `app.security`.
"""

from __future__ import annotations

import contextlib
import hashlib
import math
import os
import secrets
import zlib
from collections import Counter
from pathlib import Path

# RFC 7518, section 3.2: an HMAC key is at least as long as the hash that it keys.
MINIMUM_BYTES = {"HS256": 32, "HS384": 48, "HS512": 64}
MINIMUM_ENTROPY_BITS = 90
# `openssl rand -base64` and -hex stay above this; repeated words and keyboard walks do not.
MINIMUM_COMPRESSED_BYTES = 28
PLACEHOLDERS = (
    "changeme",
    "changethis",
    "dontuse",
    "example",
    "insecure",
    "mysecret",
    "password",
    "placeholder",
    "qwerty",
    "replaceme",
    "secretkey",
    "supersecret",
    "yoursecret",
)
# SHA-256 of keys that stand in tutorials (FastAPI's); the keys themselves are not repeated here.
PUBLISHED = {"570dad43de1af4c925f92c16a68a50936da42b7dd6fdeb24850507a1199aac89"}


def length_fault(key: str, algorithm: str) -> str | None:
    """Why the key is too short for the algorithm, or None."""
    minimum = MINIMUM_BYTES[algorithm]
    size = len(key.encode())
    if size >= minimum:
        return None
    return f"has {size} bytes and {algorithm} needs {minimum} or more"


def guessable_fault(key: str) -> str | None:
    """Why somebody could guess the key, or None."""
    letters = "".join(c for c in key.lower() if c.isalnum())
    if any(word in letters for word in PLACEHOLDERS) or _digest(key) in PUBLISHED:
        return "is a well-known placeholder"
    if _entropy(key) < MINIMUM_ENTROPY_BITS:
        return "has too few different characters to be random"
    if len(zlib.compress(key.encode(), 9)) < MINIMUM_COMPRESSED_BYTES:
        return "repeats itself"
    return None


def kept_key(data_dir: Path) -> str:
    """The key in `data_dir`/secret_key, made at first use; any number of processes get the same.
    Raises OSError where the folder cannot be written.
    """
    data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    path = data_dir / "secret_key"
    if not path.exists():
        _place(path, secrets.token_urlsafe(64))
    path.chmod(0o600)
    return path.read_text(encoding="ascii").strip()


def _place(path: Path, key: str) -> None:
    """Write aside, then link: the file is either absent or whole, and the first writer wins."""
    aside = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        with os.fdopen(handle, "w", encoding="ascii") as file:
            file.write(key + "\n")
            file.flush()
            os.fsync(file.fileno())
        with contextlib.suppress(FileExistsError):
            path.hardlink_to(aside)
    finally:
        aside.unlink()


def _entropy(text: str) -> float:
    """Bits, counted from how often each character comes."""
    counts = Counter(text).values()
    return -sum(n * math.log2(n / len(text)) for n in counts)


def _digest(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
