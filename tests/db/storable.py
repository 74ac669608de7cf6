"""Whether every value that the document admits fits the column it lands in, and every value that a
column can hold may be shown. `python -m tests.db.storable` prints what does not; nothing is run.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sqlalchemy import BigInteger, Boolean, Column, DateTime, Integer, SmallInteger, Table, Text

from tests.db.landing import HASHED, JOINED, NOT_STORED, OWN, SHOWN, WRITTEN

DOCUMENT = Path(__file__).parents[2] / "generated/openapi.json"
METHODS = {"get", "put", "post", "patch", "delete"}

LARGEST = {SmallInteger: 2**15 - 1, Integer: 2**31 - 1, BigInteger: 2**63 - 1}
AROUND_NUL = ("", "a", "aaaa", "a" * 50, "a@a.aa", " ")


def findings(document: Mapping[str, Any], written: Mapping[str, Table] = WRITTEN) -> list[str]:
    """One sentence for each misfit."""
    schemas = document["components"]["schemas"]
    return [
        *unknown_bodies(document, written),
        *(f for name, table in written.items() for f in written_findings(name, schemas, table)),
        *(f for name, table in SHOWN.items() for f in shown_findings(name, schemas, table)),
        *parameter_findings(document),
    ]


def unknown_bodies(document: Mapping[str, Any], written: Mapping[str, Table]) -> Iterator[str]:
    for operation in operations_of(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if name not in written and name not in NOT_STORED:
                yield f"{operation['operationId']}: nobody has said where its body is stored"


def written_findings(name: str, schemas: Mapping[str, Any], table: Table) -> Iterator[str]:
    schema = schemas[name]
    for member, rule in schema["properties"].items():
        if member in HASHED:
            continue
        if member not in table.c:
            yield f"{name}.{member}: the table {table.name} has no such column"
            continue
        yield from (f"{name}.{member}: {f}" for f in misfits(rule, table.c[member]))
    if name.endswith("Create"):
        given = {*schema["required"], *OWN}
        yield from (
            f"{name}: {column.name} may be left out, and has no default"
            for column in table.c
            if not column.nullable and column.server_default is None and column.name not in given
            if column.identity is None
        )


def misfits(rule: Mapping[str, Any], column: Column[Any]) -> Iterator[str]:
    """Why a value of this schema may not fit the column."""
    for kind in kinds_of(rule):
        match kind:
            case "null" if not column.nullable:
                yield "null is admitted, and the column is NOT NULL"
            case "null":
                pass
            case "boolean" if not isinstance(column.type, Boolean):
                yield "a boolean is admitted, and the column holds none"
            case "boolean":
                pass
            case "integer":
                yield from integer_misfits(rule, column)
            case "string":
                yield from string_misfits(rule, column)
            case _:
                yield f"no column holds values of type {kind}"


def integer_misfits(rule: Mapping[str, Any], column: Column[Any]) -> Iterator[str]:
    largest = next((n for kind, n in LARGEST.items() if type(column.type) is kind), None)
    if largest is None:
        yield "an integer is admitted, and the column holds none"
    elif not -largest - 1 <= rule.get("minimum", -(2**99)) <= rule.get("maximum", 2**99) <= largest:
        yield f"integers beyond the column's {largest} are admitted"


def string_misfits(rule: Mapping[str, Any], column: Column[Any]) -> Iterator[str]:
    if not isinstance(column.type, Text) or "longest" not in column.info:
        yield "a string is admitted, and the column holds none, or says nothing of its length"
        return
    shortest, longest = column.info["shortest"], column.info["longest"]
    if rule.get("maxLength", 2**99) > longest:
        yield f"{rule.get('maxLength', 'any number of')} characters are admitted, {longest} fit"
    if rule.get("minLength", 0) < shortest:
        yield f"{rule.get('minLength', 0)} characters are admitted, the column wants {shortest}"
    pattern = re.compile(rule.get("pattern", ""))
    if any(pattern.search(f"{text}\0{text}") for text in AROUND_NUL):
        yield "U+0000 is admitted, which PostgreSQL cannot store"
    if column.type.collation == "C" and pattern.search("\u00e9" * max(1, shortest)):
        yield "letters beyond ASCII are admitted, and the column compares ASCII only"


def shown_findings(name: str, schemas: Mapping[str, Any], table: Table) -> Iterator[str]:
    for member, rule in schemas[name]["properties"].items():
        if member in JOINED:
            continue
        column = table.c[member]
        kinds = kinds_of(rule)
        if column.nullable and "null" not in kinds:
            yield f"{name}.{member}: the column may be null, which cannot be shown"
        if isinstance(column.type, Text) and column.info["longest"] > rule["maxLength"]:
            yield f"{name}.{member}: the column holds more than can be shown"
        if isinstance(column.type, DateTime) and not column.type.timezone:
            yield f"{name}.{member}: the column knows no time zone"


def parameter_findings(document: Mapping[str, Any]) -> Iterator[str]:
    """Integers in path and query are compared with columns of type bigint, and must fit these."""
    for name, parameter in document["components"]["parameters"].items():
        rule = parameter["schema"]
        if "integer" in kinds_of(rule) and not (
            -(2**63) <= rule.get("minimum", -(2**99)) <= rule.get("maximum", 2**99) <= 2**63 - 1
        ):
            yield f"parameter {name}: integers beyond bigint are admitted"


def kinds_of(rule: Mapping[str, Any]) -> list[str]:
    kind = rule.get("type", "any")
    return kind if isinstance(kind, list) else [kind]


def operations_of(document: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    for item in document["paths"].values():
        yield from (operation for method, operation in item.items() if method in METHODS)


def main() -> int:
    found = findings(json.loads(DOCUMENT.read_text(encoding="utf-8")))
    print("\n".join(found) or "Every value that the document admits can be stored.")  # noqa: T201
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
