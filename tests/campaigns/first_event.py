"""Which comes first, an agreement or a leak, is a race of weekly chances: a / (1 - (1 - a)(1 - l)(1 - w)).

The table of two states that know each other's costs opens with probability a in every week and then agrees at once; two
channels leak with probabilities l and w. An agreement counts as first if no channel is known before its week: in a week
leaks come before the table, so a leak of the same week does not stop it. Counted strictly, a becomes a (1 - l)(1 - w).
"""

from typing import Any

from scipy.stats import binomtest

from sim.engines.open import War
from sim.scenario.load import Scenario
from sim.study.play.open_runs import forget
from tests.campaigns.survival import least_likely, unexplained
from tests.engines.worlds import scenario_of, tree_of, two_states

SIZE, SEED = 10_000, 59
FALSE_ALARM = 1e-3
CONVENING, FIRST_LEAK, SECOND_LEAK = 0.06, 0.04, 0.03


def world() -> Scenario:
    """Return the race: a table tried every week, and two channels that say nothing and may leak."""
    racing = {"table__opens": 0, "table__attempt_weeks": 1, "table__convening": CONVENING, "weeks": 300}
    tree = tree_of(two_states(**racing))
    silent = {"home": "attacker", "cadence_weeks": 5200, "transfer_home": 0.0, "transfer_audience": 0.0}
    tree["officials"], tree["channels"] = {}, {}
    for name, leak in (("one", FIRST_LEAK), ("other", SECOND_LEAK)):
        envoy = f"envoy_{name}"
        tree["officials"][envoy] = {"home": "attacker", "discretion": 1.0 - leak}
        tree["channels"][name] = silent | {"envoys": [envoy], "legs": {"across": {"state": "defender"}}}
    return scenario_of(tree)


def first_of(talks: War) -> str:
    """Return what came first: agreement, both (in one week), or leak."""
    while talks.running:
        talks.step()
        leaked = any(channel.exposed_week for channel in talks.channels)
        if talks.agreement.in_force:
            return "both" if leaked else "agreement"
        if leaked:
            return "leak"
    return "neither"


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how often the agreement came first beside what is expected, and the p-values."""
    scenario = world()
    counts = {"agreement": 0, "both": 0, "leak": 0, "neither": 0}
    for number in range(replicates):
        talks = War(scenario, seed, number)
        counts[first_of(talks)] += 1
        forget(talks)
    ending = 1.0 - (1.0 - CONVENING) * (1.0 - FIRST_LEAK) * (1.0 - SECOND_LEAK)
    first = CONVENING / ending
    strictly = first * (1.0 - FIRST_LEAK) * (1.0 - SECOND_LEAK)
    p_values = {
        "agreement not after a leak": binomtest(counts["agreement"] + counts["both"], replicates, first).pvalue,
        "agreement before any leak": binomtest(counts["agreement"], replicates, strictly).pvalue,
    }
    return {"replicates": replicates, "counts": counts, "expected": (first, strictly), "p_values": p_values}


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the comparisons that chance does not explain."""
    return unexplained(result["p_values"], FALSE_ALARM)


found = least_likely
