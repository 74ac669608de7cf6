"""What a client wishes for in `Prefer` (RFC 7240): which of the declared answers, and how late.

`Prefer: code=404`, `Prefer: code=200, example=page`, `Prefer: delay=1.5`. Other preferences are
ignored, as the RFC wants it; one of these that cannot be met is refused, so that it is noticed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextvars import ContextVar
from dataclasses import dataclass, field

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.contract.problems import MalformedRequest

LONGEST_DELAY = 10.0
_NAME = r"[!#$%&'*+.^_`|~0-9A-Za-z-]++"
_WORD = rf'(?:{_NAME}|"(?:[^"\\]|\\.)*+")'
_EQUALS = r"[ \t]*+=[ \t]*+"
_PARAMETERS = rf"(?:[ \t]*+;[ \t]*+(?:{_NAME}(?:{_EQUALS}{_WORD}?)?)?)*+"
_PREFERENCE = re.compile(rf"(?P<name>{_NAME})(?:{_EQUALS}(?P<word>{_WORD})?)?{_PARAMETERS}")
_BETWEEN = re.compile(r"[ \t]*+(?:,[ \t]*+)*+")
_SECONDS = re.compile(r"[0-9]{1,3}(?:\.[0-9]{1,3})?")


@dataclass(slots=True)
class Wish:
    """The preferences of one request. What is met of them is put into `applied`."""

    fields: list[str] = field(default_factory=list)
    applied: list[str] = field(default_factory=list)

    def read(self) -> Asked:
        """Return what is asked for; raises MalformedRequest where it cannot be."""
        found = dict(reversed([pair for text in self.fields for pair in _preferences(text)]))
        return Asked(
            code=_code(found.get("code")),
            example=found.get("example") or None,
            delay=_delay(found.get("delay")),
        )

    def apply(self, asked: Asked) -> None:
        """Say that what was asked for is met."""
        met = {"code": asked.code, "example": asked.example, "delay": asked.delay}
        self.applied += [f"{name}={_word(str(value))}" for name, value in met.items() if value]


@dataclass(frozen=True, slots=True)
class Asked:
    """Which answer a client wants, and after how many seconds."""

    code: int | None = None
    example: str | None = None
    delay: float = 0.0

    @property
    def is_particular(self) -> bool:
        """Whether it is one answer among those declared."""
        return self.code is not None or self.example is not None


_wish: ContextVar[Wish] = ContextVar("wish")


def current() -> Wish:
    """Return the preferences of the request that is being answered."""
    return _wish.get()


class Preferring:
    """Middleware: keeps a request's `Prefer`, and says in `Preference-Applied` what was met."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request, or pass anything else through."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        wish = Wish([v.decode("latin-1") for name, v in scope["headers"] if name == b"prefer"])

        async def send_applied(message: Message) -> None:
            if message["type"] == "http.response.start":
                message = {**message, "headers": [*message.get("headers", ()), *_fields(wish)]}
            await send(message)

        token = _wish.set(wish)
        try:
            await self._app(scope, receive, send_applied)
        finally:
            _wish.reset(token)


def _fields(wish: Wish) -> Iterable[tuple[bytes, bytes]]:
    yield b"vary", b"Prefer"
    if wish.applied:
        yield b"preference-applied", ", ".join(wish.applied).encode("latin-1")


def _preferences(text: str) -> list[tuple[str, str]]:
    """Return names and values of one field line (RFC 7240, section 2)."""
    found: list[tuple[str, str]] = []
    at = _skipped(text, 0)
    while at < len(text):
        whole = _PREFERENCE.match(text, at)
        after = _skipped(text, whole.end()) if whole else at
        is_last = after == len(text)
        if whole is None or not (is_last or "," in text[whole.end() : after]):
            raise MalformedRequest("The Prefer field is not a list of preferences (RFC 7240).")
        found.append((whole["name"].lower(), _unquoted(whole["word"] or "")))
        at = after
    return found


def _skipped(text: str, at: int) -> int:
    between = _BETWEEN.match(text, at)
    return between.end() if between else at


def _unquoted(word: str) -> str:
    return re.sub(r"\\(.)", r"\1", word[1:-1]) if word.startswith('"') else word


def _word(text: str) -> str:
    if re.fullmatch(_NAME, text):
        return text
    escaped = re.sub(r'(["\\])', r"\\\1", text)
    return f'"{escaped}"'


def _code(word: str | None) -> int | None:
    if not word:
        return None
    if not re.fullmatch("[2-5][0-9][0-9]", word):
        raise MalformedRequest("Prefer: code must be a status from 200 to 599.")
    return int(word)


def _delay(word: str | None) -> float:
    if not word:
        return 0.0
    if not _SECONDS.fullmatch(word) or float(word) > LONGEST_DELAY:
        raise MalformedRequest(f"Prefer: delay must be seconds, {LONGEST_DELAY:g} at most.")
    return float(word)
