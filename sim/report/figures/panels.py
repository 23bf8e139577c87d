"""Several small figures in one: where each panel lies, and lines through time labelled at their ends."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.figures.canvas import SMALL, Note, Room, apart, shortened
from sim.report.palette import Look

LABEL_LINE = 15
HEAD = 30


@dataclass(frozen=True, slots=True)
class Panel:
    """One panel: its number from 0, and its place in the figure as shares of the drawing area, from the bottom left."""

    number: int
    across: tuple[float, float]
    up: tuple[float, float]

    @property
    def x(self) -> str:
        """Return the name of its horizontal axis."""
        return f"x{self.number + 1 if self.number else ''}"

    @property
    def y(self) -> str:
        """Return the name of its vertical axis."""
        return f"y{self.number + 1 if self.number else ''}"

    def axes(self, x: dict[str, Any], y: dict[str, Any]) -> dict[str, Any]:
        """Return both axes under the names a layout gives them."""
        return {
            f"xaxis{self.x[1:]}": x | {"domain": list(self.across), "anchor": self.y},
            f"yaxis{self.y[1:]}": y | {"domain": list(self.up), "anchor": self.x},
        }


@dataclass(frozen=True, slots=True)
class Raster:
    """How panels are laid out: columns, height of each in pixels, gaps in pixels, width of the drawing area in pixels."""

    columns: int
    tall: float
    gap_across: float
    gap_up: float
    width: float

    def height(self, count: int) -> float:
        """Return how tall so many panels are together, in pixels."""
        lines = -(-count // self.columns)
        return lines * self.tall + (lines - 1) * self.gap_up

    def panels(self, count: int) -> list[Panel]:
        """Return the panels, row by row from the top left."""
        height = self.height(count)
        wide = (self.width - (self.columns - 1) * self.gap_across) / self.columns
        found = []
        for number in range(count):
            line, column = divmod(number, self.columns)
            left, top = column * (wide + self.gap_across), line * (self.tall + self.gap_up)
            across = (left / self.width, min(1.0, (left + wide) / self.width))
            found.append(Panel(number, across, (max(0.0, 1.0 - (top + self.tall) / height), 1.0 - top / height)))
        return found


def heading(panel: Panel, text: str, room: Room, shift: float = 0.0) -> Note:
    """Return the title of a panel, above its top left corner."""
    pixels = (panel.across[1] - panel.across[0]) * room.width
    [line] = shortened(text, pixels, 1)
    return Note(f"<b>{line}</b>", panel.across[0], panel.up[1], ("left", "bottom"), (shift, 8.0), ("paper", "paper"))


def end_labels(panel: Panel, ends: Sequence[tuple[str, Look, float]], pixels: float, tall: float) -> list[Note]:
    """Return a label for each line beside its right end, moved apart where they would touch.

    ends   label, look, and height of the end in the panel, 0..1
    """
    most = max(1, int(tall / LABEL_LINE / max(1, len(ends))))
    texts = [shortened(label, pixels, min(2, most), SMALL) for label, _, _ in ends]
    tallest = max((len(text) for text in texts), default=1)
    places = apart([height for _, _, height in ends], (tallest * LABEL_LINE + 1) / tall, 0.02, 0.98)
    return [
        Note(
            "<br>".join(text),
            panel.across[1],
            panel.up[0] + place * (panel.up[1] - panel.up[0]),
            shift=(14.0, 0.0),
            axes=("paper", "paper"),
            size=SMALL,
            scenario=look.name,
        )
        for text, (_, look, _), place in zip(texts, ends, places, strict=True)
    ]
