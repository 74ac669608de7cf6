"""What a page or a file consists of, and how it is answered: negotiated, tagged, conditional."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from starlette.requests import Request
from starlette.responses import Response

from app.contract import media
from app.contract.conditional import weakly_matches
from app.contract.problems import NotAcceptable


@dataclass(frozen=True)
class Content:
    """One form of a resource. It is read when it is first asked for, and kept."""

    media_type: str
    read: Callable[[], bytes]

    @cached_property
    def body(self) -> bytes:
        """The bytes that are sent."""
        return self.read()

    @cached_property
    def etag(self) -> str:
        """A strong entity tag: the same bytes have the same one on every machine."""
        return f'"{hashlib.sha256(self.body).hexdigest()}"'


@dataclass(frozen=True)
class Resource:
    """One address: its forms, the one for whoever has no preference first, and its headers."""

    forms: tuple[Content, ...]
    headers: Mapping[str, str] = field(default_factory=dict)

    def answer(self, request: Request) -> Response:
        """Answer GET and HEAD; raises NotAcceptable (406) where no form will do."""
        content = self._preferred(request)
        headers = {**self.headers, "etag": content.etag, "cache-control": "no-cache"}
        if len(self.forms) > 1:
            headers["vary"] = "Accept"
        asked = ", ".join(request.headers.getlist("if-none-match"))
        if asked and weakly_matches(asked, content.etag):
            return Response(status_code=304, headers=headers)
        return Response(content.body, headers=headers, media_type=content.media_type)

    def _preferred(self, request: Request) -> Content:
        if len(self.forms) == 1:
            return self.forms[0]
        by_type = {content.media_type: content for content in self.forms}
        accepted = media.acceptable(", ".join(request.headers.getlist("accept")), by_type)
        if not accepted:
            raise NotAcceptable(headers={"Vary": "Accept"})
        return by_type[accepted[0]]
