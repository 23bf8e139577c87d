"""Tables of text of at most 80 columns: a label, then numbers right-aligned, the last of them mostly an interval."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

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
