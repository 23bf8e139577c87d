"""A channel that reaches nobody and keeps its secret changes no bit, however many states it visits.

Nothing is transferred to any government, nothing leaks, meeting costs nothing and no claims are brought home. The columns
that twins share are compared, but for the counts of meetings and of what was drawn at them.
"""

from typing import Any

from sim.scenario.load import Scenario
from tests.engines.worlds import Row, any_moved, busy, compared, how_many_moved, of_envoys, scenario_of, tree_of

SIZE, SEED = 500, 89
SILENT = {"transfer_home": 0.0, "transfer_audience": 0.0, "claim_rate": 0.0}
COUNTS = ("meetings.", "misrepresented.", "checked.", "caught.")


def twins(**changes: object) -> list[tuple[Scenario, Scenario]]:
    """Return no channel and one that reaches nobody, the latter and two legs, two legs and a second channel.

    changes   what the channels have instead of what silences them
    """
    silenced = {f"channels.back.{key}": value for key, value in (SILENT | changes).items()}
    one = busy("secret-track-1.5").with_values(of_envoys(discretion=1.0) | silenced)
    tree = tree_of(one)
    tree["channels"]["back"]["legs"]["kyiv"] = {"state": "ukraine"}
    two = scenario_of(tree)
    tree["channels"]["aside"] = tree["channels"]["back"] | {"track": "2", "cadence_weeks": 3}
    return [(busy("reference"), one), (one, two), (two, scenario_of(tree))]


def what_happens(row: Row) -> Row:
    """Return a row without the counts of meetings."""
    return {name: value for name, value in row.items() if not name.startswith(COUNTS)}


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return how many replicates of each pair of twins differ, and in which columns."""
    return compared(twins(), replicates, seed, what_happens)


wrong, found = any_moved, how_many_moved
