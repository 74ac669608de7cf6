"""House rules about values that come back: what a client may ask for can be answered."""

from __future__ import annotations

import math
import operator
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from app.contract import media, pointers
from app.contract.document import Document
from app.contract.model import Operation, Parameter
from app.contract.pointers import child

Found = Iterator[tuple[str, str]]
# How the bound of what is asked for compares with one that lies as far out, or further.
BOUNDS: Mapping[str, Callable[[Any, Any], bool]] = {"minimum": operator.ge, "maximum": operator.le}


def echoed_parameters_fit(document: Document, _: Mapping[str, Any]) -> Found:
    """A member of an answer that has the name of a query parameter admits all its values."""
    for operation in document.operations:
        parameters = {p.name: p for p in operation.parameters if p.location == "query"}
        for pointer in _bodies(operation):
            body, at = pointers.resolve(document.source, pointer)
            for name in parameters.keys() & body.get("properties", {}).keys():
                member = child(at, "properties", name)
                yield from _unfit(document, operation, parameters[name], member)


def pages_hold_what_is_asked(document: Document, rule: Mapping[str, Any]) -> Found:
    """The longest list of an answer holds as many entries as may be asked for."""
    for operation in document.operations:
        for asked in [p for p in operation.parameters if p.key == rule["parameter"]]:
            most = pointers.resolve(document.source, asked.schema)[0].get("maximum", math.inf)
            for body in _bodies(operation):
                longest, at = max(_lists(document, body), default=(math.inf, ""))
                if longest < most:
                    text = f"maxItems is less than the {most} that {operation.id} may be asked for"
                    yield child(at, "maxItems"), f"{text} by {asked.name}"


def _lists(document: Document, pointer: str) -> Iterator[tuple[int, str]]:
    body, at = pointers.resolve(document.source, pointer)
    for name in body.get("properties", {}):
        member, where = pointers.resolve(document.source, child(at, "properties", name))
        if "maxItems" in member:
            yield member["maxItems"], where


def _bodies(operation: Operation) -> Iterator[str]:
    for response in operation.responses.values():
        for media_type in response.content.values():
            if response.is_success and media.is_json(media_type.name) and media_type.schema:
                yield media_type.schema


def _unfit(document: Document, operation: Operation, parameter: Parameter, member: str) -> Found:
    asked, _ = pointers.resolve(document.source, parameter.schema)
    answered, at = pointers.resolve(document.source, member)
    for keyword, fits in BOUNDS.items():
        if keyword not in answered:
            continue
        if keyword not in asked or not fits(asked[keyword], answered[keyword]):
            wanted = asked.get(keyword, "none")
            text = f"{keyword} is narrower than that of the parameter of {operation.id}: {wanted}"
            yield child(at, keyword), text
