"""How the cost of a replicate grows with what a scenario holds."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from benchmarks import worlds
from benchmarks.clock import Effort, exponent, medians
from benchmarks.rows import Row
from sim.engines.ensemble import rows_of
from sim.scenario.load import Scenario

PART = "Growth of the cost of a replicate"
SEED = 4
STATES = (2, 4, 8, 16, 32)
CHANNELS = (1, 2, 4, 8, 16)
WEEKS = (26, 52, 104, 208, 416)


def measurements(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder)
        scenarios_by_kind = {
            "states that only look on": {size: worlds.world_with_states(size, False, path) for size in STATES},
            "states at the table": {size: worlds.world_with_states(size, True, path) for size in STATES},
            "channels": {size: worlds.world_with_channels(size, path) for size in CHANNELS},
            "weeks": {size: worlds.world_with_weeks(size) for size in WEEKS},
        }
        for kind, scenarios in scenarios_by_kind.items():
            yield from measurements_of_growth(kind, scenarios, effort)


def measurements_of_growth(kind: str, scenarios: Mapping[int, Scenario], effort: Effort) -> Iterator[Row]:
    """Yield the cost of a replicate at each size, and the exponents fitted to all sizes and to the three largest."""
    counts = {size: effort.of(max(40, 800 // size), 3) for size in scenarios}
    cases = {str(size): player(scenario, counts[size]) for size, scenario in scenarios.items()}
    for case in cases.values():
        case()
    taken = medians(cases, effort.rounds)
    costs = {size: 1e6 * taken[str(size)] / counts[size] for size in scenarios}
    for size, cost in costs.items():
        yield Row(PART, f"{size} {kind}", cost, "us/replicate")
    yield Row(PART, f"exponent, {kind}", exponent(costs), "", "cost = a size^b, least squares on logarithms")
    largest = dict(list(costs.items())[-3:])
    yield Row(PART, f"exponent, {kind}, three largest", exponent(largest), "", "where the part that grows prevails")


def player(scenario: Scenario, count: int) -> Callable[[], object]:
    """Return a call that plays a number of replicates on one thread."""
    return lambda: rows_of(scenario, SEED, 0, count, 1)
