"""A candid channel ends believed and a lying one does not, with checks and without.

Credibility is Moscow's probability, after three years, that the channel is a straight source. Its mean is ordered by the
candour of the envoys (1, then .4, then 0), and the constant liar never ends most believed; that is what keeping two
beliefs about every source is for (sim/rules/hearing.py). With checks the means lie about .97, .01 and .05. Without any,
a constant lie cannot be told from a state of that cost: the liar keeps about the standing it began with (.6), the
inconstant one, whose stories do not fit together, loses it, and the candid one gains.
"""

from math import sqrt
from typing import Any

from scipy.stats import norm

from sim.scenario.load import Scenario, load
from tests.engines.worlds import played, without_a_table

SIZE, SEED = 1000, 61
FALSE_ALARM = 1e-3
LEAST_LEAD = 0.05  # by which the candid must be believed more than others, on average
CANDOUR = (1.0, 0.4, 0.0)
CHECKS = {"checked": 0.1, "unchecked": 0.0}
NEAR = {1.0: (0.8, 1.0), 0.4: (0.0, 0.1), 0.0: (0.0, 0.1)}  # where the means with checks must lie


def world(candour: float, verification: float) -> Scenario:
    """Return the secret track 1.5 with envoys of one candour, meeting through a war without talks."""
    changes: dict[str, object] = {"channels.back.verification": verification, "states.russia.contact_cost": 0.0}
    for official in ("envoy", "second_envoy"):
        changes[f"officials.{official}.candour"] = candour
    return without_a_table(load("secret-track-1.5")).with_values(changes)


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return the mean credibility at the end by checks and candour, and by how much the candid are believed more.

    most_believed   share of the replicates, under one luck, in which the constant liar ends most believed
    """
    result: dict[str, Any] = {"replicates": replicates, "mean": {}, "lead": {}, "most_believed": {}}
    for name, verification in CHECKS.items():
        ends = {}
        for candour in CANDOUR:
            scenario = world(candour, verification)
            rows = (played(scenario, seed, number).row() for number in range(replicates))
            ends[candour] = [float(row["credibility.back.russia"]) for row in rows]
            result["mean"][f"{name}, candour {candour:g}"] = mean_and_error(ends[candour])
        for candour in CANDOUR[1:]:
            lead = [one - other for one, other in zip(ends[1.0], ends[candour], strict=True)]
            result["lead"][f"{name}, over candour {candour:g}"] = mean_and_error(lead)
        each = zip(*(ends[candour] for candour in CANDOUR), strict=True)
        result["most_believed"][name] = sum(one[-1] > max(one[:-1]) for one in each) / replicates
    return result


def mean_and_error(values: list[float]) -> tuple[float, float]:
    """Return the mean and its standard error."""
    mean = sum(values) / len(values)
    variance = sum((one - mean) ** 2 for one in values) / (len(values) - 1)
    return mean, sqrt(variance / len(values))


def wrong(result: dict[str, Any]) -> list[str]:
    """Return which means are surely out of order or out of place (z-tests, Bonferroni over seven comparisons)."""
    surely = float(norm.isf(FALSE_ALARM / 7))
    complaints = [
        f"{name}: the candid are believed only {lead:.3f} more"
        for name, (lead, error) in result["lead"].items()
        if lead + surely * error < LEAST_LEAD
    ]
    for candour, (low, high) in NEAR.items():
        mean, error = result["mean"][f"checked, candour {candour:g}"]
        if not low - surely * error <= mean <= high + surely * error:
            complaints.append(f"checked: candour {candour:g} ends at {mean:.3f}")
    return complaints


def found(result: dict[str, Any]) -> str:
    """Return the means in a line."""
    return "; ".join(f"{name}: {mean:.3f} +- {error:.3f}" for name, (mean, error) in result["mean"].items())
