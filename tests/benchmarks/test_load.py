from __future__ import annotations

from pathlib import Path

import pytest

from benchmarks.load import LoadError, parse, write_entries

SAID = """Running 1s test @ http://127.0.0.1:8000
RESULT requests=500 microseconds=1250000 wrong={wrong} lost={lost} p50=2500 p99=40125
SAMPLE {sample}
"""


def said(*, wrong: int = 0, lost: int = 0, sample: str = "") -> str:
    return SAID.format(wrong=wrong, lost=lost, sample=sample)


def test_what_the_generator_says_is_read() -> None:
    load = parse(said(), cpu_seconds=0.25)

    assert (load.requests, load.seconds, load.per_second) == (500, 1.25, 400)
    assert (load.p50_ms, load.p99_ms, load.cpu_seconds) == (2.5, 40.125, 0.25)


def test_a_wrong_answer_is_no_measurement_and_is_shown() -> None:
    with pytest.raises(LoadError, match=r"3 of 500 answers .* 0 were lost: 503 Unavailable"):
        parse(said(wrong=3, sample="503 Unavailable"), cpu_seconds=0)


def test_a_lost_answer_is_no_measurement() -> None:
    with pytest.raises(LoadError, match="2 were lost"):
        parse(said(lost=2), cpu_seconds=0)


def test_a_generator_that_fails_is_quoted() -> None:
    with pytest.raises(LoadError, match="unable to connect"):
        parse("unable to connect to 127.0.0.1:1 Connection refused\n", cpu_seconds=0)


def test_no_answer_at_all_is_no_measurement() -> None:
    with pytest.raises(LoadError, match="Not one answer"):
        parse(said().replace("requests=500", "requests=0"), cpu_seconds=0)


def test_entries_are_told_apart_by_their_lengths(tmp_path: Path) -> None:
    write_entries(tmp_path / "entries", [b"a\r\n\r\n", b"12\nb"])

    assert (tmp_path / "entries").read_bytes() == b"5\na\r\n\r\n\n4\n12\nb\n"
