from __future__ import annotations

import pytest

from benchmarks.__main__ import choice_of, main, read_options
from benchmarks.cases import CASES
from benchmarks.choice import EXTRAS, Choice, efforts
from benchmarks.contestants.lineup import ALL
from benchmarks.rounds import turns
from benchmarks.wanted import SPEEDS

BY_NAME = {case.name: case for case in CASES}


def chosen(*arguments: str) -> Choice:
    return choice_of(read_options(arguments))


def test_without_options_nothing_is_left_out() -> None:
    choice = chosen()

    assert (choice.cases, choice.contestants) == (list(CASES), list(ALL))
    assert choice.extras == list(EXTRAS)


def test_a_part_is_a_part() -> None:
    choice = chosen("--only", "gate", "live", "--contestants", "floor", "ours")

    assert [case.name for case in choice.cases] == ["live"]
    assert choice.extras == ["gate"]
    assert [contestant.name for contestant in choice.contestants] == ["ours", "floor"]


def test_no_case_has_more_connections_than_it_can_have_and_none_of_them_twice() -> None:
    choice = chosen("--connections", "1", "32", "256")

    assert [each.connections for each in choice.efforts_of(BY_NAME["live"])] == [1, 32, 256]
    assert [each.connections for each in choice.efforts_of(BY_NAME["log_in"])] == [1, 16]


def test_a_round_is_long_enough_for_the_slowest_to_answer_every_connection() -> None:
    assert [each.seconds for each in efforts([1, 32, 256], rounds=3, seconds=1)] == [1, 1, 3]


def test_the_plan_counts_all_that_is_measured() -> None:
    ours = ["--contestants", "ours", "--connections", "32", "--rounds", "5", "--seconds", "2"]

    assert chosen("--only", "live", *ours).seconds() == 1 + 5 * 2
    assert chosen("--only", "live", *ours, "--workers", "1", "2").seconds() == 2 * (1 + 5 * 2)
    assert chosen("--only", "live", "gate", *ours).seconds() > 1 + 5 * 2


def test_a_whole_run_measures_what_has_a_target_with_two_workers_as_well() -> None:
    choice = chosen()
    second = choice.part(2)

    assert choice.workers == [1, 2]
    assert choice.part(1) == choice
    assert {case.name for case in second.cases} == {case for case, _, _ in SPEEDS}
    assert [effort.connections for effort in second.efforts] == [32]
    assert not second.extras
    assert chosen("--only", "live").workers == [1]


def test_contestants_take_turns_forwards_and_backwards() -> None:
    assert "".join(turns("abc", 3)) == "abccbaabc"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--only", "nothing"], "invalid choice: 'nothing'"),
        (["--rounds", "0"], "'0' is not a whole number from 1 to 100."),
        (["--workers", "9"], "'9' is not a whole number from 1 to 4."),
        (["--connections", "many"], "'many' is not a whole number from 1 to 500."),
        (["--write", "--only", "live"], "--write is for whole runs"),
        (["--write", "/no/such/folder"], "there is no folder /no/such/folder"),
    ],
)
def test_what_cannot_be_measured_is_refused_in_a_sentence(
    arguments: list[str], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(arguments)

    assert sentence in capsys.readouterr().err


def test_without_a_load_generator_it_says_where_to_get_it(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")

    assert main(["--only", "live"]) == 1
    assert "Debian: apt-get install wrk" in capsys.readouterr().err
