"""Bodies of answers as JSON texts, and what is judged of them.

What counts is the text that leaves. Reading it back costs as much as judging it, and is not needed
where a body consists of nothing but what JSON has: it says the same as its text, but for NaN and
the infinities, which are written as null. They have no type in a schema and equal nothing, so that
a schema can only admit such a number and refuse null where it turns a verdict round.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson
from pydantic import BaseModel
from pydantic_core import to_jsonable_python

from app.contract import json_text, pointers
from app.contract.grammar import objects

PLAIN = (
    orjson.OPT_PASSTHROUGH_DATACLASS
    | orjson.OPT_PASSTHROUGH_DATETIME
    | orjson.OPT_PASSTHROUGH_SUBCLASS
)
# Keywords that turn a verdict round, and those after which a pointer may mean another place.
TURNING = frozenset({"oneOf", "if", "maxContains", "uniqueItems"})
UNFOLLOWED = frozenset({"$id", "$dynamicRef", "$recursiveRef"})


def plain(body: Any) -> bytes | None:
    """Return the text of a body that consists of what JSON has, None for any other."""
    try:
        return orjson.dumps(body, option=PLAIN)
    except orjson.JSONEncodeError:
        return None


def written(body: Any) -> tuple[bytes, Callable[[bytes], Any]]:
    """Return any body as a JSON text, and what reads such a text."""
    if isinstance(body, dict | list):
        try:
            return orjson.dumps(body, default=jsonable, option=orjson.OPT_UTC_Z), orjson.loads
        except orjson.JSONEncodeError:  # Numbers beyond 64 bits, and names that are no strings.
            pass
    return json_text.dumps(jsonable(body)), json.loads


def jsonable(body: Any) -> Any:
    """Return a body as JSON values: models by their document names, absent members left out."""
    if isinstance(body, BaseModel):
        return body.model_dump(mode="json", by_alias=True)
    return to_jsonable_python(body, by_alias=True)


def is_told_by_values(source: Mapping[str, Any], pointer: str) -> bool:
    """Tell whether a plain body passes the schema at `pointer` only if its text does. What cannot
    be followed is not known to.
    """
    try:
        return not any(_turns(schema) for schema in _reachable(source, pointer))
    except pointers.UnresolvableReferenceError:
        return False


def _reachable(source: Mapping[str, Any], pointer: str) -> Iterator[dict[str, Any]]:
    pending, seen = [pointer], set[str]()
    while pending:
        at = pending.pop()
        if at in seen:
            continue
        seen.add(at)
        for _, _, schema in objects(pointers.lookup(source, at), "schema", at):
            yield schema
            if "$ref" in schema:
                pending.append(schema["$ref"])


def _turns(schema: Mapping[str, Any]) -> bool:
    leads_astray = not str(schema.get("$ref", "#/")).startswith("#/")
    if leads_astray or schema.keys() & (TURNING | UNFOLLOWED):
        return True
    denied = schema.get("not", {})
    # What only texts pass or break is the same to a number as to null.
    is_of_texts = isinstance(denied, dict) and "string" in (schema.get("type"), denied.get("type"))
    return "not" in schema and not is_of_texts
