"""Tables of text, for terminals and for Markdown alike."""

from __future__ import annotations

from collections.abc import Iterable, Sequence


def table(head: Sequence[str], rows: Iterable[Sequence[str]], *, figures: bool = True) -> str:
    """The first column is text; the others are figures, unless it is said that they are not."""
    lines = [list(head), *(list(row) for row in rows)]
    widths = [max(len(line[column]) for line in lines) for column in range(len(head))]
    dashes = [f"{'-' * (width - 1)}{':' if figures else '-'}" for width in widths]
    rule = ["-" * widths[0], *dashes[1:]]
    return "\n".join(row_of(line, widths, figures=figures) for line in [lines[0], rule, *lines[1:]])


def row_of(cells: Sequence[str], widths: Sequence[int], *, figures: bool) -> str:
    aligned = [
        cell.rjust(width) if figures and number else cell.ljust(width)
        for number, (cell, width) in enumerate(zip(cells, widths, strict=True))
    ]
    return f"| {' | '.join(aligned)} |"
