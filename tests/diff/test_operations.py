"""Addresses, parameters, statuses, credentials, webhooks: what is around the schemas."""

from __future__ import annotations

import copy
import json
from typing import Any

import pytest

from tests.codegen.patching import REMOVED, patched
from tests.diff.small import compared, rules

TEXT = {"type": "string"}
OK = {"description": "Done."}
BASE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Small", "version": "1.0.0"},
    "servers": [
        {
            "url": "https://{region}.example.org/v1/",
            "variables": {"region": {"default": "eu", "enum": ["eu", "us"]}},
        }
    ],
    "security": [{"token": []}],
    "paths": {
        "/things/{thing_id}": {
            "parameters": [{"name": "thing_id", "in": "path", "required": True, "schema": TEXT}],
            "get": {
                "operationId": "get_thing",
                "parameters": [{"name": "X-Trace", "in": "header", "schema": TEXT}],
                "responses": {
                    "200": {
                        "description": "It.",
                        "headers": {"X-Count": {"schema": {"type": "integer"}}},
                        "content": {"image/*": {"schema": TEXT}},
                    },
                    "4XX": {"description": "No.", "content": {"text/plain": {"schema": TEXT}}},
                },
            },
            "put": {
                "operationId": "put_thing",
                "security": [{"token": ["write"], "key": []}, {"oauth": ["write", "admin"]}],
                "requestBody": {
                    "content": {
                        "multipart/form-data": {
                            "schema": {"type": "object", "properties": {"a": {"type": "array"}}},
                            "encoding": {"a": {"style": "form"}},
                        }
                    }
                },
                "responses": {"204": OK},
                "callbacks": {
                    "done": {
                        "{$request.query.url}": {
                            "post": {
                                "requestBody": {"content": {"application/json": {"schema": TEXT}}},
                                "responses": {"204": OK},
                            }
                        }
                    }
                },
            },
        }
    },
    "webhooks": {
        "thing_made": {
            "post": {
                "operationId": "thing_made",
                "requestBody": {
                    "content": {
                        "application/json": {
                            "schema": {"type": "object", "properties": {"a": TEXT, "b": TEXT}}
                        }
                    }
                },
                "responses": {"204": OK, "200": OK},
            }
        }
    },
    "components": {
        "securitySchemes": {
            "token": {"type": "http", "scheme": "bearer"},
            "key": {"type": "apiKey", "in": "header", "name": "X-Key"},
            "oauth": {
                "type": "oauth2",
                "flows": {
                    "clientCredentials": {
                        "tokenUrl": "/token",
                        "scopes": {"write": "Write.", "admin": "All."},
                    }
                },
            },
        }
    },
}
BASE = json.loads(json.dumps(BASE))  # no two members are one object
ITEM = "#/paths/~1things~1{thing_id}"
GET, PUT, HOOK = f"{ITEM}/get", f"{ITEM}/put", "#/webhooks/thing_made/post"
CALL = f"{PUT}/callbacks/done/{{$request.query.url}}/post"
SENT = f"{HOOK}/requestBody/content/application~1json/schema"
SCHEMES = "#/components/securitySchemes"
TRACE = f"{GET}/parameters/0"
FLOW = f"{SCHEMES}/oauth/flows/clientCredentials"
REGION = "#/servers/0/variables/region"

BREAKING: list[tuple[str, dict[str, Any], str]] = [
    ("another server", {"#/servers": [{"url": "https://example.org"}]}, "server-removed"),
    ("a server of its own", {f"{GET}/servers": [{"url": "/v2"}]}, "server-removed"),
    ("a value of a server goes", {f"{REGION}/enum/1": REMOVED}, "server-variable-narrowed"),
    ("another default", {f"{REGION}/default": "us"}, "server-variable-default-changed"),
    ("a header is required", {f"{TRACE}/required": True}, "parameter-required"),
    ("a parameter in JSON", {f"{TRACE}/schema": REMOVED, f"{TRACE}/content": {
        "application/json": {"schema": TEXT}}}, "parameter-style-changed"),
    ("a part is written otherwise",
     {f"{PUT}/requestBody/content/multipart~1form-data/encoding/a/style": "pipeDelimited"},
     "request-body-encoding-changed"),
    ("a body is required", {f"{PUT}/requestBody/required": True}, "request-body-required"),
    ("a range of media types is narrower",
     {f"{GET}/responses/200/content": {"image/png": {"schema": TEXT}}},
     "response-media-type-removed"),
    ("a redirect comes", {f"{GET}/responses/307": OK}, "response-status-added"),
    ("an integer in a header is a text",
     {f"{GET}/responses/200/headers/X-Count/schema/type": "string"}, "response-type-widened"),
    ("one credential more", {f"{PUT}/security/0/oauth": []}, "security-narrowed"),
    ("one scope more", {f"{PUT}/security/0/token/0": "admin"}, "security-narrowed"),
    ("an alternative goes", {f"{PUT}/security/1": REMOVED}, "security-narrowed"),
    ("a key stands elsewhere", {f"{SCHEMES}/key/in": "query"}, "security-scheme-changed"),
    ("a key has another name", {f"{SCHEMES}/key/name": "X-Api-Key"}, "security-scheme-changed"),
    ("another way to a token", {f"{FLOW}/tokenUrl": "/t"}, "security-scheme-changed"),
    ("a scope goes", {f"{FLOW}/scopes/admin": REMOVED}, "security-scope-removed"),
    ("a webhook goes", {"#/webhooks/thing_made": REMOVED}, "webhook-removed"),
    ("a callback goes", {f"{PUT}/callbacks": REMOVED}, "webhook-removed"),
    ("what a callback sends widens",
     {f"{CALL}/requestBody/content/application~1json/schema/type": ["string", "null"]},
     "response-type-widened"),
    ("what a webhook sends lacks a member", {f"{SENT}/properties/b": REMOVED},
     "response-property-removed"),
    ("a webhook takes an answer no longer", {f"{HOOK}/responses/200": REMOVED},
     "response-status-removed"),
    ("a webhook wants more in an answer",
     {f"{HOOK}/responses/204/headers": {"X-Seen": {"required": True, "schema": TEXT}}},
     "request-header-added"),
    ("a sunset comes nearer",
     {f"{GET}/deprecated": True, f"{GET}/x-sunset": "2027-01-01"}, "sunset-earlier"),
]  # fmt: skip

HARMLESS: list[tuple[str, dict[str, Any], str]] = [
    ("a server more", {"#/servers/1": {"url": "/"}}, "server-added"),
    ("a value of a server more", {f"{REGION}/enum/0": "as"}, "server-variable-widened"),
    ("a trailing slash", {"#/servers/0/url": "https://{region}.example.org/v1"}, ""),
    ("a header in other case", {f"{TRACE}/name": "x-trace"}, ""),
    ("a range covers what was named", {f"{GET}/responses/200/content/image~1png": {"schema": TEXT}},
     "response-media-type-added"),
    ("a class of errors is spelt out",
     {f"{GET}/responses/404": {**OK, "content": {"text/plain": {"schema": TEXT}}}},
     "response-status-added"),
    ("security is spelt out", {f"{GET}/security": [{"token": []}]}, ""),
    ("one credential less", {f"{PUT}/security/0/key": REMOVED}, "security-widened"),
    ("a scheme in other case", {f"{SCHEMES}/token/scheme": "Bearer"}, ""),
    ("a scheme has another name",
     {f"{SCHEMES}/key": REMOVED, f"{SCHEMES}/api_key": BASE["components"]["securitySchemes"]["key"],
      f"{PUT}/security/0/key": REMOVED, f"{PUT}/security/0/api_key": []}, ""),
    ("a scope more on offer", {f"{FLOW}/scopes/read": "Read."}, "security-scope-offered"),
    ("a webhook comes", {"#/webhooks/gone": {"post": {"responses": {"204": OK}}}}, "webhook-added"),
    ("a webhook sends a member more", {f"{SENT}/properties/c": TEXT}, "response-property-added"),
    ("what a webhook sends is narrower", {f"{SENT}/properties/a/maxLength": 5},
     "response-max-length-narrowed"),
    ("a webhook takes another answer", {f"{HOOK}/responses/202": OK}, "response-status-added"),
    ("a sunset is put off",
     {f"{GET}/deprecated": True, f"{GET}/x-sunset": "2028-01-01"}, "sunset-later"),
    ("a deprecation is withdrawn", {}, "no-longer-deprecated"),
    ("an extension that means nothing here", {f"{GET}/x-owner": "us"}, ""),
    ("a path item moves to a component",
     {ITEM: {"$ref": "#/components/pathItems/Thing"},
      "#/components/pathItems/Thing": BASE["paths"]["/things/{thing_id}"]}, ""),
]  # fmt: skip


def base_for(rule: str) -> dict[str, Any]:
    """Changes of a deprecation need one that is there already."""
    is_deprecated = rule.startswith(("sunset", "no-longer"))
    marks = {f"{GET}/deprecated": True, f"{GET}/x-sunset": "2027-06-30"}
    return patched(BASE, marks) if is_deprecated else BASE


@pytest.mark.parametrize(
    ("changes", "rule"), [c[1:] for c in BREAKING], ids=[c[0] for c in BREAKING]
)
def test_what_breaks_a_client_is_told(changes: dict[str, Any], rule: str) -> None:
    old = base_for(rule)
    assert rules(old, patched(old, changes)).get(rule) == "breaking"


@pytest.mark.parametrize(
    ("changes", "rule"), [c[1:] for c in HARMLESS], ids=[c[0] for c in HARMLESS]
)
def test_what_breaks_no_client_is_not(changes: dict[str, Any], rule: str) -> None:
    old = base_for(rule)
    found = rules(old, patched(old if changes else BASE, changes))
    assert found == ({rule: "additive"} if rule else {})


def test_a_renamed_path_parameter_leaves_the_address_as_it_is() -> None:
    item = copy.deepcopy(BASE["paths"]["/things/{thing_id}"])
    item["parameters"][0]["name"] = "id"
    new = {**BASE, "paths": {"/things/{id}": item}}
    assert rules(BASE, new) == {"path-parameter-renamed": "breaking"}


def test_security_of_the_document_concerns_those_that_say_nothing_themselves() -> None:
    found = compared(BASE, patched(BASE, {"#/security": [{"key": []}]}))
    assert [f.rule for f in found] == [
        "security-narrowed",
        "security-widened",
    ]
    assert {f.operations for f in found} == {("get_thing",)}
    assert {f.new for f in found} == {"#/security"}
