"""Deliberate edits of our own document: what each one does, and how it has to be told of."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, NamedTuple

Source = dict[str, Any]
LIST = "/api/v1/posts"
ITEM = "/api/v1/posts/{post_id}"


class Edit(NamedTuple):
    """`at` is the end of the pointer that has to be named."""

    name: str
    rule: str
    at: str
    make: Callable[[Source], Any]


def operation(source: Source, path: str = LIST, method: str = "get") -> Source:
    found: Source = source["paths"][path][method]
    return found


def schema(source: Source, name: str) -> Source:
    found: Source = source["components"]["schemas"][name]
    return found


def member(source: Source, name: str, of: str) -> Source:
    found: Source = schema(source, of)["properties"][name]
    return found


def parameter(source: Source, name: str) -> Source:
    found: Source = source["components"]["parameters"][name]
    return found


def success(source: Source, path: str = LIST, method: str = "get", status: str = "200") -> Source:
    found: Source = operation(source, path, method)["responses"][status]
    return found


def moved(source: Source) -> None:
    source["paths"]["/api/v1/entries"] = {"get": source["paths"][LIST].pop("get")}


def renamed_parameter(source: Source) -> None:
    item = source["paths"].pop(ITEM)
    item["parameters"][0] = {**item["parameters"][0], "name": "id"}
    source["paths"]["/api/v1/posts/{id}"] = item


def variants(source: Source) -> None:
    member(source, "content", "Post").clear()
    member(source, "content", "Post").update(
        {"oneOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    )


def other_media_type(source: Source) -> None:
    content = success(source)["content"]
    content["application/vnd.posts+json"] = content.pop("application/json")


def preferred(source: Source) -> None:
    content = success(source)["content"]
    json = content.pop("application/json")
    content |= {"application/vnd.posts+json": json, "application/json": json}


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
        "base-path-changed",
        "/servers",
        lambda s: s.update(servers=[{"url": "/v2"}]),
    ),
    Edit(
        "a parameter goes",
        "parameter-removed",
        "AuthorId",
        lambda s: operation(s)["parameters"].remove({"$ref": "#/components/parameters/AuthorId"}),
    ),
    Edit(
        "a parameter becomes required",
        "parameter-required",
        "AuthorId",
        lambda s: parameter(s, "AuthorId").update(required=True),
    ),
    Edit(
        "a required parameter comes",
        "parameter-added-required",
        "/parameters/6",
        lambda s: operation(s)["parameters"].append(
            {"name": "locale", "in": "query", "required": True, "schema": {"type": "string"}}
        ),
    ),
    Edit(
        "a parameter is written otherwise",
        "parameter-style-changed",
        "Published",
        lambda s: parameter(s, "Published").update(explode=False),
    ),
    Edit(
        "a parameter has another default",
        "request-default-changed",
        "PageSize/schema",
        lambda s: parameter(s, "PageSize")["schema"].update(default=20),
    ),
    Edit(
        "a parameter's bound falls",
        "request-maximum-narrowed",
        "PageSize/schema",
        lambda s: parameter(s, "PageSize")["schema"].update(maximum=50),
    ),
    Edit(
        "a parameter's pattern changes",
        "request-pattern-changed",
        "Cursor/schema",
        lambda s: parameter(s, "Cursor")["schema"].update(pattern="^[0-9]+$"),
    ),
    Edit(
        "a member must be sent",
        "request-property-required",
        "PostCreate/properties/published",
        lambda s: schema(s, "PostCreate")["required"].append("published"),
    ),
    Edit(
        "a required member comes",
        "request-property-added-required",
        "PostCreate/properties/slug",
        lambda s: (
            schema(s, "PostCreate")["required"].append("slug"),
            schema(s, "PostCreate")["properties"].update(slug={"type": "string"}),
        ),
    ),
    Edit(
        "a member can no longer be sent",
        "request-property-removed",
        "PostCreate/properties/published",
        lambda s: schema(s, "PostCreate")["properties"].pop("published"),
    ),
    Edit(
        "a member of a request is shorter",
        "request-max-length-narrowed",
        "PostCreate/properties/title",
        lambda s: member(s, "title", "PostCreate").update(maxLength=100),
    ),
    Edit(
        "a member of a request is longer at least",
        "request-min-length-narrowed",
        "PostCreate/properties/title",
        lambda s: member(s, "title", "PostCreate").update(minLength=3),
    ),
    Edit(
        "a member of a request gets a format",
        "request-format-narrowed",
        "PostCreate/properties/title",
        lambda s: member(s, "title", "PostCreate").update(format="uri"),
    ),
    Edit(
        "a member of a request is of another type",
        "request-type-narrowed",
        "PostCreate/properties/published",
        lambda s: member(s, "published", "PostCreate").update(type="string", default="no"),
    ),
    Edit(
        "a member of a request may be no null",
        "request-type-narrowed",
        "UserUpdate/properties/bio",
        lambda s: member(s, "bio", "UserUpdate").update(type="string"),
    ),
    Edit(
        "a member of a request is one of few",
        "request-enum-narrowed",
        "PostCreate/properties/title",
        lambda s: member(s, "title", "PostCreate").update(enum=["A", "B"]),
    ),
    Edit(
        "a member becomes readOnly",
        "request-property-removed",
        "PostCreate/properties/published",
        lambda s: member(s, "published", "PostCreate").update(readOnly=True),
    ),
    Edit(
        "a media type of a request goes",
        "request-body-media-type-removed",
        "application~1json",
        lambda s: operation(s, ITEM, "patch")["requestBody"]["content"].pop("application/json"),
    ),
    Edit(
        "a body must be sent",
        "request-body-added-required",
        "/delete/requestBody",
        lambda s: operation(s, ITEM, "delete").update(
            requestBody={
                "required": True,
                "content": {"text/plain": {"schema": {"type": "string"}}},
            }
        ),
    ),
    Edit(
        "a body goes",
        "request-body-removed",
        "/post/requestBody",
        lambda s: operation(s, LIST, "post").pop("requestBody"),
    ),
    Edit(
        "a body may have less bytes",
        "request-body-size",
        "/post/requestBody",
        lambda s: operation(s, LIST, "post")["requestBody"].update({"x-max-body-size": 1000}),
    ),
    Edit(
        "a member of an answer goes",
        "response-property-removed",
        "Post/properties/content",
        lambda s: (
            schema(s, "Post")["properties"].pop("content"),
            schema(s, "Post")["required"].remove("content"),
        ),
    ),
    Edit(
        "a member of an answer may be absent",
        "response-property-optional",
        "Post/properties/content",
        lambda s: schema(s, "Post")["required"].remove("content"),
    ),
    Edit(
        "a member of an answer may be null",
        "response-type-widened",
        "Post/properties/title",
        lambda s: member(s, "title", "Post").update(type=["string", "null"]),
    ),
    Edit(
        "a member of an answer is of another type",
        "response-type-widened",
        "Post/properties/author_id",
        lambda s: member(s, "author_id", "Post").update(type="string"),
    ),
    Edit(
        "a member of an answer is longer",
        "response-max-length-widened",
        "Post/properties/title",
        lambda s: member(s, "title", "Post").update(maxLength=500),
    ),
    Edit(
        "a member of an answer has another value",
        "response-enum-widened",
        "Token/properties/token_type",
        lambda s: member(s, "token_type", "Token").update(const="DPoP"),
    ),
    Edit(
        "an answer is one of several",
        "response-variants-changed",
        "Post/properties/content",
        variants,
    ),
    Edit(
        "a success becomes another",
        "response-status-removed",
        "/responses/201",
        lambda s: operation(s, LIST, "post")["responses"].update(
            {"200": operation(s, LIST, "post")["responses"].pop("201")}
        ),
    ),
    Edit(
        "a success comes besides",
        "response-status-added",
        "/responses/202",
        lambda s: operation(s, LIST, "post")["responses"].update(
            {"202": {"description": "Later."}}
        ),
    ),
    Edit(
        "a media type of an answer goes",
        "response-media-type-removed",
        "application~1json",
        other_media_type,
    ),
    Edit(
        "another media type is preferred",
        "response-media-type-preferred",
        "vnd.posts+json",
        preferred,
    ),
    Edit(
        "a header goes",
        "response-header-removed",
        "PostLocation",
        lambda s: success(s, LIST, "post", "201")["headers"].pop("Location"),
    ),
    Edit(
        "a header may be absent",
        "response-header-optional",
        "PostLocation",
        lambda s: s["components"]["headers"]["PostLocation"].pop("required"),
    ),
    Edit(
        "a link goes",
        "link-removed",
        "/links/next_page",
        lambda s: success(s)["links"].pop("next_page"),
    ),
    Edit(
        "a link leads elsewhere",
        "link-changed",
        "/links/next_page",
        lambda s: success(s)["links"]["next_page"].update(operationId="list_users"),
    ),
    Edit(
        "what was public needs sign-in",
        "security-added",
        "/get/security",
        lambda s: operation(s, "/health").update(security=[{"oauth2": []}]),
    ),
    Edit(
        "the sign-in of all operations is required where it was optional",
        "security-added",
        "/get/security",
        lambda s: operation(s).update(security=[{"oauth2": []}]),
    ),
    Edit(
        "a scope is needed",
        "security-narrowed",
        "/post/security",
        lambda s: operation(s, LIST, "post").update(security=[{"oauth2": ["write"]}]),
    ),
    Edit(
        "tokens come from elsewhere",
        "security-scheme-changed",
        "securitySchemes/oauth2",
        lambda s: s["components"]["securitySchemes"]["oauth2"]["flows"]["password"].update(
            tokenUrl="/token"
        ),
    ),
    Edit(
        "a problem has another error of OAuth",
        "problem-oauth-error-changed",
        "x-problems/invalid_grant",
        lambda s: s["components"]["x-problems"]["invalid_grant"].update(oauth_error="other"),
    ),
    Edit(
        "a member that has no schema must be sent",
        "request-property-required",
        "PostCreate",
        lambda s: schema(s, "PostCreate")["required"].append("nameless"),
    ),
    Edit(
        "a problem has another status",
        "problem-status-changed",
        "x-problems/post_not_found",
        lambda s: s["components"]["x-problems"]["post_not_found"].update(status=410),
    ),
]

HARMLESS = [
    Edit(
        "a sentence changes",
        "text-changed",
        "/description",
        lambda s: operation(s).update(description="!"),
    ),
    Edit("the title changes", "text-changed", "#/info", lambda s: s["info"].update(title="Other")),
    Edit(
        "an example changes",
        "text-changed",
        "PostCreate/properties/title",
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
        "a parameter comes",
        "parameter-added",
        "/parameters/6",
        lambda s: operation(s)["parameters"].append(
            {"name": "locale", "in": "query", "schema": {"type": "string"}}
        ),
    ),
    Edit(
        "a bound of a request rises",
        "request-maximum-widened",
        "PageSize/schema",
        lambda s: parameter(s, "PageSize")["schema"].update(maximum=200),
    ),
    Edit(
        "a member may be sent",
        "request-property-added",
        "PostCreate/properties/slug",
        lambda s: schema(s, "PostCreate")["properties"].update(slug={"type": "string"}),
    ),
    Edit(
        "a member need not be sent",
        "request-property-optional",
        "PostCreate/properties/content",
        lambda s: schema(s, "PostCreate")["required"].remove("content"),
    ),
    Edit(
        "a pattern of a request goes",
        "request-pattern-widened",
        "PostCreate/properties/title",
        lambda s: member(s, "title", "PostCreate").pop("pattern"),
    ),
    Edit(
        "a media type of a request comes",
        "request-body-media-type-added",
        "application~1x",
        lambda s: operation(s, LIST, "post")["requestBody"]["content"].update(
            {"application/x": {}}
        ),
    ),
    Edit(
        "a member of an answer comes",
        "response-property-added",
        "Post/properties/slug",
        lambda s: schema(s, "Post")["properties"].update(slug={"type": "string"}),
    ),
    Edit(
        "a member of an answer is always there",
        "response-property-required",
        "User/properties/email",
        lambda s: schema(s, "User")["required"].append("email"),
    ),
    Edit(
        "a member of an answer is shorter",
        "response-max-length-narrowed",
        "Post/properties/title",
        lambda s: member(s, "title", "Post").update(maxLength=200),
    ),
    Edit(
        "a problem code comes",
        "response-enum-extended",
        "ProblemCode",
        lambda s: schema(s, "ProblemCode")["enum"].append("teapot"),
    ),
    Edit(
        "an error comes",
        "response-status-added",
        "/responses/451",
        lambda s: operation(s)["responses"].update({"451": {"description": "Not here."}}),
    ),
    Edit(
        "an error goes",
        "response-status-removed",
        "/Unavailable",
        lambda s: operation(s)["responses"].pop("503"),
    ),
    Edit(
        "a header comes",
        "response-header-added",
        "/headers/X-Total",
        lambda s: success(s)["headers"].update({"X-Total": {"schema": {"type": "integer"}}}),
    ),
    Edit(
        "a media type of an answer comes",
        "response-media-type-added",
        "text~1csv",
        lambda s: success(s)["content"].update({"text/csv": {"schema": {"type": "string"}}}),
    ),
    Edit(
        "a link comes",
        "link-added",
        "/links/first",
        lambda s: success(s)["links"].update(first={"operationId": "list_posts"}),
    ),
    Edit(
        "sign-in becomes optional",
        "security-widened",
        "/get/security",
        lambda s: operation(s, "/api/v1/me").update(security=[{}, {"oauth2": []}]),
    ),
    Edit(
        "an operation is deprecated",
        "deprecated",
        "/get",
        lambda s: operation(s).update(deprecated=True),
    ),
]


def _inlined(source: Source) -> None:
    success(source)["content"]["application/json"]["schema"] = {
        "allOf": [schema(source, "PostPage")]
    }


# Edits that change how the document is written and nothing of what it says.
WRITTEN_OTHERWISE: list[Callable[[Source], Any]] = [
    _inlined,
    lambda s: member(s, "id", "Post").update(format="int64", maximum=2**63 - 1),
    lambda s: (
        s["components"]["schemas"].update(PostText=member(s, "content", "Post"))
        or schema(s, "Post")["properties"].update(content={"$ref": "#/components/schemas/PostText"})
    ),
]
