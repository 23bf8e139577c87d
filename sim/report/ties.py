"""Ties: what reads the same is told as the same, and nothing is called the most that another equals."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from typing import TypeVar

from sim import words

_Thing = TypeVar("_Thing")

_MOST_NAMED = 3


def foremost(things: Iterable[_Thing], size: Callable[[_Thing], float], said: Callable[[float], str]) -> list[_Thing]:
    """Return the thing of the largest size, and after it, in their order, all others whose size reads the same."""
    listed = list(things)
    first = max(listed, key=size)
    return [first, *(thing for thing in listed if thing is not first and said(size(thing)) == said(size(first)))]


def quoted(labels: Sequence[str]) -> str:
    """Return labels in quotes as a list in words; of many, the first few and how many others there are."""
    named = [f"“{label}”" for label in labels]
    others = len(named) - _MOST_NAMED
    return words.listed(named if others <= 0 else [*named[:_MOST_NAMED], words.count(others, "other")])
