"""What an outcome of an experiment over a space hangs on: its results, handed to sim.study.statistics.sensitivity."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.errors import SimError
from sim.study.claims.spaces import places_of, quick
from sim.study.claims.verdicts import LineResults, Source
from sim.study.design.experiments import Experiment
from sim.study.design.points import Factor
from sim.study.play.paired import paired
from sim.study.statistics.estimates import Estimate
from sim.study.statistics.sensitivity import Halves, Influence, screened, share_of_chance, sobol_indices

SOBOL, MORRIS = "sobol", "morris"

Values = NDArray[np.float64]


@dataclass(frozen=True)
class Sensitivity:
    """What an outcome hangs on.

    outcome      the column
    points       the scenario, or the two of a contrast
    chance       the share of its variance over places and replicates that is chance alone
    influences   the parameters, the strongest first, those not resolved last; none for a design that cannot tell
    method       the design: sobol (shares of the variance between places) or morris (root mean square effects of moving a
                 parameter over its whole range)
    """

    outcome: str
    points: tuple[str, ...]
    chance: Estimate
    influences: tuple[Influence, ...]
    method: str

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        return {
            "outcome": self.outcome,
            "points": list(self.points),
            "method": self.method,
            "chance": ends(self.chance),
            "influences": [
                {
                    "name": one.name,
                    "first": ends(one.first),
                    "total": ends(one.total),
                    "p_value": one.p_value,
                    "resolved": one.resolved,
                }
                for one in self.influences
            ],
        }


def sensitivity_of(source: Source, outcome: str, points: Sequence[str]) -> Sensitivity:
    """Return what an outcome hangs on over the places of a space.

    points   one scenario of the experiment; or two: then the outcome is the second's less the first's, by replicate
    """
    source, experiment = quick(source), source.experiment
    lines = places_of(experiment)
    if not lines:
        raise SimError(f"{experiment.document.label}: its design has no places (latin, sobol or morris)")
    replicates = [outcomes_at(source, line, outcome, points) for line in lines]
    chance = share_of_chance(replicates, experiment.seed)
    halves, names = Halves.of(replicates), list(experiment.factors)
    influences: list[Influence] = []
    if experiment.design == SOBOL:
        influences = sobol_indices(names, halves.shaped(len(lines) // (len(names) + 2)), experiment.seed)
    elif experiment.design == MORRIS:
        paths = len(lines) // (len(names) + 1)
        steps = positions(experiment, lines).reshape(paths, len(names) + 1, len(names))
        influences = screened(names, steps, halves.shaped(paths), experiment.seed)
    return Sensitivity(outcome, tuple(points), chance, tuple(influences), experiment.design)


def asked_points(experiment: Experiment) -> list[tuple[str, ...]]:
    """Return what an experiment over a space asks about: each scenario, and each pair that a contrast sets apart."""
    labels = {point.name: point.label for point in experiment.points}
    pairs = dict.fromkeys((labels[a], labels[b]) for a, b in experiment.contrasts.values())
    return [*((label,) for label in experiment.scenarios), *pairs]


def outcomes_at(source: Source, line: int, outcome: str, points: Sequence[str]) -> Values:
    """Return an outcome, or the difference of two, in each replicate that was finished at a place."""
    results = LineResults(source, source.experiment.rows[line])
    values = paired([results.result(label) for label in points]).change(outcome)
    if not np.isfinite(values).all():
        raise SimError(f"{outcome} has no value in some replicates; choose a column that always has")
    return values


def positions(experiment: Experiment, lines: Sequence[int]) -> Values:
    """Return where each place lies within the range of each factor, 0..1: (places, factors)."""
    factors = experiment.factors.values()
    return np.array([[position(one, experiment.rows[line].values[one.name]) for one in factors] for line in lines])


def position(factor: Factor, value: Any) -> float:
    """Return where a value lies within a factor's range, 0..1; among its values, where it has a list of them."""
    if factor.values:
        return factor.values.index(value) / max(len(factor.values) - 1, 1)
    if factor.by_ratio:
        return math.log(value / factor.low) / math.log(factor.high / factor.low)
    return float((value - factor.low) / (factor.high - factor.low))


def ends(one: Estimate) -> dict[str, float | None]:
    """Return an estimate as plain data."""
    numbers = {"estimate": one.estimate, "low": one.low, "high": one.high}
    return {name: value if math.isfinite(value) else None for name, value in numbers.items()}
