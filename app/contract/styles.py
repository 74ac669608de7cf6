"""The styles of OpenAPI parameters: from texts to JSON values (Parameter Object, Style Values)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any, Final

from app.contract.json_text import MAX_DEPTH
from app.contract.model import Parameter
from app.contract.paths import decoded
from app.contract.problems import MalformedRequest
from app.contract.shapes import Shape, scalar

_DELIMITERS = {"spaceDelimited": r"%20|\+", "pipeDelimited": r"\||%7[Cc]"}


class _Absent:
    """The parameter did not come."""


ABSENT: Final[Any] = _Absent()


class Unreadable(ValueError):
    """The text is not in the parameter's style; `code` is the input error's."""

    def __init__(self, code: str, detail: str) -> None:
        """Take the input error's code and sentence."""
        super().__init__(detail)
        self.code = code


def decode(parameter: Parameter, shape: Shape, source: Mapping[str, Any]) -> Any:
    """Return the JSON value of a parameter, ABSENT where it did not come; may raise Unreadable."""
    if parameter.style == "deepObject":
        return _deep_object(parameter, shape, source)
    if parameter.style == "form" and parameter.explode and shape.is_structured:
        return _exploded_form(parameter, shape, source)
    if not shape.is_structured:
        text = plain_text(parameter, shape, source)
        return ABSENT if text is ABSENT else scalar(text, shape)
    text = single_text(source, parameter, is_encoded=True)
    if text is ABSENT:
        return ABSENT
    text = _without_prefix(text, parameter, shape)
    parts = _split(text, parameter, shape) if text else []
    if shape.is_object:
        return _object(parts, parameter, shape)
    return [scalar(_decoded(part, parameter), shape.items) for part in parts]


def plain_text(parameter: Parameter, shape: Shape, source: Mapping[str, Any]) -> Any:
    """Return the decoded text of a scalar, without what its style puts before it."""
    text = single_text(source, parameter, is_encoded=True)
    if text is ABSENT:
        return ABSENT
    return _decoded(_without_prefix(text, parameter, shape), parameter)


def single_text(
    source: Mapping[str, Any], parameter: Parameter, *, is_encoded: bool = False
) -> Any:
    """Return the one text of a parameter. A second one is an error, except for a header.

    Several field lines of one header are one list (RFC 9110, section 5.3).
    """
    found = source.get(parameter.key)
    if found is None:
        return ABSENT
    texts = [found] if isinstance(found, str) else found
    if len(texts) > 1 and parameter.location != "header":
        raise Unreadable("repeated", "This must be given once.")
    text = ", ".join(texts)
    return text if is_encoded else _decoded(text, parameter)


def _decoded(text: str, parameter: Parameter) -> str:
    """Undo the encoding of the place; a header value has none."""
    if parameter.location == "header":
        return text.strip(" \t")
    try:
        return decoded(text.replace("+", " ") if parameter.location == "query" else text)
    except MalformedRequest:
        raise Unreadable("bad_encoding", "This must be percent-encoded UTF-8.") from None


def _without_prefix(text: str, parameter: Parameter, shape: Shape) -> str:
    """Take off what the `label` and `matrix` styles put before the value."""
    if parameter.style not in {"label", "matrix"}:
        return text
    prefix = "." if parameter.style == "label" else ";"
    if parameter.style == "matrix" and not (parameter.explode and shape.is_object):
        prefix = f";{parameter.name}"
        if text == prefix:
            return ""
        prefix += "="
    return _after(prefix, text, parameter)


def _after(prefix: str, text: str, parameter: Parameter) -> str:
    if not text.startswith(prefix):
        raise Unreadable("bad_style", f"This must be written in the style {parameter.style}.")
    return text[len(prefix) :]


def _split(text: str, parameter: Parameter, shape: Shape) -> list[str]:
    """Split the text of an array or object before it is decoded, so that `%2C` stays in a value."""
    if parameter.style in _DELIMITERS:
        return re.split(_DELIMITERS[parameter.style], text)
    if not parameter.explode or parameter.style in {"simple", "form"}:
        return text.split(",")
    first, *others = text.split("." if parameter.style == "label" else ";")
    if parameter.style == "matrix" and "object" not in shape.types:
        others = [_after(f"{parameter.name}=", part, parameter) for part in others]
    return [first, *others]


def _object(parts: list[str], parameter: Parameter, shape: Shape) -> dict[str, Any]:
    if parameter.explode:
        pairs = [part.partition("=")[::2] for part in parts]
    elif len(parts) % 2:
        raise Unreadable("bad_style", "This must be a list of names and values in turn.")
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
    plain = ((_decoded(name, parameter), _decoded(text, parameter)) for name, text in pairs)
    members: dict[str, Any] = {}
    for name, text in plain:
        if name in members:
            raise Unreadable("repeated", "A member is given twice.")
        members[name] = scalar(text, shape.member(name))
    return members


def _exploded_form(parameter: Parameter, shape: Shape, source: Mapping[str, list[str]]) -> Any:
    """Read `color=blue&color=black`, or an object whose members are parameters of their own."""
    if not shape.is_object:
        texts = source.get(parameter.name)
        return ABSENT if texts is None else _several(texts, parameter, shape.items)
    is_greedy = shape.is_open and parameter.location == "query"
    members = {
        name: _repeatable(texts, parameter, shape.member(name))
        for name, texts in source.items()
        if is_greedy or name in shape.properties
    }
    return members or ABSENT


def _several(texts: list[str], parameter: Parameter, shape: Shape | None) -> list[Any]:
    return [scalar(_decoded(text, parameter), shape) for text in texts]


def _repeatable(texts: list[str], parameter: Parameter, shape: Shape | None) -> Any:
    """Read a member whose name may be repeated where its schema is that of an array."""
    if shape is not None and shape.is_structured and "array" in shape.types:
        return _several(texts, parameter, shape.items)
    if len(texts) > 1:
        raise Unreadable("repeated", "A member is given twice.")
    return scalar(_decoded(texts[0], parameter), shape)


def _deep_object(parameter: Parameter, shape: Shape, source: Mapping[str, list[str]]) -> Any:
    """Read `filter[author][id]=5`, to any depth; a repeated name makes an array."""
    result: dict[str, Any] = {}
    for key, texts in source.items():
        if not key.startswith(f"{parameter.name}["):
            continue
        steps = re.findall(r"\[([^\[\]]*)\]", key)
        well_formed = parameter.name + "".join(f"[{step}]" for step in steps)
        if key != well_formed or len(steps) > MAX_DEPTH:
            raise Unreadable("bad_style", "Each name must stand in brackets of its own.")
        at, target = _descend(result, shape, steps)
        target[steps[-1]] = _repeatable(texts, parameter, at and at.member(steps[-1]))
    return result or ABSENT


def _descend(
    result: dict[str, Any], shape: Shape | None, steps: list[str]
) -> tuple[Shape | None, dict[str, Any]]:
    """Return the object in which the last of `steps` is to stand, made where it is missing."""
    target: Any = result
    for step in steps[:-1]:
        target = target.setdefault(step, {})
        shape = shape and shape.member(step)
        if not isinstance(target, dict):
            break
    if not isinstance(target, dict) or steps[-1] in target:
        raise Unreadable("bad_style", "A member is given in two ways.")
    return shape, target


def query_texts(raw: bytes) -> dict[str, list[str]]:
    """Split a query string into names and still encoded values; raises MalformedRequest (400)."""
    texts: dict[str, list[str]] = {}
    if not raw:
        return texts
    try:
        text = raw.decode("ascii")
    except UnicodeDecodeError:
        raise MalformedRequest("The query string must be percent-encoded.") from None
    for pair in text.split("&"):
        if pair:
            name, _, value = pair.partition("=")
            decoded(value)
            texts.setdefault(decoded(name.replace("+", " ")), []).append(value)
    return texts


def cookie_texts(fields: Iterable[str]) -> dict[str, list[str]]:
    """Split Cookie fields into names and values as they came (RFC 6265, section 4.2)."""
    texts: dict[str, list[str]] = {}
    for pair in ";".join(fields).split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals:
            texts.setdefault(name, []).append(value)
    return texts
