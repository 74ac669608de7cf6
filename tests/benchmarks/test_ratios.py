from __future__ import annotations

import pytest

from benchmarks.ratios import Ratio, brief, ratio


def test_a_ratio_is_the_median_of_rounds_with_their_bounds() -> None:
    assert ratio([10, 30, 20], [10, 10, 10]) == Ratio(2, 1, 3)


def test_rounds_are_compared_with_the_round_beside_them_and_no_other() -> None:
    assert ratio([100, 10], [50, 5]) == Ratio(2, 2, 2)


def test_rounds_that_are_missing_are_noticed() -> None:
    with pytest.raises(ValueError, match="shorter"):
        ratio([1, 2], [1])


@pytest.mark.parametrize(
    ("value", "text"), [(0.6449, "0.64"), (7.34, "7.3"), (152.4, "152"), (21_345.6, "21,346")]
)
def test_figures_have_no_more_digits_than_they_deserve(value: float, text: str) -> None:
    assert brief(value) == text
