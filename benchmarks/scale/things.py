"""One kind of thing in an invented document: its five operations and the schemas they use."""

from __future__ import annotations

from typing import Any, NamedTuple

from benchmarks.scale.catalogue import (
    ALWAYS,
    JSON,
    WITH_BODY,
    camel_case,
    closed,
    integer,
    ref,
    text,
)

STATES = ["draft", "submitted", "accepted", "rejected", "archived"]
MOMENT = {"type": "string", "format": "date-time"}


class Thing(NamedTuple):
    """Its paths stand below those of its `parent`, and it holds a list of its `neighbour`."""

    name: str
    tag: str
    neighbour: str
    parent: str | None

    @property
    def model(self) -> str:
        return camel_case(self.name)

    @property
    def collection(self) -> str:
        above = f"/{self.parent}s/{{{self.parent}_id}}" if self.parent else ""
        return f"/v1{above}/{self.name}s"


def paths_of(thing: Thing) -> dict[str, Any]:
    """The collection and the thing itself, five operations together."""
    above = [ref("parameters", f"{camel_case(thing.parent)}Id")] if thing.parent else []
    own = [*above, ref("parameters", f"{thing.model}Id")]
    return {
        thing.collection: {
            "parameters": above,
            "get": list_operation(thing),
            "post": operation(thing, "create", "201", thing.model, f"{thing.model}Create"),
        },
        f"{thing.collection}/{{{thing.name}_id}}": {
            "parameters": own,
            "get": operation(thing, "get", "200", thing.model),
            "patch": operation(thing, "update", "200", thing.model, f"{thing.model}Update"),
            "delete": operation(thing, "delete", "204"),
        },
    }


def list_operation(thing: Thing) -> dict[str, Any]:
    filters = {
        "state": ref("schemas", f"{thing.model}State"),
        "owner_id": integer(1, 2**63 - 1, format="int64"),
        "created_after": MOMENT,
        "labels": {"type": "array", "maxItems": 10, "items": text(30)},
    }
    listed = operation(thing, "list", "200", f"{thing.model}Page")
    listed["parameters"] = [
        ref("parameters", "Page"),
        ref("parameters", "PageSize"),
        *({"name": name, "in": "query", "schema": schema} for name, schema in filters.items()),
    ]
    return listed


def operation(
    thing: Thing, verb: str, status: str, answer: str | None = None, body: str | None = None
) -> dict[str, Any]:
    """`answer` and `body` are names of schemas."""
    statuses = [*ALWAYS, *WITH_BODY] if body else ALWAYS
    if answer is None:
        statuses = [each for each in statuses if each != "406"]
    success = {"headers": {"X-Request-Id": ref("headers", "RequestId")}, "description": "Done."}
    refusals = {each: ref("responses", f"Answer{each}") for each in statuses}
    return {
        "operationId": f"{verb}_{thing.name}",
        "summary": f"{verb.capitalize()}: {thing.name.replace('_', ' ')}",
        "description": f"What one may {verb}, and what comes of it, is said here at some length.",
        "tags": [thing.tag],
        **({"requestBody": {"required": True, "content": content(body)}} if body else {}),
        "responses": {
            status: success | ({"content": content(answer)} if answer else {}),
            **refusals,
            "404": ref("responses", f"{thing.model}NotFound"),
        },
    }


def content(schema: str) -> dict[str, Any]:
    return {JSON: {"schema": ref("schemas", schema)}}


def id_parameter(thing: Thing) -> dict[str, Any]:
    return {
        "name": f"{thing.name}_id",
        "in": "path",
        "required": True,
        "schema": integer(1, 2**63 - 1, format="int64"),
    }


def schemas_of(thing: Thing) -> dict[str, Any]:
    """By name; the thing's neighbour is embedded as its summary."""
    written = written_members(thing)
    read = {
        "id": integer(1, 2**63 - 1, format="int64", readOnly=True),
        **written,
        "related": {
            "type": "array",
            "maxItems": 50,
            "items": ref("schemas", f"{camel_case(thing.neighbour)}Summary"),
        },
        "created_at": MOMENT,
        "updated_at": MOMENT,
    }
    page = {
        "items": {"type": "array", "maxItems": 100, "items": ref("schemas", thing.model)},
        "total": integer(0, 10_000, format="int32"),
        "next_cursor": {"type": ["string", "null"], "maxLength": 16},
    }
    summary = {"id": read["id"], "title": written["title"]}
    address = {name: text(100) for name in ("street", "city", "country")}
    return {
        thing.model: closed(read) | {"description": f"One {thing.name.replace('_', ' ')}."},
        f"{thing.model}Create": closed(written, optional=["note", "labels", "address"]),
        f"{thing.model}Update": closed(written, optional=list(written)),
        f"{thing.model}Page": closed(page),
        f"{thing.model}Summary": closed(summary),
        f"{thing.model}State": {"type": "string", "enum": STATES},
        f"{thing.model}Address": closed(address, optional=["street"]),
    }


def written_members(thing: Thing) -> dict[str, Any]:
    """What a client sets."""
    return {
        "title": text(200, description="What it is called."),
        "note": {"type": ["string", "null"], "maxLength": 2000},
        "state": ref("schemas", f"{thing.model}State"),
        "quantity": integer(0, 1_000_000, format="int32", default=1),
        "contact": text(254, format="email"),
        "labels": {"type": "array", "maxItems": 10, "uniqueItems": True, "items": text(30)},
        "address": ref("schemas", f"{thing.model}Address"),
    }


def example_of(thing: Thing) -> dict[str, Any]:
    """A value of the schema that bears the thing's name."""
    return {
        "id": 1,
        "title": f"The first {thing.name}",
        "note": None,
        "state": STATES[0],
        "quantity": 3,
        "contact": "ada@example.org",
        "labels": ["urgent", "paper"],
        "address": {"street": "High Street 1", "city": "Oslo", "country": "Norway"},
        "related": [{"id": number, "title": "Another one"} for number in range(1, 6)],
        "created_at": "2026-01-01T00:00:00Z",
        "updated_at": "2026-01-02T00:00:00Z",
    }
