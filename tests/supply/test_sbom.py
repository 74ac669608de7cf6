from __future__ import annotations

import json
import re
import subprocess
import sys
from importlib.metadata import distribution
from pathlib import Path
from typing import Any

import pytest

from tests.platform.test_packaging import pins
from tests.processes import ROOT

SERVE = ROOT / "requirements" / "serve.lock"
# Licences that ask for no more than to be named. MPL asks for changes of its own files.
ALLOWED = {
    "Apache-2.0",
    "BSD-2-Clause",
    "BSD-3-Clause",
    "ISC",
    "MIT",
    "MIT-0",
    "MPL-2.0",
    "PSF-2.0",
}


def made(lock: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "scripts/sbom.py", str(lock)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )


@pytest.fixture(scope="module", params=["serve", "tracing", "redis"])
def lock(request: pytest.FixtureRequest) -> Path:
    return ROOT / "requirements" / f"{request.param}.lock"


@pytest.fixture(scope="module")
def bill(lock: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads(made(lock).stdout)
    return loaded


def test_the_bill_has_what_is_installed_and_nothing_else(bill: dict[str, Any], lock: Path) -> None:
    listed = {component["name"]: component["version"] for component in bill["components"]}
    elsewhere = re.findall(r"^([\w.-]+)==[^;\n]*;", lock.read_text(), re.MULTILINE)

    assert pins(lock).keys() - listed.keys() <= set(elsewhere)
    assert listed == {name: distribution(name).version for name in listed}
    assert len(listed) == len(bill["components"]) > 30


def test_every_component_has_its_hashes_and_an_allowed_licence(bill: dict[str, Any]) -> None:
    for component in bill["components"]:
        (licence,) = component["licenses"]
        names = set(re.findall(r"[\w.-]+", licence["expression"])) - {"AND", "OR"}
        assert names, component["name"]
        assert names <= ALLOWED, component["name"]
        assert component["properties"], component["name"]


def test_whatever_is_needed_is_listed(bill: dict[str, Any]) -> None:
    refs = {component["bom-ref"] for component in bill["components"]}
    needed = {ref for entry in bill["dependencies"] for ref in entry["dependsOn"]}

    assert needed <= refs
    assert {entry["ref"] for entry in bill["dependencies"]} == refs | {
        bill["metadata"]["component"]["bom-ref"]
    }


def test_the_same_lock_gives_the_same_bill() -> None:
    assert made(SERVE).stdout == made(SERVE).stdout


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "pins no package"),
        ("no-such-package==1.0 \\\n    --hash=sha256:00\n", "is pinned and not installed"),
        ("fastapi==0.0.1 \\\n    --hash=sha256:00\n", "fastapi is pinned at 0.0.1, and"),
    ],
)
def test_a_lock_that_does_not_fit_is_told(tmp_path: Path, text: str, said: str) -> None:
    lock = tmp_path / "some.lock"
    lock.write_text(text)
    ended = made(lock)

    assert ended.returncode == 1
    assert said in ended.stderr
    assert ended.stdout == ""
