"""How things stand, week by week: the share of replicates at war, at the table, in an agreement, and done."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim.report import numbers
from sim.report.exhibit import Exhibit, Key, Table
from sim.report.figures.canvas import SMALL, WIDE, Axis, Note, Room, axis, blank, long, numeric, plain
from sim.report.figures.panels import Panel, Raster, heading
from sim.report.palette import INK, PAPER, STATES, Look, contrast

CAPTION = "Each panel adds up to all replicates of a scenario; the share of each state of affairs is its height."
LABELS = {
    "success": "an agreement has held",
    "in_force": "an agreement in force, too young to count",
    "table_open": "war, and talks at an open table",
    "closed": "war, the table closed",
    "decided_by_force": "decided by force",
}
LEAST_HEIGHT = 0.1


@dataclass(frozen=True, slots=True)
class States:
    """A scenario's share of replicates in each state of affairs, by week from 0, in the order of palette.STATES."""

    label: str
    look: Look
    shares: dict[str, NDArray[np.float64]]


def figure(states: Sequence[States], room: Room = WIDE) -> go.Figure:
    """Return a panel of stacked shares for each scenario."""
    side = {"l": 36.0, "r": 12.0}
    columns = 1 if room.narrow or len(states) == 1 else 2
    raster = Raster(columns, 200.0, 44.0, 62.0, room.width - side["l"] - side["r"])
    drawn = blank(title(states), room, raster.height(len(states)) + 74.0, {**side, "t": 30.0, "b": 44.0})
    notes = []
    for panel, one in zip(raster.panels(len(states)), states, strict=True):
        last = len(next(iter(one.shares.values()))) - 1
        ticks = tuple(float(week) for week in range(0, last + 1, 52 * max(1, -(-last // 260))))
        caption = "week" if panel.number >= len(states) - columns else ""
        weeks = Axis(0.0, float(last), ticks, tuple(str(int(tick)) for tick in ticks), caption)
        drawn.update_layout(panel.axes(numeric(weeks, grid=False), numeric(axis([1.0], "", 5, percent=True))))
        drawn.add_traces(_areas(one, panel))
        notes += [heading(panel, one.label, raster.width, -36.0), *_labels(one, panel, raster)]
    drawn.update_layout(annotations=[one.drawn() for one in notes])
    return drawn


def present(states: Sequence[States]) -> list[str]:
    """Return the states of affairs that occur, from best to worst."""
    return [name for name in STATES if any(name in one.shares and one.shares[name].max() > 0.0 for one in states)]


def _areas(one: States, panel: Panel) -> list[go.Scatter]:
    """Return the areas of one panel, the best at the bottom."""
    return [
        go.Scatter(
            x=list(range(len(one.shares[name]))),
            y=one.shares[name].round(4).tolist(),
            stackgroup=panel.y,
            mode="lines",
            line={"width": 0.8, "color": PAPER.light},
            fillcolor=STATES[name].light,
            name=plain(LABELS[name]),
            xaxis=panel.x,
            yaxis=panel.y,
            hovertemplate="%{y:.1%} in week %{x}: %{fullData.name}<extra></extra>",
            meta={"scenarios": [one.look.name]},
        )
        for name in present([one])
    ]


def _labels(one: States, panel: Panel, raster: Raster) -> list[Note]:
    """Return the share of each state of affairs at the last week, in its area where there is room for it."""
    notes, below = [], 0.0
    for name in present([one]):
        share = float(one.shares[name][-1])
        if share >= LEAST_HEIGHT:
            colour = STATES[name].light
            ink = max(INK.light, PAPER.light, key=lambda one: contrast(colour, one))
            height = panel.up[0] + (below + share / 2.0) * (panel.up[1] - panel.up[0])
            text = plain(f"{numbers.percent(share)}")
            if long(text, SMALL) < raster.width * (panel.across[1] - panel.across[0]):
                notes.append(
                    Note(
                        text,
                        panel.across[1],
                        height,
                        ("right", "middle"),
                        (-5.0, 0.0),
                        ("paper", "paper"),
                        SMALL,
                        ink,
                        one.look.name,
                    )
                )
        below += share
    return notes


def title(states: Sequence[States]) -> str:
    """Return how much is decided by when, in a sentence."""
    one = max(states, key=lambda one: float(one.shares["success"][-1]))
    share = one.shares["success"]
    if share[-1] <= 0.0:
        return "In no scenario does an agreement hold long enough"
    half = int(np.argmax(share >= share[-1] / 2.0))
    return f"With “{one.label}”, half of the successes there will ever be have come by week {half}"


def exhibit(states: Sequence[States]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{one.label} in the last week: "
        + ", ".join(f"{LABELS[name]} {numbers.percent(float(one.shares[name][-1]))}" for name in present([one]))
        for one in states
    )
    data = [
        (one.label, week, LABELS[name], float(one.shares[name][week]))
        for one in states
        for name in present([one])
        for week in range(len(one.shares[name]))
    ]
    key = tuple(Key(LABELS[name], STATES[name].light) for name in present(states))
    table = Table(("scenario", "week", "state of affairs", "share"), data)
    return Exhibit("outcomes", title(states), said, CAPTION, table, lambda room: figure(states, room), key)
