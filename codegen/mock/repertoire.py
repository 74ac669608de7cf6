"""What an operation can answer, and which of it is answered to a request."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from app.contract.model import Operation, Response
from app.contract.problems import MalformedRequest
from codegen.mock.answers import Choice
from codegen.mock.preferences import Asked

# What a range of statuses, or `default`, is answered with: the first that is not declared itself.
_STATUSES: tuple[int, ...] = (200, 400, 500, 300, *range(201, 600))
_LONGEST_DETAIL = 500
# What OAuth allows in an error description (RFC 6749, section 5.2).
_PLAIN = re.compile(r"[ !#-\[\]-~]+")


class Repertoire:
    """The answers of one operation, by the status under which the document has them."""

    def __init__(self, operation: Operation, choices: Mapping[str, list[Choice]]) -> None:
        self.operation = operation
        self._choices = choices

    def choose(self, asked: Asked, accept: str | None) -> tuple[int, Choice]:
        """Return a status and an answer; raises MalformedRequest where there is none as asked.

        `accept` is the media type that the client likes best among those of the successes.
        """
        responses = self._responses(asked, accept)
        if not responses:
            raise MalformedRequest(_only("code", self.operation.responses))
        choices = [choice for r in responses for choice in self._choices[r.status]]
        found = [c for c in choices if asked.example in {None, c.name, c.code}]
        if not found:
            raise MalformedRequest(_only("example", (c.name for c in choices)))
        best = min(found, key=lambda c: (c.response is not found[0].response, not _is(c, accept)))
        return asked.code or status_of(self.operation, best.response), best

    def _responses(self, asked: Asked, accept: str | None) -> list[Response]:
        """Return the response with the code that is asked for. Without one, all of them, the
        likely ones first, are searched for an example, and otherwise the likeliest is meant.
        """
        if asked.code is not None:
            found = self.operation.response_for(asked.code)
            return [found] if found is not None else []
        likely = sorted(
            self.operation.responses.values(),
            key=lambda r: (_rank(r), not (accept is None or accept in _names(r))),
        )
        return likely if asked.example is not None else likely[:1]


def status_of(operation: Operation, response: Response) -> int:
    """Return the status to answer a response with, whose own may be `4XX` or `default`."""
    if response.status.isdigit():
        return int(response.status)
    has_success = any(r.is_success for r in operation.responses.values())
    preferred = (500, *_STATUSES) if response.status == "default" and has_success else _STATUSES
    return next(status for status in preferred if operation.response_for(status) is response)


def _rank(response: Response) -> int:
    """Return how unlikely it is that an operation answers so by itself."""
    ranks = ("2", "3", "d", "4", "5")
    return ranks.index(response.status[0]) if response.status[0] in ranks else len(ranks)


def _names(response: Response) -> set[str]:
    return {media_type.name for media_type in response.content.values()}


def _is(choice: Choice, name: str | None) -> bool:
    return choice.media_type is not None and choice.media_type.name == name


def _only(preference: str, words: Iterable[str | None]) -> str:
    plain = (word for word in words if word is not None and _PLAIN.fullmatch(word))
    known = ", ".join(dict.fromkeys(plain)) or "none"
    detail = f"Prefer: this operation knows only these values of {preference}: {known}."
    return detail[:_LONGEST_DETAIL]
