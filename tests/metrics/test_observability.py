"""What is shipped for Prometheus and Grafana, against a real scrape."""

from __future__ import annotations

import json
import re
import subprocess
import urllib.request
from typing import Any

import pytest
import yaml

from tests.metrics.promql import names_in
from tests.metrics.scrape import Scrape
from tests.processes import ROOT, Served
from tests.tools import needed

FOLDER = ROOT / "deploy" / "observability"
OPERATE = ROOT / "docs" / "operate.md"
# Prometheus's own, for each scrape.
MADE_BY_PROMETHEUS = {"up"}


def dashboard() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((FOLDER / "dashboard.json").read_text())
    return loaded


def panels() -> list[dict[str, Any]]:
    return [panel for panel in dashboard()["panels"] if panel["type"] != "row"]


def alerts() -> list[dict[str, Any]]:
    (group,) = yaml.safe_load((FOLDER / "alerts.yaml").read_text())["groups"]
    rules: list[dict[str, Any]] = group["rules"]
    return rules


def expressions() -> list[str]:
    shown = [target["expr"] for panel in panels() for target in panel["targets"]]
    chosen = [v["query"] for v in dashboard()["templating"]["list"] if v["type"] == "query"]
    return [*shown, *chosen, *(alert["expr"] for alert in alerts())]


def test_every_metric_that_is_named_is_in_a_scrape(watched: Served) -> None:
    urllib.request.urlopen(f"{watched.url}/health/ready")  # noqa: S310 - loopback
    scraped = Scrape(watched).names | MADE_BY_PROMETHEUS | {"job"}

    named = {name for expression in expressions() for name in names_in(expression)}
    assert len(named) > 20
    assert named <= scraped


def test_every_label_that_is_named_is_in_a_scrape(watched: Served) -> None:
    urllib.request.urlopen(f"{watched.url}/health/ready")  # noqa: S310 - loopback
    labels = {label for _, own, _ in Scrape(watched).samples for label in own} | {"job"}

    grouped = {
        label
        for expression in expressions()
        for group in re.findall(r"by \(([^)]*)\)", expression)
        for label in re.split(r",\s*", group)
    }
    matched = {
        label for text in expressions() for label in re.findall(r'([a-z_]+)(?:=|!=)~?"', text)
    }
    assert grouped | matched <= labels


def test_the_dashboard_has_what_grafana_needs() -> None:
    loaded = dashboard()

    assert {"title", "uid", "schemaVersion", "panels", "templating", "time"} <= loaded.keys()
    ids = [panel["id"] for panel in loaded["panels"]]
    assert len(ids) == len(set(ids))
    for panel in panels():
        assert {"title", "description", "datasource", "gridPos", "fieldConfig"} <= panel.keys()
        assert panel["gridPos"]["x"] + panel["gridPos"]["w"] <= 24
        refs = [target["refId"] for target in panel["targets"]]
        assert refs
        assert len(refs) == len(set(refs))


def test_each_alert_says_what_to_do() -> None:
    headings = set(re.findall(r"^### (\w+)$", OPERATE.read_text(), re.MULTILINE))

    assert {alert["alert"] for alert in alerts()} == headings
    for alert in alerts():
        assert alert["labels"]["severity"] in {"page", "ticket"}
        description = alert["annotations"]["description"]
        assert f"docs/operate.md, {alert['alert']}" in description


def test_each_alert_is_shown_to_fire_and_to_be_silent() -> None:
    tried = (FOLDER / "alerts_test.yaml").read_text()

    for alert in alerts():
        assert f"alertname: {alert['alert']}, exp_alerts: []" in tried
        assert f'{{alertname="{alert["alert"]}"}}' in tried


@pytest.mark.parametrize(
    "words",
    [
        ["check", "rules", "alerts.yaml"],
        ["check", "config", "prometheus.yaml"],
        ["test", "rules", "alerts_test.yaml"],
    ],
    ids=" ".join,
)
def test_promtool_finds_nothing_wrong(words: list[str]) -> None:
    said = subprocess.run(
        [needed("promtool"), *words], cwd=FOLDER, capture_output=True, text=True, check=False
    )

    assert said.returncode == 0, said.stdout + said.stderr


@pytest.mark.parametrize(
    ("expression", "names"),
    [
        ("up == 0", {"up"}),
        ('sum by (a, b) (rate(c_total{d="e", f!="g"}[5m])) / h_sum > 1', {"c_total", "h_sum"}),
        ("histogram_quantile(0.9, i_bucket) or j unless k", {"i_bucket", "j", "k"}),
    ],
)
def test_names_are_read_from_expressions(expression: str, names: set[str]) -> None:
    assert set(names_in(expression)) == names
