"""House rules about what people read: descriptions and examples."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.contract.document import Document
from app.contract.grammar import objects
from app.contract.pointers import child, tokens_of
from codegen import examples

Found = Iterator[tuple[str, str]]
Settings = Mapping[str, Any]
_DESCRIBED = frozenset(
    {"security_scheme", "operation", "parameter", "body", "response", "header", "link"}
)
_SHOWN = frozenset({"parameter", "header", "media_type"})


def examples_present(document: Document, _: Settings) -> Found:
    """Each schema, parameter, header and media type has examples, and they are valid."""
    for kind, pointer, node in objects(document.source):
        is_wanted = kind in _SHOWN or (kind == "schema" and _is_component(pointer))
        if is_wanted and "$ref" not in node and not node.get("examples"):
            yield pointer, "there are no examples"
    for finding in examples.findings(document):
        yield finding.pointer, finding.reason


def descriptions_present(document: Document, rule: Settings) -> Found:
    """Each thing is described in sentences, each operation summed up in a line."""
    for pointer, node in _described(document):
        description = node.get("description")
        if not isinstance(description, str) or not description.strip():
            yield pointer, "there is no description"
        elif not re.search(rule["sentence_end"], description):
            yield child(pointer, "description"), "the description does not end a sentence"
    for operation in document.operations:
        summary, at = operation.summary, child(operation.pointer, "summary")
        if not summary:
            yield operation.pointer, "there is no summary"
        elif len(summary) > rule["summary_length"] or summary.endswith("."):
            yield at, f"the summary is over {rule['summary_length']} characters or ends in a stop"


def _described(document: Document) -> Iterator[tuple[str, Mapping[str, Any]]]:
    yield "#/info", document.source["info"]
    for index, tag in enumerate(document.source.get("tags", ())):
        yield child("#/tags", index), tag
    for kind, pointer, node in objects(document.source):
        if "$ref" in node:
            continue
        is_schema = kind == "schema" and (_is_component(pointer) or _is_member(pointer))
        if kind in _DESCRIBED or is_schema:
            yield pointer, node


def _is_component(pointer: str) -> bool:
    tokens = tokens_of(pointer)
    return tokens[:2] == ["components", "schemas"] and len(tokens) == len(("c", "s", "name"))


def _is_member(pointer: str) -> bool:
    return tokens_of(pointer)[-2:-1] == ["properties"]
