"""Numbers as a report says them: shares in percent, differences in points, a true minus, an interval beside each."""

from __future__ import annotations

import math

from sim import words
from sim.study.play.contrasts import Difference
from sim.study.statistics.estimates import Estimate

THIN = "\N{NO-BREAK SPACE}"
NONE = "–"


def decimal(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number with so many digits; with a sign where it is a difference, and none on zero."""
    return _typeset(words.number(value, digits, sign=sign))


def value(one: object) -> str:
    """Return the value of a factor in words: numbers with three digits, everything else as a file writes it."""
    if isinstance(one, float):
        return _typeset(words.value(one, 3))
    return words.plain(one) if isinstance(one, str) else words.value(one)


def percent(share: float) -> str:
    """Return a share in percent: 33.4 %."""
    return NONE if not math.isfinite(share) else f"{decimal(100.0 * share, 1)}{THIN}%"


def points(difference: float) -> str:
    """Return a difference of shares in percentage points, signed: −23.7."""
    return decimal(100.0 * difference, 1, sign=True)


def share(one: Estimate) -> str:
    """Return a share with its interval: 33.4 % (31.4 to 35.5)."""
    ends = words.interval(100.0 * one.low, 100.0 * one.high, 1)
    return NONE if not math.isfinite(one.estimate) else f"{percent(one.estimate)} ({ends})"


def shares_apart(one: Difference) -> str:
    """Return a difference of shares with its interval, in percentage points: −23.7 (−25.7 to −21.8)."""
    return _typeset(words.with_interval(100.0 * one.difference, 100.0 * one.low, 100.0 * one.high, 1, sign=True))


def in_full(one: Difference) -> str:
    """Return a difference of shares with its unit and interval in full, for sentences."""
    ends = _typeset(words.interval(100.0 * one.low, 100.0 * one.high, 1, sign=True))
    return f"{points(one.difference)} percentage points (95{THIN}% interval {ends})"


def apart(one: Difference, digits: int = 3) -> str:
    """Return a difference with its interval: −0.135 (−0.221 to −0.049)."""
    return _typeset(words.with_interval(one.difference, one.low, one.high, digits, sign=True))


def mean(one: Estimate, digits: int = 3) -> str:
    """Return a mean with its interval: 0.640 (0.621 to 0.659)."""
    return _typeset(words.with_interval(one.estimate, one.low, one.high, digits))


def _typeset(text: str) -> str:
    """Return numbers with a true minus, and a longer dash where there is none."""
    return NONE if text == words.NO_NUMBER else text.replace("-", "−")
