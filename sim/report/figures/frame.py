"""The frame of a figure: how much room there is, its title, the type and the colours of the page."""

from __future__ import annotations

from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report.figures.lettering import FAMILY, SMALL, TEXT, TITLE, wrapped
from sim.report.palette import INK, PAPER, ZERO

_TITLE_LINE = 23
# How far below the top the first line of a title stands: of several lines, Plotly heeds no other anchor than their foot.
_TITLE_FOOT = 25.0
_TITLE_SIDES = 48  # more than the page leaves, for an image is drawn in whatever type the machine has


@dataclass(frozen=True, slots=True)
class Room:
    """How much room a figure has: its width in pixels, and whether that is a phone's."""

    width: int
    narrow: bool


WIDE, NARROW = Room(800, narrow=False), Room(356, narrow=True)


def blank(title: str, room: Room, height: float, margin: dict[str, float]) -> go.Figure:
    """Return an empty figure with its title, in the type and colours of the page; `meta.head` is the title's height."""
    lines = wrapped(title, room.width - _TITLE_SIDES, TITLE)
    head = _TITLE_LINE * len(lines) + 20
    return go.Figure(
        layout={
            "template": "none",
            "autosize": True,
            "height": height + head,
            "margin": {"pad": 0, "autoexpand": False, **margin, "t": margin["t"] + head},
            "title": {
                "text": "<br>".join(lines),
                "font": {"size": TITLE},
                "x": 0.0,
                "xanchor": "left",
                "xref": "container",
                "y": 1.0 - _TITLE_FOOT / (height + head),
                "yanchor": "bottom",
                "yref": "container",
                "pad": {"t": 0, "l": 2},
            },
            "font": {"family": FAMILY, "size": TEXT, "color": INK.light},
            "paper_bgcolor": PAPER.light,
            "plot_bgcolor": PAPER.light,
            "showlegend": False,
            "dragmode": False,
            "hovermode": "closest",
            "hoverlabel": {
                "bgcolor": PAPER.light,
                "bordercolor": ZERO.light,
                "font": {"family": FAMILY, "size": SMALL, "color": INK.light},
                "align": "left",
            },
            "meta": {"head": head, "width": room.width},
        }
    )
