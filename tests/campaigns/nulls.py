"""What must change nothing: twins, two worlds that differ in something without effect, agree in every bit.

Twins are played under the same luck, in worlds in which something happens nearly every week. Each null also says which
conditions its effect hangs on, so that the same comparison can be seen to notice once one of them fails.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sim.scenario.load import Scenario
from tests.engines.worlds import Row, any_moved, busy, compared, how_many_moved, of_envoys, scenario_of, tree_of

Twins = tuple[Scenario, Scenario]

BESIDE_AN_OBSERVER = ("secret-track-1.5", "ukraine-overruled", "with-european-union")
WITH_CHANNELS = ("secret-track-1.5", "secret-track-2", "track-1.5-honest-kyiv-visited-ukraine-kept-out")
BELIEFS = {"trustworthy": 0.65, "untrustworthy": 0.15, "freelance": 0.9}
WORTHLESS_SEAT = {
    "grievance": 0.0,
    "blocking": 1.0,
    "table_cost": 0.0,
    "ratifies": False,
    "proposes": False,
    "sees_answers": False,
    "shows_answers": False,
}
SILENT_CHANNEL = {"transfer_home": 0.0, "transfer_audience": 0.0, "claim_rate": 0.0}
COUNTS_OF_MEETINGS = ("meetings.", "misrepresented.", "checked.", "caught.")


@dataclass(frozen=True)
class Null:
    """A campaign over twins that must not differ in a bit.

    proves   what changes nothing, in a sentence
    twins    gives the pairs; its arguments change the conditions under which they agree
    read     what is compared of a row
    """

    proves: str
    SIZE: int
    SEED: int
    twins: Callable[..., list[Twins]]
    read: Callable[[Row], Row] = dict

    def run(self, replicates: int, seed: int) -> dict[str, Any]:
        """Return how many replicates of each pair of twins differ, and in which columns."""
        return compared(self.twins(), replicates, seed, self.read)

    wrong = staticmethod(any_moved)
    found = staticmethod(how_many_moved)


# Twins


def with_observer(scenario: Scenario) -> Scenario:
    """Return the scenario with one more state, which stands first in the file and only looks on."""
    tree = tree_of(scenario)
    observer = {"side": "none", "blocking": 0.0, "ratifies": False, "weights": {"territory": 1.0}}
    tree["states"] = {"observer": observer} | tree["states"]
    return scenario_of(tree)


def observed_twins(**changes: object) -> list[Twins]:
    """Return the shipped pair without and with an observer, and others with one put first.

    It has no seat, gives no guarantee and no aid, can block nothing and ratifies nothing. Adding it moves no other draw, for
    every draw has an address of its own; and nobody else's calculation reads it.

    changes   what the observer has instead of what silences it
    """
    pairs = [(busy("reference"), busy("silent-observer"))]
    pairs += [(busy(name), with_observer(busy(name))) for name in BESIDE_AN_OBSERVER]
    values = {f"states.observer.{key}": value for key, value in changes.items()}
    return [(alone, observed.with_values(values)) for alone, observed in pairs]


def seated_twins(state: str = "ukraine", last: bool = True, **changes: object) -> list[Twins]:
    """Return two worlds with a state kept out of the table and seated at it.

    At one round a table, aspirations are 0; so the state kept out has no grievance, sees no fait accompli as a betrayal, is
    sure to block what it refuses and cannot be overruled (blocking 1, spoiling 0). Seated, it joins any talks (no table
    cost), makes no offers, neither sees nor shows answers, and its parliament is not asked. It stands last in the file, for
    rows of seated states are computed in file order and those kept out come last; elsewhere the last bits of a product
    differ.

    last      whether the state is the last of the file
    changes   what the state has instead of what makes its seat worthless
    """
    pairs = []
    for name in ("reference", "secret-track-1.5"):
        tree = tree_of(busy(name))
        entry = tree["states"].pop(state) if last else tree["states"][state]
        tree["states"][state] = entry | WORTHLESS_SEAT | changes
        tree["table"] |= {"max_rounds": 1, "fait_accompli": 1.0}
        tree["agreement"]["spoiling"] = 0.0
        others = [party for party in tree["states"] if party != state]
        pairs.append((_seated(tree, others), _seated(tree, [*others, state])))
    return pairs


def _seated(tree: dict[str, Any], parties: list[str]) -> Scenario:
    """Return the scenario with these parties at the table."""
    return scenario_of(tree | {"table": tree["table"] | {"parties": parties}})


def candid_twins(candour: float = 1.0) -> list[Twins]:
    """Return worlds with envoys of one candour, and the same with no shading and other beliefs about offers.

    There is no offer on the record of a candid channel, so what observers believe of offers decides nothing either.
    """
    pairs = []
    for name in WITH_CHANNELS:
        shading = busy(name).with_values(of_envoys(candour=candour, shading=1.5))
        believed = {f"channels.back.believed_offer_{who}": share for who, share in BELIEFS.items()}
        pairs.append((shading, shading.with_values(of_envoys(shading=0.0) | believed)))
    return pairs


def unshaded_twins(shading: float = 0.0) -> list[Twins]:
    """Return worlds with envoys of one shading, wholly candid and not at all.

    Where nothing is shaded a check shows no falsehood, and no offer is on the record.
    """
    pairs = []
    for name in WITH_CHANNELS:
        candid = busy(name).with_values(of_envoys(candour=1.0, shading=shading))
        pairs.append((candid, candid.with_values(of_envoys(candour=0.0))))
    return pairs


def unheard_twins(**changes: object) -> list[Twins]:
    """Return no channel and one that reaches nobody, the latter and two legs, two legs and a second channel.

    Nothing is transferred to any government, nothing leaks, meeting costs nothing and no claims are brought home.

    changes   what the channels have instead of what silences them
    """
    silenced = {f"channels.back.{key}": value for key, value in (SILENT_CHANNEL | changes).items()}
    channel = busy("secret-track-1.5").with_values(of_envoys(discretion=1.0) | silenced)
    tree = tree_of(channel)
    tree["channels"]["back"]["legs"]["kyiv"] = {"state": "ukraine"}
    two_legs = scenario_of(tree)
    tree["channels"]["aside"] = tree["channels"]["back"] | {"track": "2", "cadence_weeks": 3}
    return [(busy("reference"), channel), (channel, two_legs), (two_legs, scenario_of(tree))]


# What is compared of a row


def with_one_label(row: Row) -> Row:
    """Return a row in which a veto is an impasse: a refusal is called the one from outside and the other from inside.

    Both close the table for the same weeks.
    """
    merged = dict(row)
    merged["failures.impasse"] = float(row["failures.impasse"]) + float(merged.pop("failures.vetoed"))
    if row["outcome"] == "vetoed":
        merged["outcome"] = "impasse"
    return merged


def without_misrepresented(row: Row) -> Row:
    """Return a row without the count of misrepresented meetings, which is of the draw and not of what was said."""
    return {name: value for name, value in row.items() if not name.startswith("misrepresented.")}


def without_meetings(row: Row) -> Row:
    """Return a row without the counts of meetings and of what was drawn at them."""
    return {name: value for name, value in row.items() if not name.startswith(COUNTS_OF_MEETINGS)}


NULLS = {
    "silent-observer": Null(
        "A third party that only looks on changes nothing: no bit of anyone else's outcome moves.",
        500,
        71,
        observed_twins,
    ),
    "seat-null": Null(
        "Seating a state that could block anyway, and asks for the same outside as inside, changes no bit.",
        1000,
        73,
        seated_twins,
        with_one_label,
    ),
    "candour-null": Null(
        "Where nothing is ever misrepresented it does not matter how it would have been: at candour 1, shading changes "
        "no bit.",
        500,
        79,
        candid_twins,
    ),
    "shading-null": Null(
        "A misrepresentation that shades nothing is none: at shading 0, candour changes no bit of what happens.",
        500,
        83,
        unshaded_twins,
        without_misrepresented,
    ),
    "legs-null": Null(
        "A channel that reaches nobody and keeps its secret changes no bit, however many states it visits.",
        500,
        89,
        unheard_twins,
        without_meetings,
    ),
}
