"""What all figures share: how much room there is, the type, the axes, and text that stays text."""

from __future__ import annotations

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

import plotly.graph_objects as go

from sim.report.palette import GRID, INK, PAPER, SOFT, ZERO

FAMILY = "Inter, system-ui, 'Segoe UI', Roboto, sans-serif"
TEXT, SMALL, TITLE = 13, 12, 17
TITLE_LINE = 23
TITLE_TOP = 12.0
LINE = 17
# Widths of letters in their size, a little generous, so that text fits before it is drawn.
NARROW_LETTERS, MIDDLE_LETTERS, WIDE_LETTERS = "ijlI.,:;'|!()[] ", "frt-–/1“”‘’·", "mwMW@%…—"
THIN_LETTER, SLIM_LETTER, LETTER, CAPITAL, BROAD_LETTER = 0.31, 0.43, 0.6, 0.72, 0.93
STEPS = (1.0, 2.0, 2.5, 5.0, 10.0)


@dataclass(frozen=True, slots=True)
class Room:
    """How much room a figure has: its width in pixels, and whether that is a phone's."""

    width: int
    narrow: bool


WIDE, NARROW = Room(800, narrow=False), Room(356, narrow=True)


@dataclass(frozen=True, slots=True)
class Axis:
    """A numeric axis: its ends, its ticks with their labels, and its caption with the unit."""

    low: float
    high: float
    ticks: tuple[float, ...]
    labels: tuple[str, ...]
    caption: str


def plain(text: str) -> str:
    """Return a text in which nothing is markup: Plotly reads tags, entities, $formulas$ and %{fields}."""
    return escape(" ".join(text.split()), quote=False).replace("$", "&#36;").replace("{", "&#123;")


def wrapped(text: str, pixels: float, size: int = TEXT) -> list[str]:
    """Return a text cut into lines that fit, each plain; a word longer than a line is cut."""
    lines, line = [], ""
    for word in text.split():
        pieces = _pieces(word, pixels, size)
        for number, piece in enumerate(pieces):
            longer = f"{line} {piece}" if line and number == 0 else piece
            if line and (number > 0 or long(longer, size) > pixels):
                lines.append(line)
                longer = piece
            line = longer
    return [plain(one) for one in [*lines, line]]


def _pieces(word: str, pixels: float, size: int) -> list[str]:
    """Return a word in pieces that fit in a line."""
    pieces = [""]
    for letter in word:
        if pieces[-1] and long(pieces[-1] + letter, size) > pixels:
            pieces.append("")
        pieces[-1] += letter
    return pieces


def shortened(text: str, pixels: float, lines: int, size: int = TEXT) -> list[str]:
    """Return a text in at most so many lines, each plain, with an ellipsis where it goes on."""
    found = wrapped(text, pixels, size)
    if len(found) <= lines:
        return found
    last = found[lines - 1]
    return [*found[: lines - 1], wrapped(last, pixels - size, size)[0].rstrip(" ,;:") + "…"]


def long(text: str, size: int = TEXT) -> float:
    """Return about how many pixels wide a text is."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    """Return the width of a letter, in its size."""
    if letter in NARROW_LETTERS:
        return THIN_LETTER
    if letter in MIDDLE_LETTERS:
        return SLIM_LETTER
    if letter in WIDE_LETTERS or ord(letter) > 0x2E80:
        return BROAD_LETTER
    return CAPITAL if letter.isupper() else LETTER


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


def rounded_step(least: float) -> float:
    """Return the next round number at or above `least`: 1, 2, 2.5 or 5 times a power of ten."""
    power = 10.0 ** math.floor(math.log10(least))
    return next(power * one for one in STEPS if power * one >= least * (1.0 - 1e-9))


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


def blank(title: str, room: Room, height: float, margin: dict[str, float]) -> go.Figure:
    """Return an empty figure with its title, in the type and colours of the page; `meta.head` is the title's height."""
    lines = wrapped(title, room.width - 16, TITLE)
    head = TITLE_LINE * len(lines) + 20
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
                "y": 1.0 - TITLE_TOP / (height + head),
                "yanchor": "top",
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


@dataclass(frozen=True, slots=True)
class Note:
    """A piece of text in a figure.

    text    plain already
    x, y    where it stands: `axes` says in which units, `shift` moves it by pixels, `anchor` says which part stands there
    scenario   whose it is: it goes when the scenario is hidden
    back       what is behind it
    """

    text: str
    x: float
    y: float
    anchor: tuple[str, str] = ("left", "middle")
    shift: tuple[float, float] = (0.0, 0.0)
    axes: tuple[str, str] = ("paper", "y")
    size: int = TEXT
    colour: str = INK.light
    scenario: str = ""
    back: str = "rgba(0,0,0,0)"

    def drawn(self) -> dict[str, Any]:
        """Return the text as Plotly wants it."""
        across, up = self.anchor
        return {
            "text": self.text,
            "x": self.x,
            "y": self.y,
            "xref": self.axes[0],
            "yref": self.axes[1],
            "xanchor": across,
            "yanchor": up,
            "xshift": self.shift[0],
            "yshift": self.shift[1],
            "showarrow": False,
            "align": across,
            "font": {"size": self.size, "color": self.colour},
            "name": self.scenario,
            "bgcolor": self.back,
            "borderpad": 0,
        }


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


def apart(wanted: Sequence[float], least: float, low: float, high: float) -> list[float]:
    """Return places as near to those wanted as can be (least squares), in their order, so far apart and within the ends.

    Where there is no room for that distance, it is as large as there is room for. Less its number times the distance, a
    place may not fall: those that would are pooled at their mean.
    """
    least = min(least, (high - low) / max(1, len(wanted) - 1))
    order = sorted(range(len(wanted)), key=lambda at: wanted[at])
    pools: list[tuple[float, int]] = []
    for number, at in enumerate(order):
        pools.append((wanted[at] - number * least, 1))
        while len(pools) > 1 and pools[-2][0] > pools[-1][0]:
            (one, count), (other, more) = pools[-2:]
            pools[-2:] = [((one * count + other * more) / (count + more), count + more)]
    top = max(low, high - (len(wanted) - 1) * least)
    level = [min(max(place, low), top) for place, count in pools for _ in range(count)]
    placed = [0.0] * len(wanted)
    for number, at in enumerate(order):
        placed[at] = level[number] + number * least
    return placed
