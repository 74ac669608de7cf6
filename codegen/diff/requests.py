"""What a client has to send: parameters and body. Those of a webhook are sent by the service."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from app.contract.model import Body, Operation, Parameter
from app.contract.schema import Direction
from codegen.diff.changes import (
    NARROWED,
    REQUEST,
    WIDENED,
    Change,
    Severity,
    additive,
    breaking,
    severity_of,
    word,
)
from codegen.diff.contents import content
from codegen.diff.marks import marks, texts
from codegen.diff.schemas import Key, SchemaPairs

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
Named = Mapping[tuple[str, str], Parameter]


def parameters(
    pairs: SchemaPairs, way: Direction, old: Operation, new: Operation
) -> Iterator[Change | Key]:
    """Compare the parameters of two operations; those of the path go by their place in it."""
    before, after = _by_key(old), _by_key(new)
    for key, parameter in before.items():
        if key in after:
            yield from _parameter(pairs, way, parameter, after[key])
        else:
            says = f"the {parameter.location} parameter {parameter.name} is gone"
            yield breaking("parameter-removed", says, parameter.name, parameter.pointer, None)
    for key, parameter in after.items():
        if key not in before:
            is_asked = parameter.required and way is REQUEST
            rule = "parameter-added-required" if is_asked else "parameter-added"
            severity = Severity.BREAKING if is_asked else Severity.ADDITIVE
            named = f"the {parameter.location} parameter {parameter.name}"
            says = f"{named} {'must' if is_asked else 'may'} be sent"
            places = old.pointer, parameter.pointer
            yield Change(severity, rule, says, parameter.name, *places)


def _by_key(operation: Operation) -> Named:
    places = {name: str(i) for i, name in enumerate(_TEMPLATE.findall(operation.path))}
    return {
        (p.location, places.get(p.key, p.key) if p.location == "path" else p.key): p
        for p in operation.parameters
    }


def _parameter(
    pairs: SchemaPairs, way: Direction, old: Parameter, new: Parameter
) -> Iterator[Change | Key]:
    mine, theirs = pairs.old.node(old.pointer), pairs.new.node(new.pointer)
    places = old.pointer, new.pointer
    yield from marks(new.name, mine, theirs, *places)
    yield pairs.key(way, (old.schema,), (new.schema,))
    if old.required != new.required:
        relation = NARROWED if new.required else WIDENED
        verb = "required" if new.required else "optional"
        says = f"the {new.location} parameter {new.name} is {verb}"
        rule = f"parameter-{verb}"
        yield Change(severity_of(relation, way), rule, says, new.name, *places)
    if mine.get("allowEmptyValue") and not theirs.get("allowEmptyValue"):
        says = f"the {new.location} parameter {new.name} may not be empty any more"
        yield breaking("parameter-empty-refused", says, new.name, *places)
    if _written(old, mine) != _written(new, theirs):
        says = f"the {new.location} parameter {new.name} is written otherwise"
        yield breaking("parameter-style-changed", says, new.name, *places)


def _written(parameter: Parameter, node: Mapping[str, Any]) -> tuple[object, ...]:
    is_reserved = bool(node.get("allowReserved"))
    return parameter.style, parameter.explode, parameter.media_type, is_reserved


def body(
    pairs: SchemaPairs, way: Direction, old: Operation, new: Operation
) -> Iterator[Change | Key]:
    """Compare the request bodies of two operations."""
    was, now = old.body, new.body
    if was and now:
        yield from _bodies(pairs, way, was, now)
    elif was:
        says = "there is no body any more"
        yield breaking(f"{word(way)}-body-removed", says, new.id, was.pointer, None)
    elif now:
        is_asked = now.required and way is REQUEST
        rule = f"{word(way)}-body-added{'-required' * is_asked}"
        severity = Severity.BREAKING if is_asked else Severity.ADDITIVE
        says = f"a body {'must' if is_asked else 'may'} be sent"
        yield Change(severity, rule, says, new.id, old.pointer, now.pointer)


def _bodies(pairs: SchemaPairs, way: Direction, old: Body, new: Body) -> Iterator[Change | Key]:
    places = old.pointer, new.pointer
    yield from texts("body", pairs.old.node(old.pointer), pairs.new.node(new.pointer), *places)
    yield from content(pairs, way, old.content, new.content, places)
    if old.required != new.required:
        relation = NARROWED if new.required else WIDENED
        verb = "required" if new.required else "optional"
        says = f"the body is {verb}"
        rule = f"{word(way)}-body-{verb}"
        yield Change(severity_of(relation, way), rule, says, "body", *places)
    yield from _size(old, new)


def _size(old: Body, new: Body) -> Iterator[Change]:
    was, now = old.max_size, new.max_size
    if was == now:
        return
    says = f"a body may have {now if now is not None else 'as many as the service admits'} bytes"
    places = old.pointer, new.pointer
    if now is not None and (was is None or now < was):
        yield breaking("request-body-size", says, "body", *places)
    else:
        yield additive("request-body-size", says, "body", *places)
