"""Tables of data: of figures, and of their own; as CSV."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from sim.cells import MARK, guarded

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """The data of a figure: names of columns with their units, and rows."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def csv(self) -> str:
        """Return the table as CSV; numbers that do not exist are empty, and no text can be taken for a formula."""
        lines = [map(_cell, self.columns), *(map(_cell, row) for row in self.rows)]
        return MARK + "".join(f"{','.join(line)}\n" for line in lines)


def _cell(value: Cell) -> str:
    """Return a cell as CSV has it: five digits, nothing for no number, a quote before what a spreadsheet would reckon."""
    if value is None or isinstance(value, float):
        return "" if value is None or not math.isfinite(value) else f"{value:.5g}"
    if isinstance(value, int):
        return str(value)
    text = guarded(" ".join(value.split()))
    return '"' + text.replace('"', '""') + '"' if set(text) & set(',"') else text
