"""The command `python -m codegen.lint DOCUMENT --rules FILE`: house rules for a document."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from codegen import validate
from codegen.bundle import Bundle, bundle
from codegen.findings import Finding, RefusedError, refuse
from codegen.generate import fill_enumerations
from codegen.load import load
from codegen.rules import RULES


def main(arguments: list[str] | None = None) -> int:
    """Print what breaks a rule; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m codegen.lint", description=__doc__)
    parser.add_argument("document", type=Path, help="the OpenAPI document")
    parser.add_argument("--rules", type=Path, required=True, help="the file that names the rules")
    asked = parser.parse_args(arguments)
    try:
        rules = read_rules(asked.rules)
        found = list(lint(bundle(asked.document), rules))
    except RefusedError as refusal:
        found = list(refusal.findings)
    for finding in found:
        print(finding)
    return 1 if found else 0


def read_rules(path: Path) -> list[dict[str, Any]]:
    """Return the entries of a rules file; raises RefusedError for an id that nobody carries out."""
    content = load(path, path.name)
    rules = content.get("rules") if isinstance(content, dict) else None
    if not isinstance(rules, list) or not all(isinstance(rule, dict) for rule in rules):
        raise refuse("#/rules", "the file does not hold a list of rules", path.name)
    unknown = [
        Finding(f"#/rules/{index}/id", f"there is no rule {rule.get('id')!r}", path.name)
        for index, rule in enumerate(rules)
        if rule.get("id") not in RULES
    ]
    if unknown:
        raise RefusedError(unknown)
    return rules


def lint(subject: Bundle, rules: list[dict[str, Any]]) -> Iterator[Finding]:
    """Yield what breaks `rules`, at the place of the file where it can be mended."""
    fill_enumerations(subject.source)
    document = validate.read(subject)
    for rule in rules:
        for pointer, text in RULES[rule["id"]](document, rule):
            yield subject.locate(Finding(pointer, f"{rule['id']}: {text}"))


if __name__ == "__main__":
    sys.exit(main())
