from pathlib import Path

import pytest

from tests.contract import coverage


@pytest.fixture
def reports(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of its own, where nothing has been recorded yet."""
    monkeypatch.setattr(coverage, "REPORTS", tmp_path)
    monkeypatch.setattr(coverage, "_seen", set())
    return tmp_path


def record_all_but(*left_out: coverage.Shown) -> None:
    for shown in coverage.declared():
        if shown not in left_out:
            content = shown.name if shown.kind == "content" else "none"
            headers = [shown.name] if shown.kind == "header" else []
            problem = shown.name if shown.kind == "problem" else None
            coverage.record(shown.operation, int(shown.status), content, headers, problem)


def test_everything_that_the_document_declares_was_produced(reports: Path) -> None:
    record_all_but()
    assert coverage.main() == 0


ONE_OF_EACH_KIND = {shown.kind: shown for shown in coverage.declared()}


@pytest.mark.parametrize("left_out", ONE_OF_EACH_KIND.values(), ids=ONE_OF_EACH_KIND)
def test_one_thing_that_was_never_produced_is_named(
    left_out: coverage.Shown, reports: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    record_all_but(left_out)
    assert coverage.main() == 1
    named = f"{left_out.operation} {left_out.status}: {left_out.kind} {left_out.name}\n"
    assert f"never produced: {named}" in capsys.readouterr().out


def test_no_record_at_all_is_not_taken_for_a_full_one(reports: Path) -> None:
    assert coverage.main() == 1


def test_a_thing_is_written_once(reports: Path) -> None:
    for _ in range(3):
        coverage.record("get_health", 200, "application/json", ["ETag", "etag"])
    (file,) = reports.iterdir()
    assert len(file.read_text().splitlines()) == 2
