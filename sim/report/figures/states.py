"""How things stand, week by week: the share of replicates at war, at the table, in an agreement, and done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
import plotly.graph_objects as go
from numpy.typing import NDArray

from sim.report import numbers
from sim.report.figures.axes import axis, axis_of_weeks, numeric
from sim.report.figures.exhibit import Exhibit, Key
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.labelled import Labelled
from sim.report.figures.lettering import SMALL, Note, long, plain
from sim.report.figures.panels import HEADING_TALL, Panel, Raster, heading
from sim.report.palette import INK, PAPER, STATES, contrast
from sim.report.tables import Cell, Table
from sim.study.play.weekly import Weekly

_CAPTION = "Each panel adds up to all replicates of a scenario; the share of each state of affairs is its height."
LABELS = {
    "success": "an agreement has held",
    "in_force": "an agreement in force, too young to count",
    "table_open": "war, and talks at an open table",
    "closed": "war, the table closed",
    "decided_by_force": "decided by force",
}
_LEAST_HEIGHT = 0.1


States = Labelled[Mapping[str, NDArray[np.float64]]]


def shares_by_state(weekly: Weekly) -> dict[str, NDArray[np.float64]]:
    """Return the share of replicates in each state of affairs, by week from 0."""
    held, force, open_ = (weekly.mean(name) for name in ("success", "decided_by_force", "table_open"))
    young = np.maximum(weekly.mean("in_force") - held, 0.0)
    talking = np.clip(open_, 0.0, 1.0 - held - force - young)
    return {
        "success": held,
        "in_force": young,
        "table_open": talking,
        "closed": np.maximum(1.0 - held - young - talking - force, 0.0),
        "decided_by_force": force,
    }


def _figure(states: Sequence[States], room: Room = WIDE) -> go.Figure:
    """Return a panel of stacked shares for each scenario."""
    side = {"l": 36.0, "r": 12.0}
    columns = 1 if room.narrow or len(states) == 1 else 2
    raster = Raster(columns, 200.0, 44.0, HEADING_TALL + 32.0, room.width - side["l"] - side["r"])
    margin = {**side, "t": HEADING_TALL, "b": 44.0}
    plot = blank(_title(states), room, raster.height(len(states)) + margin["t"] + margin["b"], margin)
    notes = []
    for panel, state in zip(raster.panels(len(states)), states, strict=True):
        last = len(next(iter(state.found.values()))) - 1
        caption = "week" if panel.number >= len(states) - columns else ""
        weeks = axis_of_weeks(last, 52 * max(1, -(-last // 260)), caption)
        plot.update_layout(panel.axes(numeric(weeks, grid=False), numeric(axis([1.0], "", 5, percent=True))))
        plot.add_traces(_areas(state, panel))
        notes += [heading(panel, state.label, raster.width, -36.0), *_labels(state, panel, raster)]
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _present(states: Sequence[States]) -> list[str]:
    """Return the states of affairs that occur, from best to worst."""
    return [name for name in STATES if any(name in state.found and state.found[name].max() > 0.0 for state in states)]


def _areas(state: States, panel: Panel) -> list[go.Scatter]:
    """Return the areas of one panel, the best at the bottom."""
    return [
        go.Scatter(
            x=list(range(len(state.found[name]))),
            y=state.found[name].round(4).tolist(),
            stackgroup=panel.y,
            mode="lines",
            line={"width": 0.8, "color": PAPER.light},
            fillcolor=STATES[name].light,
            name=plain(LABELS[name]),
            xaxis=panel.x,
            yaxis=panel.y,
            hovertemplate="%{y:.1%} in week %{x}: %{fullData.name}<extra></extra>",
            meta={"scenarios": [state.look.name]},
        )
        for name in _present([state])
    ]


def _labels(state: States, panel: Panel, raster: Raster) -> list[Note]:
    """Return the share of each state of affairs at the last week, in its area where there is room for it."""
    notes, below = [], 0.0
    for name in _present([state]):
        share = float(state.found[name][-1])
        if share >= _LEAST_HEIGHT:
            colour = STATES[name].light
            ink = max(INK.light, PAPER.light, key=lambda tone: contrast(colour, tone))
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
                        state.look.name,
                    )
                )
        below += share
    return notes


def _title(states: Sequence[States]) -> str:
    """Return how much is decided by when, in a sentence."""
    state = max(states, key=lambda state: float(state.found["success"][-1]))
    share = state.found["success"]
    if share[-1] <= 0.0:
        return "In no scenario does an agreement hold long enough"
    half = int(np.argmax(share >= share[-1] / 2.0))
    return f"With “{state.label}”, half of the successes there will ever be have come by week {half}"


def exhibit(states: Sequence[States]) -> Exhibit:
    """Return the figure with its words and data."""
    said = "; ".join(
        f"{state.label} in the last week: "
        + ", ".join(f"{LABELS[name]} {numbers.percent(float(state.found[name][-1]))}" for name in _present([state]))
        for state in states
    )
    present = _present(states)
    data: list[tuple[Cell, ...]] = [
        (state.label, week, *(float(state.found[name][week]) if name in state.found else 0.0 for name in present))
        for state in states
        for week in range(len(next(iter(state.found.values()))))
    ]
    key = tuple(Key(LABELS[name], STATES[name].light) for name in present)
    table = Table(("scenario", "week", *(f"{LABELS[name]}, share" for name in present)), data)
    return Exhibit("outcomes", _title(states), said, _CAPTION, table, lambda room: _figure(states, room), key)
