"""How the index is shown to people."""

from __future__ import annotations

from app.pages import Link, index_page
from generated.schemas import ServiceIndex


def as_page(index: ServiceIndex) -> str:
    """Return the index as HTML."""
    links = [
        Link(index.documentation, "Try it", "Every operation, with a form to send requests."),
        Link(index.reference, "Reference", "The same for reading, with all schemas and examples."),
        Link(index.problems, "Problems", "What each error means, when it comes and what to do."),
        Link(index.openapi_json, "OpenAPI document, JSON", "What clients are generated from."),
        Link(index.openapi_yaml, "OpenAPI document, YAML", "The same, easier to read."),
        Link(index.health, "Health", "Whether the service answers, and which document it runs on."),
    ]
    return index_page(index.service, index.version, links)
