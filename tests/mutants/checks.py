"""The checks of the project by name, as `make check`, `make test` and CI run them."""

from __future__ import annotations

import sys
from pathlib import Path

from tests.mutants.mutant import Check, Notice

DOCUMENT = "openapi/openapi.yaml"
START_AND_STOP = """
import pathlib, tempfile
from tests.processes import serve
with tempfile.TemporaryDirectory() as name, serve(pathlib.Path(name)):
    pass
"""


def script(name: str) -> str:
    """A program that has no module to start it by."""
    return str(Path(sys.executable).with_name(name))


GENERATE = Check("make generate", ("-m", "codegen", DOCUMENT, "--out", "generated"))
CURRENT = Check("make current", (*GENERATE.arguments, "--check"))
SDK_CURRENT = Check("make current, for Python", ("-m", "sdk", "--check", "--only", "python"))
LINT = Check("make document", ("-m", "codegen.lint", DOCUMENT, "--rules", "openapi/rules.yaml"))
TYPES = Check("make types", ("-m", "mypy", "app", "generated"), keeps=(".mypy_cache",))
IMPORTS = Check("make imports", (script("lint-imports"),))
DEPENDENCIES = Check("make dependencies", (script("deptry"), "."))
SCHEMA = Check("make schema", ("-m", "app", "migrate", "--check"))
STORABLE = Check("python -m tests.db.storable", ("-m", "tests.db.storable"))
FUZZ = Check("make contract", ("-m", "tests.contract.fuzz", "--seed", "1"), limit=420.0)
START = Check("the start", ("-c", START_AND_STOP))

# Without its cache, which would order tests by what failed before; stopped at the first failure.
PYTEST = ("-m", "pytest", "-q", "-p", "no:cacheprovider", "--tb=short", "--basetemp={scratch}")


def tests(file: str, *names: str) -> Check:
    """Some tests of one file, or all of them."""
    path = f"tests/{file}"
    chosen = tuple(f"{path}::{name}" for name in names) or (path,)
    return Check(", ".join(names) or path, (*PYTEST, "-x", *chosen), tests=chosen)


def by(file: str, name: str, says: str) -> Notice:
    """One test of a file must fail, and say this."""
    return Notice(tests(file, name), says)


GOLDEN = tests("codegen/test_golden.py", "test_a_case_generates_what_its_folder_shows")


def together(checks: list[Check]) -> Check:
    """All the tests of `checks` in one run, which need one database only."""
    chosen = sorted({test for check in checks for test in check.tests})
    return Check("all tests that are asked for", (*PYTEST, *chosen), tests=(), limit=420.0)
