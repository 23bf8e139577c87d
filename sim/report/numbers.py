"""Numbers as a report says them: shares in percent, differences in points, a true minus, an interval beside each."""

from __future__ import annotations

import math

from sim import words
from sim.study.statistics.estimates import Estimate

_THIN = "\N{NO-BREAK SPACE}"
NONE = "–"


def ends(estimate: Estimate) -> tuple[float, float, float]:
    """Return an estimate with the ends of its interval."""
    return estimate.estimate, estimate.low, estimate.high


def decimal(value: float, digits: int = 3, *, sign: bool = False) -> str:
    """Return a number with so many digits; with a sign where it is a difference, and none on zero."""
    return _typeset(words.number(value, digits, sign=sign))


def value(setting: object) -> str:
    """Return the value of a factor in words: numbers with three digits, everything else as a file writes it."""
    if isinstance(setting, float):
        return _typeset(words.value(setting, 3))
    return words.plain(setting) if isinstance(setting, str) else words.value(setting)


def percent(share: float) -> str:
    """Return a share in percent: 33.4 %."""
    return NONE if not math.isfinite(share) else f"{decimal(100.0 * share, 1)}{_THIN}%"


def two_percents(before: float, after: float) -> tuple[str, str]:
    """Return two shares in percent, with as many digits as tell them apart."""
    found = words.two_numbers(100.0 * before, 100.0 * after, 1)
    first, second = (f"{_typeset(text)}{_THIN}%" for text in found)
    return first, second


def _points(difference: float) -> str:
    """Return a difference of shares in percentage points, signed: −23.7."""
    return decimal(100.0 * difference, 1, sign=True)


def share(estimate: Estimate) -> str:
    """Return a share with its interval: 33.4 % (31.4 to 35.5)."""
    between = _typeset(words.interval(100.0 * estimate.low, 100.0 * estimate.high, 1))
    return NONE if not math.isfinite(estimate.estimate) else f"{percent(estimate.estimate)} ({between})"


def shares_apart(difference: Estimate) -> str:
    """Return a difference of shares with its interval, in percentage points: −23.7 (−25.7 to −21.8)."""
    estimate, low, high = (100.0 * value for value in ends(difference))
    return _typeset(words.with_interval(estimate, low, high, 1, sign=True))


def in_full(difference: Estimate) -> str:
    """Return a difference of shares with its unit and interval in full, for sentences."""
    between = _typeset(words.interval(100.0 * difference.low, 100.0 * difference.high, 1, sign=True))
    return f"{_points(difference.estimate)} percentage points (95{_THIN}% interval {between})"


def apart(difference: Estimate, digits: int = 3) -> str:
    """Return a difference with its interval: −0.135 (−0.221 to −0.049)."""
    return _typeset(words.with_interval(*ends(difference), digits, sign=True))


def mean(estimate: Estimate, digits: int = 3) -> str:
    """Return a mean with its interval: 0.640 (0.621 to 0.659)."""
    return _typeset(words.with_interval(*ends(estimate), digits))


def _typeset(text: str) -> str:
    """Return numbers with a true minus, and a longer dash where there is none."""
    return NONE if text == words.NO_NUMBER else text.replace("-", "−")
