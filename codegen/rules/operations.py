"""House rules about operations: names, tags, security, statuses, headers, links."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.model import Operation, Response
from app.contract.pointers import child

Found = Iterator[tuple[str, str]]
Settings = Mapping[str, Any]


def id_snake_case(document: Document, rule: Settings) -> Found:
    """Each operation has an operationId of the pattern."""
    for operation in document.operations:
        node = _node(document, operation)
        if "operationId" not in node:
            yield operation.pointer, "there is no operationId"
        elif not re.fullmatch(rule["pattern"], operation.id):
            at = child(operation.pointer, "operationId")
            yield at, f"{operation.id} is not of the form {rule['pattern']}"


def one_tag(document: Document, _: Settings) -> Found:
    """Each operation has one tag, declared and described at the top."""
    declared = {tag["name"]: tag for tag in document.source.get("tags", ())}
    for operation in document.operations:
        tags = _node(document, operation).get("tags", [])
        at = child(operation.pointer, "tags")
        if len(tags) != 1:
            yield at, f"there are {len(tags)} tags and not one"
        for tag in tags:
            if not declared.get(tag, {}).get("description"):
                yield at, f"the tag {tag} is not declared and described at the top"


def explicit_security(document: Document, _: Settings) -> Found:
    """Each operation states its security itself."""
    for operation in document.operations:
        if "security" not in _node(document, operation):
            yield operation.pointer, "security is not stated; write [] if it is public"


def no_default_response(document: Document, rule: Settings) -> Found:
    """No operation declares more than it can answer."""
    for operation in document.operations:
        for status in operation.responses:
            if not re.fullmatch(rule["pattern"], status):
                yield child(operation.pointer, "responses", status), "this declares anything"


def required_statuses(document: Document, rule: Settings) -> Found:
    """Each operation declares what the service can answer in its place, and one success."""
    for operation in document.operations:
        for status in _required(operation, document, rule):
            if status not in operation.responses:
                yield child(operation.pointer, "responses"), f"{status} is not declared"
        successes = [s for s, r in operation.responses.items() if r.is_success]
        if len(successes) != 1:
            at = child(operation.pointer, "responses")
            yield at, f"there are {len(successes)} successes and not one"


def _required(operation: Operation, document: Document, rule: Settings) -> Iterator[str]:
    yield from rule.get("always", ())
    if not _refines(operation, document, rule.get("input_problem")):
        yield from rule.get("with_input_problem", ())
    if _answers_content(operation):
        yield from rule.get("with_answer_content", ())
    if operation.body is not None:
        yield from rule.get("with_body", ())
    if operation.takes_actor:
        yield from rule.get("with_security", ())
    if _node(document, operation).get("x-database") is not False:
        yield from rule.get("with_database", ())
    for name, statuses in rule.get("with_header", {}).items():
        yield from statuses if _has_header(operation, name) else ()


def no_idle_statuses(document: Document, rule: Settings) -> Found:
    """No operation declares what it never answers."""
    for operation in document.operations:
        idle: list[str] = []
        idle += rule.get("body", ()) if operation.body is None else ()
        idle += rule.get("answer_content", ()) if not _answers_content(operation) else ()
        idle += rule.get("security", ()) if not operation.takes_actor else ()
        if _node(document, operation).get("x-database") is False:
            idle += rule.get("database", ())
        for name, statuses in rule.get("header", {}).items():
            idle += () if _has_header(operation, name) else statuses
        for status in idle:
            if status in operation.responses:
                yield child(operation.pointer, "responses", status), "this is never answered"


def required_headers(document: Document, rule: Settings) -> Found:
    """Each response declares the headers of its status, and that they are always there."""
    for response in _responses(document):
        wanted = [*rule.get("always", ()), *rule.get("by_status", {}).get(response.status, ())]
        if response.status >= "400":
            wanted += rule.get("problems", ())
        for name in wanted:
            header = response.headers.get(name.lower())
            if header is None:
                yield response.pointer, f"the header {name} is not declared"
            elif not header.required:
                yield header.pointer, f"the header {name} is not required"


def staleness_is_a_choice(document: Document, rule: Settings) -> Found:
    """What may be answered from a replica is read, briefly old, and current for who signs in."""
    for operation in document.operations:
        if operation.max_staleness is None:
            continue
        at = child(operation.pointer, "x-max-staleness")
        if operation.method != rule["method"]:
            yield at, f"{operation.method} does not only read"
        if operation.max_staleness > rule["at_most"]:
            yield at, f"this is more than {rule['at_most']} seconds"
        if not (operation.takes_actor and {} in operation.security):
            yield at, "security must be optional, so that a credential can ask for what is current"
        if _node(document, operation).get("x-database") is False:
            yield at, "the operation says `x-database: false`"


def links_from_create(document: Document, rule: Settings) -> Found:
    """What a collection creates is linked to all that can be done with it."""
    for operation in document.operations:
        response = operation.responses.get(rule["status"])
        if response is None:
            continue
        links = pointers.lookup(document.source, response.pointer).get("links", {})
        resolved = [
            pointers.resolve(document.source, child(response.pointer, "links", name))[0]
            for name in links
        ]
        for member in document.operations:
            parameter = _item_parameter(operation.path, member.path)
            if parameter is not None and not any(
                link.get("operationId") == member.id
                and link.get("parameters", {}).get(parameter) == rule["id_expression"]
                for link in resolved
            ):
                yield response.pointer, f"no link passes the new id to {member.id}"


def _item_parameter(collection: str, path: str) -> str | None:
    """Return the name of the parameter where `path` is `collection` and one template."""
    match = re.fullmatch(re.escape(collection.rstrip("/")) + r"/\{([^{}/]+)\}", path)
    return match.group(1) if match else None


def _node(document: Document, operation: Operation) -> dict[str, Any]:
    node: dict[str, Any] = pointers.lookup(document.source, operation.pointer)
    return node


def _responses(document: Document) -> Iterator[Response]:
    """Yield each response once, however many operations refer to it."""
    seen: set[tuple[str, str]] = set()
    for operation in document.operations:
        for response in operation.responses.values():
            if (response.status, response.pointer) not in seen:
                seen.add((response.status, response.pointer))
                yield response


def _refines(operation: Operation, document: Document, code: str | None) -> bool:
    declared = (document.problems[c] for c in operation.problem_codes() if c in document.problems)
    return any(code in entry.refines for entry in declared)


def _answers_content(operation: Operation) -> bool:
    return any(r.content for r in operation.responses.values() if r.is_success)


def _has_header(operation: Operation, name: str) -> bool:
    return any(p.location == "header" and p.key == name.lower() for p in operation.parameters)
