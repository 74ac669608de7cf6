"""One operation as a Python method: its arguments in the document's order, and their sources."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.contract.model import MediaType, Operation, Parameter, snake_case
from codegen import types
from codegen.answers import Answers, answers_of, body_type, is_structured
from codegen.naming import header_name, identifier, pascal_case, unique
from codegen.shapes import Shapes
from codegen.text import literal

IGNORED_HEADERS = frozenset({"accept", "content-type", "authorization"})
_OWN_ARGUMENTS = frozenset(
    {"self", "call", "context", "actor", "precondition", "body", "media_type", "accept"}
)
_SOURCES = {"path": "path", "query": "query", "header": "headers", "cookie": "cookies"}


@dataclass(frozen=True, slots=True)
class Argument:
    """A keyword argument: its name, its type, and the expression that a router passes for it.

    `{...}` in an expression stands for the adapter of the type between the brackets. `before` are
    statements that come before the call.
    """

    name: str
    annotation: str
    value: str
    before: tuple[str, ...] = ()


@dataclass(slots=True)
class Method:
    """One operation, ready to be written down."""

    operation: Operation
    answers: Answers
    actor: str | None
    arguments: list[Argument] = field(default_factory=list)

    @property
    def name(self) -> str:
        """The method's name."""
        return self.operation.name

    @property
    def annotations(self) -> Iterator[str]:
        """Every annotation of the method and of its answers."""
        yield from (argument.annotation for argument in self.arguments)
        yield from self.answers.annotations
        for one in self.answers.classes:
            yield from (f.annotation for f in one.fields)
            yield from one.bodies


def method_of(operation: Operation, shapes: Shapes, taken: set[str]) -> Method:
    """Return the method of an operation; its answer classes get none of the names `taken`."""
    method = Method(operation, answers_of(operation, shapes, taken), _actor(operation))
    names: set[str] = set(_OWN_ARGUMENTS)
    for parameter in operation.parameters:
        argument = _argument(parameter, operation, shapes, names)
        if argument is not None:
            names.add(argument.name)
            method.arguments.append(argument)
    method.arguments += _body_arguments(operation, shapes)
    if accepted := method.answers.media_types:
        method.arguments.append(Argument("accept", _literal(accepted), "call.accept"))
    return method


def _actor(operation: Operation) -> str | None:
    if not operation.takes_actor:
        return None
    return "ActorT" if operation.needs_actor else "ActorT | None"


def _argument(
    parameter: Parameter, operation: Operation, shapes: Shapes, taken: set[str]
) -> Argument | None:
    if parameter.location == "header":
        if parameter.key in IGNORED_HEADERS:
            return None
        if parameter.key == "if-match" and "412" in operation.responses:
            return Argument("precondition", "Precondition", "call.precondition")
        if parameter.key == "if-none-match" and "304" in operation.responses:
            return None
        if parameter.name == operation.idempotency_key:
            return None
    name = identifier(snake_case(parameter.name)) or parameter.location
    name = header_name(parameter.name) if parameter.location == "header" else name
    if name in taken:
        name = unique(f"{name}_{parameter.location}", taken)
    hint = pascal_case(operation.name) + pascal_case(parameter.name)
    shape = shapes.at(parameter.schema, hint) if parameter.schema else {}
    return _value(name, parameter, shape, shapes)


def _value(name: str, parameter: Parameter, shape: dict[str, Any], shapes: Shapes) -> Argument:
    source = f"call.{_SOURCES[parameter.location]}"
    key = literal(parameter.name)
    annotation = types.spell(shape)
    is_present = parameter.required or parameter.has_default
    read = f"{source}[{key}]" if is_present else f"{source}.get({key})"
    if not is_present:
        annotation = types.or_none(annotation)
    return Argument(name, annotation, built(read, annotation, shape, shapes))


def built(read: str, annotation: str, shape: dict[str, Any], shapes: Shapes) -> str:
    """Return the expression that turns a JSON value into its Python type."""
    if types.is_plain(shape, shapes):
        return read
    # Python may set fields by their own names; from outside only the document's names count.
    only = ", by_alias=True, by_name=False" if shapes.has_aliases else ""
    if types.is_model(shape, shapes) and " | " not in annotation:
        return f"{annotation}.model_validate({read}{only})"
    return f"{{{annotation}}}.validate_python({read}{only})"


def _body_arguments(operation: Operation, shapes: Shapes) -> Iterator[Argument]:
    body = operation.body
    if body is None or not body.content:
        return
    wanted = f"{pascal_case(operation.name)}Body"
    contents = [_content(m, wanted, shapes) for m in body.content.values()]
    distinct = list(dict.fromkeys(content.annotation for content in contents))
    annotation = " | ".join(distinct)
    annotation = annotation if body.required else types.or_none(annotation)
    if len(distinct) == 1:
        value = built("call.body", annotation, contents[0].shape, shapes)
        yield Argument("body", annotation, value)
        return
    before = _choose_body(contents, annotation, shapes)
    yield Argument("body", annotation, "body" if before else "call.body", tuple(before))
    names = _literal([content.name for content in contents])
    yield Argument("media_type", names if body.required else f"{names} | None", "call.media_type")


@dataclass(frozen=True, slots=True)
class _Content:
    name: str
    annotation: str
    shape: dict[str, Any]


def _content(media_type: MediaType, name: str, shapes: Shapes) -> _Content:
    annotation = body_type(media_type, name, shapes)
    is_read = media_type.schema is not None and is_structured(media_type)
    shape = shapes.at(media_type.schema, name) if is_read and media_type.schema else {}
    return _Content(media_type.name, annotation, shape)


def _choose_body(contents: list[_Content], annotation: str, shapes: Shapes) -> list[str]:
    """Return the statements that build the body as its media type says, none where nothing is."""
    built_ones = [c for c in contents if not types.is_plain(c.shape, shapes)]
    if not built_ones:
        return []
    lines = [f"body: {annotation} = call.body"]
    for index, content in enumerate(built_ones):
        value = built("call.body", content.annotation, content.shape, shapes)
        word = "elif" if index else "if"
        lines.append(f"{word} call.media_type == {literal(content.name)}:")
        lines.append(f"    body = {value}")
    return lines


def _literal(values: list[str]) -> str:
    return f"Literal[{', '.join(literal(value) for value in values)}]"
