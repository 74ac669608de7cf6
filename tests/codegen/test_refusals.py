"""What is wrong with a document is refused by file, pointer and reason, all at once."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest

from codegen.__main__ import main
from codegen.load import loads
from tests.codegen.patching import REMOVED, patched

BASE = loads(
    """
openapi: 3.1.0
info: {title: Base, version: '1'}
paths:
  /things/{thing_id}:
    parameters:
      - {name: thing_id, in: path, required: true, schema: {type: integer}}
    put:
      operationId: put_thing
      tags: [things]
      security: [{key: []}]
      requestBody:
        content: {application/json: {schema: {$ref: '#/components/schemas/Thing'}}}
      responses:
        '204': {description: Put.}
        '404': {$ref: '#/components/responses/Missing'}
  /things:
    post:
      operationId: make_thing
      tags: [things]
      responses:
        '201':
          description: Made.
          links: {put: {operationId: put_thing, parameters: {thing_id: $response.body#/id}}}
components:
  x-problems:
    missing: {status: 404, title: Missing, detail: It is missing.}
  securitySchemes:
    key: {type: apiKey, in: header, name: X-Key}
  responses:
    Missing: {description: Missing., x-problems: [missing]}
  schemas:
    Thing: {type: object, properties: {id: {type: integer, readOnly: true}, name: {type: string}}}
""",
    "base",
)
PUT = "#/paths/~1things~1{thing_id}/put"
POST = "#/paths/~1things/post"
THING = "#/components/schemas/Thing"
OK = {"description": "Done."}


def operation(name: str, **more: Any) -> dict[str, Any]:
    return {"operationId": name, "responses": {"204": OK}, **more}


def parameter(name: str, location: str = "query", **more: Any) -> dict[str, Any]:
    return {"name": name, "in": location, "schema": {"type": "string"}, **more}


def limit(**more: Any) -> dict[str, Any]:
    return {"name": "few", "limit": 10, "window": 60, "per": "address", **more}


REFUSED: list[tuple[str, dict[str, Any], str, str]] = [
    # The document itself.
    ("swagger 2", {"#/openapi": "2.0"}, "#/openapi", "not OpenAPI 3.0 or 3.1"),
    ("openapi 3.2", {"#/openapi": "3.2.0"}, "#/openapi", "not OpenAPI 3.0 or 3.1"),
    ("a version that is a number", {"#/openapi": 3.1}, "#/openapi", "not OpenAPI"),
    ("components that are a text", {"#/components": "none", "#/paths": {}},
     "#/components", "object"),
    ("no info", {"#/info": REMOVED}, "#", '"info" is a required property'),
    ("another dialect", {"#/jsonSchemaDialect": "urn:x"}, "#/jsonSchemaDialect", "2020-12"),
    ("an unknown member", {f"{PUT}/operationID": "x"}, f"{PUT}/operationID", "no member of this"),
    ("no description", {f"{PUT}/responses/204": {}}, f"{PUT}/responses/204", "required property"),
    ("a status in words", {f"{PUT}/responses/ok": OK}, f"{PUT}/responses/ok", "no member"),
    # References.
    ("a dangling reference", {f"{THING}/allOf": [{"$ref": "#/components/schemas/No"}]},
     f"{THING}/allOf/0/$ref", "leads nowhere"),
    ("a remote reference", {f"{THING}/allOf": [{"$ref": "https://x.example/a#/b"}]},
     f"{THING}/allOf/0/$ref", "not a local file"),
    ("a missing file", {f"{THING}/allOf": [{"$ref": "no.yaml#/a"}]},
     f"{THING}/allOf/0/$ref", "cannot be read"),
    ("an anchor", {f"{THING}/allOf": [{"$ref": "#thing"}]}, f"{THING}/allOf/0/$ref", "an anchor"),
    ("a reference to itself", {f"{PUT}/requestBody": {"$ref": f"{PUT}/requestBody"}},
     f"{PUT}/requestBody", "leads back to itself"),
    # Schemas.
    ("an unknown keyword", {f"{THING}/maxlength": 5}, f"{THING}/maxlength", "no keyword"),
    ("an unknown type", {f"{THING}/type": "thing"}, f"{THING}/type", "thing"),
    ("a bound in a string", {f"{THING}/minItems": "1"}, f"{THING}/minItems", "type"),
    ("a bad pattern", {f"{THING}/properties/name/pattern": "("},
     f"{THING}/properties/name/pattern", "regular expression|regex"),
    ("a bad pattern of names", {f"{THING}/patternProperties": {"[": {}}},
     f"{THING}/patternProperties/[", "regular expression"),
    ("an address of its own", {f"{THING}/$id": "urn:thing"}, f"{THING}/$id", "not supported"),
    ("an anchor of its own", {f"{THING}/$anchor": "a"}, f"{THING}/$anchor", "not supported"),
    ("nullable in 3.1", {f"{THING}/nullable": True}, f"{THING}/nullable", "3.0"),
    ("a 3.1 word in 3.0", {"#/openapi": "3.0.3", f"{THING}/const": 1}, f"{THING}/const", "member"),
    ("an old draft", {f"{THING}/$schema": "http://json-schema.org/draft-07/schema#"},
     f"{THING}/$schema", "2020-12"),
    ("an enumeration of nothing", {f"{THING}/x-enum-of": "tags"}, f"{THING}/x-enum-of", "problems"),
    # Examples and defaults.
    ("a wrong default", {f"{THING}/properties/name/default": 5},
     f"{THING}/properties/name/default", "not one of its schema"),
    ("a wrong example of a schema", {f"{THING}/examples": [{}, {"name": 5}]},
     f"{THING}/examples/1/name", "not one of its schema"),
    ("a wrong example of a body",
     {f"{PUT}/requestBody/content/application~1json/example": {"name": None}},
     f"{PUT}/requestBody/content/application~1json/example/name", "not one of its schema"),
    ("a wrong named example of a parameter",
     {f"{POST}/parameters": [parameter("q", examples={"bad": {"value": 5}})]},
     f"{POST}/parameters/0/examples/bad/value", "not one of its schema"),
    ("a wrong format", {f"{THING}/properties/name/format": "date",
                        f"{THING}/properties/name/default": "2020-02-30"},
     f"{THING}/properties/name/default", "not one of its schema"),
    # Operations.
    ("a sunset of what stays", {f"{PUT}/x-sunset": "2027-05-01"}, f"{PUT}/x-sunset", "deprecated"),
    ("a sunset on no day", {f"{PUT}/deprecated": True, f"{PUT}/x-sunset": "soon"},
     f"{PUT}/x-sunset", "not a day"),
    ("a limit without figures", {f"{PUT}/x-rate-limit": [{"name": "put"}]},
     f"{PUT}/x-rate-limit/0", '"limit" is a required property'),
    ("a limit of nothing", {f"{PUT}/x-rate-limit": [limit(limit=0)]},
     f"{PUT}/x-rate-limit/0/limit", "less than the minimum"),
    ("a span of a day", {f"{PUT}/x-rate-limit": [limit(window=86_400)]},
     f"{PUT}/x-rate-limit/0/window", "greater than the maximum"),
    ("a limit per moon", {"#/tags": [{"name": "things", "x-rate-limit": [limit(per="moon")]}]},
     "#/tags/0/x-rate-limit/0/per", "not one of"),
    ("a limit per user who may be nobody", {f"{POST}/x-rate-limit": [limit(per="user")]},
     f"{POST}/x-rate-limit/0", "nobody in particular"),
    ("an account without a field", {f"{PUT}/x-rate-limit": [limit(per="account")]},
     f"{PUT}/x-rate-limit/0", "`field` names the account"),
    ("a field without an account", {f"{PUT}/x-rate-limit": [limit(field="name")]},
     f"{PUT}/x-rate-limit/0", "`field` names the account"),
    ("an account that may be missing",
     {f"{PUT}/x-rate-limit": [limit(per="account", field="name")]},
     f"{PUT}/x-rate-limit/0", "requires no string name"),
    ("two limits of one name", {f"{PUT}/x-rate-limit": [limit(), limit()]},
     f"{PUT}/x-rate-limit", "two policies have one name"),
    ("one name for two limits", {f"{PUT}/x-rate-limit": [limit()],
                                 f"{POST}/x-rate-limit": [limit(limit=9)]},
     f"{POST}/x-rate-limit/0", "has other figures"),
    ("an id again", {f"{POST}/operationId": "put_thing"}, f"{POST}/operationId", "taken"),
    ("two ids of one Python name", {f"{POST}/operationId": "putThing"},
     f"{POST}/operationId", "both put_thing in Python"),
    ("an id without letters", {f"{POST}/operationId": "!"}, f"{POST}/operationId", "no Python"),
    ("one address twice", {"#/paths/~1things~1{id}": {"put": operation(
        "again", parameters=[parameter("id", "path", required=True)])}},
     "#/paths/~1things~1{id}/put", "the same address"),
    ("a path parameter not declared", {"#/paths/~1things~1{thing_id}/parameters": []},
     PUT, "no path parameter is declared"),
    ("a path parameter not in the path",
     {f"{PUT}/parameters": [parameter("more", "path", required=True)]},
     f"{PUT}/parameters/0", "does not name"),
    ("a parameter in the path twice", {"#/paths/~1a~1{x}~1{x}": {"get": operation(
        "twice", parameters=[parameter("x", "path", required=True)])}},
     "#/paths/~1a~1{x}~1{x}/get", "twice"),
    ("a parameter declared twice", {f"{POST}/parameters": [parameter("q"), parameter("q")]},
     f"{POST}/parameters/1", "declared twice"),
    ("a header declared twice",
     {f"{POST}/parameters": [parameter("X-A", "header"), parameter("x-a", "header")]},
     f"{POST}/parameters/1", "declared twice"),
    ("an unknown security scheme", {f"{PUT}/security": [{"no": []}]},
     f"{PUT}/security/0/no", "no security scheme no"),
    ("an unknown scheme for all", {"#/security": [{"no": []}]}, "#/security/0/no", "no security"),
    ("an unknown scope", {
        "#/components/securitySchemes/key": {"type": "oauth2", "flows": {"password": {
            "tokenUrl": "/t", "scopes": {"read": "."}}}},
        f"{PUT}/security": [{"key": ["read", "write"]}]},
     f"{PUT}/security/0/key", "no scope write"),
    ("a link to nothing", {f"{POST}/responses/201/links/put/operationId": "no"},
     f"{POST}/responses/201/links/put", "no operation"),
    ("a link with a wrong parameter",
     {f"{POST}/responses/201/links/put/parameters": {"id": "1"}},
     f"{POST}/responses/201/links/put/parameters/id", "no parameter id"),
    ("a link to no path", {f"{POST}/responses/201/links/put": {"operationRef": "#/paths/~1no/put"}},
     f"{POST}/responses/201/links/put", "no operation"),
    ("a query in a path", {"#/paths/~1a?b=c": {"get": operation("query")}},
     "#/paths/~1a?b=c/get", "begins"),
    # Problems.
    ("an unknown problem", {"#/components/responses/Missing/x-problems": ["gone"]},
     "#/components/responses/Missing/x-problems/0", "has no gone"),
    ("a problem of another status", {"#/components/x-problems/missing/status": 410},
     "#/components/responses/Missing/x-problems/0", "410"),
    ("a problem without a title", {"#/components/x-problems/missing/title": REMOVED},
     "#/components/x-problems/missing", "title is missing"),
    ("a status in a string", {"#/components/x-problems/missing/status": "404"},
     "#/components/x-problems/missing/status", "wrong type"),
    ("a problem that refines none", {"#/components/x-problems/missing/refines": "no"},
     "#/components/x-problems/missing/refines", "has no no"),
    # What cannot be expressed.
    ("XML as an object",
     {f"{PUT}/requestBody/content/application~1xml": {"schema": {"$ref": THING}}},
     f"{PUT}/requestBody/content/application~1xml", "text or bytes"),
    ("an object as text", {f"{PUT}/responses/200": {**OK, "content": {"text/csv": {"schema": {
        "type": "object"}}}}}, f"{PUT}/responses/200/content/text~1csv", "text or bytes"),
    ("a form that is a list",
     {f"{PUT}/requestBody/content/multipart~1form-data": {"schema": {"type": "array"}}},
     f"{PUT}/requestBody/content/multipart~1form-data", "a form is an object"),
    ("another multipart", {f"{PUT}/requestBody/content/multipart~1mixed": {"schema": {}}},
     f"{PUT}/requestBody/content/multipart~1mixed", "only multipart/form-data"),
    ("a parameter in XML", {f"{POST}/parameters": [
        {"name": "q", "in": "query", "content": {"application/xml": {"schema": {}}}}]},
     f"{POST}/parameters/0/content/application~1xml", "only read as JSON"),
    ("an empty value", {f"{POST}/parameters": [parameter("q", allowEmptyValue=True)]},
     f"{POST}/parameters/0/allowEmptyValue", "absent"),
    ("an interim answer", {f"{POST}/responses/103": OK}, f"{POST}/responses/103", "interim"),
    ("mutual TLS", {"#/components/securitySchemes/key": {"type": "mutualTLS"}},
     f"{PUT}/security/0/key", "mutualTLS"),
]  # fmt: skip


def refusal(tmp_path: Path, capsys: pytest.CaptureFixture[str], *flags: str) -> list[str]:
    """Run the command on `document.json`; return its findings, without the folder's trace of it."""
    status = main([str(tmp_path / "document.json"), "--out", str(tmp_path / "out"), *flags])
    assert status == 1
    assert not (tmp_path / "out").exists()
    return capsys.readouterr().err.splitlines()


@pytest.mark.parametrize(
    ("changes", "pointer", "reason"), [r[1:] for r in REFUSED], ids=[r[0] for r in REFUSED]
)
def test_a_fault_is_refused_at_its_pointer(
    changes: dict[str, Any],
    pointer: str,
    reason: str,
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "document.json").write_text(json.dumps(patched(BASE, changes)), encoding="utf-8")
    found = refusal(tmp_path, capsys, "--add-problems")
    start = f"document.json {pointer}: "
    assert any(f.startswith(start) and re.search(reason, f[len(start) :]) for f in found), found


def test_the_document_that_the_faults_are_put_into_is_right(tmp_path: Path) -> None:
    (tmp_path / "document.json").write_text(json.dumps(BASE), encoding="utf-8")
    assert main([str(tmp_path / "document.json"), "--out", str(tmp_path), "--add-problems"]) == 0


def test_what_the_runtime_answers_must_be_declared(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "document.json").write_text(json.dumps(BASE), encoding="utf-8")
    found = refusal(tmp_path, capsys)
    statuses = [re.findall(r"/responses/(\d+): ", finding)[0] for finding in found]
    assert statuses == ["400", "422", "431", "500", "401", "413", "415", "400", "422", "431", "500"]
    assert all("--add-problems" in finding for finding in found)


def test_all_faults_are_named_at_once(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    changes = {f"{THING}/typo": 1, f"{PUT}/typo": 1, f"{POST}/responses/201/typo": 1}
    (tmp_path / "document.json").write_text(json.dumps(patched(BASE, changes)), encoding="utf-8")
    assert len(refusal(tmp_path, capsys)) == len(changes)
