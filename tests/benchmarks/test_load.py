from __future__ import annotations

import os
from pathlib import Path

import pytest

from benchmarks.flood import probed
from benchmarks.load import LoadError, NoAnswerError, Plan, parse, told_of, write_entries

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
    with pytest.raises(NoAnswerError, match="Not one answer"):
        parse(said().replace("requests=500", "requests=0"), cpu_seconds=0)


def test_no_answer_because_all_were_lost_is_said_as_it_is() -> None:
    with pytest.raises(LoadError, match=r"0 of 0 answers .* 7 were lost"):
        parse(said(lost=7).replace("requests=500", "requests=0"), cpu_seconds=0)


def test_entries_are_told_apart_by_their_lengths(tmp_path: Path) -> None:
    write_entries(tmp_path / "entries", [b"a\r\n\r\n", b"12\nb"])

    assert (tmp_path / "entries").read_bytes() == b"5\na\r\n\r\n\n4\n12\nb\n"


def test_what_cannot_be_counted_says_what_it_was() -> None:
    with (
        pytest.raises(LoadError, match=r"^live, floor: Not one answer came\.$"),
        told_of("live, floor"),
    ):
        parse(said().replace("requests=500", "requests=0"), cpu_seconds=0)


def test_a_probe_that_is_never_answered_took_all_the_time_there_was(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generator = tmp_path / "wrk"
    generator.write_text(
        f"#!/bin/sh\ncat <<'END'\n{said().replace('requests=500', 'requests=0')}END\n"
    )
    generator.chmod(0o755)
    monkeypatch.setenv("PATH", f"{tmp_path}:{os.environ['PATH']}")

    seen = probed(Plan(1, tmp_path / "entries", frozenset({200})))

    assert (seen.requests, seen.p50_ms, seen.p99_ms) == (0, 2_000, 2_000)
