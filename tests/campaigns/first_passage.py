"""A front that nobody stops reaches one end or the other when a random walk with its drift and spread does.

The exact distribution comes from the walk's own weekly step: the density of a front still between the ends is carried
from week to week by Gauss-Legendre quadrature of the normal density, and what leaves at either end is that week's share
of wars decided there. Aid and the fear of escalation enter through the drift alone.
"""

from typing import Any

import numpy as np
from scipy.stats import chisquare, norm

from sim.scenario.load import Scenario, load
from tests.campaigns.survival import least_likely, unexplained
from tests.engines.worlds import played, without_a_table

SIZE, SEED = 20_000, 47
FALSE_ALARM = 1e-3
WEEKS, SD, RESPONSE = 40, 0.08, 0.03
BINS = (5, 10, 20, WEEKS)  # last weeks of the bins in which decisions are counted
NODES = 200
LEAST_EXPECTED = 5.0


def world() -> Scenario:
    """Return the reference without talks and with a front in full movement."""
    front = {"weeks": WEEKS, "front.sd": SD, "front.response": RESPONSE}
    return without_a_table(load("reference")).with_values(front)


def drift_of(scenario: Scenario) -> float:
    """Return the weekly drift by hand: response x (strength A - strength B - aid)."""
    values = scenario.values
    aid = values["aid"]["united_states_to_ukraine"]
    given = aid["maximum"] * (1.0 - aid["sensitivity"] * values["escalation"]["prior"])
    balance = values["states"]["russia"]["strength"] - values["states"]["ukraine"]["strength"] - given
    return float(values["front"]["response"] * balance)


def exact(start: float, drift: float, sd: float, weeks: int) -> tuple[list[float], list[float]]:
    """Return the shares of wars decided at 0 and at 1 in each week, by quadrature."""
    points, weights = np.polynomial.legendre.leggauss(NODES)
    points, weights = 0.5 * (points + 1.0), 0.5 * weights
    step = norm.pdf(points[:, None], points[None, :] + drift, sd) * weights[None, :]
    down, up = norm.cdf(-points - drift, scale=sd), norm.sf(1.0 - points - drift, scale=sd)
    low = [float(norm.cdf(-start - drift, scale=sd))]
    high = [float(norm.sf(1.0 - start - drift, scale=sd))]
    density = norm.pdf(points, start + drift, sd)
    for _ in range(weeks - 1):
        low.append(float(np.sum(weights * density * down)))
        high.append(float(np.sum(weights * density * up)))
        density = step @ density
    return low, high


def binned(weekly: list[float]) -> list[float]:
    """Return weekly shares or counts summed over the bins."""
    first = (0, *BINS)
    return [sum(weekly[start:end]) for start, end in zip(first, BINS, strict=False)]


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how many wars each side won in each bin of weeks, what is expected, and the p-value of chi-square."""
    scenario = world()
    won = {0.0: [0.0] * WEEKS, 1.0: [0.0] * WEEKS}
    for number in range(replicates):
        talks = played(scenario, seed, number)
        if talks.outcome_name == "decided_by_force":
            won[talks.front.position][talks.week - 1] += 1.0
    low, high = exact(scenario.values["front"]["start"], drift_of(scenario), SD, WEEKS)
    observed = binned(won[0.0]) + binned(won[1.0])
    expected = [replicates * share for share in binned(low) + binned(high)]
    observed.append(replicates - sum(observed))
    expected.append(replicates - sum(expected))
    merged = [(o, e) for o, e in zip(observed, expected, strict=True) if e >= LEAST_EXPECTED]
    rest = [(o, e) for o, e in zip(observed, expected, strict=True) if e < LEAST_EXPECTED]
    if rest:
        merged.append((sum(o for o, _ in rest), sum(e for _, e in rest)))
    p = float(chisquare([o for o, _ in merged], [e for _, e in merged]).pvalue)
    return {"replicates": replicates, "observed": observed, "expected": expected, "p_values": {"first passage": p}}


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the comparisons that chance does not explain."""
    return unexplained(result["p_values"], FALSE_ALARM)


found = least_likely
