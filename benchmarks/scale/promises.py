"""What is promised of size."""

from __future__ import annotations

from benchmarks.ratios import brief


def kept(value: float, limit: float) -> str:
    """Say it in the report."""
    return f"promised are {brief(limit)} at most, {'kept' if value <= limit else '**not kept**'}"
