"""A war read from its other side is the same war: sides swapped, every issue counted from its other end, the front's
shocks turned round. Nothing in the model may favour a side but the numbers of a scenario.

Categories and counts must be equal in at least 99.9 % of replicates: a comparison that stands within rounding error of
its threshold may fall either way. Of these, all numbers must be mirrored to 1e-9.
"""

from math import isnan
from typing import Any

from sim import chance
from sim.engines.open import War
from sim.scenario.load import Scenario
from sim.steps.columns import columns_of
from tests.engines.worlds import Row, busy, row_of

SIZE, SEED = 1000, 20260
WORLDS = ("reference", "secret-track-1.5", "ukraine-kept-out", "ukraine-overruled", "with-european-union")
TOLERANCE, SHARE = 1e-9, 0.999
OTHER_SIDE = {"A": "B", "B": "A", "none": "none"}


class Mirror(War):
    """The same war with the front's shocks turned round."""

    def normal(self, purpose: int, actor: int, counterpart: int = chance.NOBODY) -> float:
        draw = super().normal(purpose, actor, counterpart)
        return -draw if purpose == chance.FRONT_STEP else draw


def mirrored(scenario: Scenario) -> Scenario:
    """Return the scenario with sides swapped and every issue read from its other end.

    What a state has ruled out by default goes by its side, so it is written out. Guarantees need no change: their
    strength is counted from the beneficiary's aim.
    """
    values = scenario.values
    changes: dict[str, object] = {"front.start": 1.0 - values["front"]["start"]}
    for issue, entry in values["issues"].items():
        changes[f"issues.{issue}.status_quo"] = 1.0 - entry["status_quo"]
    for state, entry in values["states"].items():
        changes[f"states.{state}.side"] = OTHER_SIDE[entry["side"]]
        changes[f"states.{state}.ruled_out"] = entry["ruled_out"]
        for issue, aim in entry["aims"].items():
            changes[f"states.{state}.aims.{issue}"] = 1.0 - aim
    return scenario.with_values(changes)


def read_back(row: Row) -> Row:
    """Return a row of the mirrored war in the coordinates of the other."""
    turned = {name for name in row if name == "front" or name.startswith("terms.")}
    return {name: 1.0 - value if name in turned else value for name, value in row.items()}  # type: ignore[operator]


def apart(one: float, other: float) -> float:
    """Return how far two numbers are apart, relative to the larger where that is above 1; missing equals missing."""
    if isnan(one) or isnan(other):
        return 0.0 if isnan(one) and isnan(other) else float("inf")
    return abs(one - other) / max(1.0, abs(one), abs(other))


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how often categories and counts differ, and how far numbers are apart where they do not."""
    result: dict[str, Any] = {"replicates": replicates, "same": 0, "farthest": 0.0, "beyond": 0, "outcomes": {}}
    result |= {"different": [], "far": []}
    for number in range(replicates):
        name = WORLDS[number % len(WORLDS)]
        scenario = busy(name)
        one = row_of(scenario, seed, number)
        other = read_back(row_of(mirrored(scenario), seed, number, Mirror))
        kinds = {column.name: column.kind for column in columns_of(scenario)}
        result["outcomes"][one["outcome"]] = result["outcomes"].get(one["outcome"], 0) + 1
        whole = [column for column, kind in kinds.items() if kind != "number"]
        if any(one[column] != other[column] for column in whole):
            result["different"].append((name, number))
            continue
        result["same"] += 1
        distances = {column: apart(one[column], other[column]) for column in kinds if kinds[column] == "number"}
        worst = max(distances, key=distances.__getitem__)
        result["farthest"] = max(result["farthest"], distances[worst])
        if distances[worst] > TOLERANCE:
            result["beyond"] += 1
            result["far"].append((name, number, worst, distances[worst]))
    return result


def wrong(result: dict[str, Any]) -> list[str]:
    """Return what contradicts the symmetry."""
    complaints = []
    if result["same"] < SHARE * result["replicates"]:
        complaints.append(f"categories differ in {result['different']}")
    if result["beyond"] > 0:
        complaints.append(f"numbers are further apart than {TOLERANCE:g} in {result['far']}")
    return complaints


def found(result: dict[str, Any]) -> str:
    """Return the figures in a line."""
    within = 1.0 - result["beyond"] / result["replicates"]
    return (
        f"{result['same']} of {result['replicates']} equal in categories and counts; {within:.1%} of all within "
        f"{TOLERANCE:g}, farthest {result['farthest']:.1g}"
    )
