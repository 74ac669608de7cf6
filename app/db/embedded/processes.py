"""What the machine says about a server that somebody else may have started: whether it lives,
whether it is one of ours, and who still uses its data. Asks /proc, and ps where there is none.
"""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

PROC = Path("/proc")
SOCKET_DIR_LINE, STATUS_LINE = 4, 7


@dataclass(frozen=True, slots=True)
class PidFile:
    """postmaster.pid, the server's own record of itself (PostgreSQL: miscadmin.h)."""

    pid: int
    socket_dir: Path
    status: str

    @classmethod
    def read(cls, data: Path) -> PidFile | None:
        """None where there is none, or it is still being written."""
        try:
            lines = (data / "postmaster.pid").read_text(encoding="utf-8").splitlines()
        except FileNotFoundError:
            return None
        if len(lines) <= SOCKET_DIR_LINE or not lines[0].strip().isdecimal():
            return None
        status = lines[STATUS_LINE].strip() if len(lines) > STATUS_LINE else "starting"
        return cls(int(lines[0]), Path(lines[SOCKET_DIR_LINE]), status)


def is_postmaster(pid: int, data: Path) -> bool:
    """Whether the process lives and is a server; a number that something else has taken is not,
    nor is a process that has ended and that nobody has collected.
    """
    if not PROC.joinpath("self").exists():
        return "postgres" in _ps(pid)
    try:
        state = PROC.joinpath(str(pid), "stat").read_text(encoding="ascii", errors="replace")
        if state.rpartition(")")[2].split()[0] in "ZX":
            return False
        return PROC.joinpath(str(pid), "cwd").readlink() == data.resolve()
    except OSError:
        return False


def users_of(data: Path) -> set[int]:
    """The processes that work inside the data folder: a server and its children do."""
    return {pid for pid in _pids() if is_postmaster(pid, data)}


def wait_until(condition: Callable[[], bool], seconds: float, pause: float = 0.02) -> bool:
    """Whether the condition came true in time."""
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(pause)
    return True


def _pids() -> Iterator[int]:
    if PROC.joinpath("self").exists():
        yield from (int(entry.name) for entry in PROC.iterdir() if entry.name.isdecimal())


def _ps(pid: int) -> str:
    command = ["ps", "-o", "comm=", "-p", str(pid)]
    return subprocess.run(command, capture_output=True, text=True, check=False).stdout
