"""What an operation that is to go says of it on every answer.

`Deprecation` (RFC 9745) tells since when it should not be used, `Sunset` (RFC 8594) when it may
stop to answer, and a `Link` (RFC 8288) leads to where the way out is described.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from email.utils import format_datetime
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.model import Operation

SINCE, SUNSET = "x-deprecated-since", "x-sunset"


def notice_of(operation: Operation, document: Document) -> dict[str, str]:
    """Return the fields that every answer of an operation carries; none where it is to stay."""
    node = pointers.lookup(document.source, operation.pointer)
    if not operation.deprecated or SUNSET not in node:
        return {}
    since, sunset = (midnight(node[member]) for member in (SINCE, SUNSET))
    return {
        "deprecation": f"@{int(since.timestamp())}",
        "sunset": format_datetime(sunset, usegmt=True),
        "link": f'<{node["externalDocs"]["url"]}>; rel="deprecation sunset"',
    }


def midnight(day: str) -> datetime:
    """Return the beginning of a day, in UTC. Raises ValueError for what is no date."""
    found = date.fromisoformat(day)
    return datetime(found.year, found.month, found.day, tzinfo=UTC)


def faults(node: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    """Yield (member, reason) for what keeps an operation from saying when it goes."""
    days: list[datetime] = []
    for member in (SINCE, SUNSET):
        if member not in node:
            continue
        try:
            days.append(midnight(node[member]))
        except (TypeError, ValueError):
            yield member, f"{node[member]!r} is not a day such as 2027-01-31"
        if node.get("deprecated") is not True:
            yield member, "the operation is not `deprecated: true`"
    if (SINCE in node) != (SUNSET in node):
        missing = SUNSET if SINCE in node else SINCE
        yield "deprecated", f"there is no {missing}: clients are told both days, or none"
    if len(days) == len((SINCE, SUNSET)) and days[1] < days[0]:
        yield SUNSET, "the sunset comes before the deprecation"
    if SUNSET in node and "externalDocs" not in node:
        yield SUNSET, "there is no externalDocs that tells what to do instead"
