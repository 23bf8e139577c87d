"""Numbers as a report says them: shares in percent, differences in points, a true minus, an interval beside each."""

from __future__ import annotations

import math

from sim import words
from sim.study.design.points import written
from sim.study.statistics.estimates import Estimate

THIN = "\N{NO-BREAK SPACE}"
NONE = "–"


def ends(estimate: Estimate) -> tuple[float, float, float]:
    """Return an estimate with the ends of its interval."""
    return estimate.estimate, estimate.low, estimate.high


def decimal(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number with so many digits; with a sign where it is a difference, and none on zero."""
    if not math.isfinite(value):
        return NONE
    text = f"{value:.{digits}f}"
    if float(text) == 0.0:
        return text.removeprefix("-")
    return ("+" if sign and value > 0.0 else "") + text.replace("-", "−")


def value(setting: object) -> str:
    """Return the value of a factor in words: numbers with three digits, everything else as a file writes it."""
    if isinstance(setting, float):
        return f"{setting:.3g}".replace("-", "−")
    return words.plain(setting) if isinstance(setting, str) else written(setting)


def percent(share: float) -> str:
    """Return a share in percent: 33.4 %."""
    return NONE if not math.isfinite(share) else f"{decimal(100.0 * share, 1)}{THIN}%"


def _points(difference: float) -> str:
    """Return a difference of shares in percentage points, signed: −23.7."""
    return decimal(100.0 * difference, 1, sign=True)


def share(estimate: Estimate) -> str:
    """Return a share with its interval: 33.4 % (31.4 to 35.5)."""
    low, high = (decimal(100.0 * end, 1) for end in (estimate.low, estimate.high))
    return NONE if not math.isfinite(estimate.estimate) else f"{percent(estimate.estimate)} ({low} to {high})"


def shares_apart(difference: Estimate) -> str:
    """Return a difference of shares with its interval, in percentage points: −23.7 (−25.7 to −21.8)."""
    return _between(_points(difference.estimate), _points(difference.low), _points(difference.high))


def in_full(difference: Estimate) -> str:
    """Return a difference of shares with its unit and interval in full, for sentences."""
    between = f"95{THIN}% interval {_points(difference.low)} to {_points(difference.high)}"
    return f"{_points(difference.estimate)} percentage points ({between})"


def apart(difference: Estimate, digits: int = 3) -> str:
    """Return a difference with its interval: −0.135 (−0.221 to −0.049)."""
    return _between(*(decimal(value, digits, sign=True) for value in ends(difference)))


def mean(estimate: Estimate, digits: int = 3) -> str:
    """Return a mean with its interval: 0.640 (0.621 to 0.659)."""
    return _between(*(decimal(value, digits) for value in ends(estimate)))


def _between(estimate: str, low: str, high: str) -> str:
    """Return an estimate and its interval in words."""
    if estimate == NONE:
        return NONE
    return estimate if NONE in (low, high) else f"{estimate} ({low} to {high})"
