"""Whether a contestant still says that it is alive while more people sign in than it can serve."""

from __future__ import annotations

import statistics
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks import load, reads
from benchmarks.load import Load, NoAnswerError, Plan, told_of
from benchmarks.ratios import brief
from benchmarks.rounds import Runner, drain, turns
from benchmarks.scene import OK
from benchmarks.tables import table

CONNECTIONS = 64
PROBES = 1
PROBE_SECONDS = 2
# The flood is there before the probe and goes on after it.
LEAD_SECONDS = 1
SECONDS = PROBE_SECONDS + 2 * LEAD_SECONDS
TURNED_AWAY = 503
HEAD = ("", "p50 ms", "p99 ms", "worst p99 ms", "probes/s", "answers to sign-ins/s")


class FloodSample(NamedTuple):
    """One round: the probe, and what became of the sign-ins meanwhile."""

    p50_ms: float
    p99_ms: float
    probes: float
    sign_ins: float


class Flood(NamedTuple):
    workers: int
    samples: dict[str, list[FloodSample]]

    def headline(self) -> str:
        return f"live while {CONNECTIONS} connections sign in, workers: {self.workers}"

    def table(self) -> str:
        return table(HEAD, [self._row(name) for name in self.samples])

    def p99_ms(self, name: str) -> float:
        return statistics.median(sample.p99_ms for sample in self.samples[name])

    def _row(self, name: str) -> list[str]:
        samples = self.samples[name]
        p50, p99, probes, sign_ins = map(statistics.median, zip(*samples, strict=True))
        worst = max(sample.p99_ms for sample in samples)
        return [name, *map(brief, (p50, p99, worst, probes, sign_ins))]


def measure_flood(
    runners: Sequence[Runner], workers: int, rounds: int, told: Callable[[float], None]
) -> Flood:
    samples: dict[str, list[FloodSample]] = {runner.name: [] for runner in runners}
    with tempfile.TemporaryDirectory(prefix="bench-") as folder:
        for runner in turns(runners, rounds):
            with told_of(f"live while everybody signs in, {runner.name}"):
                samples[runner.name].append(round_of(runner, Path(folder)))
            told(SECONDS)
    return Flood(workers, samples)


def round_of(runner: Runner, folder: Path) -> FloodSample:
    """Raises LoadError for any other answer than a pair of tokens or a 503."""
    port = runner.served.port
    probe = Plan(port, folder / "probe", frozenset({OK}))
    flood = Plan(port, folder / "flood", frozenset({OK, TURNED_AWAY}))
    load.write_entries(probe.entries, [each.as_sent(port) for each in reads.live(runner.scene)])
    load.write_entries(flood.entries, [runner.scene.sign_in_request().as_sent(port)])
    with load.started(flood, CONNECTIONS, SECONDS) as flooding:
        time.sleep(LEAD_SECONDS)
        seen = probed(probe)
        sign_ins = load.parse(load.output_of(flooding, SECONDS), 0)
    drain(runner)
    return FloodSample(seen.p50_ms, seen.p99_ms, seen.per_second, sign_ins.per_second)


def probed(probe: Plan) -> Load:
    """Whoever does not answer at all has taken the whole time, and longer."""
    try:
        return load.run(probe, PROBES, PROBE_SECONDS)
    except NoAnswerError:
        longest = PROBE_SECONDS * 1_000
        return Load(0, PROBE_SECONDS, p50_ms=longest, p99_ms=longest, cpu_seconds=0)
