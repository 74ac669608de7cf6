"""Edits that change how the document is written, and nothing of what it says to a client."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from tests.diff.edits.edit import ITEM, LIST, Source, member, operation, parameter, schema, success

POST_REF = "#/components/schemas/Post"


def inlined(source: Source) -> None:
    success(source)["content"]["application/json"]["schema"] = {
        "allOf": [schema(source, "PostPage")]
    }


def named(source: Source) -> None:
    source["components"]["schemas"]["PostText"] = member(source, "content", "Post")
    schema(source, "Post")["properties"]["content"] = {"$ref": "#/components/schemas/PostText"}


def described_in_place(source: Source) -> None:
    named(source)
    schema(source, "Post")["properties"]["content"]["description"] = "What it says."


def taken_apart(source: Source) -> None:
    post = schema(source, "PostCreate")
    source["components"]["schemas"]["PostCreate"] = {
        "allOf": [{"required": post.pop("required")}, post]
    }


def renamed_schema(source: Source) -> None:
    schemas = source["components"]["schemas"]
    schemas["Article"] = schemas.pop("Post")
    _refer(source, POST_REF, "#/components/schemas/Article")


def renamed_scheme(source: Source) -> None:
    schemes = source["components"]["securitySchemes"]
    schemes["OAuth2"] = schemes.pop("oauth2")
    for item in source["paths"].values():
        for method in (m for m in item.values() if isinstance(m, dict)):
            _rename(method.get("security", ()))
    _rename(source.get("security", ()))


def _rename(choices: Any) -> None:
    for choice in choices:
        if "oauth2" in choice:
            choice["OAuth2"] = choice.pop("oauth2")


def turned(node: Any) -> Any:
    """Return the same with the members of every object in the opposite order."""
    if isinstance(node, dict):
        # The order of media types says which one is preferred, that of the catalogue is a list's.
        kept = ("content", "x-problems")
        return {n: node[n] if n in kept else turned(node[n]) for n in reversed(node)}
    return [turned(item) for item in node] if isinstance(node, list) else node


def _turn(source: Source) -> None:
    members = turned(source)
    source.clear()
    source.update(members)


def _sort_lists(source: Source) -> None:
    for each in source["components"]["schemas"].values():
        for word in ("required", "enum"):
            if word in each:
                each[word].reverse()


def _refer(node: Any, old: str, new: str) -> None:
    if isinstance(node, dict):
        if node.get("$ref") == old:
            node["$ref"] = new
        for value in node.values():
            _refer(value, old, new)
    elif isinstance(node, list):
        for value in node:
            _refer(value, old, new)


def nullable_by_choice(source: Source) -> None:
    bio = member(source, "bio", "UserCreate")
    bio["type"] = "string"
    schema(source, "UserCreate")["properties"]["bio"] = {"anyOf": [bio, {"type": "null"}]}


def exclusive(source: Source) -> None:
    size = parameter(source, "PageSize")["schema"]
    size["exclusiveMinimum"] = size.pop("minimum") - 1


WRITTEN_OTHERWISE: dict[str, Callable[[Source], Any]] = {
    "a component is written in place": inlined,
    "a schema in place becomes a component": named,
    "a reference is described": described_in_place,
    "a schema is taken apart": taken_apart,
    "a component has another name": renamed_schema,
    "a security scheme has another name": renamed_scheme,
    "the order of all members": _turn,
    "the order of values and of required members": _sort_lists,
    "null by a choice": nullable_by_choice,
    "an exclusive bound of integers": exclusive,
    "an integer format and its bounds": lambda s: member(s, "id", "Post").update(
        format="int64", maximum=2**63 - 1
    ),
    "one value is a constant": lambda s: member(s, "token_type", "Token").update(
        enum=[member(s, "token_type", "Token").pop("const")]
    ),
    "no length is length 0": lambda s: member(s, "content", "PostUpdate").setdefault(
        "minLength", 0
    ),
    "parameters in another order": lambda s: operation(s, LIST)["parameters"].reverse(),
    "a header in another case": lambda s: success(s, ITEM)["headers"].update(
        etag=success(s, ITEM)["headers"].pop("ETag")
    ),
}
