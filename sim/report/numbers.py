"""Numbers as a report says them: shares in percent, differences in points, a true minus, an interval beside each."""

from __future__ import annotations

import math

from sim import words
from sim.study.design.points import written
from sim.study.statistics.estimates import Estimate

THIN = "\N{NO-BREAK SPACE}"
NONE = "–"


def decimal(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number with so many digits; with a sign where it is a difference, and none on zero."""
    if not math.isfinite(value):
        return NONE
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        return text.removeprefix("-")
    return ("+" if sign and value > 0.0 else "") + text.replace("-", "−")


def value(one: object) -> str:
    """Return the value of a factor in words: numbers with three digits, everything else as a file writes it."""
    if isinstance(one, float):
        return f"{one:.3g}".replace("-", "−")
    return words.plain(one) if isinstance(one, str) else written(one)


def percent(share: float) -> str:
    """Return a share in percent: 33.4 %."""
    return NONE if not math.isfinite(share) else f"{decimal(100.0 * share, 1)}{THIN}%"


def points(difference: float) -> str:
    """Return a difference of shares in percentage points, signed: −23.7."""
    return decimal(100.0 * difference, 1, sign=True)


def share(one: Estimate) -> str:
    """Return a share with its interval: 33.4 % (31.4 to 35.5)."""
    ends = f"{decimal(100.0 * one.low, 1)} to {decimal(100.0 * one.high, 1)}"
    return NONE if not math.isfinite(one.estimate) else f"{percent(one.estimate)} ({ends})"


def shares_apart(one: Estimate) -> str:
    """Return a difference of shares with its interval, in percentage points: −23.7 (−25.7 to −21.8)."""
    return _between(points(one.estimate), points(one.low), points(one.high))


def in_full(one: Estimate) -> str:
    """Return a difference of shares with its unit and interval in full, for sentences."""
    ends = f"95{THIN}% interval {points(one.low)} to {points(one.high)}"
    return f"{points(one.estimate)} percentage points ({ends})"


def apart(one: Estimate, digits: int = 3) -> str:
    """Return a difference with its interval: −0.135 (−0.221 to −0.049)."""
    return _between(*(decimal(value, digits, sign=True) for value in (one.estimate, one.low, one.high)))


def mean(one: Estimate, digits: int = 3) -> str:
    """Return a mean with its interval: 0.640 (0.621 to 0.659)."""
    return _between(*(decimal(value, digits) for value in (one.estimate, one.low, one.high)))


def _between(estimate: str, low: str, high: str) -> str:
    """Return an estimate and its interval in words."""
    if estimate == NONE:
        return NONE
    return estimate if NONE in (low, high) else f"{estimate} ({low} to {high})"
