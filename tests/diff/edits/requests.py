"""Edits of request bodies."""

from __future__ import annotations

from tests.diff.edits.edit import ITEM, LIST, Edit, member, operation, schema

BREAKING = [
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
        "PostCreate/properties/title/maxLength",
        lambda s: member(s, "title", "PostCreate").update(maxLength=100),
    ),
    Edit(
        "a member of a request is longer at least",
        "request-min-length-narrowed",
        "PostCreate/properties/title/minLength",
        lambda s: member(s, "title", "PostCreate").update(minLength=3),
    ),
    Edit(
        "a member of a request gets a format",
        "request-format-narrowed",
        "PostCreate/properties/title/format",
        lambda s: member(s, "title", "PostCreate").update(format="uri"),
    ),
    Edit(
        "a member of a request is of another type",
        "request-type-narrowed",
        "PostCreate/properties/published/type",
        lambda s: member(s, "published", "PostCreate").update(type="string", default="no"),
    ),
    Edit(
        "a member of a request may be no null",
        "request-type-narrowed",
        "UserUpdate/properties/bio/type",
        lambda s: member(s, "bio", "UserUpdate").update(type="string"),
    ),
    Edit(
        "a member of a request is one of few",
        "request-enum-narrowed",
        "PostCreate/properties/title/enum",
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
        "a member that has no schema must be sent",
        "request-property-required",
        "PostCreate",
        lambda s: schema(s, "PostCreate")["required"].append("nameless"),
    ),
    Edit(
        "a default goes",
        "request-default-removed",
        "PostCreate/properties/published",
        lambda s: member(s, "published", "PostCreate").pop("default"),
    ),
    Edit(
        "an object of a request has more members at least",
        "request-min-properties-narrowed",
        "PostCreate/minProperties",
        lambda s: schema(s, "PostCreate").update(minProperties=3),
    ),
    Edit(
        "a member demands another one",
        "request-dependent-required-narrowed",
        "PostCreate/dependentRequired",
        lambda s: schema(s, "PostCreate").update(dependentRequired={"title": ["published"]}),
    ),
    Edit(
        "an object of a request may not be something",
        "request-not-narrowed",
        "PostCreate/not",
        lambda s: schema(s, "PostCreate").update({"not": {"required": ["published"]}}),
    ),
    Edit(
        "a condition comes",
        "request-if-narrowed",
        "PostCreate/if",
        lambda s: schema(s, "PostCreate").update(
            {"if": {"required": ["published"]}, "then": {"maxProperties": 3}}
        ),
    ),
    Edit(
        "a choice comes beside other demands",
        "request-variants-narrowed",
        "PostCreate",
        lambda s: schema(s, "PostCreate").update(
            anyOf=[{"required": ["published"]}, {"maxProperties": 1}]
        ),
    ),
    Edit(
        "a pattern of a request changes",
        "request-pattern-changed",
        "PostCreate/properties/title/pattern",
        lambda s: member(s, "title", "PostCreate").update(pattern="^[A-Z]"),
    ),
]

HARMLESS = [
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
        "a member of a request may be null",
        "request-type-widened",
        "PostCreate/properties/title/type",
        lambda s: member(s, "title", "PostCreate").update(type=["string", "null"]),
    ),
    Edit(
        "a member that may be left out gets a default",
        "request-default-added",
        "UserCreate/properties/bio/default",
        lambda s: member(s, "bio", "UserCreate").update(default=None),
    ),
    Edit(
        "a request may be of several kinds",
        "request-variants-widened",
        "PostCreate/properties/title/anyOf/1",
        lambda s: schema(s, "PostCreate")["properties"].update(
            title={"anyOf": [member(s, "title", "PostCreate"), {"type": "integer"}]}
        ),
    ),
    Edit(
        "members that are not named are admitted",
        "request-additional-properties-widened",
        "PostCreate",
        lambda s: schema(s, "PostCreate").pop("additionalProperties"),
    ),
]
