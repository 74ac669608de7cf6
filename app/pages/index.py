"""The page that a browser gets at the root."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from app.pages import layout


class Link(NamedTuple):
    """Something to look at: its address, its name, and what it is for."""

    href: str
    name: str
    purpose: str


def index_page(service: str, version: str, links: Sequence[Link]) -> str:
    """Return the page that names the service and leads to everything else."""
    entries = "\n".join(
        f'<li><a href="{escape(link.href)}"><strong>{escape(link.name)}</strong> '
        f"<span>{escape(link.purpose)}</span></a></li>"
        for link in links
    )
    main = (
        f"<h1>{escape(service)}</h1>\n"
        f'<p class="lead">Version {escape(version)}. This service runs on its OpenAPI document: '
        "what the document allows is served, and nothing else.</p>\n"
        f'<ul class="cards">\n{entries}\n</ul>\n'
        '<p class="note">Programs get this page as JSON.</p>'
    )
    return layout.page(service, service, main)
