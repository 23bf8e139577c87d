"""A figure of estimates with their intervals, as inline SVG: no script, no network, readable without colour."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

LEFT, RIGHT, WIDE = 14.0, 346.0, 360
ROW, AXIS = 46.0, 34.0
STEPS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.25, 0.5)
MOST_TICKS = 7


@dataclass(frozen=True, slots=True)
class Mark:
    """One estimate: its label, its number in words, where it lies, its shape, and the CSS class that colours it."""

    label: str
    said: str
    low: float
    estimate: float
    high: float
    shape: Literal["circle", "square", "diamond"]
    style: str


@dataclass(frozen=True, slots=True)
class Panel:
    """Marks on one axis, given in shares and labelled in percent; `signed` labels carry their sign."""

    marks: Sequence[Mark]
    caption: str
    signed: bool = False

    @property
    def height(self) -> float:
        """How much room the panel takes."""
        return ROW * len(self.marks) + AXIS + 14.0


def figure(name: str, title: str, description: str, panels: Sequence[Panel]) -> str:
    """Return an SVG figure; title and description are its text alternative."""
    parts: list[str] = []
    top = 4.0
    for panel in panels:
        parts += _panel(panel, top)
        top += panel.height
    labels = f"{name}-title {name}-description"
    return (
        f'<svg viewBox="0 0 {WIDE} {top:.0f}" role="img" aria-labelledby="{escape(labels)}">'
        f'<title id="{escape(name)}-title">{escape(title)}</title>'
        f'<desc id="{escape(name)}-description">{escape(description)}</desc>'
        f"{''.join(parts)}</svg>"
    )


def scale(panel: Panel) -> tuple[float, float, float]:
    """Return the ends of the axis and the distance of its ticks: it holds every interval, and 0."""
    low = min(0.0, *(mark.low for mark in panel.marks))
    high = max(0.0, *(mark.high for mark in panel.marks))
    step = next((one for one in STEPS if (high - low) / one <= MOST_TICKS), 1.0)
    return math.floor(low / step + 1e-9) * step, math.ceil(high / step - 1e-9) * step, step


def _panel(panel: Panel, top: float) -> Iterator[str]:
    """Yield the elements of one panel."""
    low, high, step = scale(panel)
    span = (high - low) or step

    def across(share: float) -> float:
        return LEFT + (RIGHT - LEFT) * (share - low) / span

    axis = top + ROW * len(panel.marks) + 4.0
    for number in range(round(span / step) + 1):
        tick = low + number * step
        x, percent = across(tick), round(100.0 * tick)
        zero = " zero" if percent == 0 else ""
        label = f"{percent:+d}" if panel.signed and percent else f"{percent}"
        yield f'<line class="grid{zero}" x1="{x:.1f}" x2="{x:.1f}" y1="{top:.1f}" y2="{axis:.1f}"/>'
        yield f'<text class="tick" x="{x:.1f}" y="{axis + 14.0:.1f}" text-anchor="middle">{escape(label)}</text>'
    yield f'<text class="tick" x="{LEFT}" y="{axis + 30.0:.1f}">{escape(panel.caption)}</text>'
    for number, mark in enumerate(panel.marks):
        y = top + ROW * number + 34.0
        yield f'<text class="label" x="{LEFT}" y="{y - 16.0:.1f}">{escape(mark.label)}</text>'
        yield f'<text class="value" x="{RIGHT}" y="{y - 16.0:.1f}" text-anchor="end">{escape(mark.said)}</text>'
        ends = f'x1="{across(mark.low):.1f}" x2="{across(mark.high):.1f}" y1="{y:.1f}" y2="{y:.1f}"'
        yield f'<line class="interval {mark.style}" {ends}/>'
        yield _shape(mark, across(mark.estimate), y)


def _shape(mark: Mark, x: float, y: float) -> str:
    """Return the mark at the estimate."""
    if mark.shape == "circle":
        return f'<circle class="mark {mark.style}" cx="{x:.1f}" cy="{y:.1f}" r="6"/>'
    if mark.shape == "square":
        return f'<rect class="mark {mark.style}" x="{x - 5.5:.1f}" y="{y - 5.5:.1f}" width="11" height="11"/>'
    points = f"{x:.1f},{y - 7:.1f} {x + 7:.1f},{y:.1f} {x:.1f},{y + 7:.1f} {x - 7:.1f},{y:.1f}"
    return f'<polygon class="mark {mark.style}" points="{points}"/>'
