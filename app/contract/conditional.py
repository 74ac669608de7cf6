"""Conditional requests (RFC 9110, section 13): entity tags compared, 304 and 412 decided."""

from __future__ import annotations

import re

from app.contract.problems import PreconditionFailed

_ENTITY_TAG = re.compile(r'(?:W/)?"[\x21\x23-\x7e\x80-\xff]*"')
_LIST = re.compile(rf"[ \t,]*+(?:{_ENTITY_TAG.pattern}[ \t]*+(?:,[ \t,]*+|\Z))*+")


def entity_tags(field: str) -> list[str]:
    """Return the entity tags of an If-Match or If-None-Match field value, or `["*"]`.

    A value that is no list of entity tags names none, so that nothing matches it.
    """
    if field.strip() == "*":
        return ["*"]
    return _ENTITY_TAG.findall(field) if _LIST.fullmatch(field) else []


def weakly_matches(field: str, etag: str) -> bool:
    """Compare as If-None-Match does: weak tags count as their strong ones (section 8.8.3.2)."""
    if field == etag:  # Most clients name the one tag that they were given.
        return True
    tags = entity_tags(field)
    return tags == ["*"] or etag.removeprefix("W/") in (tag.removeprefix("W/") for tag in tags)


def strongly_matches(field: str, etag: str) -> bool:
    """Compare as If-Match does: a weak tag never matches (section 8.8.3.2)."""
    tags = entity_tags(field)
    return tags == ["*"] or (etag in tags and not etag.startswith("W/"))


class Precondition:
    """The If-Match of one request. A handler checks it once it has the resource under its lock."""

    def __init__(self, if_match: str | None) -> None:
        """`if_match` is the field value, None where the client did not ask."""
        self._if_match = if_match
        self.is_checked = if_match is None

    @property
    def is_conditional(self) -> bool:
        """Whether the client sent If-Match."""
        return self._if_match is not None

    def check(self, etag: str) -> None:
        """Raise PreconditionFailed (412) where the resource's present `etag` is not meant."""
        self.is_checked = True
        if self._if_match is not None and not strongly_matches(self._if_match, etag):
            raise PreconditionFailed


# Of the many requests without If-Match; checking it changes nothing.
UNCONDITIONAL = Precondition(None)
