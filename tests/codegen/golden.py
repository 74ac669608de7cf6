"""The cases of this folder: a document each, and the generated files that show what it is about."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from codegen.generate import Options, generate
from codegen.load import load

HERE = Path(__file__).parent
CASES = sorted(path.parent.name for path in HERE.glob("*/document.yaml"))


def document_of(case: str) -> Path:
    return HERE / case / "document.yaml"


def source_of(case: str) -> dict[str, Any]:
    source: dict[str, Any] = load(document_of(case), case)
    return source


def generated(case: str) -> dict[str, bytes]:
    """Generate a case; documents without a catalogue of their own are given one."""
    options = Options(add_problems="x-own-problems" not in source_of(case), unimplemented=True)
    files, _ = generate(document_of(case), options)
    return files
