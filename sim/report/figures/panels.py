"""Several small figures in one: where each panel lies, and its heading."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from sim.report.figures.lettering import LINE, Note, shortened

_HEADING_LINES = 2
HEADING_TALL = 13.0 + _HEADING_LINES * LINE  # what stands above a panel whose heading has all its lines
_PAPER_SHARE = 0.8  # on paper, and on narrow windows, there is a little less room than on a laptop


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


def heading(panel: Panel, text: str, width: float, shift: float = 0.0) -> Note:
    """Return the title of a panel, above its top left corner; `width` is that of the drawing area, in pixels."""
    pixels = (panel.across[1] - panel.across[0]) * width - shift
    lines = "<br>".join(shortened(text, _PAPER_SHARE * pixels, _HEADING_LINES))
    return Note(f"<b>{lines}</b>", panel.across[0], panel.up[1], ("left", "bottom"), (shift, 8.0), ("paper", "paper"))
