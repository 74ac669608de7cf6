"""What an answer says that must be the same whoever gives it."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from benchmarks.client import Answer


def content_of(answer: Answer) -> Any:
    """What is said, whatever way a moment is written."""
    return comparable(answer.content)


def page_of(answer: Answer) -> Any:
    """Rows and size. How many there are is counted to the end by some and to 1,000 by others."""
    return comparable({name: answer.content[name] for name in ("posts", "page_size")})


def written_post(answer: Answer) -> Any:
    """Each contestant writes a text with a number of its own, at a moment of its own."""
    post = answer.content
    varying = {"id", "created_at", "updated_at"}
    rest = {name: value for name, value in post.items() if name not in varying}
    return {**rest, "title": post["title"].rpartition(" ")[0]}


def kind_of_token(answer: Answer) -> Any:
    """The tokens themselves are nobody else's."""
    content = answer.content
    has_both = all(content[name] for name in ("access_token", "refresh_token"))
    return has_both, content["token_type"], content["expires_in"]


def nothing(_: Answer) -> None:
    """Each contestant has words of its own for it; the status is what counts."""


def comparable(value: Any) -> Any:
    if isinstance(value, dict):
        return {
            name: datetime.fromisoformat(inner) if name.endswith("_at") else comparable(inner)
            for name, inner in value.items()
        }
    return [comparable(inner) for inner in value] if isinstance(value, list) else value
