"""Places on the scale of an issue in words, by the points that a scenario names: at the line of contact."""

from __future__ import annotations

from collections.abc import Mapping

from sim import words
from sim.parameters import FRONT

_NEAR = 0.02
_MIDDLE = 0.1  # of the way between two points, to either side of the middle


def told_place(place: float, points: Mapping[str, float | str], front: float) -> str:
    """Return a place on a scale (0..1) in words, with its number: at the line of contact (0.46).

    points   the points of the issue, at least one
    front    where a point that moves with the front stands
    """
    return f"{_in_words(place, points, front)} ({words.number(place, 2)})"


def _in_words(place: float, points: Mapping[str, float | str], front: float) -> str:
    """Return a place as the point it lies at, the two points it lies between, or the outermost it lies beyond."""
    stands = sorted((front if at == FRONT else float(at), name) for name, at in points.items())
    distance, nearest = min((abs(at - place), name) for at, name in stands)
    if distance <= _NEAR:
        return f"at {nearest}"
    below = [point for point in stands if point[0] < place]
    above = [point for point in stands if point[0] > place]
    if not (below and above):
        return f"{'above' if below else 'below'} {nearest}"
    (low, first), (high, second) = below[-1], above[0]
    way = (place - low) / (high - low)
    if abs(way - 0.5) <= _MIDDLE:
        return f"midway between {first} and {second}"
    return f"between {first} and {second}, nearer the {'first' if way < 0.5 else 'second'}"
