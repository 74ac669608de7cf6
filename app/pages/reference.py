"""The documentation made from the document: Swagger UI at /docs, Redoc at /redoc."""

from __future__ import annotations

from typing import Final

from app.pages import layout
from app.pages.content import Content, Resource

# Redoc makes two style elements: one whose text stays empty, since it adds rules by script, and one
# of its scroll bar. Their hashes allow these two and no other. It searches in a worker from a blob.
REDOC_STYLES: Final = (
    "'sha256-47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=' "
    "'sha256-QMIg+bpjm3JdElJ388KYke01izlUW0UoNOeKjpMxdgc='"
)
SWAGGER_POLICY: Final = layout.POLICY.replace(
    "img-src 'self'", "script-src 'self'; connect-src 'self'; img-src 'self' data:"
)
REDOC_POLICY: Final = SWAGGER_POLICY.replace(
    "style-src 'self'", f"style-src 'self' {REDOC_STYLES}; worker-src blob:"
)

_BODY = """<main id="docs"><noscript><p>This page needs JavaScript. The document itself is at
<a href="/openapi.yaml">/openapi.yaml</a>.</p></noscript></main>"""


def resources(service: str) -> dict[str, Resource]:
    """Return both pages by their addresses."""
    swagger = layout.frame(
        f"{service}: try it",
        _BODY,
        styles=["/docs/swagger-ui.css", "/docs/page.css"],
        scripts=["/docs/swagger-ui-bundle.js", "/docs/start.js"],
    )
    redoc = layout.frame(
        f"{service}: reference",
        _BODY,
        styles=["/redoc/page.css"],
        scripts=["/redoc/redoc.standalone.js", "/redoc/start.js"],
    )
    return {
        "/docs": _resource(swagger, SWAGGER_POLICY),
        "/redoc": _resource(redoc, REDOC_POLICY),
    }


def _resource(page: str, policy: str) -> Resource:
    headers = {**layout.SECURITY_HEADERS, "content-security-policy": policy}
    return Resource((Content("text/html", page.encode),), headers)
