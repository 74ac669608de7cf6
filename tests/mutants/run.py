"""Runs a check in a copy of the project, within its time limit, and judges what it said."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from tests.mutants.mutant import Check, Notice

# What belongs to the machine of whoever runs this, and would lead a check away from its copy.
NOT_PASSED_ON = {"DATABASE_URL", "SECRET_KEY", "DATA_DIR", "ENVIRONMENT", "PYTHONPATH"}
TO_END = 20.0
FAR_RIGHT = 60
COLOURS = re.compile(r"\x1b\[[0-9;]*m")


@dataclass(frozen=True, slots=True)
class Ran:
    """`code` is None where the time was over."""

    code: int | None
    output: str
    seconds: float


def run(check: Check, folder: Path) -> Ran:
    """Run one check with `folder` as the project."""
    scratch = folder.with_name(f"{folder.name}-scratch")
    command = [part.replace("{scratch}", str(scratch)) for part in check.arguments]
    environment = {k: v for k, v in os.environ.items() if k not in NOT_PASSED_ON}
    started = time.monotonic()
    # In a group of its own, so that whatever it starts can be ended with it.
    process = subprocess.Popen(
        command if Path(command[0]).is_absolute() else [sys.executable, *command],
        cwd=folder,
        env={**environment, "NO_COLOR": "1", "COLUMNS": "300"},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=True,
    )
    try:
        output, _ = process.communicate(timeout=check.limit)
        code: int | None = process.returncode
    except subprocess.TimeoutExpired:
        code, output = None, end(process)
    text = COLOURS.sub("", output.decode(errors="replace"))
    return Ran(code, text, time.monotonic() - started)


def end(process: subprocess.Popen[bytes]) -> bytes:
    """Interrupt it, so that tests stop their database; kill what does not end by that."""
    os.killpg(process.pid, signal.SIGINT)
    try:
        return process.communicate(timeout=TO_END)[0]
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, signal.SIGKILL)
        return process.communicate()[0]


def telling_line(ran: Ran, says: str) -> str:
    """The first line that holds `says`, without pytest's margin, or only its end where it is long;
    empty where none does.
    """
    line = next((line for line in ran.output.splitlines() if says in line), "")
    if line.find(says) > FAR_RIGHT:
        line = line[line.index(says) :].partition('","')[0]  # A line of the log is long.
    return re.sub(r"^E?\s+", "", line).strip()


def fault_of(ran: Ran, notice: Notice) -> str:
    """Why this check has not caught the mutant; empty where it has."""
    if ran.code is None:
        return f"it was not done within {notice.check.limit:.0f} s"
    if ran.code == 0:
        return "it is green"
    if notice.says not in ran.output:
        return f"it fails, and does not say {notice.says!r}"
    return ""
