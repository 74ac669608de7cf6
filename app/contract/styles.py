"""The styles of OpenAPI parameters: from texts to JSON values (Parameter Object, Style Values)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final
from urllib.parse import unquote_to_bytes

from app.contract import pointers
from app.contract.json_text import number
from app.contract.model import Parameter
from app.contract.paths import decoded
from app.contract.problems import MalformedRequest
from app.contract.schema import reading_types

_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,399})(?:\.[0-9]{1,400})?(?:[eE][+-]?[0-9]{1,3})?")
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


@dataclass(frozen=True)
class Shape:
    """What a schema may admit, as far as it helps to read a text."""

    source: dict[str, Any]
    pointer: str

    @classmethod
    def of(cls, source: dict[str, Any], pointer: str) -> Shape:
        """Return the shape of the schema at `pointer` of a document."""
        return cls(source, pointers.resolve(source, pointer)[1])

    @cached_property
    def types(self) -> frozenset[str]:
        """The JSON types it may admit."""
        return reading_types(self.source, self.pointer)

    @cached_property
    def is_structured(self) -> bool:
        """Whether it is an array or an object rather than a scalar."""
        return bool(self.types & {"array", "object"}) and "string" not in self.types

    @cached_property
    def items(self) -> Shape | None:
        """The shape of an array's items, None where the schema is silent."""
        return self._below("items")

    @cached_property
    def properties(self) -> dict[str, Shape]:
        """The shapes of an object's members, those of `allOf` included."""
        schema = pointers.resolve(self.source, self.pointer)[0]
        found: dict[str, Shape] = {}
        for index in range(len(schema.get("allOf", []))):
            found |= self._at("allOf", index).properties
        return found | {name: self._at("properties", name) for name in schema.get("properties", {})}

    @cached_property
    def is_open(self) -> bool:
        """Whether it admits members that it does not name."""
        schema = pointers.resolve(self.source, self.pointer)[0]
        return schema.get("additionalProperties", True) is not False

    def member(self, name: str) -> Shape | None:
        """Return the shape of a member of an object, None where the schema is silent."""
        return self.properties.get(name) or self._below("additionalProperties")

    def _below(self, keyword: str) -> Shape | None:
        schema = pointers.resolve(self.source, self.pointer)[0]
        return self._at(keyword) if isinstance(schema.get(keyword), dict) else None

    def _at(self, *tokens: str | int) -> Shape:
        return Shape.of(self.source, pointers.child(self.pointer, *tokens))


def scalar(text: str, shape: Shape | None) -> Any:
    """Read a decoded text as the JSON scalar that a schema may admit; text stays text otherwise."""
    types = shape.types if shape is not None else frozenset({"string"})
    if types & {"integer", "number"} and _NUMBER.fullmatch(text):
        return _number(text)
    if "boolean" in types and text in {"true", "false"}:
        return text == "true"
    if "null" in types and text == "null":
        return None
    return text


def _number(text: str) -> int | float | str:
    """Return a number, or the text where no double can hold it, which no number schema admits."""
    try:
        return number(text)
    except OverflowError:
        return text


def decode(parameter: Parameter, shape: Shape, source: Mapping[str, Any]) -> Any:
    """Return the JSON value of a parameter, ABSENT where it did not come; may raise Unreadable."""
    if parameter.style == "deepObject":
        return _deep_object(parameter.name, shape, source)
    if parameter.style == "form" and parameter.explode and shape.is_structured:
        return _exploded_form(parameter, shape, source)
    text = single_text(source, parameter, is_encoded=True)
    if text is ABSENT:
        return ABSENT
    text = _without_prefix(text, parameter)
    if not shape.is_structured:
        return scalar(_decoded(text, parameter), shape)
    parts = _split(text, parameter, shape) if text else []
    if "object" in shape.types:
        return _object([_decoded(part, parameter) for part in parts], parameter, shape)
    return [scalar(_decoded(part, parameter), shape.items) for part in parts]


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
    """Undo the encoding of the place; header and cookie values have none."""
    if parameter.location == "query":
        return decoded(text.replace("+", " "))
    return decoded(text) if parameter.location == "path" else text.strip(" \t")


def _without_prefix(text: str, parameter: Parameter) -> str:
    """Take off what the `label` and `matrix` styles put before the value."""
    if parameter.style == "label":
        prefix = "."
    elif parameter.style == "matrix" and text.startswith(f";{parameter.name}="):
        prefix = f";{parameter.name}="
    elif parameter.style == "matrix":
        prefix = ";"
    else:
        return text
    if not text.startswith(prefix):
        raise Unreadable("bad_style", f"This must be written in the style {parameter.style}.")
    return text[len(prefix) :]


def _split(text: str, parameter: Parameter, shape: Shape) -> list[str]:
    """Split the text of an array or object before it is decoded, so that `%2C` stays in a value."""
    if parameter.style in _DELIMITERS:
        return re.split(_DELIMITERS[parameter.style], text)
    if not parameter.explode or parameter.style in {"simple", "form"}:
        return text.split(",")
    separator = "." if parameter.style == "label" else ";"
    parts = text.split(separator)
    if parameter.style == "matrix" and "object" not in shape.types:
        return [part.removeprefix(f"{parameter.name}=") for part in parts]
    return parts


def _object(parts: list[str], parameter: Parameter, shape: Shape) -> dict[str, Any]:
    if parameter.explode:
        pairs = [part.partition("=")[::2] for part in parts]
    elif len(parts) % 2:
        raise Unreadable("bad_style", "This must be a list of names and values in turn.")
    else:
        pairs = list(zip(parts[::2], parts[1::2], strict=True))
    return _members(pairs, shape)


def _members(pairs: Iterable[tuple[str, str]], shape: Shape) -> dict[str, Any]:
    members: dict[str, Any] = {}
    for name, text in pairs:
        if name in members:
            raise Unreadable("repeated", "A member is given twice.")
        members[name] = scalar(text, shape.member(name))
    return members


def _exploded_form(parameter: Parameter, shape: Shape, source: Mapping[str, list[str]]) -> Any:
    """Read `color=blue&color=black`, or an object whose members are parameters of their own."""
    if "object" not in shape.types:
        texts = source.get(parameter.name)
        if texts is None:
            return ABSENT
        return [scalar(_decoded(text, parameter), shape.items) for text in texts]
    members: dict[str, Any] = {}
    for name, texts in source.items():
        if name in shape.properties:
            read = [scalar(_decoded(t, parameter), shape.properties[name]) for t in texts]
            members[name] = read if "array" in shape.properties[name].types else read[0]
            if len(texts) > 1 and members[name] is not read:
                raise Unreadable("repeated", "A member is given twice.")
    return members or ABSENT


def _deep_object(name: str, shape: Shape, source: Mapping[str, list[str]]) -> Any:
    """Read `filter[author][id]=5`, to any depth; a repeated name makes an array."""
    result: dict[str, Any] = {}
    for key, texts in source.items():
        keys = re.findall(r"\[([^\[\]]*)\]", key)
        if not key.startswith(f"{name}[") or key != name + "".join(f"[{k}]" for k in keys):
            continue
        target: dict[str, Any] = result
        at: Shape | None = shape
        for step in keys[:-1]:
            target = target.setdefault(step, {})
            at = at.member(step) if at is not None else None
            if not isinstance(target, dict):
                raise Unreadable("bad_style", "A member is both a value and an object.")
        target[keys[-1]] = _deep_value(texts, at.member(keys[-1]) if at is not None else None)
    return result or ABSENT


def _deep_value(texts: list[str], shape: Shape | None) -> Any:
    plain = [decoded(text.replace("+", " ")) for text in texts]
    if shape is not None and "array" in shape.types and shape.is_structured:
        return [scalar(text, shape.items) for text in plain]
    if len(plain) > 1:
        raise Unreadable("repeated", "This must be given once.")
    return scalar(plain[0], shape)


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
    """Split Cookie fields into names and values (RFC 6265, section 4.2)."""
    texts: dict[str, list[str]] = {}
    for pair in ";".join(fields).split(";"):
        name, equals, value = pair.strip().partition("=")
        if equals:
            texts.setdefault(name, []).append(unquote_to_bytes(value).decode("utf-8", "replace"))
    return texts
