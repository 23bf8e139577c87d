"""A secret channel is known by week t with probability 1 - d^t, and once it is closed each week counts a fourth.

d is the product of what its envoys keep to themselves in a week. The channel begins in week START; it is closed by the end
of its visits, or by an intervention that removes it.
"""

from itertools import pairwise
from typing import Any

from scipy.stats import binomtest, chisquare

from sim.scenario.load import Scenario, load
from tests.campaigns.survival import least_likely, unexplained
from tests.engines.worlds import played, scenario_of, tree_of, without_a_table

SIZE, SEED = 4000, 53
FALSE_ALARM = 1e-3
WEEKS, START, CLOSED = 60, 4, 16
KEPT = (0.97, 0.985)
LEAST_EXPECTED = 5.0  # where chi-square may be used
BY = (4, 8, 15, 16, 17, 25, 60)  # weeks by which the channel may be known


def worlds() -> dict[str, Scenario]:
    """Return the same channel left open, ended and removed."""
    changes: dict[str, object] = {"weeks": WEEKS, "channels.back.start": START}
    for official, kept in zip(("envoy", "second_envoy"), KEPT, strict=True):
        changes[f"officials.{official}.discretion"] = kept
    changes |= {"channels.back.transfer_audience": 0.0, "channels.back.transfer_home": 0.0}
    base = without_a_table(load("secret-track-1.5")).with_values(changes)
    removed = tree_of(base) | {"interventions": {"stop": {"week": CLOSED, "remove": ["channels.back"]}}}
    return {
        "open": base,
        "ended": base.with_values({"channels.back.end": CLOSED - 1}),
        "removed": scenario_of(removed),
    }


def secret_after(week: int, closes: bool) -> float:
    """Return the probability that nobody outside knows of the channel by the end of a week."""
    kept = KEPT[0] * KEPT[1]
    last_open = min(week, CLOSED - 1) if closes else week
    return float(kept ** max(last_open - START + 1, 0) * kept ** (0.25 * (week - last_open)))


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return, for each channel, the share known by some weeks beside what is expected, and the p-values."""
    result: dict[str, Any] = {"replicates": replicates, "known": {}, "p_values": {}}
    for name, scenario in worlds().items():
        weeks = []
        for number in range(replicates):
            week = played(scenario, seed, number).channel("back").exposed_week
            weeks.append(week or WEEKS + 1)
        known = {week: sum(one <= week for one in weeks) for week in BY}
        expected = {week: 1.0 - secret_after(week, name != "open") for week in BY}
        result["known"][name] = {week: (known[week] / replicates, expected[week]) for week in BY}
        for week in BY:
            p = binomtest(known[week], replicates, expected[week]).pvalue
            result["p_values"][f"{name}: known by week {week}"] = float(p)
        bounds = (0, *BY, WEEKS + 1)
        counts = [sum(low < week <= high for week in weeks) for low, high in pairwise(bounds)]
        shares = [0.0, *expected.values(), 1.0]
        means = [replicates * (high - low) for low, high in pairwise(shares)]
        if min(means) >= LEAST_EXPECTED:
            result["p_values"][f"{name}: all weeks"] = float(chisquare(counts, means).pvalue)
    return result


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the comparisons that chance does not explain."""
    return unexplained(result["p_values"], FALSE_ALARM)


found = least_likely
