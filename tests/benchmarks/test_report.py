from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree as ET

import pytest

from benchmarks import report
from benchmarks.__main__ import choice_of, read_options
from benchmarks.chart import chart
from benchmarks.footprint import StartUp
from benchmarks.report import Findings, page, write
from benchmarks.tables import table
from tests.benchmarks.figures import outcome

SVG = "{http://www.w3.org/2000/svg}"
FINDINGS = Findings(
    choice_of(read_options([])),
    [("processor", "one")],
    [
        outcome("live", connections=1, ours=[30], usual=[10]),
        outcome("live", connections=32, ours=[50], usual=[10]),
        outcome("get_post", ours=[70], usual=[10]),
        StartUp(1, {"ours": [0.5, 0.7, 0.6]}),
    ],
)


def dots(svg: str, label: str) -> list[float]:
    found = ET.fromstring(svg).iter(f"{SVG}circle")  # noqa: S314 - it is our own
    return [float(it.attrib["cx"]) for it in found if it.findtext(f"{SVG}title") == label]


def test_the_page_has_each_case_once_with_all_connections() -> None:
    text = page(FINDINGS)

    assert text.count("### live") == text.count("### get_post") == 1
    assert "| ours  |           1 |       30.0 |" in text
    assert "| ours  |          32 |       50.0 |" in text
    assert "5.0 (5.0 to 5.0)" in text


def test_the_page_says_what_was_reached_and_what_was_not() -> None:
    lines = page(FINDINGS).splitlines()

    assert any(
        "live: requests/s, to usual" in line and line.endswith("| yes     |") for line in lines
    )
    assert any("start-up" in line and "0.60 s" in line for line in lines)


def test_a_chart_is_an_image_with_a_dot_for_each_figure() -> None:
    svg = chart("Title & more", "axis", [("one", {"a": 10, "b": 100}), ("two", {"a": 1_000})])

    assert len(list(ET.fromstring(svg).iter(f"{SVG}circle"))) == 3 + 2  # noqa: S314
    assert "prefers-color-scheme: dark" in svg


def test_equal_factors_are_equal_distances() -> None:
    svg = chart("Title", "axis", [("one", {"a": 10, "b": 100, "c": 1_000})])
    places = [dots(svg, label)[0] for label in ("a: 10.0", "b: 100", "c: 1,000")]

    assert places[1] - places[0] == pytest.approx(places[2] - places[1])
    assert places[1] > places[0]


def test_the_first_is_drawn_over_all_others() -> None:
    svg = chart("Title", "axis", [("one", {"first": 10, "second": 10})])

    assert svg.index("second: 10.0") < svg.index("first: 10.0")


def test_both_files_are_written(tmp_path: Path) -> None:
    write(tmp_path, FINDINGS)

    assert {file.name for file in tmp_path.iterdir()} == {report.TEXT, report.CHART}
    assert f"]({report.CHART})" in (tmp_path / report.TEXT).read_text()


def test_columns_of_figures_end_in_line_and_those_of_words_begin_in_line() -> None:
    rows = [["a", "1"], ["b", "10"]]

    assert table(("", "n"), rows).splitlines()[1:3] == ["| - | -: |", "| a |  1 |"]
    assert table(("", "n"), rows, figures=False).splitlines()[1:3] == ["| - | -- |", "| a | 1  |"]
