from __future__ import annotations

import subprocess
import sys
from pathlib import Path

from tests.client import OPERATIONS
from tests.mock.mocks import BEARER, mocking
from tests.processes import ROOT

CONFIG = Path(__file__).with_name("schemathesis.toml")
AUTHORIZATION = f"Authorization: {BEARER['authorization']}"


def test_schemathesis_finds_nothing_wrong_with_the_mock_of_our_document(tmp_path: Path) -> None:
    with mocking("--stateful") as mock:
        url = str(mock.base_url).rstrip("/")
        command = [sys.executable, "-m", "schemathesis.cli", "--config-file", str(CONFIG), "run"]
        done = subprocess.run(
            [*command, f"{url}/openapi.json", "--url", url, "--seed", "1", "-H", AUTHORIZATION],
            cwd=tmp_path,
            env={"PYTHONPATH": str(ROOT)},
            capture_output=True,
            text=True,
            check=False,
        )

    assert done.returncode == 0, done.stdout + done.stderr
    count = len(OPERATIONS)
    assert f"Selected: {count}/{count}" in done.stdout
