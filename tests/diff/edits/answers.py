"""Edits of answers: statuses, headers, media types, links, bodies."""

from __future__ import annotations

from tests.diff.edits.edit import ITEM, LIST, Edit, Source, member, operation, schema, success


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
        "Post/properties/title/type",
        lambda s: member(s, "title", "Post").update(type=["string", "null"]),
    ),
    Edit(
        "a member of an answer is of another type",
        "response-type-widened",
        "Post/properties/author_id/type",
        lambda s: member(s, "author_id", "Post").update(type="string"),
    ),
    Edit(
        "a member of an answer is longer",
        "response-max-length-widened",
        "Post/properties/title/maxLength",
        lambda s: member(s, "title", "Post").update(maxLength=500),
    ),
    Edit(
        "a member of an answer has another value",
        "response-enum-widened",
        "Token/properties/token_type/const",
        lambda s: member(s, "token_type", "Token").update(const="DPoP"),
    ),
    Edit(
        "an answer is one of several",
        "response-variants-widened",
        "Post/properties/content/oneOf/1",
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
        "what has not changed is sent whole again",
        "response-status-removed",
        "/responses/304",
        lambda s: operation(s, ITEM)["responses"].pop("304"),
    ),
    Edit(
        "a header is of another type",
        "response-type-widened",
        "/schema/type",
        lambda s: s["components"]["headers"]["ETag"]["schema"].update(type="integer"),
    ),
    Edit(
        "a time of an answer is written otherwise",
        "response-format-changed",
        "Post/properties/created_at/format",
        lambda s: member(s, "created_at", "Post").update(format="date"),
    ),
    Edit(
        "a member of an answer has a lower bound",
        "response-minimum-widened",
        "PostPage/properties/page/minimum",
        lambda s: member(s, "page", "PostPage").update(minimum=0),
    ),
    Edit(
        "a list of an answer is longer",
        "response-max-items-widened",
        "PostPage/properties/posts/maxItems",
        lambda s: member(s, "posts", "PostPage").update(maxItems=1000),
    ),
    Edit(
        "a number of an answer is no integer",
        "response-type-widened",
        "PostPage/properties/total/type",
        lambda s: member(s, "total", "PostPage").update(type="number"),
    ),
    Edit(
        "a member of an answer is sent only",
        "response-property-removed",
        "Post/properties/content",
        lambda s: member(s, "content", "Post").update(writeOnly=True),
    ),
    Edit(
        "the items of a list are of several kinds",
        "response-variants-widened",
        "items/oneOf/1",
        lambda s: member(s, "posts", "PostPage").update(
            items={
                "oneOf": [
                    {"$ref": "#/components/schemas/Post"},
                    {"$ref": "#/components/schemas/User"},
                ]
            }
        ),
    ),
]

HARMLESS = [
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
        "Post/properties/title/maxLength",
        lambda s: member(s, "title", "Post").update(maxLength=200),
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
        "/responses/503",
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
        "an answer is opened",
        "response-additional-properties-widened",
        "Post",
        lambda s: schema(s, "Post").pop("additionalProperties"),
    ),
    Edit(
        "a member of an answer is never null",
        "response-type-narrowed",
        "/bio/type",
        lambda s: member(s, "bio", "User").update(type="string"),
    ),
    Edit(
        "all other errors have a shape",
        "response-status-added",
        "/responses/default",
        lambda s: operation(s)["responses"].update({"default": {"description": "No."}}),
    ),
]
