"""Reads YAML and JSON files into JSON values, and knows on which line a pointer stands.

YAML is read as YAML 1.2 with JSON's types alone: `on`, `no`, dates and `1_000` are strings, a key
is always a string, a repeated key is refused.
"""

from __future__ import annotations

import json
import re
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

from app.contract.pointers import child, tokens_of
from codegen.findings import RefusedError, refuse

_NULL = re.compile(r"~|null|Null|NULL|")
_BOOLEAN = re.compile(r"true|True|TRUE|false|False|FALSE")
_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]*)")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?")
_PLAIN = "plain"
_TAGS = {yaml.MappingNode: "tag:yaml.org,2002:map", yaml.SequenceNode: "tag:yaml.org,2002:seq"}
_TEXT = "tag:yaml.org,2002:str"
_CLoader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Loader(_CLoader):  # type: ignore[misc]
    """Leaves the meaning of unquoted scalars to `_scalar` instead of guessing as YAML 1.1 does."""

    def resolve(self, kind: Any, _value: Any, implicit: Any) -> str:
        """Return the tag of a node that has none of its own."""
        if kind is yaml.ScalarNode:
            return _PLAIN if implicit[0] else _TEXT
        return _TAGS[kind]


def load(path: Path, name: str) -> Any:
    """Return the JSON value of a file. `name` is what findings call it."""
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise refuse("#", f"the file cannot be read: {_reason(error)}", name) from None
    return _json(text, name) if path.suffix == ".json" else loads(text, name)


def loads(text: str, name: str) -> Any:
    """Return the JSON value of a YAML text."""
    try:
        node = yaml.compose(text, Loader=_Loader)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        reason = f"this is not YAML: {getattr(error, 'problem', None) or error}"
        raise refuse("#", reason, name, mark.line + 1 if mark else 0) from None
    return _Reader(name).value(node, "#", ()) if node is not None else None


def line_of(path: Path, pointer: str) -> int:
    """Return the line on which `pointer` stands in a YAML file, 0 where that is not known.

    The file is parsed again for it: lines are only wanted when something is wrong.
    """
    node = None if path.suffix == ".json" else _composed(path)
    if node is None:
        return 0
    line = 1
    for token in tokens_of(pointer):
        found = _step(node, token)
        if found is None:
            return line
        line, node = found
    return line


@lru_cache(maxsize=8)
def _composed(path: Path) -> Any:
    try:
        return yaml.compose(path.read_text(encoding="utf-8-sig"), Loader=_Loader)
    except (OSError, yaml.YAMLError):
        return None


def _step(node: Any, token: str) -> tuple[int, Any] | None:
    if isinstance(node, yaml.MappingNode):
        for key, value in node.value:
            if key.value == token:
                return key.start_mark.line + 1, value
    elif isinstance(node, yaml.SequenceNode) and token.isdigit() and int(token) < len(node.value):
        value = node.value[int(token)]
        return value.start_mark.line + 1, value
    return None


class _Reader:
    """Builds JSON values from the nodes of one YAML file."""

    def __init__(self, name: str) -> None:
        self._name = name

    def value(self, node: Any, pointer: str, above: tuple[int, ...]) -> Any:
        """Return the value of `node`; `above` are the nodes it stands in, none of them its own."""
        if id(node) in above:
            raise self._refusal(pointer, "the value contains itself", node)
        if isinstance(node, yaml.MappingNode):
            return self._object(node, pointer, (*above, id(node)))
        if isinstance(node, yaml.SequenceNode):
            inside = (*above, id(node))
            items = enumerate(node.value)
            return [self.value(item, child(pointer, index), inside) for index, item in items]
        if node.tag not in {_PLAIN, _TEXT}:
            raise self._refusal(pointer, f"JSON has no values of the tag {node.tag}", node)
        return _scalar(node.value) if node.tag == _PLAIN else node.value

    def _object(self, node: Any, pointer: str, above: tuple[int, ...]) -> dict[str, Any]:
        members: dict[str, Any] = {}
        for key, value in node.value:
            if not isinstance(key, yaml.ScalarNode):
                raise self._refusal(pointer, "a key must be a string", key)
            if key.value == "<<" and key.tag == _PLAIN:
                raise self._refusal(pointer, "merge keys (<<) are not part of YAML 1.2", key)
            if key.value in members:
                raise self._refusal(child(pointer, key.value), "the key is repeated", key)
            members[key.value] = self.value(value, child(pointer, key.value), above)
        return members

    def _refusal(self, pointer: str, reason: str, node: Any) -> RefusedError:
        return refuse(pointer, reason, self._name, node.start_mark.line + 1)


def _scalar(text: str) -> Any:
    """Read an unquoted scalar by the JSON schema of YAML 1.2 (section 10.2)."""
    if _NULL.fullmatch(text):
        return None
    if _BOOLEAN.fullmatch(text):
        return text.lower() == "true"
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _NUMBER.fullmatch(text) else text


def _json(text: str, name: str) -> Any:
    def members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
        found = dict(pairs)
        if len(found) != len(pairs):
            names = [key for key, _ in pairs]
            repeated = next(key for key in names if names.count(key) > 1)
            raise refuse("#", f"the key {repeated!r} is repeated in one object", name)
        return found

    def constant(text: str) -> Any:
        raise refuse("#", f"{text} is not JSON", name)

    try:
        return json.loads(text, object_pairs_hook=members, parse_constant=constant)
    except json.JSONDecodeError as error:
        raise refuse("#", f"this is not JSON: {error.msg}", name, error.lineno) from None


def _reason(error: Exception) -> str:
    if isinstance(error, UnicodeDecodeError):
        return "it is not UTF-8"
    return str(getattr(error, "strerror", None) or error)
