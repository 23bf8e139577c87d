"""A candid channel ends believed and a lying one does not, with checks and without.

Credibility is Moscow's probability, after three years, that the channel is a straight source. Its mean is ordered by the
candour of the envoys (1, then .4, then 0), and the constant liar never ends most believed; that is what keeping two
beliefs about every source is for (sim/rules/hearing.py). With checks the means lie about .9, .03 and .03.
"""

from math import sqrt
from typing import Any

from scipy.stats import norm

from sim.scenario import Scenario, load
from tests.engines.worlds import played, without_a_table

SIZE, SEED = 2000, 61
FALSE_ALARM = 1e-3
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
    """Return mean and standard error of the credibility at the end, by checks and candour."""
    result: dict[str, Any] = {"replicates": replicates, "mean": {}, "error": {}, "most_believed": {}}
    for name, verification in CHECKS.items():
        ends = {}
        for candour in CANDOUR:
            scenario = world(candour, verification)
            rows = (played(scenario, seed, number).row() for number in range(replicates))
            ends[candour] = [float(row["credibility.back.russia"]) for row in rows]
            mean = sum(ends[candour]) / replicates
            variance = sum((one - mean) ** 2 for one in ends[candour]) / (replicates - 1)
            result["mean"][name, candour] = mean
            result["error"][name, candour] = sqrt(variance / replicates)
        liar = zip(*(ends[candour] for candour in CANDOUR), strict=True)
        result["most_believed"][name] = sum(each[-1] > max(each[:-1]) for each in liar) / replicates
    return result


def wrong(result: dict[str, Any]) -> list[str]:
    """Return which means are surely out of order or out of place (z-tests, Bonferroni over seven comparisons).

    Of two means that are not ordered for sure, the lower may stand above by chance: only what chance does not explain
    is named. A candid and a lying channel are so far apart that the order must show for sure.
    """
    surely = float(norm.isf(FALSE_ALARM / 7))
    mean, error = result["mean"], result["error"]
    complaints = []
    for name in CHECKS:
        for higher, lower in ((1.0, 0.4), (1.0, 0.0)):
            apart = mean[name, higher] - mean[name, lower]
            if apart <= surely * (error[name, higher] + error[name, lower]):
                complaints.append(f"{name}: candour {higher:g} is believed no more than {lower:g}: {apart:.3f} more")
    for candour, (low, high) in NEAR.items():
        slack = surely * error["checked", candour]
        if not low - slack <= mean["checked", candour] <= high + slack:
            complaints.append(f"checked: candour {candour:g} ends at {mean['checked', candour]:.3f}")
    return complaints
