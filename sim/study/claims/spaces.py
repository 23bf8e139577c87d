"""Verdict (b): in which share of the plausible space a claim holds, and what that share can at most and at least be.

Each line of the design is one place in the space. At each the claim is supported (all its rows have the sign claimed),
contradicted (one has the other), or neither can be told. Signs of noisy estimates are never counted: with a true share of
.98 and 500 replicates a place, counting gives .85. Instead each place gets a p-value for either direction, and of all that
are called supported no more than a twentieth are expected to be so wrongly, nor of those called contradicted (Benjamini &
Hochberg 1995). The share with the claimed sign then lies between the share supported and one minus the share contradicted;
each bound has its own 95 % interval, because the places are themselves a sample.

Replicates are spent where they tell: every place is played 200 times, those not resolved 1,000 times, those still not
resolved 5,000 times. A place where the effect is shown to be smaller than any that matters is not played on for its sign.
A p-value is the smallest of those at the three looks, times three, so that looking costs nothing.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.study.claims import flips
from sim.study.claims.verdicts import CONTRADICTED, NOT_RESOLVED, SUPPORTED, ClaimVerdict, LineResults, Source, point_at
from sim.study.design.claim_file import NON_INFERIORITY, AskedClaim, AskedRow
from sim.study.design.experiments import Experiment
from sim.study.play.results import Result, first_of
from sim.study.statistics.effects import discoveries
from sim.study.statistics.estimates import Estimate, wilson
from sim.study.store.first_replicates import FirstReplicates
from sim.study.store.folder import Folder

LOOKS = (200, 1_000, 5_000)

Mask = NDArray[np.bool_]
Values = NDArray[np.float64]


@dataclass(frozen=True, eq=False)
class Space:
    """In which share of the places a claim holds.

    supported, contradicted   by place, whether it is called so
    negligible                by place, whether the effect is smaller than any that matters, whatever its sign
    low, high                 what the share with the claimed sign is at least and at most, each with its interval
    least                     the share in which the claim says to hold; 0 where it does not say
    lines                     the places' lines in the design
    flip                      what turns the claim round, where that can be said
    sought                    whether that was looked for; it needs scikit-learn
    """

    supported: Mask = field(repr=False)
    contradicted: Mask = field(repr=False)
    negligible: Mask = field(repr=False)
    low: Estimate
    high: Estimate
    least: float
    lines: NDArray[np.int64] = field(repr=False)
    flip: flips.Flip | None = field(default=None, repr=False)
    sought: bool = False

    def __len__(self) -> int:
        """Return the number of places."""
        return len(self.supported)

    @property
    def resolved(self) -> Mask:
        """By place, whether it can be told."""
        return self.supported | self.contradicted

    @property
    def unresolved(self) -> float:
        """The share of places that cannot be told."""
        return float(np.mean(~self.resolved))

    @property
    def verdict(self) -> str:
        """What becomes of a claim that says in which share of the space it holds; empty for one that does not say."""
        if not self.least:
            return ""
        if self.low.low >= self.least:
            return SUPPORTED
        return CONTRADICTED if self.high.high < self.least else NOT_RESOLVED

    def in_words(self) -> str:
        """Return in words between what the share with the claimed sign lies, the intervals of the bounds included."""
        said = f"{100.0 * self.low.low:.0f} to {100.0 * self.high.high:.0f} %"
        return f"{said}, {self.verdict}" if self.verdict else said

    def to_dict(self) -> dict[str, Any]:
        """Return the shares as plain data."""
        said: dict[str, Any] = {
            "places": len(self),
            "supported": float(np.mean(self.supported)),
            "contradicted": float(np.mean(self.contradicted)),
            "unresolved": self.unresolved,
            "negligible": float(np.mean(self.negligible)),
            "at_least": {"estimate": self.low.estimate, "low": self.low.low, "high": self.low.high},
            "at_most": {"estimate": self.high.estimate, "low": self.high.low, "high": self.high.high},
        }
        if self.least:
            said |= {"asked_share": self.least, "verdict": self.verdict}
        return said | {"flip": self.flip.to_dict() if self.flip else None}


@dataclass(frozen=True)
class Tails:
    """P-values of one claim by place: that its rows all have the claimed sign, that one has the other, that none matters.

    supporting      hypothesis: some row has not the claimed sign; small where all have
    contradicting   hypothesis: no row has the other sign; small where one has
    neglecting      hypothesis: some row's effect matters; small where none does
    """

    supporting: Values
    contradicting: Values
    neglecting: Values


def space_of(tails: Tails, least: float, lines: Sequence[int]) -> Space:
    """Return the shares of places that p-values by place support, given in which share the claim says to hold."""
    supported = discoveries(tails.supporting)
    contradicted = discoveries(tails.contradicting) & ~supported
    count = len(supported)
    return Space(
        supported=supported,
        contradicted=contradicted,
        negligible=discoveries(tails.neglecting),
        low=wilson(int(supported.sum()), count),
        high=wilson(count - int(contradicted.sum()), count),
        least=least,
        lines=np.array(lines, dtype=np.int64),
    )


class Three(NamedTuple):
    """P-values at one place: for the claimed sign, for the other, and for an effect too small to matter."""

    supporting: float
    contradicting: float
    neglecting: float


_UNKNOWN = Three(1.0, 1.0, 1.0)


def _row_tails(row: AskedRow, results: LineResults) -> Three:
    """Return the p-values of a row at one place.

    A row of non-inferiority has the claimed sign where the loss is smaller than the smallest effect that matters, and is
    never negligible.
    """
    effect = results.effect(row)
    if effect.replicates == 0:
        return _UNKNOWN
    inferiority = row.kind == NON_INFERIORITY
    bound = -row.sign * row.smallest if inferiority else 0.0
    tails = (effect.above(bound), effect.below(bound))
    one, other = tails if row.sign > 0.0 else (tails[1], tails[0])
    small = 1.0 if inferiority else max(effect.below(row.smallest), effect.above(-row.smallest))
    return Three(one, other, small)


def _claim_tails(claim: AskedClaim, results: LineResults) -> Three:
    """Return the p-values of a claim at one place: all rows have the claimed sign, one has the other, none matters."""
    tails = [_row_tails(row, results) for row in claim.rows if row.counts]
    return Three(
        max(one.supporting for one in tails),
        min(1.0, len(tails) * min(one.contradicting for one in tails)),
        max(one.neglecting for one in tails),
    )


def _looked_at(claim: AskedClaim, results: LineResults, most: int = LOOKS[-1]) -> Three:
    """Return the p-values of a claim at one place over the looks taken there: the smallest, times the number of looks.

    most   the last look that is taken
    """
    whole = {label: results.result(label) for label in _labels_of(claim)}
    if not all(len(result) for result in whole.values()):
        return _UNKNOWN
    played = min(most, *(result.asked for result in whole.values()))
    looks = [look for look in LOOKS if look <= played] or [played]
    columns = {"replicate", "weeks_to_agreement", *(row.outcome for row in claim.rows)}
    at_each = []
    for look in looks:
        kept = {label: _narrowed(result, look, columns) for label, result in whole.items()}
        at_each.append(_claim_tails(claim, LineResults(results.source, results.line, kept)))
    return Three(*(min(1.0, len(LOOKS) * min(tails)) for tails in zip(*at_each, strict=True)))


def _labels_of(claim: AskedClaim) -> list[str]:
    """Return the scenarios that the rows that count rest on, each once."""
    return [*dict.fromkeys(label for row in claim.rows if row.counts for label in row.points)]


def _narrowed(result: Result, replicates: int, columns: Collection[str]) -> Result:
    """Return some columns of the first so many replicates of a result."""
    if result.asked <= replicates:
        return result
    kept = {name: values for name, values in result.columns.items() if name in columns}
    return first_of(replace(result, columns=kept), replicates)


def places_of(experiment: Experiment) -> list[int]:
    """Return the lines of a design that are places in a space; the first line is the scenarios as they are."""
    return [number for number, row in enumerate(experiment.rows) if row.place]


def some_places(experiment: Experiment, count: int) -> Experiment:
    """Return an experiment over a space with its first so many places alone, without the scenarios as they are."""
    return experiment.with_rows([experiment.rows[line] for line in places_of(experiment)[:count]])


def spaces(source: Source, lines: Sequence[int], most: int = LOOKS[-1]) -> dict[str, Space]:
    """Return the space of each claim over some lines of the design, by the claim's id; `most` is the last look taken."""
    claims = source.experiment.claims
    found: dict[str, list[Three]] = {name: [] for name in claims}
    for line in lines:
        results = LineResults(source, source.experiment.rows[line])
        for name, claim in claims.items():
            found[name].append(_looked_at(claim, results, most))
    return {
        name: space_of(Tails(*np.array(found[name]).reshape(-1, 3).T), claim.share, lines)
        for name, claim in claims.items()
    }


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
        labels = _labels_of(experiment.claims[name])
        for place in np.flatnonzero(~(space.resolved | space.negligible)):
            line = experiment.rows[lines[int(place)]]
            asked |= {numbers[point_at(experiment, label, line)]: later for label in labels}
    return asked


def quick(source: Source) -> Source:
    """Return a source that reads columns and leaves scenarios unresolved, which takes longer than to judge a place."""
    return FirstReplicates(source, source.replicates) if isinstance(source, Folder) else source


def with_spaces(source: Source, verdicts: Sequence[ClaimVerdict]) -> list[ClaimVerdict]:
    """Return verdicts with the space of each claim beside them, and what flips it, if the design has places."""
    source = quick(source)
    experiment = source.experiment
    lines = places_of(experiment)
    if not lines:
        return list(verdicts)
    found = spaces(source, lines)
    columns = {name: [experiment.rows[line].values.get(name) for line in lines] for name in experiment.factors}
    judged = []
    for one in verdicts:
        space = found[one.id]
        if flips.can_be_sought():
            flip = flips.flip_of(space.contradicted, space.resolved, columns, experiment.seed)
            space = replace(space, flip=flip, sought=True)
        judged.append(replace(one, space=space))
    return judged
