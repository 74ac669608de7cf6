"""A page for each problem, at the address that is its type (RFC 9457, section 3.1.1)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from html import escape
from http import HTTPStatus
from itertools import groupby
from typing import Any, Final

import orjson

from app.contract import Document
from app.contract.problems import MEDIA_TYPE
from app.pages import layout
from app.pages.catalogue import entry_of, href_of
from app.pages.content import Content, Resource

ADDRESS: Final = "/problems"
# RFC 9110 has other names for these than older Pythons.
RENAMED: Final = {413: "Content Too Large", 422: "Unprocessable Content"}


def resources(service: str, document: Document) -> dict[str, Resource]:
    """Return the index of all problems and the page of each, by their addresses."""
    entries = [entry_of(problem, document) for problem in document.problems.values()]
    links = {name: href for o in document.operations for name, href in [(o.id, href_of(o))]}
    links |= {entry["code"]: entry["type"] for entry in entries}
    index = {"problems": [{n: e[n] for n in ("type", "code", "status", "title")} for e in entries]}
    return {
        ADDRESS: _resource(index_of(service, entries), index),
        **{e["type"]: _resource(page_of(service, e, links), e) for e in entries},
    }


def index_of(service: str, entries: Sequence[Mapping[str, Any]]) -> str:
    """Return the page that lists all problems, by status."""
    groups = groupby(sorted(entries, key=lambda e: e["status"]), key=lambda e: e["status"])
    main = [
        "<h1>Problems</h1>",
        '<p class="lead">Each error that this service answers is one of these.</p>',
    ]
    for status, group in groups:
        rows = "\n".join(_row(entry) for entry in group)
        main.append(f"<h2>{status} {phrase(status)}</h2>\n<ul class='cards'>\n{rows}\n</ul>")
    return layout.page(service, f"{service}: problems", "\n".join(main))


def _row(entry: Mapping[str, Any]) -> str:
    return (
        f'<li><a href="{escape(entry["type"])}"><strong>{escape(entry["title"])}</strong> '
        f"<span>{escape(entry['detail'])}</span> <code>{escape(entry['code'])}</code></a></li>"
    )


def page_of(service: str, entry: Mapping[str, Any], links: Mapping[str, str]) -> str:
    """Return the page of one problem; `links` leads from names in its prose to their places."""
    others = {name: href for name, href in links.items() if name != entry["code"]}
    chapters = {
        "What it means": layout.prose(entry["description"], others),
        "When it comes": layout.prose(entry["when"], others),
        "What to do": layout.prose(entry["remedy"], others),
        "An answer": f"<pre><code>{escape(answer_of(entry), quote=False)}</code></pre>",
        "Where it comes from": origins_of(entry["operations"]),
    }
    status = f"{entry['status']} {phrase(entry['status'])}".strip()
    place = f'<a href="{ADDRESS}">Problems</a> / {status} / <code>{escape(entry["code"])}</code>'
    main = [
        f'<p class="kicker">{place}</p>',
        f"<h1>{escape(entry['title'])}</h1>",
        f'<p class="lead">{escape(entry["detail"])}</p>',
        *(f"<h2>{title}</h2>\n{text}" for title, text in chapters.items() if text),
    ]
    return layout.page(service, f"{service}: {entry['title']}", "\n".join(main))


def answer_of(entry: Mapping[str, Any]) -> str:
    """Return an example of the answer, as it comes over the wire."""
    lines = [
        f"HTTP/1.1 {entry['status']} {phrase(entry['status'])}".rstrip(),
        f"Content-Type: {MEDIA_TYPE}",
    ]
    if "retry_after" in entry:
        lines.append(f"Retry-After: {entry['retry_after']}")
    body = orjson.dumps(entry["example"], option=orjson.OPT_INDENT_2).decode()
    return "\n".join([*lines, "", body])


def origins_of(operations: Sequence[Mapping[str, str]]) -> str:
    """Return the list of operations that declare a problem."""
    if not operations:
        return "<p>No operation declares it: the service answers it by itself.</p>"
    rows = "\n".join(
        f'<li><a href="{escape(o["documentation"])}"><code>{escape(o["operation_id"])}</code></a> '
        f"<span>{escape(o['method'])} {escape(o['path'])}</span></li>"
        for o in operations
    )
    return f'<ul class="rows">\n{rows}\n</ul>'


def phrase(status: int) -> str:
    """Return the reason phrase of a status, empty for one that nobody has registered."""
    if status in RENAMED:
        return RENAMED[status]
    return next((known.phrase for known in HTTPStatus if known.value == status), "")


def _resource(page: str, entry: Mapping[str, Any]) -> Resource:
    json = partial(orjson.dumps, entry, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    forms = Content("text/html", page.encode), Content("application/json", json)
    return Resource(forms, layout.SECURITY_HEADERS)
