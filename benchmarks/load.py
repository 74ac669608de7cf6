"""The load generator: wrk, which load.lua tells what to send and what answers are right."""

from __future__ import annotations

import re
import resource
import shutil
import subprocess
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import NamedTuple

SCRIPT = Path(__file__).with_name("load.lua")
RESULT = re.compile(r"^RESULT (.+)$", re.MULTILINE)
SAMPLE = re.compile(r"^SAMPLE ?(.*)$", re.MULTILINE)
# Answers that take longer are lost; the slowest stack answers 256 lists within this.
TIMEOUT = 20
LONGEST_END = 30
MISSING = (
    "The load generator wrk is not installed. Install it (Debian: apt-get install wrk), "
    "or run `make bench` as root, which does."
)


class LoadError(Exception):
    """A sentence about a load that cannot be counted."""


class NoAnswerError(LoadError):
    """Nothing was answered while the load lasted."""


@contextmanager
def told_of(what: str) -> Iterator[None]:
    """A load that cannot be counted says what it was."""
    try:
        yield
    except LoadError as error:
        raise LoadError(f"{what}: {error}") from None


class Load(NamedTuple):
    """What the generator saw, and the seconds of processors that it took itself."""

    requests: int
    seconds: float
    p50_ms: float
    p99_ms: float
    cpu_seconds: float

    @property
    def per_second(self) -> float:
        return self.requests / self.seconds


def wrk() -> str:
    found = shutil.which("wrk")
    if found is None:
        raise LoadError(MISSING)
    return found


def wrk_version() -> str:
    """The first two words of what it says about itself, with a status that is one of failure."""
    done = subprocess.run([wrk(), "-v"], capture_output=True, text=True, check=False)
    return " ".join((done.stdout + done.stderr).split()[:2])


def write_entries(path: Path, entries: Iterable[bytes]) -> None:
    """As load.lua reads them: the length, the bytes."""
    path.write_bytes(b"".join(b"%d\n%b\n" % (len(entry), entry) for entry in entries))


class Plan(NamedTuple):
    """What is sent where, and which answers are right. The entries are what load.lua reads."""

    port: int
    entries: Path
    statuses: frozenset[int]
    exchange: str | None = None

    def command(self, connections: int, seconds: int) -> list[str]:
        """To wrk durations are whole seconds."""
        right = ",".join(str(status) for status in sorted(self.statuses))
        url = f"http://127.0.0.1:{self.port}"
        how = ["-t1", f"-c{connections}", f"-d{seconds}s", f"--timeout={TIMEOUT}s", f"-s{SCRIPT}"]
        return [wrk(), *how, url, "--", str(self.entries), right, *filter(None, [self.exchange])]


@contextmanager
def started(plan: Plan, connections: int, seconds: int) -> Iterator[subprocess.Popen[str]]:
    """The generator at work; whatever happens, it has ended afterwards."""
    with subprocess.Popen(
        plan.command(connections, seconds),
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()


def output_of(process: subprocess.Popen[str], seconds: int) -> str:
    """What it says in the end. Raises LoadError if it does not come to one."""
    try:
        return process.communicate(timeout=seconds + LONGEST_END)[0]
    except subprocess.TimeoutExpired:
        raise LoadError(f"wrk was to take {seconds} s and did not end.") from None


def run(plan: Plan, connections: int, seconds: int) -> Load:
    """Raises LoadError unless each answer was the right one."""
    before = children_seconds()
    with started(plan, connections, seconds) as process:
        output = output_of(process, seconds)
    return parse(output, children_seconds() - before)


def children_seconds() -> float:
    """The time of processors of all that was started and has ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def parse(output: str, cpu_seconds: float) -> Load:
    found = RESULT.search(output)
    if found is None:
        raise LoadError(f"wrk said nothing that could be read: {output.strip()[-300:]}")
    figures = {name: int(value) for name, value in (p.split("=") for p in found[1].split())}
    if figures["requests"] == 0 and not figures["lost"]:
        raise NoAnswerError("Not one answer came.")
    if figures["wrong"] or figures["lost"]:
        sample = SAMPLE.search(output)
        raise LoadError(
            f"{figures['wrong']} of {figures['requests']} answers were not the right ones and "
            f"{figures['lost']} were lost: {sample[1] if sample else ''}"
        )
    return Load(
        requests=figures["requests"],
        seconds=figures["microseconds"] / 1e6,
        p50_ms=figures["p50"] / 1e3,
        p99_ms=figures["p99"] / 1e3,
        cpu_seconds=cpu_seconds,
    )
