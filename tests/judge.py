"""Whether the document allows an answer, by another implementation of JSON Schema than the service
uses: what the service believes of itself is not asked.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from jsonschema import Draft202012Validator
from referencing import Registry
from referencing.jsonschema import DRAFT202012

DOCUMENT: dict[str, Any] = json.loads(
    (Path(__file__).parents[1] / "generated/openapi.json").read_text()
)
METHODS = {"get", "put", "post", "patch", "delete"}
# Not the document's business: framing, and what is true of every message of the service.
FRAMING = {"content-type", "content-length", "vary", "x-content-type-options"}
REGISTRY: Registry[Any] = Registry().with_resource(
    "document:", DRAFT202012.create_resource(DOCUMENT)
)


class NotAllowed(AssertionError):
    """The service answered what the document does not declare."""


def operations() -> dict[str, tuple[str, str, dict[str, Any]]]:
    """Method, path and operation object of each operationId, path parameters included."""
    return {
        operation["operationId"]: (
            method,
            path,
            {
                **operation,
                "parameters": [
                    resolved(parameter)
                    for parameter in (*item.get("parameters", ()), *operation.get("parameters", ()))
                ],
            },
        )
        for path, item in DOCUMENT["paths"].items()
        for method, operation in item.items()
        if method in METHODS
    }


def resolved(value: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in value:
        target: Any = DOCUMENT
        for key in value["$ref"].removeprefix("#/").split("/"):
            target = target[key.replace("~1", "/").replace("~0", "~")]
        value = target
    return value


def faults_of(schema: Mapping[str, Any], value: Any) -> list[str]:
    inner = json.loads(json.dumps(schema).replace('"#/', '"document:#/'))
    validator = Draft202012Validator(
        inner, registry=REGISTRY, format_checker=Draft202012Validator.FORMAT_CHECKER
    )
    return [f"{error.json_path}: {error.message}" for error in validator.iter_errors(value)]


def judge(
    operation: dict[str, Any], status: int, headers: Mapping[str, str], content: bytes
) -> None:
    """Raise NotAllowed, with every fault, unless the document declares this very answer."""
    declared = operation["responses"].get(str(status))
    if declared is None:
        raise NotAllowed(f"{operation['operationId']} does not declare {status}: {content[:500]!r}")
    response = resolved(declared)
    faults = [*header_faults(response, headers), *content_faults(response, headers, content)]
    if faults:
        raise NotAllowed(f"{operation['operationId']} {status}: " + "; ".join(faults))


def header_faults(response: dict[str, Any], headers: Mapping[str, str]) -> list[str]:
    declared = {
        name.lower(): resolved(header) for name, header in response.get("headers", {}).items()
    }
    sent = {name.lower(): value for name, value in headers.items()}
    faults = [f"undeclared header {name}" for name in sent.keys() - declared.keys() - FRAMING]
    for name, header in declared.items():
        if name in sent:
            is_text = header["schema"].get("type") not in {"integer", "boolean"}
            value = sent[name] if is_text else json.loads(sent[name])
            faults += [f"header {name}: {fault}" for fault in faults_of(header["schema"], value)]
        elif header.get("required"):
            faults.append(f"missing header {name}")
    return faults


def content_faults(
    response: dict[str, Any], headers: Mapping[str, str], content: bytes
) -> list[str]:
    declared = response.get("content", {})
    if not declared:
        return ["a body where none is declared"] if content else []
    media_type = headers.get("content-type", "").partition(";")[0]
    if media_type not in declared:
        return [f"undeclared media type {media_type!r}"]
    body = decoded(content, media_type)
    schema = declared[media_type].get("schema", {})
    return [*faults_of(schema, body), *problem_faults(response, body)]


def decoded(content: bytes, media_type: str) -> Any:
    """The value that a schema speaks of: text is a string, what is not JSON are bytes."""
    if media_type.startswith("text/"):
        return content.decode()
    return json.loads(content) if media_type.endswith(("/json", "+json")) else content


def problem_faults(response: dict[str, Any], body: Any) -> list[str]:
    """A problem is one that this response lists, and as the catalogue describes it."""
    if "x-problems" not in response:
        return []
    if body["code"] not in response["x-problems"]:
        return [f"undeclared problem {body['code']}"]
    entry = DOCUMENT["components"]["x-problems"][body["code"]]
    wanted = {
        "status": entry["status"],
        "title": entry["title"],
        "type": f"/problems/{body['code'].replace('_', '-')}",
    }
    return [f"{name} is {body[name]!r}" for name in wanted if body[name] != wanted[name]]
