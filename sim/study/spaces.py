"""Verdict (b): in which share of the plausible space a claim holds, and what that share can at most and at least be.

Each line of the design is one place in the space. At each the claim is supported (all its rows have the sign claimed),
contradicted (one has the other), or neither can be told. Signs of noisy estimates are never counted: with a true share of
.98 and 500 replicates a place, counting gives .85. Instead each place gets a p-value for either direction, and of all that
are called supported no more than a twentieth are expected to be so wrongly, nor of those called contradicted (Benjamini &
Hochberg 1995). The share with the claimed sign then lies between the share supported and one minus the share contradicted;
each bound has its own 95 % interval, because the places are themselves a sample.

Replicates are spent where they tell: every place is played 200 times, those not resolved 1,000 times, those still not
resolved 5,000 times. A p-value is the smallest of those at the three looks, times three, so that looking costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.study.claim_file import NON_INFERIORITY, AskedClaim, AskedRow
from sim.study.claims import CONTRADICTED, NOT_RESOLVED, SUPPORTED, Bench, ClaimVerdict, Source, point_at
from sim.study.estimates import Estimate, wilson
from sim.study.experiments import Experiment
from sim.study.results import Result, first_of

if TYPE_CHECKING:
    from sim.study.flips import Flip

LOOKS = (200, 1_000, 5_000)
FALSE_DISCOVERIES = 0.05

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Space:
    """In which share of the places a claim holds.

    supported, contradicted   by place, whether it is called so
    low, high                 what the share with the claimed sign is at least and at most, each with its interval
    least                     the share in which the claim says to hold; 0 where it does not say
    lines                     the places' lines in the design
    flip                      what turns the claim round, where that can be said
    """

    supported: Mask = field(repr=False)
    contradicted: Mask = field(repr=False)
    low: Estimate
    high: Estimate
    least: float
    lines: NDArray[np.int64] = field(repr=False)
    flip: Flip | None = field(default=None, repr=False)

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.supported)

    @property
    def resolved(self) -> Mask:
        """By place, whether it can be told."""
        return self.supported | self.contradicted

    @property
    def still_asked(source: Source, lines: Sequence[int], look: int) -> dict[int, int]:
    """Return how many replicates of which points, by number, the next look needs: those of claims this one cannot tell.

    look   the replicates that every point of the lines has by now; the last look asks for no more
    """
    later = next((one for one in LOOKS if one > look), 0)
    if not later:
        return {}
    experiment = source.experiment
    numbers = {point.name: point.number for point in experiment.points}
    asked: dict[int, int] = {}
    for name, space in spaces(source, lines, look).items():
        labels = labels_of(experiment.claims[name])
        for place in np.flatnonzero(~space.resolved):
            line = experiment.rows[lines[int(place)]]
            asked |= {numbers[point_at(experiment, label, line)]: later for label in labels}
    return asked


def with_spaces(source: Source, verdicts: Sequence[ClaimVerdict]) -> list[ClaimVerdict]:
    """Return verdicts with the space of each claim beside them, and what flips it, if the design has places."""
    from sim.study.flips import flip_of

    experiment = source.experiment
    lines = places_of(experiment)
    if not lines:
        return list(verdicts)
    found = spaces(source, lines)
    columns = {name: [experiment.rows[line].values.get(name) for line in lines] for name in experiment.factors}
    judged = []
    for one in verdicts:
        space = found[one.id]
        judged.append(replace(one, space=replace(space, flip=flip_of(space, columns, experiment.seed))))
    return judged
