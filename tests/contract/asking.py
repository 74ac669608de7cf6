"""Asks a service for JSON over HTTP, as a run does besides what Schemathesis draws."""

from __future__ import annotations

import json
from http.client import HTTPException
from typing import Any
from urllib.error import HTTPError
from urllib.request import Request, urlopen

PATIENCE = 20.0
TOO_MANY = 429


class NoAnswerError(Exception):
    """The service did not do what it was asked; the message says what was asked, and why not."""


class TooManyError(NoAnswerError):
    """A limit of the service was reached."""


def answer_of(method: str, url: str, body: str | None = None, **headers: str) -> dict[str, Any]:
    """Send a request and return the object that is answered, empty where there is no body.

    Raises NoAnswerError.
    """
    data = None if body is None else body.encode()
    fields = {name.replace("_", "-"): value for name, value in headers.items()}
    # Whoever runs this has said that the address may be tested.
    request = Request(url, data, fields, method=method)  # noqa: S310
    try:
        with urlopen(request, timeout=PATIENCE) as answer:  # noqa: S310
            made = json.loads(answer.read() or b"{}")
    except HTTPError as refusal:
        kind = TooManyError if refusal.code == TOO_MANY else NoAnswerError
        raise kind(f"{method} {url} is answered with {refusal.code}") from refusal
    except (OSError, HTTPException) as error:
        reason = getattr(error, "reason", error)
        raise NoAnswerError(f"nothing answers {method} {url} ({reason})") from error
    except ValueError as error:
        raise NoAnswerError(f"{method} {url} is answered with what is no JSON") from error
    if not isinstance(made, dict):
        raise NoAnswerError(f"{method} {url} is answered with what is no object")
    return made
