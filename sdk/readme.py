"""The README of a package: what every client can do, the examples of this API, its operations."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

from sdk.client_document import operations

Json = Any


# Lines that stand there only where the document has a thing.
CONDITION = re.compile(r"^\{\{if (\w+)\}\}\n(.*?)^\{\{end\}\}\n", re.MULTILINE | re.DOTALL)


def filled(template: Path, values: dict[str, str]) -> str:
    """Return the template with each `{{name}}` replaced, and what a condition leaves of it."""
    text = CONDITION.sub(lambda found: found[2] if values[found[1]] else "", template.read_text())
    return re.sub(r"\{\{(\w+)\}\}", lambda found: values[found[1]], text)


def readme(folder: Path, document: Json, values: dict[str, str], *, camelled: bool) -> str:
    """Return the README. The examples are those in `examples.md` beside the template, if any."""
    examples = folder / "examples.md"
    words = {
        **values,
        "examples": filled(examples, values).strip() if examples.is_file() else "",
        "operations": _table(document, camelled=camelled),
    }
    return re.sub(r"\n{3,}", "\n\n", filled(folder / "README.md", words))


def _table(document: Json, *, camelled: bool) -> str:
    rows = [
        f"| `{_call(operation, camelled=camelled)}` | `{method.upper()} {path}` | "
        f"{operation.get('summary', '')} |"
        for path, method, operation in operations(document)
    ]
    return "\n".join(["| call | operation | |", "|---|---|---|", *sorted(rows)])


def _call(operation: Json, *, camelled: bool) -> str:
    tag, name = operation["tags"][0], operation["operationId"]
    return f"client.{camel(tag)}.{camel(name)}" if camelled else f"client.{tag}.{name}"


def camel(name: str) -> str:
    """`list_things` is listThings."""
    words = re.split(r"[^0-9A-Za-z]+", name)
    return words[0][:1].lower() + words[0][1:] + "".join(w[:1].upper() + w[1:] for w in words[1:])
