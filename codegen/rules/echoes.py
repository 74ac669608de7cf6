"""House rules about values that come back: what a client may ask for can be answered."""

from __future__ import annotations

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
