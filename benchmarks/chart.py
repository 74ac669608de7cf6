"""A chart in SVG: a row for each case, a dot for each contestant, on a logarithmic scale. Colours
follow the reader's light or dark surroundings.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from html import escape

from benchmarks.ratios import brief

WIDTH, LEFT, RIGHT = 860, 170, 40
TOP, ROW, BOTTOM = 84, 30, 46
RADIUS = 6
# Colours that are told apart in bright and dark surroundings and by those who see few colours.
COLOURS = ("#d55e00", "#8c8c8c", "#0072b2", "#009e73")
STYLE = """
text { font: 13px system-ui, sans-serif; fill: #1f2328 }
.title { font-weight: 600; font-size: 15px }
.quiet { fill: #59636e }
.line { stroke: #d1d9e0 }
.dot { stroke: #ffffff; stroke-width: 1.5 }
.ground { fill: #ffffff }
@media (prefers-color-scheme: dark) {
  text { fill: #f0f6fc }
  .quiet { fill: #9198a1 }
  .line { stroke: #3d444d }
  .dot { stroke: #0d1117 }
  .ground { fill: #0d1117 }
}
"""
Figures = Mapping[str, float]


def chart(title: str, axis: str, rows: Sequence[tuple[str, Figures]]) -> str:
    """`rows` have a label and a figure above zero for each contestant that has one."""
    names = list(dict.fromkeys(name for _, figures in rows for name in figures))
    colours = dict(zip(names, COLOURS, strict=False))
    height = TOP + ROW * len(rows) + BOTTOM
    scale = Scale(rows)
    dots = (part for number, row in enumerate(rows) for part in drawn(scale, number, row, colours))
    head = f'viewBox="0 0 {WIDTH} {height}" role="img" aria-label="{escape(title)}"'
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" {head}>',
        f"<style>{STYLE}</style>",
        f'<rect class="ground" width="{WIDTH}" height="{height}"/>',
        text(16, 26, title, "title"),
        *legend(colours),
        *grid(scale, height, axis),
        *dots,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


class Scale:
    """From whole powers of ten to whole powers of ten."""

    def __init__(self, rows: Sequence[tuple[str, Figures]]) -> None:
        figures = [figure for _, row in rows for figure in row.values()]
        self.lowest = math.floor(math.log10(min(figures)))
        self.highest = max(math.ceil(math.log10(max(figures))), self.lowest + 1)

    def __call__(self, figure: float) -> float:
        share = (math.log10(figure) - self.lowest) / (self.highest - self.lowest)
        return LEFT + share * (WIDTH - LEFT - RIGHT)

    def powers(self) -> list[float]:
        return [10.0**exponent for exponent in range(self.lowest, self.highest + 1)]


def legend(colours: Mapping[str, str]) -> Iterator[str]:
    for number, (name, colour) in enumerate(colours.items()):
        x = LEFT + number * 130
        yield dot(x, 52, colour, name)
        yield text(x + 12, 57, name)


def grid(scale: Scale, height: int, axis: str) -> Iterator[str]:
    bottom = height - BOTTOM
    for power in scale.powers():
        x = f"{scale(power):.1f}"
        yield f'<line class="line" x1="{x}" x2="{x}" y1="{TOP - 8}" y2="{bottom}"/>'
        yield text(scale(power), bottom + 18, f"{power:,g}", "quiet", anchor="middle")
    yield text(WIDTH - RIGHT, bottom + 36, axis, "quiet", anchor="end")


def drawn(
    scale: Scale, number: int, row: tuple[str, Figures], colours: Mapping[str, str]
) -> Iterator[str]:
    label, figures = row
    y = TOP + ROW * number + ROW / 2
    ends = scale(min(figures.values())), scale(max(figures.values()))
    yield text(LEFT - 14, y + 4, label, anchor="end")
    yield f'<line class="line" x1="{ends[0]:.1f}" x2="{ends[1]:.1f}" y1="{y}" y2="{y}"/>'
    # The first one is what the chart is about, so no other lies on top of it.
    for name, figure in reversed(list(figures.items())):
        yield dot(scale(figure), y, colours[name], f"{name}: {brief(figure)}")


def dot(x: float, y: float, colour: str, says: str) -> str:
    place = f'cx="{x:.1f}" cy="{y}" r="{RADIUS}"'
    return f'<circle class="dot" {place} fill="{colour}"><title>{escape(says)}</title></circle>'


def text(x: float, y: float, says: str, kind: str = "", *, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y}" text-anchor="{anchor}"'
    return f'<text class="{kind}" {place}>{escape(says)}</text>'
