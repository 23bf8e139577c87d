"""A third party that only looks on changes nothing: no bit of anyone else's outcome moves.

It has no seat, gives no guarantee and no aid, can block nothing and ratifies nothing. Adding it moves no other draw, for
every draw has an address of its own; and nobody else's calculation reads it.
"""

from typing import Any

from sim.scenario.load import Scenario
from tests.engines.worlds import any_moved, busy, compared, how_many_moved, scenario_of, tree_of

SIZE, SEED = 500, 71
BESIDE = ("secret-track-1.5", "ukraine-overruled", "with-european-union")


def with_observer(scenario: Scenario) -> Scenario:
    """Return the scenario with one more state, which stands first in the file."""
    tree = tree_of(scenario)
    observer = {"side": "none", "blocking": 0.0, "ratifies": False, "weights": {"territory": 1.0}}
    tree["states"] = {"observer": observer} | tree["states"]
    return scenario_of(tree)


def twins() -> list[tuple[Scenario, Scenario]]:
    """Return the shipped pair, and others with an observer put first."""
    pairs = [(busy("reference"), busy("silent-observer"))]
    return pairs + [(busy(name), with_observer(busy(name))) for name in BESIDE]


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how many replicates of each pair of twins differ, and in which columns."""
    return compared(twins(), replicates, seed)


wrong, found = any_moved, how_many_moved
