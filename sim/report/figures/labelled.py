"""What a figure shows: something found by the study, under the name and the look that a page gives it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Generic, TypeVar

from sim.report.palette import Look

Found_co = TypeVar("Found_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Labelled(Generic[Found_co]):
    """What was found of a scenario or a contrast.

    label       what the page calls it
    found       as the study gives it: an estimate, the share of each outcome, estimates along a factor
    scenarios   those it rests on: it goes when one of them is hidden
    """

    label: str
    look: Look
    found: Found_co
    scenarios: tuple[str, ...] = ()
