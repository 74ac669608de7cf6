"""Ratios of one round's figures to those of the other contestant in the same round."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from typing import NamedTuple


class Ratio(NamedTuple):
    """The median of the rounds, and the lowest and highest of them."""

    median: float
    lowest: float
    highest: float

    def __str__(self) -> str:
        return f"{brief(self.median)} ({brief(self.lowest)} to {brief(self.highest)})"


def ratio(these: Sequence[float], those: Sequence[float]) -> Ratio:
    """Round by round, `these` divided by `those`. Raises ValueError for unequal rounds."""
    each = [this / that for this, that in zip(these, those, strict=True)]
    return Ratio(statistics.median(each), min(each), max(each))


def brief(value: float) -> str:
    """Three figures at most: 0.64, 7.3, 152."""
    if abs(value) < 1:
        return f"{value:.2f}"
    return f"{value:.1f}" if abs(value) < 100 else f"{value:,.0f}"  # noqa: PLR2004 - digits
