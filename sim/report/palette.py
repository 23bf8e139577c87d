"""Colours: one for each scenario through a whole page, a light and a dark set, and what they look like to others.

A figure is drawn in the colours of the light set. A page that turns dark puts DARK[colour] in the place of each, so
no two roles share a light colour. Scenarios differ by symbol and dash as well: nothing is said by colour alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple


class Tone(NamedTuple):
    """One colour in the light and in the dark, as #rrggbb."""

    light: str
    dark: str


PAPER = Tone("#fcfcfa", "#14171c")
INK = Tone("#1c2026", "#e9ebee")
SOFT = Tone("#5a616b", "#a9b0ba")
GRID = Tone("#e4e3de", "#2c3138")
ZERO = Tone("#7e858e", "#8b939e")
WASH = Tone("#efeeea", "#20252c")
SIGNAL = Tone("#1d7a52", "#4cc38a")
WARNING = Tone("#b3261e", "#ff8a80")

# Found by a search for the largest distance between any two under normal and deficient colour vision, with a contrast
# of at least 3.1 (light) and 4.5 (dark) to the paper; tests/report/test_palette.py holds them to it.
SCENARIOS = (
    Tone("#2928b6", "#8475d4"),
    Tone("#f24a00", "#fd7d1a"),
    Tone("#187d9b", "#1bb89c"),
    Tone("#77085f", "#ff95ff"),
    Tone("#8b9073", "#f1ee44"),
    Tone("#0290e4", "#a3f5ff"),
    Tone("#3b2f0f", "#b6d59d"),
    Tone("#a7373f", "#b07052"),
)
_SYMBOLS = ("circle", "square", "diamond", "triangle-up", "hexagon", "triangle-down", "cross", "star")
DASHES = ("solid", "9px,3px", "3px,2px", "11px,3px,3px,3px", "6px,3px", "2px,4px", "14px,4px", "5px,2px,1px,2px")

# States of affairs from best to worst: greens for agreements, greys for war with and without talks, red for its end.
STATES = {
    "success": Tone("#17663f", "#5fd39b"),
    "in_force": Tone("#8cc4a4", "#2c6e4e"),
    "table_open": Tone("#c3c5c9", "#5b6470"),
    "closed": Tone("#e9e6dc", "#2a2f36"),
    "decided_by_force": Tone("#74231a", "#e0745b"),
}

# In steps: numbers stand in INK on the first four and in PAPER on the others, readable on each, in the light and dark.
RISING = (
    Tone("#f4f3ef", "#1d2229"),
    Tone("#cfdcec", "#26364f"),
    Tone("#a4bfdf", "#2f4a73"),
    Tone("#7fa5d3", "#395c92"),
    Tone("#2f5fa5", "#8fb4ea"),
    Tone("#10305f", "#c2dbff"),
)
IN_INK = 4
_BAND = 0.16


@dataclass(frozen=True, slots=True)
class Look:
    """How a scenario looks wherever it appears: its name, its colour in the light, its symbol and its dash."""

    name: str
    colour: str
    symbol: str
    dash: str

    @property
    def band(self) -> str:
        """The colour of its bands."""
        return _band(self.colour)


NOBODY = Look("", INK.light, "circle", "solid")


def looks(names: Iterable[str]) -> dict[str, Look]:
    """Return a look for each scenario; from the ninth on colours come again, with another symbol and dash."""
    found = {}
    for number, name in enumerate(dict.fromkeys(names)):
        shift = number // len(SCENARIOS)
        at = (number + shift) % len(_SYMBOLS)
        found[name] = Look(name, SCENARIOS[number % len(SCENARIOS)].light, _SYMBOLS[at], DASHES[at])
    return found


def _band(colour: str) -> str:
    """Return a colour of a light set as the colour of a band, thin enough for lines to be seen through it."""
    red, green, blue = rgb(colour)
    return f"rgba({red},{green},{blue},{_BAND})"


def rgb(colour: str) -> tuple[int, int, int]:
    """Return red, green and blue, 0..255, of #rrggbb."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def in_the_dark() -> dict[str, str]:
    """Return the dark colour for each light one, bands included."""
    single = (PAPER, INK, SOFT, GRID, ZERO, WASH, SIGNAL, WARNING)
    tones = [*single, *SCENARIOS, *STATES.values(), *RISING]
    banded = {_band(tone.light): _band(tone.dark) for tone in (*SCENARIOS, INK, SOFT)}
    return {tone.light: tone.dark for tone in tones} | banded


def steps(tones: Sequence[Tone]) -> list[list[float | str]]:
    """Return a colour scale of Plotly that goes through the tones in even steps."""
    count = len(tones)
    return [[end / count, tone.light] for at, tone in enumerate(tones) for end in (at, at + 1)]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours, 1..21, as WCAG 2 reckons it."""
    brighter, darker = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (brighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    """Return the relative luminance of a colour, 0..1."""
    red, green, blue = (_linear(part / 255.0) for part in rgb(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(part: float) -> float:
    """Return one part of a colour as light, 0..1."""
    return part / 12.92 if part <= 0.04045 else float(((part + 0.055) / 1.055) ** 2.4)
