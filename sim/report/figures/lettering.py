"""Text in figures: how wide it is, cut into lines that fit, where it stands, and nothing in it that is markup."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from sim.report.palette import INK

FAMILY = "Inter, system-ui, 'Segoe UI', Roboto, sans-serif"
TEXT, SMALL, TITLE = 13, 12, 17
LINE = 17
# Widths of letters in their size, a little generous, so that text fits before it is drawn.
_NARROW_LETTERS, _MIDDLE_LETTERS, _WIDE_LETTERS = "ijlI.,:;'|!()[] ", "frt-–/1“”‘’·", "mwMW@%…—"
_THIN_LETTER, _SLIM_LETTER, _LETTER, _CAPITAL, _BROAD_LETTER = 0.31, 0.43, 0.6, 0.72, 0.93


def plain(text: str) -> str:
    """Return a text in which nothing is markup: Plotly reads tags, entities, $formulas$ and %{fields}."""
    return escape(" ".join(text.split()), quote=False).replace("$", "&#36;").replace("{", "&#123;")


def wrapped(text: str, pixels: float, size: int = TEXT) -> list[str]:
    """Return a text cut into lines that fit, each plain; a word longer than a line is cut."""
    return [plain(line) for line in _lines(text, pixels, size)]


def _lines(text: str, pixels: float, size: int) -> list[str]:
    """Return a text cut into lines that fit, as it is."""
    lines, line = [], ""
    for word in text.split():
        pieces = _pieces(word, pixels, size)
        for number, piece in enumerate(pieces):
            longer = f"{line} {piece}" if line and number == 0 else piece
            if line and (number > 0 or long(longer, size) > pixels):
                lines.append(line)
                longer = piece
            line = longer
    return [*lines, line]


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
    found = _lines(text, pixels, size)
    if len(found) > lines:
        last = _lines(found[lines - 1], pixels - size, size)[0].rstrip(" ,;:")
        found = [*found[: lines - 1], f"{last}…"]
    return [plain(line) for line in found]


def long(text: str, size: int = TEXT) -> float:
    """Return about how many pixels wide a text is."""
    return size * sum(map(_letter, text))


def _letter(letter: str) -> float:
    """Return the width of a letter, in its size."""
    if letter in _NARROW_LETTERS:
        return _THIN_LETTER
    if letter in _MIDDLE_LETTERS:
        return _SLIM_LETTER
    if letter in _WIDE_LETTERS or ord(letter) > 0x2E80:
        return _BROAD_LETTER
    return _CAPITAL if letter.isupper() else _LETTER


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

    def to_plotly(self) -> dict[str, Any]:
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
