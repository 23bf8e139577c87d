"""Nobody expects credibility to move: averaged over what a source may say, it ends where it began, to within .02.

The source is drawn from the hearer's own model: straight or crooked with the prior's odds, each meeting misrepresented
with that kind's probability, a slant drawn once for each state spoken of, costs drawn from the hearer's belief and
wandering as it supposes. With exact Bayesian updating the expectation would be the prior; keeping each belief by two
moments is what the .02 allows for.

The two kinds of source are drawn in equal numbers and weighted by the prior, which takes the spread between them out of
the error of the mean.
"""

from math import sqrt
from typing import Any

import numpy as np
from scipy.stats import norm

from sim.numerics import logistic, logit
from sim.scenario.load import load
from sim.steps.hearing import UNCHECKED
from tests.rules.hearer import Hearer, Source, Subject

SIZE, SEED = 20_000, 67
FALSE_ALARM = 1e-3
ALLOWED = 0.02
MEETINGS = 39  # one in four weeks, three years
CHECKS = {"checked": 0.1, "unchecked": 0.0}


class Supposed:
    """What Moscow supposes of a secret track 1.5 that speaks of two states, and a draw of it from that."""

    def __init__(self, straight: bool, verification: float, generator: np.random.Generator) -> None:
        world = load("secret-track-1.5").eras[0].world
        self.channel, self.verification, self.generator = world.channels["back"], verification, generator
        self.falsehood = self.channel.straight_falsehood if straight else self.channel.crooked_falsehood
        self.noise = self.channel.noise * self.channel.second_hand
        self.subjects, self.costs, self.slants, self.steps = [], [], [], []
        for name in ("united_states", "ukraine"):
            state = world.states[name]
            signal = world.states["russia"].toward[name].intelligence ** 2
            variance = state.cost_sd**2 * signal / (state.cost_sd**2 + signal)
            slant, spread = self.channel.suspected * state.cost_sd, self.channel.slant * state.cost_sd
            self.subjects.append(Subject(0.0, variance, slant, state.cost_sd))
            self.costs.append(sqrt(variance) * generator.standard_normal())
            self.slants.append(slant + spread * generator.standard_normal())
            self.steps.append(state.volatility)
        self.hearer = Hearer(
            self.subjects,
            Source(
                logit(self.channel.credibility),
                self.channel.straight_falsehood,
                self.channel.crooked_falsehood,
                self.channel.slant,
                self.channel.sincere_false_share,
            ),
        )
        for subject, step in zip(self.hearer.subjects, self.steps, strict=True):
            subject.volatility = step

    @property
    def credibility(self) -> float:
        """How likely the hearer now thinks it that the source is straight."""
        return float(logistic(self.hearer.view().credibility))

    def wander(self) -> None:
        """Let the weeks between two meetings pass."""
        for place, (subject, step) in enumerate(zip(self.hearer.subjects, self.steps, strict=True)):
            for _ in range(self.channel.cadence_weeks):
                self.hearer.state.age_beliefs(subject)
            self.costs[place] += sqrt(self.channel.cadence_weeks) * step * self.generator.standard_normal()

    def meet(self) -> None:
        """Let the hearer take in one meeting, and a check if there is one."""
        shaded = self.generator.random() < self.falsehood
        said = [
            cost + slant * shaded + self.noise * self.generator.standard_normal()
            for cost, slant in zip(self.costs, self.slants, strict=True)
        ]
        checked = int(shaded) if self.generator.random() < self.verification else UNCHECKED
        self.hearer.state.hear_envoy(self.hearer.war.channels[0], self.hearer.lay_out(said, self.noise), checked)


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return prior, expected credibility after each number of meetings in a few, and the standard error at the end."""
    prior = load("secret-track-1.5").eras[0].world.channels["back"].credibility
    result: dict[str, Any] = {"replicates": replicates, "prior": prior, "expected": {}, "error": {}, "kinds": {}}
    for place, (name, verification) in enumerate(CHECKS.items()):
        generator = np.random.default_rng([seed, place])
        ends: dict[bool, list[float]] = {True: [], False: []}
        for straight, found_at_the_end in ends.items():
            for _ in range(max(replicates // 2, 2)):
                source = Supposed(straight, verification, generator)
                for _ in range(MEETINGS):
                    source.meet()
                    source.wander()
                found_at_the_end.append(source.credibility)
        weights = {True: prior, False: 1.0 - prior}
        result["expected"][name] = sum(weights[kind] * float(np.mean(ends[kind])) for kind in ends)
        result["error"][name] = sqrt(
            sum(weights[kind] ** 2 * float(np.var(ends[kind], ddof=1)) / len(ends[kind]) for kind in ends)
        )
        result["kinds"][name] = {"straight": float(np.mean(ends[True])), "crooked": float(np.mean(ends[False]))}
    return result


def wrong(result: dict[str, Any]) -> list[str]:
    """Return where the expectation is surely further from the prior than allowed (z-tests, two comparisons)."""
    surely = float(norm.isf(FALSE_ALARM / 4))
    return [
        f"{name}: {expected:.3f} is expected of a prior of {result['prior']:g}"
        for name, expected in result["expected"].items()
        if abs(expected - result["prior"]) > ALLOWED + surely * result["error"][name]
    ]


def found(result: dict[str, Any]) -> str:
    """Return the expectations in a line."""
    each = (f"{name}: {mean:.4f} +- {result['error'][name]:.4f}" for name, mean in result["expected"].items())
    return f"prior {result['prior']:g}; expected " + ", ".join(each)
