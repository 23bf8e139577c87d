"""Success over two factors at once, as a map whose every cell says its number."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import plotly.graph_objects as go

from sim import words
from sim.report import numbers
from sim.report.figures.axes import Axis, numeric
from sim.report.figures.exhibit import Exhibit
from sim.report.figures.frame import WIDE, Room, blank
from sim.report.figures.labelled import Labelled
from sim.report.figures.lettering import SMALL, Note, long, plain
from sim.report.figures.panels import HEADING_TALL, Panel, Raster, heading
from sim.report.palette import IN_INK, INK, PAPER, RISING, steps
from sim.report.tables import Table
from sim.report.ties import foremost
from sim.study.statistics.estimates import Estimate

_CAPTION = (
    "Each cell is the share of replicates in which an agreement held, in percent, at one pair of values; the half-width "
    "of the widest 95 % interval in the map is {widest} points. Colour goes with the share, in six steps from zero."
)
_CELL = 44.0


_Value = float | str
Map = Labelled[Mapping[tuple[_Value, _Value], Estimate]]


def _figure(factors: tuple[str, str], maps: Sequence[Map], room: Room = WIDE) -> go.Figure:
    """Return a map for each scenario; the first factor runs across, the second up."""
    left = max(long(text, SMALL) for shares in maps for text in map(numbers.value, _values(shares, 1))) + 30.0
    side = {"l": left, "r": 10.0}
    columns = 1 if room.narrow or len(maps) == 1 else 2
    tall = _CELL * max(len(_values(shares, 1)) for shares in maps)
    raster = Raster(columns, tall, left + 24.0, HEADING_TALL + 58.0, room.width - left - 10.0)
    margin = {**side, "t": HEADING_TALL, "b": 56.0}
    plot = blank(_title(factors, maps), room, raster.height(len(maps)) + margin["t"] + margin["b"], margin)
    most = max(cell.estimate for shares in maps for cell in shares.found.values())
    notes = []
    for panel, shares in zip(raster.panels(len(maps)), maps, strict=True):
        x, y = (_named(_values(shares, way), factor) for way, factor in enumerate(factors))
        plot.update_layout(panel.axes(x, y))
        plot.add_trace(_cells(shares, panel, most))
        notes += [heading(panel, shares.label, raster.width), *_numbers(shares, panel, most)]
    plot.update_layout(annotations=[note.to_plotly() for note in notes])
    return plot


def _values(shares: Map, way: int) -> list[_Value]:
    """Return the values of the first factor (0) or of the second (1), in the order in which they were played."""
    return list(dict.fromkeys(place[way] for place in shares.found))


def _named(values: Sequence[_Value], caption: str) -> dict[str, object]:
    """Return an axis with a place for each value."""
    ticks = tuple(float(number) for number in range(len(values)))
    labels = tuple(plain(numbers.value(value)) for value in values)
    return numeric(Axis(-0.5, len(values) - 0.5, ticks, labels, plain(caption)), grid=False)


def _cells(shares: Map, panel: Panel, most: float) -> go.Heatmap:
    """Return the map of one scenario; what was not played is left out."""
    rows = [[shares.found.get((x, y)) for x in _values(shares, 0)] for y in _values(shares, 1)]
    return go.Heatmap(
        z=[[_step(cell, most) if cell else None for cell in row] for row in rows],
        text=[[plain(numbers.share(cell)) if cell else "" for cell in row] for row in rows],
        zmin=0.0,
        zmax=float(len(RISING)),
        colorscale=steps(RISING),
        showscale=False,
        xgap=2,
        ygap=2,
        xaxis=panel.x,
        yaxis=panel.y,
        name=plain(shares.label),
        hovertemplate="%{text}<extra>%{fullData.name}</extra>",
        meta={"scenarios": [shares.look.name]},
    )


def _step(cell: Estimate, most: float) -> float:
    """Return in which of the even steps up to the largest share a cell lies: the middle of that step."""
    count = len(RISING)
    return min(int(cell.estimate / most * count), count - 1) + 0.5 if most > 0.0 else 0.5


def _numbers(shares: Map, panel: Panel, most: float) -> list[Note]:
    """Return the number of each cell, in ink that can be read on it."""
    across, up = (_values(shares, way) for way in (0, 1))
    return [
        Note(
            numbers.decimal(100.0 * cell.estimate, 0),
            float(across.index(x)),
            float(up.index(y)),
            ("center", "middle"),
            axes=(panel.x, panel.y),
            size=SMALL,
            colour=INK.light if _step(cell, most) < IN_INK else PAPER.light,
            scenario=shares.look.name,
        )
        for (x, y), cell in _by_row(shares)
    ]


def _by_row(shares: Map) -> Iterable[tuple[tuple[_Value, _Value], Estimate]]:
    """Return the cells that were played, row by row."""
    places = ((x, y) for y in _values(shares, 1) for x in _values(shares, 0))
    return ((place, shares.found[place]) for place in places if place in shares.found)


def _title(factors: tuple[str, str], maps: Sequence[Map]) -> str:
    """Return where success is highest and lowest, in a sentence."""
    cells = [found for shares in maps for found in _by_row(shares)]
    lows = foremost(cells, lambda found: -found[1].estimate, numbers.percent)
    highs = foremost(cells, lambda found: found[1].estimate, numbers.percent)
    if len(lows) == len(cells):
        return f"Success is {numbers.percent(cells[0][1].estimate)} everywhere"
    low, high = (_place_in_words(factors, found) for found in (lows, highs))
    return f"Success runs from {low} to {high}"


def _place_in_words(factors: tuple[str, str], found: Sequence[tuple[tuple[_Value, _Value], Estimate]]) -> str:
    """Return the share of cells that tie, where the first of them lies, and how many others there are."""
    ((x, y), cell), *rest = found
    others = f" and {words.count(len(rest), 'other place')}" if rest else ""
    return (
        f"{numbers.percent(cell.estimate)} at {factors[0]} {numbers.value(x)}, {factors[1]} {numbers.value(y)}{others}"
    )


def exhibit(factors: tuple[str, str], maps: Sequence[Map]) -> Exhibit:
    """Return the figure with its words and data."""
    data = [
        (shares.label, numbers.value(x), numbers.value(y), *numbers.ends(cell))
        for shares in maps
        for (x, y), cell in _by_row(shares)
    ]
    widest = max((high - low) / 2.0 for *_, low, high in data)
    table = Table(("scenario", *factors, "success, share", "95 % low", "95 % high"), data)
    caption = _CAPTION.format(widest=numbers.decimal(100.0 * widest, 1))
    text = _title(factors, maps)
    return Exhibit("map", text, text, caption, table, lambda room: _figure(factors, maps, room))
