from __future__ import annotations

from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from app.commands.line import cli
from app.settings import Settings
from tests.platform.commands import Run

KEY = "q7Zt0Wc5Rk2Xn8Lb4Vd6Ys1Hg9Jf3Mp0AqEwTrUyIoPlKj"


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Run:
    """A command in an empty folder, with the settings that are given and no others."""
    monkeypatch.chdir(tmp_path)
    for name in Settings.model_fields:
        monkeypatch.delenv(name.upper(), raising=False)

    def invoke(*words: str, **environment: str) -> Result:
        settings = {"ENVIRONMENT": "test", "SECRET_KEY": KEY, **environment}
        return CliRunner().invoke(cli, words, env=settings)

    return invoke


@pytest.fixture
def on(run: Run, migrated_url: str, anyio_backend: str) -> Run:
    """As `run`, on a migrated database of the test's own."""

    def invoke(*words: str, **environment: str) -> Result:
        return run(*words, DATABASE_URL=migrated_url, **environment)

    return invoke
