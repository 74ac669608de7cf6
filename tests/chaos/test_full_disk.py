"""The disk of the embedded database fills up, and is freed; or cannot be written at all."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from tests.chaos.gate import FULL, Figures
from tests.chaos.stand import Stand, until
from tests.chaos.test_acknowledged_writes import COUNT
from tests.chaos.writers import POSTS, Ledger, sign_up
from tests.processes import ROOT

pytestmark = [
    pytest.mark.skipif(not FULL, reason="makes a file system of its own: make chaos"),
    pytest.mark.skipif(os.geteuid() != 0, reason="only root can mount a file system"),
]
PIECE = 1 << 16
TEXT = "x" * 90_000
SMALL = {"title": "after", "content": "x", "published": True}


@pytest.fixture
def disk(tmp_path: Path) -> Iterator[Path]:
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=192m", "tmpfs", str(folder)]
    if subprocess.run(mount, check=False, capture_output=True).returncode != 0:
        pytest.skip("this machine lets nobody mount a tmpfs")
    yield folder
    subprocess.run(["umount", "--lazy", str(folder)], check=True)


def filled(ballast: Path) -> None:
    with ballast.open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(b"\0" * PIECE)


def write(stand: Stand, token: str, ledger: Ledger, number: int) -> None:
    title = f"full.{number}"
    body = {"title": title, "content": TEXT, "published": True}
    with suppress(OSError):
        ledger.settle(title, stand.ask("POST", POSTS, token=token, body=body))


def test_a_full_disk_refuses_writes_and_loses_none(disk: Path, figures: Figures) -> None:
    ledger, ballast = Ledger(), disk / "ballast"
    with Stand(disk) as stand:
        token = sign_up(stand)
        for number in range(10):
            write(stand, token, ledger, number)
        acknowledged = len(ledger.acknowledged)
        filled(ballast)
        for number in range(10, 400):
            write(stand, token, ledger, number)
            if len(ledger.refused) >= 5:
                break
        alive = stand.status("/health/live")
        refused = len(ledger.refused)
        ballast.unlink()
        seconds = until(lambda: stand.ask("POST", POSTS, token=token, body=SMALL).status == 201, 30)
        lost, doubled = ledger.faults(dict(stand.sql(COUNT)))
    assert acknowledged == 10
    assert not ledger.unexpected
    assert alive == 200
    figures.record(
        {
            "writes refused by 503 on a full disk": refused,
            "acknowledged writes that a full disk lost": len(lost) + len(doubled),
            "seconds until writes work on a freed disk": seconds,
        }
    )


def test_a_disk_that_cannot_be_written_is_told_in_a_sentence(disk: Path, figures: Figures) -> None:
    with Stand(disk) as stand:
        assert stand.ask("GET", POSTS).status == 200
    # The system may still be closing what processes had open that have ended a moment ago.
    until(lambda: remounted(disk, "ro"), 10)
    settings = {"DATA_DIR": str(disk / "data"), "ENVIRONMENT": "test", "PORT": "0"}
    kept = {k: v for k, v in os.environ.items() if k != "DATABASE_URL"}
    ended = subprocess.run(
        [sys.executable, "-m", "app", "serve"],
        cwd=ROOT,
        env=kept | settings,
        capture_output=True,
        text=True,
        check=False,
        timeout=120,
    )
    assert remounted(disk, "rw")
    assert ended.returncode == 1
    assert "Traceback" not in ended.stderr, ended.stderr
    with Stand(disk) as stand:
        again = stand.ask("GET", POSTS).status
    figures.record(
        {
            "lines about a disk that cannot be written": len(ended.stderr.splitlines()),
            "status after the disk can be written again": again,
        }
    )


def remounted(disk: Path, how: str) -> bool:
    mount = ["mount", "-o", f"remount,{how}", str(disk)]
    return subprocess.run(mount, check=False).returncode == 0
