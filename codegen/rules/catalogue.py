"""House rules about problems: responses, their examples and the catalogue agree."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.contract import pointers
from app.contract.document import Document
from app.contract.model import ProblemType, Response
from app.contract.pointers import child

Found = Iterator[tuple[str, str]]
Settings = Mapping[str, Any]
_AT = "#/components/x-problems"


def responses_list_codes(document: Document, rule: Settings) -> Found:
    """Each error lists its problems, carries nothing else, and shows an example of each."""
    for response in _errors(document):
        codes = response.problems
        if not codes:
            yield response.pointer, "x-problems does not list a code"
        if len(set(codes)) != len(codes):
            yield child(response.pointer, "x-problems"), "a code is listed twice"
        if list(response.content) != [rule["media_type"]]:
            yield child(response.pointer, "content"), f"the content is not {rule['media_type']}"
        shown = _examples(document, response)
        for code in codes:
            if code not in shown:
                yield response.pointer, f"there is no example named {code}"


def status_matches(document: Document, rule: Settings) -> Found:
    """Each listed code has the status of its response, and its example is the catalogue's."""
    for response in _errors(document):
        for code in response.problems:
            entry = document.problems.get(code)
            if entry is None or str(entry.status) != response.status:
                yield response.pointer, f"{code} is no {response.status} of the catalogue"
                continue
            example = _examples(document, response).get(code)
            if isinstance(example, dict):
                yield from _differences(response, entry, example, rule)


def _differences(
    response: Response, entry: ProblemType, example: Mapping[str, Any], rule: Settings
) -> Found:
    expected: dict[str, Any] = {
        "type": rule["type"].replace("{kebab_code}", entry.code.replace("_", "-")),
        "title": entry.title,
        "status": entry.status,
        "detail": entry.detail,
        "code": entry.code,
    }
    if entry.oauth_error is not None:
        expected["error"] = entry.oauth_error
    for name, value in expected.items():
        if example.get(name) != value:
            yield response.pointer, f"the example {entry.code} has {name} unlike the catalogue"


def every_code_used(document: Document, rule: Settings) -> Found:
    """Each code of the catalogue is answered by something."""
    used = {code for o in document.operations for code in o.problem_codes()}
    for code in document.problems:
        if code not in used and code not in rule.get("runtime", ()):
            yield child(_AT, code), "no response lists the code"


def entries_complete(document: Document, rule: Settings) -> Found:
    """Each entry of the catalogue has what it needs and can be sent as it is."""
    known = {*rule["required"], *rule.get("optional", ())}
    for code, entry in document.source.get("components", {}).get("x-problems", {}).items():
        at = child(_AT, code)
        if not re.fullmatch(rule["code_pattern"], code):
            yield at, f"the code is not of the form {rule['code_pattern']}"
        yield from ((at, f"{n} is missing") for n in rule["required"] if n not in entry)
        yield from ((child(at, n), "the member is unknown") for n in entry if n not in known)
        detail = str(entry.get("detail", ""))
        if len(detail) > rule["detail_length"] or not re.fullmatch(rule["detail_pattern"], detail):
            yield child(at, "detail"), "the detail is too long or holds what cannot be sent"


def _errors(document: Document) -> Iterator[Response]:
    seen: set[tuple[str, str]] = set()
    for operation in document.operations:
        for response in operation.responses.values():
            key = response.status, response.pointer
            if response.status >= "400" and key not in seen:
                seen.add(key)
                yield response


def _examples(document: Document, response: Response) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for media_type in response.content.values():
        node = pointers.lookup(document.source, media_type.pointer)
        for name in node.get("examples", {}):
            at = child(media_type.pointer, "examples", name)
            found[name] = pointers.resolve(document.source, at)[0].get("value")
    return found
