"""The JSON texts that have passed their schemas lately, so that none is judged twice in a row.

Whether a text passes depends on the text and its schema and on nothing else, and what many people
read is the same text again and again. It is still written anew for each of them from what the
database says now; only the judgement is remembered.
"""

from __future__ import annotations

LIMIT = 2 * 1024 * 1024
END = 32


class PassedTexts:
    """Those of one process. What came first is forgotten first, beyond `limit` bytes."""

    def __init__(self, limit: int = LIMIT) -> None:
        self._limit = limit
        self._texts: dict[tuple[str, int, bytes, bytes], bytes] = {}
        self._size = 0

    def hold(self, schema: str, text: bytes) -> bool:
        """Tell whether this very text has passed: texts are compared from end to end."""
        return self._texts.get(_place(schema, text)) == text

    def add(self, schema: str, text: bytes) -> None:
        """Remember a text that has passed. One that looks alike from its ends makes way for it."""
        place = _place(schema, text)
        self._size += len(text) - len(self._texts.pop(place, b""))
        # A copy: what wrote the text has left room behind it, several times its size.
        self._texts[place] = bytes(memoryview(text))
        while self._size > self._limit:
            self._size -= len(self._texts.pop(next(iter(self._texts))))


def _place(schema: str, text: bytes) -> tuple[str, int, bytes, bytes]:
    """Where to look for a text. Hashing all of a long one would cost half of judging it."""
    return schema, len(text), text[:END], text[-END:]
