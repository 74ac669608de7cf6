"""Whether a bundle is built as OpenAPI and JSON Schema want it: members, keywords, patterns."""

from __future__ import annotations

import json
from collections.abc import Iterator
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import jsonschema_rs

from app.contract.grammar import objects
from app.contract.pointers import child
from codegen.findings import Finding

DIALECTS = frozenset(
    {
        "https://spec.openapis.org/oas/3.1/dialect/base",
        "https://json-schema.org/draft/2020-12/schema",
    }
)
_META = "https://json-schema.org/draft/2020-12/schema"
_VALIDATION_WORDS = frozenset(
    {
        *("type", "enum", "const", "multipleOf", "maximum", "exclusiveMaximum", "minimum"),
        *("exclusiveMinimum", "maxLength", "minLength", "pattern", "maxItems", "minItems"),
        *("uniqueItems", "maxContains", "minContains", "maxProperties", "minProperties"),
        *("required", "dependentRequired"),
    }
)
_APPLYING_WORDS = frozenset(
    {
        *("allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas"),
        *("prefixItems", "items", "contains", "properties", "patternProperties"),
        *("additionalProperties", "propertyNames", "unevaluatedItems"),
        *("unevaluatedProperties", "$ref", "$defs"),
    }
)
_DESCRIBING_WORDS = frozenset(
    {
        *("title", "description", "default", "deprecated", "readOnly", "writeOnly"),
        *("examples", "format", "contentEncoding", "contentMediaType", "contentSchema"),
        *("$comment", "$schema", "discriminator", "xml", "externalDocs", "example"),
    }
)
KEYWORDS = _VALIDATION_WORDS | _APPLYING_WORDS | _DESCRIBING_WORDS
_OF = jsonschema_rs.Draft202012Validator
# Spans of an hour at most: what Retry-After says is for clients that wait.
_RATE_LIMITS = _OF(
    {
        "type": "array",
        "items": {
            "type": "object",
            "required": ["name", "limit", "window", "per"],
            "additionalProperties": False,
            "properties": {
                "name": {"type": "string", "pattern": "^[a-z][a-z0-9]*(?:-[a-z0-9]+)*$"},
                "limit": {"type": "integer", "minimum": 1, "maximum": 1_000_000},
                "window": {"type": "integer", "minimum": 1, "maximum": 3600},
                "per": {"enum": ["account", "user", "address", "everyone"]},
                "field": {"type": "string", "minLength": 1},
                "counts": {"enum": ["all", "failures"]},
            },
        },
    }
)
_EXTENSIONS: dict[str, dict[str, Any]] = {
    "response": {"x-problems": _OF({"type": "array", "items": {"type": "string"}})},
    "body": {"x-max-body-size": _OF({"type": "integer", "minimum": 0})},
    "media_type": {"x-stream": _OF({"type": "boolean"})},
    "operation": {
        "x-database": _OF({"type": "boolean"}),
        "x-max-staleness": _OF({"type": "integer", "minimum": 1}),
        "x-rate-limit": _RATE_LIMITS,
    },
}
_NOT_FOLLOWED = {
    "$id": "gives the schema an address of its own",
    "$anchor": "names a place by something else than its JSON pointer",
    "$dynamicRef": "refers by something else than a JSON pointer",
    "$dynamicAnchor": "names a place by something else than its JSON pointer",
    "$vocabulary": "belongs into meta-schemas",
    "nullable": "is OpenAPI 3.0's; in 3.1 null is one of the types",
}


def findings(source: dict[str, Any]) -> list[Finding]:
    """Return everything that is wrong with the structure of a bundle."""
    version = source.get("openapi")
    if not isinstance(version, str) or version[:4] not in {"3.0.", "3.1."}:
        return [Finding("#/openapi", "the document is not OpenAPI 3.0 or 3.1")]
    is_3_0 = version.startswith("3.0")
    found = [*_object_findings(source, is_3_0=is_3_0), *_extension_findings(source)]
    dialect = source.get("jsonSchemaDialect")
    if dialect is not None and dialect not in DIALECTS:
        found.append(Finding("#/jsonSchemaDialect", "schemas must be JSON Schema 2020-12"))
    return [*found, *_schema_findings(source, is_3_0=is_3_0)]


def _extension_findings(source: dict[str, Any]) -> Iterator[Finding]:
    for kind, pointer, node in objects(source):
        for name, validator in _EXTENSIONS.get(kind, {}).items():
            for error in validator.iter_errors(node[name]) if name in node else ():
                yield Finding(child(pointer, name, *error.instance_path), _shortened(error.message))
    for index, tag in enumerate(source.get("tags") or ()):
        name = "x-rate-limit"
        at = child("#/tags", index, name)
        for error in _RATE_LIMITS.iter_errors(tag[name]) if name in tag else ():
            yield Finding(child(at, *error.instance_path), _shortened(error.message))


@cache
def _validator(version: str) -> Any:
    # The package is only a folder of schemas here: importing it would take half a second.
    package = find_spec("openapi_spec_validator")
    folder = Path(str(package and package.origin)).parent / "resources" / "schemas" / version
    schema = json.loads((folder / "schema.json").read_text(encoding="utf-8"))
    kind = (
        jsonschema_rs.Draft4Validator if version == "v3.0" else jsonschema_rs.Draft202012Validator
    )
    return kind(schema)


def _object_findings(source: dict[str, Any], *, is_3_0: bool) -> Iterator[Finding]:
    for error in _validator("v3.0" if is_3_0 else "v3.1").iter_errors(source):
        yield from _described(error)


def _described(error: Any) -> Iterator[Finding]:
    """Describe an error by the branch that was probably meant, where there were several."""
    branches = getattr(error.kind, "context", None)
    if branches:
        yield from _described_branch(error, branches)
        return
    pointer = child("#", *error.instance_path)
    unexpected = getattr(error.kind, "unexpected", None)
    if unexpected:
        for name in unexpected:
            yield Finding(child(pointer, name), "OpenAPI has no member of this name here")
    else:
        yield Finding(pointer, _shortened(error.message))


def _described_branch(error: Any, branches: list[list[Any]]) -> Iterator[Finding]:
    meant = [branch for branch in branches if not any(_wants_reference(e) for e in branch)]
    if not all(meant) or not meant:
        yield Finding(child("#", *error.instance_path), _shortened(error.message))
        return
    best = max(meant, key=lambda b: (max(len(e.instance_path) for e in b), -len(b)))
    for inner in best:
        yield from _described(inner)


def _wants_reference(error: Any) -> bool:
    return bool(error.kind.name == "required" and error.kind.property == "$ref")


def _shortened(message: str) -> str:
    """Leave out what a long value adds to a message: the pointer says where it stands."""
    if len(message) < 200:  # noqa: PLR2004 - two lines of a terminal
        return message
    return f"{message[:90]} ... {message[-90:]}"


def _schema_findings(source: dict[str, Any], *, is_3_0: bool) -> Iterator[Finding]:
    meta = jsonschema_rs.Draft202012Validator({"$ref": _META})
    within: str | None = None
    for kind, pointer, schema in objects(source):
        if kind != "schema":
            continue
        yield from _pattern_findings(pointer, schema)
        if is_3_0:
            continue
        yield from _keyword_findings(pointer, schema)
        if within is None or not pointer.startswith(f"{within}/"):
            within = pointer
            for error in meta.iter_errors(schema):
                yield Finding(child(pointer, *error.instance_path), _shortened(error.message))


def _keyword_findings(pointer: str, schema: dict[str, Any]) -> Iterator[Finding]:
    for word in schema:
        if word in _NOT_FOLLOWED:
            yield Finding(
                child(pointer, word), f"{word} is not supported: it {_NOT_FOLLOWED[word]}"
            )
        elif word not in KEYWORDS and not word.startswith("x-"):
            yield Finding(child(pointer, word), "JSON Schema has no keyword of this name")
    if "$schema" in schema and schema["$schema"] not in DIALECTS:
        yield Finding(child(pointer, "$schema"), "schemas must be JSON Schema 2020-12")


def _pattern_findings(pointer: str, schema: dict[str, Any]) -> Iterator[Finding]:
    patterns = [(child(pointer, "pattern"), schema.get("pattern"))]
    rest = schema.get("patternProperties")
    if isinstance(rest, dict):
        patterns += [(child(pointer, "patternProperties", name), name) for name in rest]
    for at, pattern in patterns:
        if isinstance(pattern, str) and not _compiles(pattern):
            yield Finding(at, "this is not a regular expression of ECMA-262")


@cache
def _compiles(pattern: str) -> bool:
    try:
        jsonschema_rs.Draft202012Validator({"pattern": pattern})
    except (jsonschema_rs.ValidationError, ValueError):
        return False
    return True
