"""What a page shows: a figure with the finding as its title, the finding in words for who cannot see it, and its data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.report.figures.frame import Room
from sim.report.tables import Table

if TYPE_CHECKING:
    import plotly.graph_objects as go


@dataclass(frozen=True, slots=True)
class Key:
    """What a colour stands for in a figure where labels alone cannot say it."""

    label: str
    colour: str


@dataclass(frozen=True)
class Exhibit:
    """One figure of a page.

    name      a word for links and files (`slug`)
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


def slug(text: str) -> str:
    """Return a text as a word for links."""
    return "".join(letter if letter.isalnum() else "-" for letter in text.lower()).strip("-")
