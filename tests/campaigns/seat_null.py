"""Seating a state that could block anyway, and asks for the same outside as inside, changes no bit.

At one round a table, aspirations are 0; so the state kept out has no grievance, sees no fait accompli as a betrayal, is
sure to block what it refuses and cannot be overruled (blocking 1, spoiling 0). Seated, it joins any talks (no table cost),
makes no offers, neither sees nor shows answers, and its parliament is not asked.

One thing differs by definition: a refusal ends the table as `impasse` where the state is seated and as `vetoed` where it
is not. The two labels are read as one here. Nothing else differs: both close the table for the same weeks. The state
stands last in the file, for rows of seated states are computed in file order and those kept out come last; elsewhere in
the file the last bits of a product differ.
"""

from typing import Any

from sim.scenario.load import Scenario
from tests.engines.worlds import Row, any_moved, busy, compared, how_many_moved, scenario_of, tree_of

SIZE, SEED = 1000, 73
SEATLESS = {
    "grievance": 0.0,
    "blocking": 1.0,
    "table_cost": 0.0,
    "ratifies": False,
    "proposes": False,
    "sees_answers": False,
    "shows_answers": False,
}
WORLDS = ("reference", "secret-track-1.5")


def twins(state: str = "ukraine", last: bool = True, **changes: object) -> list[tuple[Scenario, Scenario]]:
    """Return each world with the state kept out of the table and seated at it.

    last      whether the state is the last of the file
    changes   what the state has instead of what makes its seat worthless
    """
    pairs = []
    for name in WORLDS:
        tree = tree_of(busy(name))
        entry = tree["states"].pop(state) if last else tree["states"][state]
        tree["states"][state] = entry | SEATLESS | changes
        tree["table"] |= {"max_rounds": 1, "fait_accompli": 1.0}
        tree["agreement"]["spoiling"] = 0.0
        others = [party for party in tree["states"] if party != state]
        pairs.append((seated(tree, others), seated(tree, [*others, state])))
    return pairs


def seated(tree: dict[str, Any], parties: list[str]) -> Scenario:
    """Return the scenario with these parties at the table."""
    return scenario_of(tree | {"table": tree["table"] | {"parties": parties}})


def one_label(row: Row) -> Row:
    """Return a row in which a veto is an impasse."""
    merged = dict(row)
    merged["failures.impasse"] = float(row["failures.impasse"]) + float(merged.pop("failures.vetoed"))
    if row["outcome"] == "vetoed":
        merged["outcome"] = "impasse"
    return merged


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how many replicates of each pair of twins differ, and in which columns."""
    return compared(twins(), replicates, seed, one_label)


wrong, found = any_moved, how_many_moved
