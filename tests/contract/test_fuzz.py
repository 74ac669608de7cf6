"""That the run of Schemathesis is as strict as it says; the run itself is `make contract`."""

import tomllib
from collections.abc import Iterator
from itertools import islice
from typing import Any

import pytest

from tests.contract.fuzz import main, read_options, seeds
from tests.judge import operations
from tests.processes import ROOT

TEXT = (ROOT / "schemathesis.toml").read_text()
CONFIG: dict[str, Any] = tomllib.loads(TEXT)


def tables(node: Any, path: str = "") -> Iterator[tuple[str, Any]]:
    """Yield each value of the configuration with its dotted name."""
    if isinstance(node, dict):
        for name, value in node.items():
            yield from tables(value, f"{path}.{name}")
    elif isinstance(node, list) and any(isinstance(item, dict) for item in node):
        for item in node:
            yield from tables(item, path)
    else:
        yield path.removeprefix("."), node


def test_no_check_phase_or_operation_is_left_out() -> None:
    off = {name for name, value in tables(CONFIG) if value is False}
    assert off == {"cache.enabled", "output.sanitization.enabled"}
    assert not [name for name, _ in tables(CONFIG) if "exclude" in name]
    assert CONFIG["warnings"] == {"fail-on": True}
    assert CONFIG["generation"]["allow-x00"] is True
    assert CONFIG["generation"]["mode"] == "all"


def test_statuses_are_widened_per_operation_only_and_with_a_reason() -> None:
    widened = {name for name, _ in tables(CONFIG) if name.endswith("expected-statuses")}
    assert widened <= {"operations.checks.positive_data_acceptance.expected-statuses"}
    for block in TEXT.split("[[operations]]")[:-1]:
        assert block.rstrip().splitlines()[-1].startswith("# ")
    entries = CONFIG.get("operations", ())
    named = {name for entry in entries for name in entry["include-operation-id"]}
    assert named <= operations().keys()
    for entry in entries:
        accepted = entry.get("checks", {}).get("positive_data_acceptance", {})
        allowed = set(accepted.get("expected-statuses", ()))
        # 429 is among those that the tool itself accepts, where an operation declares it.
        assert allowed <= {"2xx", "400", "401", "403", "404", "409", "412", "429"}


@pytest.mark.parametrize(
    "url", ["http://127.0.0.1:8000/", "http://localhost:1", "http://[::1]:8000"]
)
def test_a_service_on_this_machine_may_be_tested(url: str) -> None:
    assert read_options(["--url", url]).url == url.rstrip("/")


@pytest.mark.parametrize(
    "url", ["http://example.org", "http://10.0.0.1:8000", "http://127.0.0.1.example.org"]
)
def test_a_service_elsewhere_is_tested_when_its_owner_says_so(
    url: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        read_options(["--url", url])

    assert refused.value.code == 2
    assert f"{url} is not on this machine" in capsys.readouterr().err
    assert read_options(["--url", url, "--i-own-it"]).url == url


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--url", ""),
        ("--url", "127.0.0.1"),
        ("--url", "http://127.0.0.1/?a=b"),
        ("--seed", "first"),
        ("--seed", "-1"),
        ("--minutes", "0"),
        ("--minutes", "nan"),
        ("--minutes", "soon"),
    ],
)
def test_an_option_that_says_nothing_is_refused(
    option: str, value: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as refused:
        read_options([f"{option}={value}"])

    assert refused.value.code == 2
    assert repr(value) in capsys.readouterr().err


def test_the_fixed_seeds_are_run_unless_others_are_asked_for() -> None:
    assert list(seeds(None, 0)) == [1, 2, 3]
    assert list(seeds([7, 8], 0)) == [7, 8]
    assert read_options(["--seed", "random"]).seed != read_options(["--seed", "random"]).seed


def test_other_seeds_follow_until_the_time_is_over() -> None:
    assert len(list(islice(seeds([7], 60), 3))) == 3


def test_a_service_that_does_not_answer_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--url", "http://127.0.0.1:1"]) == 1

    said = capsys.readouterr().err
    assert "http://127.0.0.1:1/openapi.json" in said
    assert "make run" in said
