"""The document as clients read it: types without rules, and answers that may grow.

The service judges what it is sent, so a client that judged as well would refuse tomorrow what a
newer service allows. Problems are raised by the layer, which reads them itself, so the answers that
carry them are left out; what is left is what the generators turn into types and calls.
"""

from __future__ import annotations

import copy
from collections.abc import Iterator
from typing import Any

Json = Any


class UnusableError(Exception):
    """The document cannot be made into a client; the message says what to change."""


METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")
RULES = frozenset(
    {
        "default",
        "dependentRequired",
        "example",
        "examples",
        "exclusiveMaximum",
        "exclusiveMinimum",
        "maxItems",
        "maxLength",
        "maxProperties",
        "maximum",
        "minItems",
        "minLength",
        "minProperties",
        "minimum",
        "multipleOf",
        "pattern",
        "uniqueItems",
    }
)
# Names in these members are the author's own, so none of them is a keyword.
NAMED = frozenset({"properties", "patternProperties", "$defs", "schemas", "mapping"})


def client_document(document: Json) -> Json:
    """Return the document for the generators; `document` is the bundle and stays as it is."""
    made = copy.deepcopy(document)
    made.pop("webhooks", None)
    for _, _, operation in operations(made):
        _keep_successes(operation)
        _keep_json(made, operation)
        _keep_one_body(operation)
    _drop_unused(made)
    _name_files(made)
    _open_answers(made)
    cleaned = _without_rules(made)
    cleaned.setdefault("components", {})
    return cleaned


def operations(document: Json) -> Iterator[tuple[str, str, Json]]:
    """Yield path, method and operation, in the document's order."""
    for path, item in document["paths"].items():
        for method in METHODS:
            if method in item:
                yield path, method, item[method]


def resolve(document: Json, node: Json) -> Json:
    """Follow the references that `node` consists of. Raises UnusableError."""
    while isinstance(node, dict) and "$ref" in node:
        node = _target(document, node["$ref"])
    return node


def _target(document: Json, reference: str) -> Json:
    if not reference.startswith("#/"):
        raise UnusableError(f"it refers to another document ({reference}): bundle them first.")
    target = document
    for token in reference.removeprefix("#/").split("/"):
        try:
            target = target[token.replace("~1", "/").replace("~0", "~")]
        except (KeyError, TypeError):
            raise UnusableError(f"its reference {reference} leads nowhere.") from None
    return target


def _keep_successes(operation: Json) -> None:
    answers = operation["responses"]
    operation["responses"] = {status: answers[status] for status in answers if status[0] == "2"}


def _keep_json(document: Json, operation: Json) -> None:
    """Of the media types of an answer JSON is for programs; others are for those who ask."""
    for answer in operation["responses"].values():
        content = resolve(document, answer).get("content", {})
        if json := next((name for name in content if is_json(name)), None):
            resolve(document, answer)["content"] = {json: content[json]}


def is_json(media_type: str) -> bool:
    """Whether a media type is JSON (RFC 6839, section 3.1)."""
    essence = media_type.partition(";")[0].strip().lower()
    return essence == "application/json" or essence.endswith("+json")


def _keep_one_body(operation: Json) -> None:
    """Of media types with one and the same schema the first is the one the document prefers."""
    content = operation.get("requestBody", {}).get("content", {})
    first = next(iter(content), None)
    if first and all(
        media.get("schema") == content[first].get("schema") for media in content.values()
    ):
        operation["requestBody"]["content"] = {first: content[first]}


def _name_files(node: Json) -> None:
    """Bytes by the words of OpenAPI 3.1, in the word of 3.0, which generators know better."""
    if isinstance(node, list):
        for value in node:
            _name_files(value)
    elif isinstance(node, dict):
        if node.get("type") == "string" and "contentMediaType" in node:
            _name_file(node)
        for value in node.values():
            _name_files(value)


def _name_file(schema: Json) -> None:
    if "contentEncoding" not in schema and not is_json(schema["contentMediaType"]):
        del schema["contentMediaType"]
        schema["format"] = "binary"


def _references(node: Json) -> Iterator[str]:
    if isinstance(node, dict):
        if isinstance(node.get("$ref"), str):
            yield node["$ref"]
        for value in node.values():
            yield from _references(value)
    elif isinstance(node, list):
        for value in node:
            yield from _references(value)


def _reached(document: Json, roots: list[Json]) -> set[str]:
    """Return every reference that can be come to from `roots`."""
    found: set[str] = set()
    waiting = [reference for root in roots for reference in _references(root)]
    while waiting:
        reference = waiting.pop()
        if reference not in found:
            found.add(reference)
            waiting.extend(_references(resolve(document, {"$ref": reference})))
    return found


def _drop_unused(document: Json) -> None:
    """Take away the components that nothing refers to any more, security schemes excepted."""
    used = _reached(document, [document["paths"]])
    components = document.get("components", {})
    for kind in list(components):
        if kind != "securitySchemes":
            kept = {
                name: value
                for name, value in components[kind].items()
                if f"#/components/{kind}/{_escaped(name)}" in used
            }
            components[kind] = kept
        if not components[kind]:
            del components[kind]


def _escaped(name: str) -> str:
    return name.replace("~", "~0").replace("/", "~1")


def _open_answers(document: Json) -> None:
    """Let the objects and enumerations that answers contain grow, those that are also sent too."""
    answers = [operation["responses"] for _, _, operation in operations(document)]
    reached = _reached(document, answers)
    for answer in answers:
        _open(answer)
    for kind in ("responses", "schemas"):
        for name, component in document.get("components", {}).get(kind, {}).items():
            if f"#/components/{kind}/{_escaped(name)}" in reached:
                _open(component)


def _open(node: Json) -> None:
    if isinstance(node, list):
        for value in node:
            _open(value)
    if not isinstance(node, dict):
        return
    if node.get("additionalProperties") is False:
        del node["additionalProperties"]
    if "enum" in node and node.get("type") == "string":
        closed = {key: node.pop(key) for key in ("type", "enum")}
        node["anyOf"] = [closed, {"type": "string"}]
        return
    for value in node.values():
        _open(value)


def _without_rules(node: Json, *, named: bool = False) -> Json:
    if isinstance(node, list):
        return [_without_rules(value) for value in node]
    if not isinstance(node, dict):
        return node
    return {
        key: _without_rules(value, named=not named and key in NAMED)
        for key, value in node.items()
        if named or not (key in RULES or key.startswith("x-") or key == "links")
    }
