"""A small bar chart as numbers for a template: drawn on the server, with no script and no style."""

from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 20
"""Of a bar with the gap beside it, in the chart's own units."""
HEIGHT = 100


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar: where it begins, how high it is, and what it says."""

    label: str
    count: int
    x: int
    y: int
    height: int


def bars_of(labels: Sequence[str], counts: Sequence[int]) -> tuple[Bar, ...]:
    """Bars side by side, the highest of full height; what is not nothing is never drawn as such."""
    most = max(counts, default=0) or 1
    bars = []
    for place, (label, count) in enumerate(zip(labels, counts, strict=True)):
        height = max(round(count * HEIGHT / most), 2) if count else 0
        bars.append(Bar(label, count, place * WIDTH, HEIGHT - height, height))
    return tuple(bars)
