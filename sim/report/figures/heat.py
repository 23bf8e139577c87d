"""Success over two factors at once, as a map whose every cell says its number."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import plotly.graph_objects as go

from sim.report import numbers
from sim.report.figures.axes import Axis, numeric
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.lettering import SMALL, Note, long, plain
from sim.report.figures.panels import Panel, Raster, heading
from sim.report.palette import IN_INK, INK, PAPER, RISING, Look, steps
from sim.report.tables import Table
from sim.study.statistics.estimates import Estimate

CAPTION = (
    "Each cell is the share of replicates in which an agreement held, in percent, at one pair of values; the half-width "
    "of the widest 95 % interval in the map is {widest} points. Colour goes with the share, in six steps from zero."
)
CELL = 44.0


@dataclass(frozen=True, slots=True)
class Map:
    """Success of one scenario over two factors; `cells` by row of the second and column of the first, None if unplayed."""

    label: str
    look: Look
    across: tuple[str, ...]
    up: tuple[str, ...]
    cells: tuple[tuple[Estimate | None, ...], ...]


def figure(factors: tuple[str, str], maps: Sequence[Map], room: Room = WIDE) -> go.Figure:
    """Return a map for each scenario; the first factor runs across, the second up."""
    left = max(long(text, SMALL) for one in maps for text in one.up) + 30.0
    side = {"l": left, "r": 10.0}
    columns = 1 if room.narrow or len(maps) == 1 else 2
    tall = CELL * max(len(one.up) for one in maps)
    raster = Raster(columns, tall, left + 24.0, 88.0, room.width - left - 10.0)
    plot = blank(title(factors, maps), room, raster.height(len(maps)) + 86.0, {**side, "t": 30.0, "b": 56.0})
    most = max(cell.estimate for one in maps for row in one.cells for cell in row if cell)
    notes = []
    for panel, one in zip(raster.panels(len(maps)), maps, strict=True):
        x, y = (_named(values, caption) for values, caption in zip((one.across, one.up), factors, strict=True))
        plot.update_layout(panel.axes(x, y))
        plot.add_trace(_cells(one, panel, most))
        notes += [heading(panel, one.label, raster.width), *_numbers(one, panel, most)]
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _named(values: Sequence[str], caption: str) -> dict[str, object]:
    """Return an axis with a place for each value."""
    ticks = tuple(float(number) for number in range(len(values)))
    return numeric(
        Axis(-0.5, len(values) - 0.5, ticks, tuple(plain(value) for value in values), plain(caption)), grid=False
    )


def _cells(one: Map, panel: Panel, most: float) -> go.Heatmap:
    """Return the map of one scenario."""
    return go.Heatmap(
        z=[[step(cell, most) if cell else None for cell in row] for row in one.cells],
        text=[[plain(numbers.share(cell)) if cell else "" for cell in row] for row in one.cells],
        zmin=0.0,
        zmax=float(len(RISING)),
        colorscale=steps(RISING),
        showscale=False,
        xgap=2,
        ygap=2,
        xaxis=panel.x,
        yaxis=panel.y,
        name=plain(one.label),
        hovertemplate="%{text}<extra>%{fullData.name}</extra>",
        meta={"scenarios": [one.look.name]},
    )


def step(cell: Estimate, most: float) -> float:
    """Return in which of the even steps up to the largest share a cell lies: the middle of that step."""
    count = len(RISING)
    return min(int(cell.estimate / most * count), count - 1) + 0.5 if most > 0.0 else 0.5


def _numbers(one: Map, panel: Panel, most: float) -> list[Note]:
    """Return the number of each cell, in ink that can be read on it."""
    return [
        Note(
            numbers.decimal(100.0 * cell.estimate, 0),
            float(x),
            float(y),
            ("center", "middle"),
            axes=(panel.x, panel.y),
            size=SMALL,
            colour=INK.light if step(cell, most) < IN_INK else PAPER.light,
            scenario=one.look.name,
        )
        for y, row in enumerate(one.cells)
        for x, cell in enumerate(row)
        if cell
    ]


def title(factors: tuple[str, str], maps: Sequence[Map]) -> str:
    """Return where success is highest and lowest, in a sentence."""
    found = [
        (cell.estimate, one, one.across[x], one.up[y])
        for one in maps
        for y, row in enumerate(one.cells)
        for x, cell in enumerate(row)
        if cell
    ]
    low, high = min(found, key=lambda one: one[0]), max(found, key=lambda one: one[0])
    told = [f"{numbers.percent(one[0])} at {factors[0]} {one[2]}, {factors[1]} {one[3]}" for one in (low, high)]
    return f"Success runs from {told[0]} to {told[1]}"


def exhibit(factors: tuple[str, str], maps: Sequence[Map]) -> Exhibit:
    """Return the figure with its words and data."""
    data = [
        (one.label, one.across[x], one.up[y], cell.estimate, cell.low, cell.high)
        for one in maps
        for y, row in enumerate(one.cells)
        for x, cell in enumerate(row)
        if cell
    ]
    widest = max((row[5] - row[4]) / 2.0 for row in data)
    table = Table(("scenario", *factors, "success, share", "95 % low", "95 % high"), data)
    caption = CAPTION.format(widest=numbers.decimal(100.0 * widest, 1))
    text = title(factors, maps)
    return Exhibit("map", text, text, caption, table, lambda room: figure(factors, maps, room))
