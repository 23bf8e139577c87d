"""Whether the reference scenario is plausible: two targets, the settings that meet them, and what success hangs on.

Two things are asked of the reference, in which all concerned sit at the table and no channel runs:

    success      the share of replicates in which an agreement holds within the horizon of three years: .2 to .6
    durability   of agreements signed, the share in force a year later: .70 to .85 (evidence: pad_survival_1y, .793)

Only the reference is played, and only under seeds below 1,000: whatever is set by looking at results is set here, and
claims are put to the test under other seeds.

Durability is read off the columns without estimation. An agreement that holds for a year is a success and ends the
replicate, so of a first agreement signed a year or more before the horizon it is always known whether it held: it did
unless an agreement broke. First agreements signed later, whose year the horizon cuts off, and second ones, whose week
is not in the columns, are left out. Nothing that is left in is censored, so a Kaplan-Meier curve would end at the same
share.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from sim.chance import generator
from sim.errors import SimError
from sim.parameters import Parameter
from sim.scenario.keys import parameter_of
from sim.scenario.load import Scenario, load
from sim.study.play.contrasts import contrast
from sim.study.play.replicates import run
from sim.study.play.results import Result
from sim.study.statistics.estimates import Estimate, wilson

SCENARIO = "reference"
YEAR = 52
SEEDS_END = 1_000
CHECK_SEED, DESIGN_SEED, SETTINGS_SEED, ALONE_SEED = 0, 1, 2, 3

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Target:
    """What is asked of one estimate: to lie within an interval."""

    name: str
    low: float
    high: float
    because: str

    def met(self, estimate: Estimate) -> bool:
        """Return whether the estimate itself lies within the target."""
        return self.low <= estimate.estimate <= self.high

    def surely_met(self, estimate: Estimate) -> bool:
        """Return whether the whole 95 % interval does."""
        return self.low <= estimate.low and estimate.high <= self.high

    def surely_missed(self, estimate: Estimate) -> bool:
        """Return whether none of the 95 % interval does."""
        return estimate.high < self.low or estimate.low > self.high


SUCCESS = Target(
    "success within three years",
    0.2,
    0.6,
    "full-scale wars that ended in an agreement, .161 unmediated and .578 mediated "
    "(`icb_agreement_war_unmediated`, `icb_agreement_war_mediated`)",
)
DURABILITY = Target(
    "agreements in force a year after signing",
    0.70,
    0.85,
    "peace agreements in force after a year, .793 (`pad_survival_1y`)",
)


@dataclass(frozen=True)
class Factor:
    """One thing that is varied: a parameter, of one state or of several together.

    keys        the keys that take the same value
    evidence    the row of evidence that measures it, if any does
    """

    name: str
    keys: tuple[str, ...]
    evidence: str = ""

    @property
    def parameter(self) -> Parameter:
        """Return the declaration."""
        return parameter_of(tuple(self.keys[0].split(".")))

    @property
    def measured(self) -> bool:
        """Return whether somebody has measured it."""
        return bool(self.evidence)

    @property
    def plausible(self) -> tuple[float, float]:
        """Return the plausible range."""
        if self.parameter.plausible is None:
            raise SimError(f"{self.keys[0]} has no plausible range")
        return self.parameter.plausible

    @property
    def by_ratio(self) -> bool:
        """Return whether the range is one of ratios (a size above 0) and not of differences (a probability or share)."""
        return self.plausible[0] > 0.0 and not self.parameter.unit.startswith(("probability", "share", "0..1"))

    def at(self, place: float) -> float:
        """Return the value at a place 0..1 of the range: of its logarithm for a size, else of itself."""
        low, high = self.plausible
        return low * (high / low) ** place if self.by_ratio else low + (high - low) * place

    def default(self, scenario: Scenario) -> float:
        """Return the value in a scenario."""
        level: object = scenario.values
        for part in self.keys[0].split("."):
            level = level[part]  # type: ignore[index]
        return float(level)  # type: ignore[arg-type]

    def set_to(self, value: float) -> dict[str, float]:
        """Return the values that set it."""
        return dict.fromkeys(self.keys, value)


STATES = ("russia", "ukraine", "united_states")
BELLIGERENTS, PARLIAMENTS = STATES[:2], STATES[1:]
GUARANTEE, AID = "guarantees.united_states_for_ukraine", "aid.united_states_to_ukraine"


def of(name: str, *states: str) -> tuple[str, ...]:
    """Return the keys of a parameter of several states."""
    return tuple(f"states.{state}.{name}" for state in states)


def toward(name: str, *pairs: tuple[str, str]) -> tuple[str, ...]:
    """Return the keys of a parameter of several ordered pairs of states."""
    return tuple(f"states.{one}.toward.{other}.{name}" for one, other in pairs)


def both_ways(one: str, other: str) -> tuple[tuple[str, str], tuple[str, str]]:
    """Return both ordered pairs of two states."""
    return (one, other), (other, one)


def apart(words: str, name: str, states: Sequence[str]) -> Iterator[Factor]:
    """Yield one factor a state: what the states are told apart by is drawn for each."""
    for state in states:
        yield Factor(f"{words}: {state.replace('_', ' ').title()}", of(name, state))


FACTORS: tuple[Factor, ...] = (
    *apart("median cost of war", "cost_median", STATES),
    *apart("loss by betrayal", "betrayal", BELLIGERENTS),
    *apart("deterrence by own strength", "deterrence", BELLIGERENTS),
    *apart("reliability", "reliability", STATES),
    Factor("trust of Russia in Ukraine", toward("trust", ("russia", "ukraine"))),
    Factor("trust of Ukraine in Russia", toward("trust", ("ukraine", "russia"))),
    Factor("trust of Ukraine in the United States", toward("trust", ("ukraine", STATES[2])), "kiis_trust_us_2024"),
    Factor("trust of the United States in Russia", toward("trust", (STATES[2], "russia"))),
    Factor("trust of the United States in Ukraine", toward("trust", (STATES[2], "ukraine"))),
    Factor("noise of intelligence between adversaries", toward("intelligence", *both_ways(*BELLIGERENTS))),
    Factor("noise of intelligence between partners", toward("intelligence", *both_ways(*PARLIAMENTS))),
    Factor(
        "noise of intelligence between Russia and the United States",
        toward("intelligence", *both_ways("russia", "united_states")),
    ),
    Factor("spread of costs", of("cost_sd", *STATES)),
    Factor("growth of weariness", of("growth", *STATES)),
    Factor("volatility of costs", of("volatility", *STATES)),
    Factor("optimism", of("optimism", *STATES)),
    Factor("table cost", of("table_cost", *STATES)),
    Factor("goodwill", of("goodwill", *STATES)),
    Factor("aspiration", of("aspiration", *STATES)),
    Factor("concession", of("concession", *STATES)),
    Factor("slack of parliament", of("slack", *PARLIAMENTS)),
    Factor("spread of the vote", of("domestic_sd", *PARLIAMENTS)),
    Factor("effect of the guarantee", (f"{GUARANTEE}.effect",)),
    Factor("burden of the guarantee", (f"{GUARANTEE}.burden",)),
    Factor("aid", (f"{AID}.maximum",)),
    Factor("sensitivity of aid to escalation", (f"{AID}.sensitivity",)),
    Factor("fear of escalation", ("escalation.prior",)),
    Factor("where the front starts", ("front.start",)),
    Factor("response of the front", ("front.response",)),
    Factor("chance at the front", ("front.sd",), "isw_front_sd"),
    Factor("convening", ("table.convening",)),
    Factor("breaches by the trustworthy", ("agreement.hazard_trustworthy",)),
    Factor("breaches by others", ("agreement.hazard_untrustworthy",)),
)

# Parameters with a plausible range that decide nothing in the reference, by why. A test sees to it that every assumed
# parameter with a plausible range is either a factor or named here.
IDLE: Mapping[str, tuple[str, ...]] = {
    "no state is kept from the table": ("blocking", "grievance", "fait_accompli", "spoiling"),
    "no channel meets or leaks": ("contact_cost", "exposure_cost", "exposure_lapse", "bluff"),
    "nobody conveys claims of escalation": ("claim_factor", "believed_claim_rate", "reversion"),
    "the United States does not fight": ("states.united_states.betrayal", "states.united_states.deterrence"),
    "Russia has no parliament to ask": ("states.russia.slack", "states.russia.domestic_sd"),
    "nothing hosts or is pledged": ("host_discretion", "believed_pledge_trustworthy", "believed_pledge_untrustworthy"),
    "it is an output only": ("states.russia.toward.united_states.trust",),
}


@dataclass(frozen=True)
class Fit:
    """How one setting stands to both targets."""

    success: Estimate
    durability: Estimate

    @property
    def met(self) -> bool:
        """Return whether both estimates lie within their targets."""
        return SUCCESS.met(self.success) and DURABILITY.met(self.durability)

    @property
    def surely_met(self) -> bool:
        """Return whether both intervals do."""
        return SUCCESS.surely_met(self.success) and DURABILITY.surely_met(self.durability)

    @property
    def surely_missed(self) -> bool:
        """Return whether one of the intervals lies outside its target."""
        return SUCCESS.surely_missed(self.success) or DURABILITY.surely_missed(self.durability)


@dataclass(frozen=True)
class Swing:
    """What success becomes as one factor alone goes to either end of its range, and how it goes with it over settings.

    low, high     the change of success at the low and at the high end, against the defaults, in the same replicates
    correlation   Spearman's rank correlation of the factor with success over the settings drawn
    """

    factor: Factor
    low: Estimate
    high: Estimate
    correlation: float

    @property
    def size(self) -> float:
        """Return the larger of the two changes."""
        return max(abs(self.low.estimate), abs(self.high.estimate))


@cache
def reference() -> Scenario:
    """Return the scenario that is calibrated."""
    return load(SCENARIO)


def played(values: Mapping[str, object], replicates: int, seed: int) -> Result:
    """Return the reference with some values changed, played."""
    if not 0 <= seed < SEEDS_END:
        raise SimError(f"seed = {seed}: calibration uses seeds below {SEEDS_END:,} only")
    return run(reference().with_values(values), replicates, seed)


def durability(result: Result) -> Estimate:
    """Return the share of first agreements in force a year on, of those signed a year or more before the horizon."""
    signed = result.columns["weeks_to_agreement"]
    early = signed <= result.scenario.values["weeks"] - YEAR  # NaN, no agreement, is not
    broken = result.columns["failures.broken"] > 0.0
    return wilson(int((early & ~broken).sum()), int(early.sum()))


def bounds(result: Result) -> tuple[float, float]:
    """Return the least and the greatest that durability could be if all agreements counted, late and second ones too.

    Those that the horizon cuts off all break, or all hold.
    """
    signed = float(result.columns["agreements"].sum())
    held, broken = float(result.columns["success"].sum()), float(result.columns["failures.broken"].sum())
    return (held / signed, 1.0 - broken / signed) if signed else (math.nan, math.nan)


def fit(result: Result) -> Fit:
    """Return how a result stands to both targets."""
    return Fit(result.success, durability(result))


def drawn() -> tuple[Factor, ...]:
    """Return the factors that settings draw: those whose parameter is declared to be assumed."""
    return tuple(one for one in FACTORS if one.parameter.standing == "assumed")


def design(settings: int) -> NDArray[np.float64]:
    """Return a Latin hypercube over the drawn factors, places 0..1 of shape (settings, factors)."""
    from scipy.stats import qmc

    sampler = qmc.LatinHypercube(d=len(drawn()), rng=generator(DESIGN_SEED, "calibration"))
    return np.asarray(sampler.random(settings), dtype=np.float64)


def values_of(places: Sequence[float]) -> dict[str, float]:
    """Return the values of one setting."""
    values: dict[str, float] = {}
    for factor, place in zip(drawn(), places, strict=True):
        values |= factor.set_to(factor.at(float(place)))
    return values


def fits(places: NDArray[np.float64], replicates: int, tell: Tell) -> list[Fit]:
    """Return how each setting stands to both targets."""
    found = []
    for number, row in enumerate(places, 1):
        found.append(fit(played(values_of(row.tolist()), replicates, SETTINGS_SEED)))
        if number % 50 == 0:
            tell(f"{number} settings, {sum(one.met for one in found)} meet both targets")
    return found


def swings(replicates: int, places: NDArray[np.float64], found: Sequence[Fit], tell: Tell) -> list[Swing]:
    """Return what success becomes at the ends of each factor's range, the largest change first."""
    from scipy.stats import spearmanr

    base = played({}, replicates, ALONE_SEED)
    successes = [one.success.estimate for one in found]
    listed = []
    for factor in FACTORS:
        ends = [played(factor.set_to(end), replicates, ALONE_SEED) for end in factor.plausible]
        low, high = (contrast(base, end).success for end in ends)
        correlation = math.nan
        if factor in drawn():
            correlation = float(spearmanr(places[:, drawn().index(factor)], successes).statistic)
        listed.append(Swing(factor, low, high, correlation))
        tell(f"{factor.name}: {low.estimate:+.3f}, {high.estimate:+.3f}")
    return sorted(listed, key=lambda one: -one.size)
