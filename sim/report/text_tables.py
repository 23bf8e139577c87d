"""Tables of text of at most 80 columns: a label, then numbers right-aligned, the last of them mostly an interval."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim import words
from sim.study.statistics.estimates import Estimate

WIDTH = 80


@dataclass(frozen=True, slots=True)
class Layout:
    """How wide a table's columns are, in characters: that of the labels, and those of the numbers."""

    label: int
    numbers: tuple[int, ...]

    def line(self, label: str, numbers: Sequence[str]) -> str:
        """Return a line of the table; with fewer numbers than columns, the last columns are empty."""
        cells = (f"{number:>{width}}" for number, width in zip(numbers, self.numbers, strict=False))
        return f"{label:<{self.label}}{''.join(cells)}".rstrip()


def cut(text: str, most: int) -> str:
    """Return a text of at most so many characters, the last an ellipsis where it goes on."""
    return text if len(text) <= most else f"{text[: most - 1]}…"


def signed(difference: float) -> str:
    """Return a difference with its sign."""
    text = words.number(difference)
    return f"+{text}" if difference > 0.0 and math.isfinite(difference) and text != "0.000" else text


def interval(estimate: Estimate, *, sign: bool = False) -> str:
    """Return the interval of an estimate in words, with signs where it is of a difference; a dash where there is none."""
    if math.isnan(estimate.low):
        return "-"
    low, high = (signed(end) if sign else words.number(end) for end in (estimate.low, estimate.high))
    return f"{low} to {high}"
