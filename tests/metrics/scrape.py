"""What the running service answers to a scrape, read by Prometheus's own parsers."""

from __future__ import annotations

import json
import time
import urllib.request
from collections.abc import Callable, Iterator, Mapping

from prometheus_client.parser import text_string_to_metric_families

from tests.processes import Served


def metrics_url(served: Served) -> str:
    """Where the service says that it answers scrapes."""
    for line in served.log.read_text().splitlines():
        if line.startswith("{") and json.loads(line)["event"] == "metrics":
            return str(json.loads(line)["url"])
    raise AssertionError("the service answers no scrapes")


def fetch(url: str, accept: str = "") -> tuple[str, str]:
    request = urllib.request.Request(url, headers={"Accept": accept})  # noqa: S310 - loopback
    with urllib.request.urlopen(request, timeout=10) as answer:  # noqa: S310 - loopback
        return answer.read().decode(), answer.headers["content-type"]


class Scrape:
    """One scrape: `scrape("http_server_requests_total", operation="get_health")` is a sum."""

    def __init__(self, served: Served) -> None:
        text, _ = fetch(metrics_url(served))
        self.samples = list(samples_of(text))

    def __call__(self, name: str, **labels: str) -> float:
        return sum(
            value
            for found, its_labels, value in self.samples
            if found == name and labels.items() <= its_labels.items()
        )

    @property
    def names(self) -> set[str]:
        return {name for name, _, _ in self.samples}


def samples_of(text: str) -> Iterator[tuple[str, Mapping[str, str], float]]:
    for family in text_string_to_metric_families(text):
        for sample in family.samples:
            yield sample.name, sample.labels, sample.value


def wait_for(true: Callable[[], bool], seconds: float = 40.0) -> bool:
    """A request is counted after its answer is sent, measurements are taken now and then."""
    deadline = time.monotonic() + seconds
    while not true():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.05)
    return True
