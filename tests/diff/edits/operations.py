"""Edits of operations, addresses and texts."""

from __future__ import annotations

from tests.diff.edits.edit import ITEM, LIST, Edit, Source, member, operation, parameter


def moved(source: Source) -> None:
    source["paths"]["/api/v1/entries"] = {"get": source["paths"][LIST].pop("get")}


def renamed_parameter(source: Source) -> None:
    source["paths"]["/api/v1/posts/{id}"] = source["paths"].pop(ITEM)
    parameter(source, "PostId")["name"] = "id"


BREAKING = [
    Edit("an operation goes", "operation-removed", "/get", lambda s: s["paths"][LIST].pop("get")),
    Edit("a path goes", "operation-removed", "/get", lambda s: s["paths"].pop("/health/live")),
    Edit("an operation moves", "operation-moved", "/get", moved),
    Edit(
        "an operationId changes",
        "operation-id-changed",
        "/get",
        lambda s: operation(s).update(operationId="find_posts"),
    ),
    Edit(
        "a tag changes",
        "operation-tag-changed",
        "/get",
        lambda s: operation(s).update(tags=["users"]),
    ),
    Edit("a path parameter is renamed", "path-parameter-renamed", "/get", renamed_parameter),
    Edit(
        "all paths move",
        "server-removed",
        "/servers",
        lambda s: s.update(servers=[{"url": "/v2"}]),
    ),
    Edit(
        "an operation stands elsewhere",
        "server-removed",
        "#/servers",
        lambda s: operation(s).update(servers=[{"url": "https://posts.example.org"}]),
    ),
    Edit(
        "a host of two goes",
        "server-removed",
        "#/servers",
        lambda s: s.update(servers=[{"url": "https://example.org"}]),
    ),
]

HARMLESS = [
    Edit(
        "a sentence changes",
        "text-changed",
        "/description",
        lambda s: operation(s).update(description="!"),
    ),
    Edit(
        "the title changes",
        "text-changed",
        "#/info/title",
        lambda s: s["info"].update(title="Other"),
    ),
    Edit(
        "an example changes",
        "text-changed",
        "PostCreate/properties/title/examples",
        lambda s: member(s, "title", "PostCreate").update(examples=["B"]),
    ),
    Edit(
        "an operation comes",
        "operation-added",
        "/get",
        lambda s: s["paths"].update(
            {"/api/v1/news": {"get": {**operation(s), "operationId": "list_news"}}}
        ),
    ),
    Edit(
        "an operation is deprecated",
        "deprecated",
        "/get",
        lambda s: operation(s).update(deprecated=True),
    ),
    Edit(
        "a server comes",
        "server-added",
        "#/servers",
        lambda s: s["servers"].append({"url": "https://example.org"}),
    ),
    Edit(
        "a server is described",
        "text-changed",
        "#/servers",
        lambda s: s["servers"][0].update(description="Here."),
    ),
]
