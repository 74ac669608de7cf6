"""House rules about values: what has no bound somewhere ends in a 500 elsewhere."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

import jsonschema_rs

from app.contract.document import Document
from app.contract.grammar import schemas
from app.contract.pointers import child, tokens_of

Found = Iterator[tuple[str, str]]
Settings = Mapping[str, Any]
_CLASS = re.compile(r"\\.|\[(?:\\.|[^\]\\])*\]")


def strings_bounded(document: Document, rule: Settings) -> Found:
    """Each string has bounds and a pattern, or is closed by something else."""
    for pointer, schema in _of_type(document, "string"):
        is_closed = any(word in schema for word in rule.get("closed_by", ()))
        if is_closed or schema.get("format") in rule.get("closed_by_format", ()):
            continue
        for word in ("minLength", "maxLength", "pattern"):
            if word not in schema:
                yield pointer, f"the string has no {word}"


def no_u0000(document: Document, rule: Settings) -> Found:
    """Each pattern is anchored, portable, and keeps U+0000 out."""
    for pointer, schema in schemas(document.source):
        if isinstance(schema.get("pattern"), str):
            at = child(pointer, "pattern")
            for reason in _pattern_faults(schema["pattern"], rule):
                yield at, reason


def _pattern_faults(pattern: str, rule: Settings) -> Iterator[str]:
    if not pattern.startswith("^") or not pattern.endswith("$"):
        yield "the pattern is not anchored at both ends"
    for forbidden in rule.get("forbidden", ()):
        if re.search(forbidden, pattern):
            yield f"the pattern contains {forbidden}"
    if "." in _CLASS.sub("", pattern):
        yield "the pattern contains a dot outside of a class"
    validator = jsonschema_rs.Draft202012Validator({"pattern": pattern})
    for text in rule.get("never_matches", ()):
        if validator.is_valid(text):
            yield f"the pattern matches {text!r}"


def integers_bounded(document: Document, rule: Settings) -> Found:
    """Each integer has bounds that lie in its format."""
    formats = rule["formats"]
    for pointer, schema in _of_type(document, "integer"):
        if "const" in schema or "enum" in schema:
            continue
        for word in ("minimum", "maximum", "format"):
            if word not in schema:
                yield pointer, f"the integer has no {word}"
        declared = schema.get("format")
        if declared not in formats:
            yield pointer, f"the format {declared} is none of {', '.join(formats)}"
            continue
        lowest, highest = formats[declared]
        if schema.get("minimum", lowest) < lowest or schema.get("maximum", highest) > highest:
            yield pointer, f"the bounds do not lie in {declared}"


def arrays_bounded(document: Document, _: Settings) -> Found:
    """Each array says what its items are, and how many at least and at most."""
    for pointer, schema in _of_type(document, "array"):
        for word in ("items", "minItems", "maxItems"):
            if word not in schema:
                yield pointer, f"the array has no {word}"


def objects_closed(document: Document, _: Settings) -> Found:
    """Each object admits only the members that it names."""
    for pointer, schema in _of_type(document, "object"):
        if schema.get("additionalProperties") is not False:
            yield pointer, "the object is open: additionalProperties is not false"


def no_inline_objects(document: Document, rule: Settings) -> Found:
    """Objects and enumerations have a name, and nothing is composed."""
    for pointer, schema in schemas(document.source):
        is_named = tokens_of(pointer)[:2] == ["components", "schemas"]
        is_component = is_named and len(tokens_of(pointer)) == len(("components", "schemas", "X"))
        if not is_component and ("object" in _types(schema) or "enum" in schema):
            yield pointer, "the schema stands inline; move it to components/schemas"
        for word in rule.get("forbidden", ()):
            if word in schema:
                yield child(pointer, word), f"{word} is not used here"


def _of_type(document: Document, kind: str) -> Iterator[tuple[str, dict[str, Any]]]:
    return ((at, schema) for at, schema in schemas(document.source) if kind in _types(schema))


def _types(schema: Mapping[str, Any]) -> list[str]:
    declared = schema.get("type", [])
    return [declared] if isinstance(declared, str) else list(declared)
