"""The README of a package: what every client can do, the examples of this API, its operations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sdk.client_document import operations

Json = Any


def filled(template: Path, values: dict[str, str]) -> str:
    """Return the template with each `{{name}}` replaced."""
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], template.read_text())


def readme(folder: Path, document: Json, values: dict[str, str], *, camel: bool) -> str:
    """Return the README. The examples are those in `examples.md` beside the template, if any."""
    examples = folder / "examples.md"
    words = {
        **values,
        "examples": examples.read_text().strip() if examples.is_file() else "",
        "operations": _table(document, camel=camel),
    }
    return re.sub(r"\n{3,}", "\n\n", filled(folder / "README.md", words))


def _table(document: Json, *, camel: bool) -> str:
    rows = [
        f"| `{_call(operation, camel=camel)}` | `{method.upper()} {path}` | {_summary(operation)} |"
        for path, method, operation in operations(document)
    ]
    return "\n".join(["| call | operation | |", "|---|---|---|", *sorted(rows)])


def _summary(operation: Json) -> str:
    return str(operation.get("summary", ""))


def _call(operation: Json, *, camel: bool) -> str:
    name = operation["operationId"]
    if camel:
        name = re.sub(r"_+(\w)", lambda found: found[1].upper(), name)
    return f"client.{operation['tags'][0]}.{name}"
