"""What a value violates, in words for the client: a code, a sentence, a place. Never the value."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from itertools import islice
from typing import Any

import jsonschema_rs

from app.contract.pointers import child
from app.contract.problems import InputError

MAX_ERRORS = 20
MAX_VALUES = 1000

# The keyword of JSON Schema that refused -> (code, sentence); {limit} is the schema's own.
_SENTENCES: dict[str, tuple[str, str]] = {
    "type": ("wrong_type", "This must be {types}."),
    "enum": ("not_in_enum", "This must be one of the values that the document lists."),
    "const": ("not_the_constant", "This must be the one value that the document names."),
    "minLength": ("too_short", "This must have at least {limit} characters."),
    "maxLength": ("too_long", "This must have at most {limit} characters."),
    "pattern": ("pattern_mismatch", "This must match the pattern that the document names."),
    "format": ("bad_format", "This must be of the format {limit}."),
    "minimum": ("too_small", "This must be at least {limit}."),
    "maximum": ("too_large", "This must be at most {limit}."),
    "exclusiveMinimum": ("too_small", "This must be more than {limit}."),
    "exclusiveMaximum": ("too_large", "This must be less than {limit}."),
    "multipleOf": ("not_a_multiple", "This must be a multiple of {limit}."),
    "minItems": ("too_few_items", "This must have at least {limit} items."),
    "maxItems": ("too_many_items", "This must have at most {limit} items."),
    "uniqueItems": ("repeated_items", "The items of this must all differ."),
    "contains": ("missing_item", "An item that the document demands is missing."),
    "minProperties": ("too_few_members", "This must have at least {limit} members."),
    "maxProperties": ("too_many_members", "This must have at most {limit} members."),
    "required": ("required", "This is required."),
    "additionalProperties": ("unknown_member", "The document has no such member."),
    "unevaluatedProperties": ("unknown_member", "The document has no such member."),
    "propertyNames": ("bad_member_name", "A member's name is not one that the document allows."),
    "false schema": ("not_allowed", "Nothing may stand here."),
}
_FALLBACK = ("not_allowed", "This is not what the document allows.")
_ARTICLES = {"array": "an array", "integer": "an integer", "object": "an object", "null": "null"}


def body_errors(validator: Any, value: Any) -> list[InputError]:
    """Describe what a body violates, each with its JSON pointer as a fragment (RFC 9457)."""
    return [
        InputError(code=code, detail=detail, pointer=child("#", *path))
        for code, detail, path in islice(_described(validator, value), MAX_ERRORS)
    ]


def parameter_errors(validator: Any, value: Any, name: str, location: str) -> list[InputError]:
    """Describe what a parameter violates; a header's place is `header`, any other's `parameter`."""
    place = "header" if location == "header" else "parameter"
    return [
        InputError(code=code, detail=detail, **{place: name})
        for code, detail, _ in islice(_described(validator, value), MAX_ERRORS)
    ]


def _described(validator: Any, value: Any) -> Iterator[tuple[str, str, list[str | int]]]:
    for error in _errors(validator, value):
        keyword = error.kind.name
        code, sentence = _SENTENCES.get(keyword, _FALLBACK)
        detail = sentence.format(limit=_limit(error.kind), types=_types(error.kind))
        yield code, detail, _place(error)


def _errors(validator: Any, value: Any) -> Iterable[Any]:
    """Return the errors of a value; of a long one the first alone, as all would take seconds."""
    if not _is_large(value):
        return validator.iter_errors(value)  # type: ignore[no-any-return]
    try:
        validator.validate(value)
    except jsonschema_rs.ValidationError as first:
        return [first]
    return []


def _is_large(value: Any) -> bool:
    pending, seen = [value], 0
    while pending and seen <= MAX_VALUES:
        item = pending.pop()
        members = item.values() if isinstance(item, dict) else item
        if isinstance(item, list | dict):
            seen += len(item)
            pending.extend(islice(members, MAX_VALUES))
    return seen > MAX_VALUES


def _place(error: Any) -> list[str | int]:
    """Point at the value, or where a missing member should stand; never name an unknown one."""
    missing = [error.kind.property] if error.kind.name == "required" else []
    return [*error.instance_path, *missing]


def _limit(kind: Any) -> Any:
    return kind.value if isinstance(kind.value, int | float | str) else ""


def _types(kind: Any) -> str:
    if kind.name != "type":
        return ""
    names = [kind.value] if isinstance(kind.value, str) else list(kind.value)
    return " or ".join(_ARTICLES.get(name, f"a {name}") for name in names)
