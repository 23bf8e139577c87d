"""Where nothing is ever misrepresented it does not matter how it would have been: at candour 1, shading changes no bit.

Nor does what observers believe about offers on the record of such channels, for there is none on it.
"""

from typing import Any

from sim.scenario.load import Scenario
from tests.engines.worlds import any_moved, busy, compared, how_many_moved, of_envoys

SIZE, SEED = 500, 79
BELIEFS = {"trustworthy": 0.65, "untrustworthy": 0.15, "freelance": 0.9}


def twins(candour: float = 1.0) -> list[tuple[Scenario, Scenario]]:
    """Return worlds with envoys of one candour, and the same with no shading and other beliefs about offers."""
    pairs = []
    for name in ("secret-track-1.5", "track-2", "track-1.5-honest-with-kyiv-kept-out"):
        one = busy(name).with_values(of_envoys(candour=candour, shading=1.5))
        believed = {f"channels.back.believed_offer_{who}": share for who, share in BELIEFS.items()}
        pairs.append((one, one.with_values(of_envoys(shading=0.0) | believed)))
    return pairs


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how many replicates of each pair of twins differ, and in which columns."""
    return compared(twins(), replicates, seed)


wrong, found = any_moved, how_many_moved
