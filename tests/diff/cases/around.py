"""A small document with much around its schemas, and edits of that."""

from __future__ import annotations

import json
from typing import Any

from tests.codegen.patching import REMOVED

TEXT = {"type": "string"}
OK = {"description": "Done."}
BASE: dict[str, Any] = {
    "openapi": "3.1.0",
    "info": {"title": "Small", "version": "1.0.0"},
    "servers": [
        {
            "url": "https://{region}.{stage}.example.org/v1/",
            "variables": {
                "region": {"default": "eu", "enum": ["eu", "us"]},
                "stage": {"default": "a"},
            },
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
                    "304": {"description": "As before."},
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
                        },
                        "text/csv;header=present": {"schema": TEXT},
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
                "parameters": [{"name": "X-Sent", "in": "header", "schema": TEXT}],
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
COUNT = f"{GET}/responses/200/headers/X-Count"
STAGE = "#/servers/0/variables/stage"
REGION = "#/servers/0/variables/region"

BREAKING: list[tuple[str, dict[str, Any], str]] = [
    ("another server", {"#/servers": [{"url": "https://example.org"}]}, "server-removed"),
    ("a server of its own", {f"{GET}/servers": [{"url": "/v2"}]}, "server-removed"),
    ("a value of a server goes", {f"{REGION}/enum/1": REMOVED}, "server-variable-narrowed"),
    ("another default", {f"{REGION}/default": "us"}, "server-variable-default-changed"),
    ("a server may be something less", {f"{STAGE}/enum": ["a"]}, "server-variable-narrowed"),
    ("all goes with a default",
     {f"{GET}/responses/200": REMOVED, f"{GET}/responses/default": OK},
     "response-media-type-removed"),
    ("what has not changed is sent again", {f"{GET}/responses/304": REMOVED},
     "response-status-removed"),
    ("a part is of another type",
     {f"{PUT}/requestBody/content/multipart~1form-data/encoding/a/contentType": "text/csv"},
     "request-body-encoding-changed"),
    ("a body needs a parameter of its type",
     {f"{PUT}/requestBody/content/text~1csv;header=present": REMOVED,
      f"{PUT}/requestBody/content/text~1csv;header=absent": {"schema": TEXT}},
     "request-body-media-type-removed"),
    ("a header of an answer is in JSON",
     {f"{COUNT}/schema": REMOVED, f"{COUNT}/content": {"application/json": {"schema": {}}}},
     "response-header-style-changed"),
    ("a key takes the name of another scheme",
     {f"{SCHEMES}/token": BASE["components"]["securitySchemes"]["key"]}, "security-scheme-changed"),
    ("an error has another shape, spelt out",
     {f"{GET}/responses/404": {**OK, "content": {"text/plain": {"schema": {"type": "integer"}}}}},
     "response-type-widened"),
    ("a webhook has a parameter no longer", {f"{HOOK}/parameters/0": REMOVED}, "parameter-removed"),
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
    ("a callback goes", {f"{PUT}/callbacks": REMOVED}, "callback-removed"),
    ("a callback goes elsewhere",
     {f"{PUT}/callbacks/done": {"{$request.query.other}": {"post": {"responses": {"204": OK}}}}},
     "callback-removed"),
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
    ("a server may be anything", {f"{REGION}/enum": REMOVED}, "server-variable-widened"),
    ("a body may do without the parameter of its type",
     {f"{PUT}/requestBody/content/text~1csv;header=present": REMOVED,
      f"{PUT}/requestBody/content/text~1csv": {"schema": TEXT}}, "request-body-media-type-added"),
    ("all other errors have a shape", {f"{GET}/responses/default": OK}, "response-status-added"),
    ("what has not changed is not sent again", {f"{PUT}/responses/304": OK},
     "response-status-added"),
    ("an empty parameter is admitted", {f"{TRACE}/allowEmptyValue": True}, ""),
    ("another way to a token", {f"{SCHEMES}/oauth/flows/authorizationCode": {
        "authorizationUrl": "/a", "tokenUrl": "/t", "scopes": {}}}, ""),
    ("a webhook has a header more",
     {f"{HOOK}/parameters/1": {"name": "X-More", "in": "header", "required": True, "schema": TEXT}},
     "parameter-added"),
    ("a trailing slash", {"#/servers/0/url": "https://{region}.{stage}.example.org/v1"}, ""),
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
