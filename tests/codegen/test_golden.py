"""Each case generates what its folder shows. UPDATE_GOLDEN=1 writes the folders anew."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from codegen.write import write
from tests.codegen.golden import CASES, HERE, generated, source_of

ROOT = HERE.parents[1]


@pytest.mark.parametrize("case", CASES)
def test_a_case_generates_what_its_folder_shows(case: str) -> None:
    files = generated(case)
    for name in source_of(case)["x-golden"]:
        expected = HERE / case / "expected" / name
        if os.environ.get("UPDATE_GOLDEN"):
            expected.parent.mkdir(exist_ok=True)
            expected.write_bytes(files[name])
        assert files[name].decode() == expected.read_text(encoding="utf-8")


def test_a_case_shows_nothing_that_is_not_generated() -> None:
    for case in CASES:
        shown = {path.name for path in (HERE / case / "expected").iterdir()}
        assert shown == set(source_of(case)["x-golden"]), case


def test_all_that_is_generated_type_checks(tmp_path: Path) -> None:
    for case in CASES:
        write(generated(case), tmp_path / case)
    command = [sys.executable, "-m", "mypy", "--config-file", str(ROOT / "pyproject.toml")]
    environment = os.environ | {"MYPYPATH": str(ROOT)}
    result = subprocess.run(
        [*command, "--cache-dir", str(ROOT / ".mypy_cache"), *CASES],
        cwd=tmp_path,
        env=environment,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stdout + result.stderr


def test_the_same_document_generates_the_same_bytes() -> None:
    assert generated("schemas_combined") == generated("schemas_combined")
