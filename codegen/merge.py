"""What `allOf` comes to for a type: several objects in one.

A merged schema admits at least what the original admits. The gate executes the original.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from app.contract import pointers
from app.contract.pointers import UnresolvableReferenceError, child, tokens_of
from codegen.naming import pascal_case

# Keywords that give a value its shape; all others narrow it further or describe it.
SHAPING = frozenset(
    {
        *("type", "properties", "additionalProperties", "patternProperties", "items"),
        *("prefixItems", "enum", "const", "oneOf", "anyOf", "allOf", "$ref", "format"),
    }
)
UNIONS = ("oneOf", "anyOf")
_OBJECT_WORDS = frozenset({"properties", "additionalProperties", "patternProperties", "required"})


@dataclass(frozen=True, slots=True)
class Part:
    """A schema and where it stands."""

    schema: dict[str, Any]
    pointer: str


@dataclass(slots=True)
class Merged:
    """One object made of several, with the pointer of each property and of the open rest."""

    properties: dict[str, tuple[Any, str]] = field(default_factory=dict)
    required: dict[str, None] = field(default_factory=dict)
    rest: tuple[Any, str] = (None, "")
    description: str = ""

    @property
    def is_closed(self) -> bool:
        """Whether it admits no member that it does not name."""
        return self.rest[0] is False


def has_shape(schema: Any) -> bool:
    """Whether a schema says anything about the shape of a value."""
    return isinstance(schema, dict) and not SHAPING.isdisjoint(schema)


def describes_objects(schema: dict[str, Any]) -> bool:
    """Whether what a schema says is about objects, though it may admit other values too."""
    declared = schema.get("type")
    if declared is None:
        is_other = any(word in schema for word in ("items", "enum", "const", *UNIONS))
        return not is_other and not _OBJECT_WORDS.isdisjoint(schema)
    return declared in ("object", ["object"])


def parts_of(source: Any, part: Part) -> list[Part]:
    """Return what must hold at once: the schema itself, what it refers to, each of its `allOf`."""
    return list(_parts(source, part, set()))


def _parts(source: Any, part: Part, seen: set[str]) -> Iterator[Part]:
    if part.pointer in seen:
        return
    seen.add(part.pointer)
    schema = part.schema
    if isinstance(schema.get("$ref"), str):
        try:
            target, at = pointers.resolve(source, schema["$ref"])
            yield from _parts(source, Part(target, at), seen)
        except UnresolvableReferenceError:
            pass
    for index, member in enumerate(schema.get("allOf") or ()):
        if isinstance(member, dict):
            yield from _parts(source, Part(member, child(part.pointer, "allOf", index)), seen)
    own = {name: value for name, value in schema.items() if name not in {"allOf", "$ref"}}
    if has_shape(own) or "required" in own:
        yield Part(own, part.pointer)


def merge(parts: list[Part]) -> Merged:
    """Merge objects into one.

    Where two have the same property, the later one with a shape wins: either admits all that both
    admit together.
    """
    merged = Merged()
    for part in parts:
        for name, value in (part.schema.get("properties") or {}).items():
            if name not in merged.properties or has_shape(value):
                merged.properties[name] = value, child(part.pointer, "properties", name)
        merged.required |= dict.fromkeys(part.schema.get("required") or ())
        merged.description = part.schema.get("description") or merged.description
    merged.rest = _rest(parts)
    return merged


def _rest(parts: list[Part]) -> tuple[Any, str]:
    """Return what the members that have no name may be: a schema with its pointer, or a boolean."""
    if any(part.schema.get("patternProperties") for part in parts):
        return True, ""
    rest: tuple[Any, str] = (None, "")
    for part in parts:
        declared = part.schema.get("additionalProperties")
        if declared is False:
            return False, ""
        if declared is not None:
            rest = declared, child(part.pointer, "additionalProperties")
    return rest


def has_union(schema: dict[str, Any]) -> bool:
    """Whether a schema is one of several, whatever else it is."""
    return any(word in schema for word in UNIONS)


def is_object_or_union(schema: dict[str, Any]) -> bool:
    """Whether a schema says nothing of values that are no objects, but for its variants."""
    own = {word: value for word, value in schema.items() if word not in UNIONS}
    return describes_objects(own) or not has_shape(own)


def variant_word(variant: Any, index: int) -> str:
    """Return the word for a variant in a class name: what it refers to, or its number."""
    reference = variant.get("$ref") if isinstance(variant, dict) else None
    last = tokens_of(reference)[-1] if isinstance(reference, str) else ""
    return pascal_case(last) or f"Option{index + 1}"
