"""The one route of the application that answers every page and every file that a page needs."""

from __future__ import annotations

from typing import Any

from starlette.datastructures import URLPath
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Match, NoMatchFound
from starlette.types import Receive, Scope, Send

from app.contract import Document
from app.pages import assets, problems, reference
from app.pages.content import Resource

ALLOW = "GET, HEAD, OPTIONS"
RESOURCE = "pages.resource"


class Pages(BaseRoute):
    """Holds no request. Any other path is left to the routes that come after it."""

    def __init__(self, service: str, document: Document) -> None:
        """`service` stands in the titles; raises FileNotFoundError where a package is missing."""
        self._resources: dict[str, Resource] = {
            **assets.resources(),
            **reference.resources(service),
            **problems.resources(service, document),
        }

    def matches(self, scope: Scope) -> tuple[Match, Scope]:
        """Claim the addresses there are, with or without a trailing slash."""
        if scope["type"] != "http":
            return Match.NONE, {}
        found = self._resources.get(scope["path"].removesuffix("/"))
        return (Match.NONE, {}) if found is None else (Match.FULL, {RESOURCE: found})

    def url_path_for(self, name: str, /, **path_params: Any) -> URLPath:
        """Pages are known by their address, not by a name (Starlette's routing protocol)."""
        raise NoMatchFound(name, path_params)

    async def handle(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one request."""
        await _answer(scope[RESOURCE], Request(scope))(scope, receive, send)


def _answer(resource: Resource, request: Request) -> Response:
    if request.method == "OPTIONS":
        return Response(status_code=204, headers={"allow": ALLOW})
    if request.method not in {"GET", "HEAD"}:
        raise HTTPException(405, headers={"Allow": ALLOW})
    return resource.answer(request)
