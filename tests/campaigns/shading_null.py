"""A misrepresentation that shades nothing is none: at shading 0, candour changes no bit of what happens.

Only the count of misrepresented meetings differs, which is of the draw and not of what was said. A check then shows no
falsehood, and no offer is on the record.
"""

from typing import Any

from sim.scenario.load import Scenario
from tests.engines.worlds import Row, any_moved, busy, compared, how_many_moved, of_envoys

SIZE, SEED = 500, 83


def twins(shading: float = 0.0) -> list[tuple[Scenario, Scenario]]:
    """Return worlds with envoys of one shading, wholly candid and not at all."""
    pairs = []
    for name in ("secret-track-1.5", "track-2", "track-1.5-honest-with-kyiv-kept-out"):
        one = busy(name).with_values(of_envoys(candour=1.0, shading=shading))
        pairs.append((one, one.with_values(of_envoys(candour=0.0))))
    return pairs


def what_happens(row: Row) -> Row:
    """Return a row without the count of misrepresented meetings."""
    return {name: value for name, value in row.items() if not name.startswith("misrepresented.")}


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how many replicates of each pair of twins differ, and in which columns."""
    return compared(twins(), replicates, seed, what_happens)


wrong, found = any_moved, how_many_moved
