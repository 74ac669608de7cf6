"""`make contract LIMITS=production`: what its run counts, and how it passes the time."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from app.db.embedded.processes import wait_until
from tests.contract import limits
from tests.contract.fuzz import read_options, require_refusals
from tests.platform.commands import ask
from tests.processes import Served


@pytest.fixture
def served(tmp_path: Path) -> Served:
    process = subprocess.Popen([sys.executable, "-c", ""])
    process.wait()
    return Served("http://127.0.0.1:1", process, tmp_path / "service.log")


def log_of(served: Served, *answers: tuple[str, int]) -> None:
    lines = [
        json.dumps({"event": "request", "operation_id": name, "status": status})
        for name, status in answers
    ]
    served.log.write_text("\n".join(["The service is at ...", *lines, '{"event": "serving"}']))


def test_the_limits_of_a_service_elsewhere_cannot_be_chosen(
    capsys: pytest.CaptureFixture[str],
) -> None:
    with pytest.raises(SystemExit) as ended:
        read_options(["--url", "http://127.0.0.1:8000", "--limits", "production"])

    assert ended.value.code == 2
    assert "--limits is for a service of our own" in capsys.readouterr().err


def test_limits_that_have_refused_nothing_are_a_failure(
    served: Served, capsys: pytest.CaptureFixture[str]
) -> None:
    names = sorted(limits.limited())
    log_of(served, (names[0], 429), (names[-1], 200), (names[0], 429))
    assert require_refusals(served) == 0
    assert f"answered by 429: {names[0]} 2" in capsys.readouterr().out

    log_of(served, *((name, 401) for name in names))
    assert require_refusals(served) == 1
    assert f"{names[0]} 0" in capsys.readouterr().out


@pytest.mark.usefixtures("anyio_backend")
def test_windows_end_while_a_run_lasts(migrated_url: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(limits, "WINDOW", 0.05)
    counted = "SELECT count(*) FROM rate_limits"
    ask(
        migrated_url,
        "INSERT INTO rate_limits (key, counted, ends_at) VALUES ('', 9, now() + interval '1 h')",
    )
    assert ask(migrated_url, counted) == [(1,)]
    with limits.hurried(migrated_url):
        assert wait_until(lambda: ask(migrated_url, counted) == [(0,)], 5)
