"""Media types and headers of a message, and the schemas in them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.contract import media
from app.contract.model import Header, MediaType
from app.contract.pointers import child
from app.contract.schema import Direction
from codegen.diff.changes import (
    NARROWED,
    REQUEST,
    RESPONSE,
    WIDENED,
    Change,
    Severity,
    additive,
    breaking,
    severity_of,
    word,
)
from codegen.diff.marks import marks, texts
from codegen.diff.schemas import Key, SchemaPairs

Content = Mapping[str, MediaType]


def content(
    pairs: SchemaPairs, way: Direction, old: Content, new: Content, at: tuple[str, str]
) -> Iterator[Change | Key]:
    """Compare two `content` maps, which stand in the objects at `at`."""
    what = "request-body" if way is REQUEST else "response"
    for name, media_type in old.items():
        other = _counterpart(new, name, way)
        if other is None:
            rule, says = f"{what}-media-type-removed", f"the media type {media_type.name} is gone"
            yield breaking(rule, says, media_type.name, media_type.pointer, None)
        else:
            yield from _media_type(pairs, way, media_type, other)
    for name, media_type in new.items():
        if name not in old:
            rule, says = f"{what}-media-type-added", f"there is a media type {media_type.name}"
            yield additive(rule, says, media_type.name, at[0], media_type.pointer)
    if (
        way is RESPONSE
        and old
        and new
        and _preferred(new) is not _counterpart(new, next(iter(old)), way)
    ):
        says = f"who asks for no media type gets {_preferred(new).name}"
        places = at[0], _preferred(new).pointer
        yield breaking(f"{what}-media-type-preferred", says, _preferred(new).name, *places)


def _preferred(content: Content) -> MediaType:
    return next(iter(content.values()))


def _counterpart(content: Content, name: str, way: Direction) -> MediaType | None:
    """Return what declares a media type: as written, or by a range. Who may send it without
    parameters may send it with any, and who receives it does not mind that some are told.
    """
    if way is RESPONSE or name in content:
        return media.declared(content, name)
    bare = media.parse(name)[0]
    names = (bare, f"{bare.partition('/')[0]}/*", "*/*")
    return next((content[each] for each in names if each in content), None)


def _media_type(
    pairs: SchemaPairs, way: Direction, old: MediaType, new: MediaType
) -> Iterator[Change | Key]:
    mine, theirs = pairs.old.node(old.pointer), pairs.new.node(new.pointer)
    places = old.pointer, new.pointer
    what = "request-body" if way is REQUEST else "response"
    yield from texts(new.name, mine, theirs, *places)
    yield from schema(pairs, way, (old.schema, new.schema), new.name, places)
    is_same = dict(old.encoding) == dict(new.encoding) and _headers(mine) == _headers(theirs)
    if old.is_stream != new.is_stream or not is_same:
        yield breaking(f"{what}-encoding-changed", "it is written otherwise", new.name, *places)


def _headers(media_type: Mapping[str, Any]) -> dict[str, Any]:
    """Return the headers of each part of a form, by the part."""
    encoding: dict[str, dict[str, Any]] = media_type.get("encoding") or {}
    return {part: e["headers"] for part, e in encoding.items() if e.get("headers")}


def schema(
    pairs: SchemaPairs,
    way: Direction,
    schemas: tuple[str | None, str | None],
    subject: str,
    places: tuple[str, str],
) -> Iterator[Change | Key]:
    """Compare two schemas, either of which may be missing."""
    was, now = schemas
    if was and now:
        yield pairs.key(way, (was,), (now,))
    elif was or now:
        relation = NARROWED if now else WIDENED
        says = f"there is {'a' if now else 'no'} schema"
        rule = f"{word(way)}-schema-{relation.value}"
        yield Change(severity_of(relation, way), rule, says, subject, *places)


def headers(
    pairs: SchemaPairs,
    way: Direction,
    old: Mapping[str, Header],
    new: Mapping[str, Header],
    at: tuple[str, str],
) -> Iterator[Change | Key]:
    """Compare the headers of two responses, which stand at `at`."""
    for name, header in old.items():
        if name not in new:
            says = f"the header {header.name} is gone"
            yield breaking(f"{word(way)}-header-removed", says, header.name, header.pointer, None)
        else:
            yield from _header(pairs, way, header, new[name])
    for name, header in new.items():
        if name not in old:
            says = f"there is a header {header.name}"
            is_asked = way is REQUEST and header.required
            severity = Severity.BREAKING if is_asked else Severity.ADDITIVE
            rule = f"{word(way)}-header-added"
            place = child(at[1], "headers", header.name)
            yield Change(severity, rule, says, header.name, at[0], place)


def _header(pairs: SchemaPairs, way: Direction, old: Header, new: Header) -> Iterator[Change | Key]:
    mine, theirs = pairs.old.node(old.pointer), pairs.new.node(new.pointer)
    places = old.pointer, new.pointer
    yield from marks(new.name, mine, theirs, *places)
    if old.required != new.required:
        verb = "required" if new.required else "optional"
        severity = severity_of(NARROWED if new.required else WIDENED, way)
        says = f"the header {new.name} is {verb}"
        yield Change(severity, f"{word(way)}-header-{verb}", says, new.name, *places)
    if _written(mine) != _written(theirs):
        rule, says = f"{word(way)}-header-style-changed", "its value is written otherwise"
        yield breaking(rule, says, new.name, *places)
    yield from schema(pairs, way, (_schema(old, mine), _schema(new, theirs)), new.name, places)


def _written(node: Mapping[str, Any]) -> tuple[bool, list[str]]:
    return bool(node.get("explode", False)), list(node.get("content") or ())


def _schema(header: Header, node: Mapping[str, Any]) -> str | None:
    """Return where the schema of a header stands, which may be written as content."""
    for name, media_type in (node.get("content") or {}).items():
        if "schema" in media_type:
            return child(header.pointer, "content", name, "schema")
    return header.schema
