"""The documentation pages: Swagger UI at /docs and Redoc at /redoc, without any other host.

Their scripts come from a package of static files; nothing of its code is imported.
"""

from __future__ import annotations

import html
from importlib.util import find_spec
from pathlib import Path
from typing import Final

from starlette.requests import Request
from starlette.responses import FileResponse, HTMLResponse, Response
from starlette.routing import BaseRoute, Route

ASSETS_PACKAGE: Final = "fastapi_offline"
SWAGGER_ASSETS: Final = ("swagger-ui-bundle.js", "swagger-ui.css")
REDOC_ASSETS: Final = ("redoc.standalone.js",)

# Both pages style elements from script, and Redoc searches in a worker made from a blob.
SECURITY_HEADERS: Final = {
    "content-security-policy": (
        "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; connect-src 'self'; worker-src blob:; "
        "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
    ),
    "referrer-policy": "no-referrer",
}

_PAGE = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<link rel="icon" href="data:,">
{head}
</head>
<body>
<main id="docs"><noscript>This page needs JavaScript. The document itself: <a
href="/openapi.yaml">/openapi.yaml</a></noscript></main>
<script src="{bundle}"></script>
<script src="{start}"></script>
</body>
</html>
"""

_START_SWAGGER = """SwaggerUIBundle({
  url: "/openapi.json",
  dom_id: "#docs",
  deepLinking: true,
  persistAuthorization: true,
  displayRequestDuration: true,
  validatorUrl: null,
});
"""

_START_REDOC = """Redoc.init("/openapi.json", {}, document.getElementById("docs"));
"""


def routes(service: str) -> list[BaseRoute]:
    """Return the routes of both pages; `service` is the name that stands in their titles."""
    swagger = _PAGE.format(
        title=html.escape(service),
        head='<link rel="stylesheet" href="/docs/swagger-ui.css">',
        bundle="/docs/swagger-ui-bundle.js",
        start="/docs/start.js",
    )
    redoc = _PAGE.format(
        title=html.escape(service),
        head="<style>body { margin: 0 }</style>",
        bundle="/redoc/redoc.standalone.js",
        start="/redoc/start.js",
    )
    return [
        *_page_routes("/docs", swagger, _START_SWAGGER, SWAGGER_ASSETS),
        *_page_routes("/redoc", redoc, _START_REDOC, REDOC_ASSETS),
    ]


def _page_routes(path: str, page: str, start: str, assets: tuple[str, ...]) -> list[BaseRoute]:
    async def show(_: Request) -> Response:
        return HTMLResponse(page, headers=SECURITY_HEADERS)

    async def run(_: Request) -> Response:
        return Response(start, media_type="text/javascript")

    return [
        Route(path, show, methods=["GET"], include_in_schema=False),
        Route(f"{path}/start.js", run, methods=["GET"], include_in_schema=False),
        *(_asset_route(path, name) for name in assets),
    ]


def _asset_route(path: str, name: str) -> Route:
    file = assets_folder() / name

    async def serve(_: Request) -> Response:
        return FileResponse(file, headers={"cache-control": "public, max-age=86400"})

    return Route(f"{path}/{name}", serve, methods=["GET"], include_in_schema=False)


def assets_folder() -> Path:
    """Return the folder of the pages' scripts and styles, as it was installed."""
    spec = find_spec(ASSETS_PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"{ASSETS_PACKAGE} is not installed: run `make install`")
    return Path(spec.origin).parent / "static"
