"""Axes of figures: round ticks, captions with units, lines across them, and bars of intervals along them."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sim.report.figures.lettering import SMALL
from sim.report.palette import GRID, SOFT, ZERO
from sim.study.statistics.estimates import Estimate

STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Axis:
    """A numeric axis: its ends, its ticks with their labels, and its caption with the unit."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    caption: str


def axis(values: Iterable[float], caption: str, most: int, *, percent: bool = False, signed: bool = False) -> Axis:
    """Return an axis that holds every finite value and zero, with at most so many ticks at round numbers."""
    finite = [value for value in values if math.isfinite(value)]
    low, high = min([0.0, *finite]), max([0.0, *finite])
    if low == high:
        high = low + (0.1 if percent else 1.0)
    step = rounded_step((high - low) / max(1, most - 1))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    ticks = tuple(step * number for number in range(first, last + 1))
    labels = tuple(tick_label(tick, step, percent=percent, signed=signed) for tick in ticks)
    return Axis(ticks[0], ticks[-1], ticks, labels, caption)


def axis_of_weeks(last: int, step: int, caption: str = "week") -> Axis:
    """Return an axis from week 0 to the last, with a tick every `step` weeks."""
    weeks = range(0, last + 1, step)
    return Axis(0.0, float(last), tuple(map(float, weeks)), tuple(map(str, weeks)), caption)


def axis_within(low: float, high: float, step: float, caption: str) -> Axis:
    """Return an axis that ends where it is told, with ticks at the multiples of a step between its ends."""
    first = -(-low // step)
    ticks = tuple(step * (first + number) for number in range(int((high - step * first) / step + 1e-9) + 1))
    labels = tuple(tick_label(tick, step, percent=False, signed=False) for tick in ticks)
    return Axis(low, high, ticks, labels, caption)


def rounded_step(least: float) -> float:
    """Return the next round number at or above `least`: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * step for step in STEPS if power * step >= least * (1.0 - 1e-9))


def tick_label(tick: float, step: float, *, percent: bool, signed: bool) -> str:
    """Return a tick in as many digits as the step needs, with a true minus sign."""
    scaled, size = (100.0 * tick, 100.0 * step) if percent else (tick, step)
    digits = max(0, -math.floor(math.log10(size) + 1e-9))
    if round(size, digits) != round(size, digits + 2):
        digits += 1
    text = f"{scaled:.{digits}f}"
    if float(text) == 0.0:
        return "0"
    sign = "+" if signed and scaled > 0.0 else ""
    return sign + text.replace("-", "−")


def numeric(axis: Axis, *, grid: bool = True) -> dict[str, Any]:
    """Return an axis as Plotly wants it: round ticks, faint grid, no line of its own."""
    return {
        "range": [axis.low, axis.high],
        "tickvals": list(axis.ticks),
        "ticktext": list(axis.labels),
        "tickfont": {"size": SMALL, "color": SOFT.light},
        "tickangle": 0,
        "ticklabelstandoff": 6,
        "title": {"text": axis.caption, "font": {"size": SMALL, "color": SOFT.light}, "standoff": 8},
        "showgrid": grid,
        "gridcolor": GRID.light,
        "gridwidth": 1,
        "zeroline": False,
        "showline": not grid,
        "linecolor": ZERO.light,
        "fixedrange": True,
        "ticks": "",
    }


def hidden() -> dict[str, Any]:
    """Return an axis that is not drawn."""
    return {"visible": False, "fixedrange": True, "zeroline": False, "showgrid": False}


def upright(x: float, *, colour: str = ZERO.light, dash: str = "solid", width: float = 1.5) -> dict[str, Any]:
    """Return a line over the whole height at x, such as zero."""
    return {
        "type": "line",
        "x0": x,
        "x1": x,
        "y0": 0,
        "y1": 1,
        "yref": "paper",
        "layer": "below",
        "line": {"color": colour, "width": width, "dash": dash},
    }


def error_bars(estimates: Sequence[Estimate], colour: str) -> dict[str, Any]:
    """Return vertical bars over the intervals of estimates."""
    return {
        "type": "data",
        "symmetric": False,
        "array": [estimate.high - estimate.estimate for estimate in estimates],
        "arrayminus": [estimate.estimate - estimate.low for estimate in estimates],
        "width": 0,
        "thickness": 2,
        "color": colour,
    }
