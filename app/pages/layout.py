"""What all pages have in common: the frame around them, and how prose of the document is shown."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from html import escape
from typing import Final

# Scripts and styles are files; nothing else is loaded, sent or framed.
POLICY: Final = (
    "default-src 'none'; style-src 'self'; img-src 'self'; "
    "base-uri 'none'; form-action 'none'; frame-ancestors 'none'"
)
SECURITY_HEADERS: Final = {"content-security-policy": POLICY, "referrer-policy": "no-referrer"}

_FRAME = """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{title}</title>
<link rel="icon" href="/pages/icon.svg" type="image/svg+xml">
{styles}
</head>
<body>
{body}
{scripts}
</body>
</html>
"""
_NAVIGATION = (
    ("/docs", "Try it"),
    ("/redoc", "Reference"),
    ("/problems", "Problems"),
)
_CODE = re.compile(r"`([^`]+)`")


def frame(title: str, body: str, *, styles: Sequence[str], scripts: Sequence[str] = ()) -> str:
    """Return a whole page; `body` is HTML, all else is text."""
    return _FRAME.format(
        title=escape(title),
        styles="\n".join(f'<link rel="stylesheet" href="{address}">' for address in styles),
        body=body,
        scripts="\n".join(f'<script src="{address}"></script>' for address in scripts),
    )


def page(service: str, title: str, main: str) -> str:
    """Return a page of text; `main` is HTML. The service's name leads to the index."""
    links = "\n".join(f'<a href="{href}">{text}</a>' for href, text in _NAVIGATION)
    home = f'<a class="home" href="/">{escape(service)}</a>'
    body = f"<header><nav>\n{home}\n{links}\n</nav></header>\n<main>\n{main}\n</main>"
    return frame(title, body, styles=["/pages/pages.css"])


def prose(markdown: str, links: Mapping[str, str]) -> str:
    """Show paragraphs and code spans of Markdown; a span that is a key of `links` leads there."""
    paragraphs = (part.strip() for part in markdown.split("\n\n"))
    return "\n".join(f"<p>{inline(text, links)}</p>" for text in paragraphs if text)


def inline(text: str, links: Mapping[str, str]) -> str:
    """Show one paragraph's text."""

    def code(span: re.Match[str]) -> str:
        shown, href = f"<code>{span[1]}</code>", links.get(span[1])
        return shown if href is None else f'<a href="{escape(href)}">{shown}</a>'

    return _CODE.sub(code, escape(text, quote=False))
