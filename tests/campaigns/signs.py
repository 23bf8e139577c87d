"""A row that is said to follow from an assumption does, wherever the rest of the model stands; the others need not.

Everything else that has a plausible range is moved over it at once. A row of the ledger whose sign is said to be fixed by
inequalities between parameters must not show the other sign at any place where they hold. At places where they do not
hold, the other sign must be found: the ranges let it come out either way. Rows that say nothing of the kind and never turn
round are named, so that somebody may look for the reason; they are looked at in a quarter as many places, and no further
once they have turned round.

A place shows a sign at p < 1e-4: that one of three rows is wrongly said to turn round at one of 60 places has probability
below .02.
"""

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.chance import generator
from sim.errors import ScenarioError
from sim.scenario.keys import parameter_of
from sim.scenario.load import Scenario
from sim.study.claims.verdicts import effect_on, paired_results
from sim.study.design.claim_file import AskedRow, holds
from sim.study.design.experiments import Experiment, load_experiment
from sim.study.play.replicates import run as played

SIZE, SEED = 60, 71  # places for each row whose sign is said to be fixed
REPLICATES = 400
ALWAYS = 1e-4  # a place whose p-value lies below this has shown its sign


def everything_of(scenarios: list[Scenario]) -> list[str]:
    """Return the keys with a plausible range that any of the scenarios has and none has with another value."""
    values: dict[str, set[Any]] = {}
    for scenario in scenarios:
        for row in scenario.show():
            if parameter_of(tuple(row.key.split("."))).plausible is not None:
                values.setdefault(row.key, set()).add(row.value)
    return [key for key, found in values.items() if len(found) == 1]


def places(scenarios: list[Scenario], luck: np.random.Generator) -> Iterator[list[Scenario]]:
    """Yield the scenarios with everything else moved over its plausible range, the same in each."""
    keys = everything_of(scenarios)
    ranges = {key: parameter_of(tuple(key.split("."))).plausible for key in keys}
    while True:
        drawn = {key: float(luck.uniform(*ends)) for key, ends in ranges.items() if ends}
        try:
            yield [scenario.with_values(belonging(drawn, scenario)) for scenario in scenarios]
        except ScenarioError:
            continue


def belonging(drawn: dict[str, float], scenario: Scenario) -> dict[str, float]:
    """Return the values whose keys a scenario has."""
    known = {row.key for row in scenario.show()}
    return {key: value for key, value in drawn.items() if key in known}


def tails_at(row: AskedRow, scenarios: list[Scenario], seed: int) -> tuple[float, float]:
    """Return the p-values at one place: for the sign claimed, and for the other."""
    results = [played(scenario, REPLICATES, seed) for scenario in scenarios]
    effect = effect_on(row.outcome, row, paired_results(row, results))
    above, below = effect.above(0.0), effect.below(0.0)
    return (above, below) if row.sign > 0.0 else (below, above)


def under(row: AskedRow, scenarios: list[Scenario]) -> bool:
    """Return whether the inequalities that are said to fix the sign hold at a place, in every scenario that has them."""
    values: dict[str, Any] = {}
    for scenario in scenarios:
        values |= {one.key: one.value for one in scenario.show()}
    return all(holds(inequality, values) for inequality in row.sign_fixed_by)


def signs_of(row: AskedRow, experiment: Experiment, size: int, seed: int) -> dict[str, list[int]]:
    """Return how many places showed the claimed sign and the other, where the inequalities hold and where not.

    One place with the other sign is enough, but where it would contradict what the row says.
    """
    luck = generator(seed, f"places of {row.name} {' '.join(row.points)}")
    found = {"held": [0, 0], "not held": [0, 0]}
    left = {"held": size, "not held": size} if row.sign_fixed_by else {"held": places_of_others(size), "not held": 0}
    for scenarios in places([experiment.scenarios[label] for label in row.points], luck):
        kind = "held" if under(row, scenarios) else "not held"
        if left[kind] > 0:
            left[kind] -= 1
            claimed, other = tails_at(row, scenarios, seed)
            found[kind][0] += claimed < ALWAYS
            found[kind][1] += other < ALWAYS
            if found[kind][1] and (kind == "not held" or not row.sign_fixed_by):
                left[kind] = 0
        if not any(left.values()):
            return found
    return found


def places_of_others(size: int) -> int:
    """Return in how many places a row is looked at whose sign is not said to be fixed."""
    return max(1, size // 4)


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return the signs found at so many places of every row that counts, by claim and row."""
    experiment = load_experiment("claims")
    rows = {f"{claim.id}: {row.name}": row for claim in experiment.claims.values() for row in claim.rows if row.counts}
    return signs(rows, experiment, replicates, seed)


def signs(rows: dict[str, AskedRow], experiment: Experiment, size: int, seed: int) -> dict[str, Any]:
    """Return the signs found for some rows, and whether each is said to be fixed."""
    return {
        "places": size,
        "signs": {name: signs_of(row, experiment, size, seed) for name, row in rows.items()},
        "fixed": {name: bool(row.sign_fixed_by) for name, row in rows.items()},
    }


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the rows whose sign is said to be fixed and is not, and those whose other sign is nowhere to be found."""
    complaints = []
    for name, found in result["signs"].items():
        if result["fixed"][name] and found["held"][1]:
            complaints.append(f"{name} turns round at {found['held'][1]} places where its assumption holds")
        if result["fixed"][name] and not found["not held"][1]:
            complaints.append(f"{name} does not turn round where its assumption fails")
    return complaints


def found(result: dict[str, Any]) -> str:
    """Return the rows that never turned round though they are not said to be fixed, in a line."""
    never = [
        f"{name} ({found['held'][0]} of {places_of_others(result['places'])})"
        for name, found in result["signs"].items()
        if not result["fixed"][name] and found["held"][0] and not found["held"][1]
    ]
    fixed = sum(result["fixed"].values())
    return f"{fixed} rows follow from assumptions; never turned round without one: {', '.join(never) or 'none'}"
