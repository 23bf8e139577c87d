"""What a page shows: a figure with the finding as its title, the finding in words for who cannot see it, and its data."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.figures.canvas import Room

if TYPE_CHECKING:
    import plotly.graph_objects as go

Cell = str | float | int | None


@dataclass(frozen=True, slots=True)
class Table:
    """The data of a figure: names of columns with their units, and rows."""

    columns: tuple[str, ...]
    rows: Sequence[tuple[Cell, ...]]

    def csv(self) -> str:
        """Return the table as CSV; numbers that do not exist are empty, and no text can be taken for a formula."""
        written = io.StringIO()
        writer = csv.writer(written, lineterminator="\n")
        writer.writerow(self.columns)
        writer.writerows([[_cell(value) for value in row] for row in self.rows])
        return written.getvalue()


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour stands for in a figure where labels alone cannot say it."""

    label: str
    colour: str


@dataclass(frozen=True)
class Exhibit:
    """One figure of a page.

    name      a word for links and files
    title     the finding, computed from the data
    said      the text alternative: the finding with its numbers
    caption   how to read it: what marks, lines and bands are
    draw      returns the figure for so much room
    frames    what a slider runs through, one label for each frame of the figure
    """

    name: str
    title: str
    said: str
    caption: str
    table: Table
    draw: Callable[[Room], go.Figure]
    key: tuple[Key, ...] = ()
    frames: tuple[str, ...] = ()


def _cell(value: Cell) -> str | int:
    """Return a cell as CSV has it: six digits, nothing for no number, a quote before what a spreadsheet would reckon."""
    if value is None or isinstance(value, float):
        return "" if value is None or not math.isfinite(value) else f"{value:.6g}"
    if isinstance(value, int):
        return value
    return f"'{value}" if value[:1] in ("=", "+", "-", "@", "\t", "\r") else value
