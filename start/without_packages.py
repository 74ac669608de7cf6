"""What of the shared files is about the client packages, which a new repository begins without."""

from __future__ import annotations

from start.edits import Cut, Edit, Lines, Replace

PROJECT = "pyproject.toml"

OVERRIDES = """[[tool.mypy.overrides]]
module = ["colophon_sdk.api.*"]  # the generator's, as strict as it promises and no stricter
warn_unreachable = false
disable_error_code = ["redundant-expr", "truthy-bool", "possibly-undefined"]

"""
# The server that a benchmark compares with.
OTHER_SERVER = """[[tool.mypy.overrides]]
module = ["api.*"]  # the server that a benchmark compares with, made when it runs
ignore_missing_imports = true

"""

EDITS: list[Edit] = [
    Lines("Makefile", r"^SDK_VENV := |-m sdk --check"),
    Replace("Makefile", "generate sdk packages diff", "generate diff"),
    Cut("Makefile", "sdk: ", "current: "),
    Cut("Makefile", '\t@echo "requirements/sdk.lock"', "# The format that podman"),
    Replace("Makefile", "$(VENV) $(SDK_VENV) dist sdk/typescript/node_modules ", "$(VENV) "),
    Cut("Makefile", "$(SDK_VENV)/made.stamp:", ""),
    Cut(PROJECT, "# An environment as a user of the Python client", "[tool.uv]"),
    Replace(
        PROJECT,
        '"codegen", "colophon_sdk", "generated", "sdk", "tests"]',
        '"codegen", "generated", "tests"]',
    ),
    Cut(PROJECT, '"sdk/**" = ', '"tests/**" = '),
    Replace(PROJECT, '"generated", "sdk", "tests"]\nmypy_path', '"generated", "tests"]\nmypy_path'),
    Lines(PROJECT, r'^mypy_path = |^  "\^\(generated/sdk\|sdk|^omit = |^flit-core = '),
    Replace(PROJECT, OVERRIDES),
    Replace(PROJECT, OTHER_SERVER),
    Replace(PROJECT, 'pythonpath = [".", "generated/sdk/python/src"]', 'pythonpath = ["."]'),
    Replace(PROJECT, '"codegen", "generated", "sdk"]\ninclude', '"codegen", "generated"]\ninclude'),
    Replace(PROJECT, 'forbidden_modules = ["codegen", "sdk"]', 'forbidden_modules = ["codegen"]'),
    Replace(
        PROJECT,
        """[[tool.importlinter.contracts]]
name = "Client packages are made from the bundle alone"
type = "forbidden"
source_modules = ["sdk"]
forbidden_modules = ["app", "codegen", "generated"]

""",
    ),
    Replace(PROJECT, '"generated", "sdk", "tests"]\nextend', '"generated", "tests"]\nextend'),
    Replace(PROJECT, ', "generated/sdk", "sdk/python/layer"]', "]"),
    Replace("tests/platform/test_packaging.py", '(15 if lock.stem == "sdk" else 30)', "30"),
    Lines("tests/platform/test_packaging.py", "^    client = pins|in client.items"),
    Lines(".gitattributes", "^sdk/"),
    Lines(".gitignore", "^.venv-sdk"),
    Lines(".dockerignore", "generated/sdk"),
]
