"""The sums of all workers in the words of Prometheus."""

from __future__ import annotations

import os
import threading
from collections.abc import Callable, Iterator
from itertools import accumulate
from pathlib import Path

from prometheus_client.core import (
    CounterMetricFamily,
    GaugeMetricFamily,
    HistogramMetricFamily,
    Metric,
    SummaryMetricFamily,
)
from prometheus_client.exposition import choose_encoder
from prometheus_client.registry import Collector

from app.metrics.board import Boards, Totals
from app.metrics.families import FAMILIES, Family, Kind

PAGE = os.sysconf("SC_PAGE_SIZE")


class Exposition(Collector):
    """What one scrape gets."""

    def __init__(self, folder: Path, *, version: str, contract: str) -> None:
        self._boards = Boards(folder)
        self._one_at_a_time = threading.Lock()
        self._build = ("service_build_info", (version, contract))

    def text(self, accept: str) -> tuple[bytes, str]:
        """Return the answer and its content type: OpenMetrics for whoever accepts it."""
        try:
            encode, content_type = choose_encoder(accept)
        except (ValueError, TypeError):  # a version that is none
            encode, content_type = choose_encoder("")
        return encode(self), content_type

    def collect(self) -> Iterator[Metric]:
        """Yield a family for each that there is, measured or not (prometheus_client's protocol)."""
        with self._one_at_a_time:
            totals = self._boards.totals()
        add_processes(totals)
        totals.add(self._build, [1.0])
        metrics = {name: metric_of(family) for name, family in FAMILIES.items()}
        for (name, labels), numbers in totals.rows.items():
            add(metrics[name], FAMILIES[name], labels, numbers)
        yield from metrics.values()


def add_processes(totals: Totals) -> None:
    """What the kernel knows of the workers."""
    used = [usage_of(pid) for pid in totals.living]
    totals.add(("workers", ()), [float(len(totals.living))])
    totals.add(("worker_exits", ()), [float(totals.exits)])
    totals.add(("worker_resident_memory_bytes", ()), [sum(memory for memory, _ in used)])
    totals.add(("worker_open_fds", ()), [sum(fds for _, fds in used)])


def usage_of(pid: int) -> tuple[float, float]:
    """Memory and file descriptors of a process; nothing where it ended meanwhile, or on a system
    that has no /proc.
    """
    try:
        resident = int(Path(f"/proc/{pid}/statm").read_text(encoding="ascii").split()[1])
        return float(resident * PAGE), float(sum(1 for _ in Path(f"/proc/{pid}/fd").iterdir()))
    except OSError:
        return 0.0, 0.0


def metric_of(family: Family) -> Metric:
    kinds: dict[Kind, Callable[..., Metric]] = {
        Kind.COUNTER: CounterMetricFamily,
        Kind.GAUGE: GaugeMetricFamily,
        Kind.SUMMARY: SummaryMetricFamily,
        Kind.HISTOGRAM: HistogramMetricFamily,
    }
    return kinds[family.kind](family.name, family.meaning, labels=family.labels)


def add(metric: Metric, family: Family, labels: tuple[str, ...], numbers: list[float]) -> None:
    match metric:
        case HistogramMetricFamily():
            bounds = [*map(str, family.bounds), "+Inf"]
            buckets = list(zip(bounds, accumulate(numbers[:-1]), strict=True))
            metric.add_metric(labels, buckets, numbers[-1])
        case SummaryMetricFamily():
            metric.add_metric(labels, int(numbers[0]), numbers[1])
        case CounterMetricFamily() | GaugeMetricFamily():
            metric.add_metric(labels, numbers[0])
