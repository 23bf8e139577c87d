"""What a change does to the essay's case, in the same replicates."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from docs.tables.mechanisms import CASE, Mechanism, Values
from sim.scenario.load import Scenario, load
from sim.study.play.contrasts import Contrast, contrast
from sim.study.play.replicates import run
from sim.study.play.results import Result
from sim.study.statistics.estimates import Estimate

SEED = 1_000
TRUST = "trust.ukraine.united_states"

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Effect:
    """What switching a mechanism off does to success and to trust, and how many replicates it reaches."""

    mechanism: Mechanism
    success: Estimate
    trust: Estimate
    moved: float
    touched: bool


@dataclass(frozen=True)
class Bench:
    """The essay's case with its replicates, against which others are played.

    replicates   how many pairs
    tell         called with a line of progress
    kept         what was played, by the fingerprint of the scenario
    """

    replicates: int
    tell: Tell
    base: Scenario
    played: Result
    kept: dict[str, Result] = field(default_factory=dict, repr=False)

    def play(self, scenario: Scenario) -> Result:
        """Return the same replicates of another scenario, played once."""
        if scenario.fingerprint not in self.kept:
            self.kept[scenario.fingerprint] = run(scenario, self.replicates, SEED)
        return self.kept[scenario.fingerprint]

    def without(self, mechanism: Mechanism) -> Effect:
        """Return the effect of switching one mechanism off."""
        found = effect(mechanism, contrast(self.played, self.play(mechanism.switched_off(self.base))))
        self.tell(f"{mechanism.name}: S {shown(found.success)}, T {shown(found.trust)}")
        return found

    def between(self, before: Values, after: Values) -> Contrast:
        """Return the contrast of two variants of the case."""
        return contrast(self.play(self.base.with_values(before)), self.play(self.base.with_values(after)))


def bench(replicates: int, tell: Tell, values: Values | None = None) -> Bench:
    """Return the case, with some values changed, played."""
    base = load(CASE).with_values(values or {})
    return Bench(replicates, tell, base, run(base, replicates, SEED))


def effect(mechanism: Mechanism, pair: Contrast) -> Effect:
    """Return what a contrast shows of a mechanism."""
    return Effect(
        mechanism,
        pair.success,
        pair.effect(TRUST).interval(),
        pair.moved.helped + pair.moved.harmed,
        bool(changed_columns(pair)),
    )


def changed_columns(pair: Contrast) -> list[str]:
    """Return the columns of both results in which any bit differs."""
    shared = [name for name in pair.a.columns if name in pair.b.columns]
    return [name for name in shared if not np.array_equal(*pair.values(name), equal_nan=True)]


def shown(one: Estimate) -> str:
    """Return a difference with its interval."""
    return f"{one.estimate:+.4f} ({one.low:+.4f} to {one.high:+.4f})"


def settled(one: Estimate) -> bool:
    """Return whether the interval leaves out 0."""
    return one.low > 0.0 or one.high < 0.0
