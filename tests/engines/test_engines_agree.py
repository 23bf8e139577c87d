"""The open and the compiled engine agree to the last bit: in worlds drawn at random, in every shipped scenario, and
whatever the number of threads and whichever replicates are played together.

The long version, and how the engines are compared, is in tests/campaigns/engines_agree.py.
"""

import numpy as np
import pytest

from sim.engines.arrays import arrays_of
from sim.engines.ensemble import compiled_model, play_chunk, rows_of
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import load
from sim.shipped import shipped_names
from sim.steps.events import KINDS
from tests.campaigns import engines_agree
from tests.campaigns.engines_agree import apart, bits, disagreements, in_machine_code, in_python, openly
from tests.engines.worlds import busy, followed

SEED = 11
LARGEST_SEED, LAST_REPLICATE = 2**63 - 1, 2**40 - 1


@pytest.fixture(scope="module")
def drawn():
    """A fiftieth of the campaign."""
    return engines_agree.run(engines_agree.SIZE // 50, engines_agree.SEED)


# Worlds drawn at random


def test_the_engines_agree_in_every_bit_of_worlds_drawn_at_random(drawn):
    assert engines_agree.wrong(drawn) == []
    assert drawn["worlds"] >= engines_agree.SIZE // 50


def test_nearly_everything_that_can_happen_happens_in_those_worlds(drawn):
    """Which worlds are drawn goes by the version of Hypothesis, so that no single kind can be asked for here."""
    assert sum(number > 0 for number in drawn["events"].values()) >= len(KINDS) - 4
    assert sum(number >= engines_agree.LEAST for number in drawn["events"].values()) >= len(KINDS) / 2
    assert sum(number > 0 for number in drawn["outcomes"].values()) >= len(OUTCOMES) - 3


def test_a_campaign_in_which_something_is_rare_says_so(drawn):
    result = drawn | {"worlds": engines_agree.SIZE, "first": None}
    result["events"] = dict.fromkeys(KINDS, engines_agree.LEAST) | {"spoils": engines_agree.LEAST - 1}
    result["outcomes"] = dict.fromkeys(OUTCOMES, engines_agree.LEAST) | {"vetoed": 0}
    assert engines_agree.wrong(result) == ["spoils only 19 times", "outcome vetoed only 0 times"]
    assert engines_agree.wrong(result | {"first": "front: 1 2"})[0] == "front: 1 2"


# Scenarios that come with the package, and corners


@pytest.mark.parametrize("name", shipped_names("scenarios"))
def test_the_engines_agree_in_every_bit_of_a_shipped_scenario(name):
    scenario = load(name)
    talks = [followed(scenario, SEED, number) for number in (0, 1)]
    assert disagreements(scenario, SEED, [0], talks[:1]) == []
    assert apart(openly(talks[1]), in_machine_code(scenario, SEED, [1])[0]) == []


@pytest.mark.parametrize(
    ("name", "aspiration", "changes", "kinds"),
    [
        ("ukraine-overruled", 0.0, {"agreement.spoiling": 0.5}, {"rejects_done_deal", "blocks", "spoils"}),
        ("ukraine-kept-out", 0.0, {"states.ukraine.cost_median": 0.3}, {"puts_up_with", "holds"}),
        ("reference", 0.0, {"states.ukraine.slack": -0.05}, {"votes_down", "ratifies"}),
        ("track-1.5-exposed-disowned", 1.0, {}, {"disowns", "denies"}),
        ("front-gives-way", 1.0, {"front.response": 0.05}, {"wins"}),
        ("track-1.5-exposed-met-with-silence", 9.0, {"table.opens": 25}, {"starts_over", "stays_silent", "passes"}),
    ],
    ids=["overruled", "done deal", "voted down", "disowned", "won", "exposed at an open table"],
)
def test_the_engines_agree_where_something_rare_happens(name, aspiration, changes, kinds):
    scenario = busy(name)
    aspirations = {f"states.{state}.aspiration": aspiration for state in scenario.values["states"]}
    scenario = scenario.with_values(aspirations | changes)
    talks = [followed(scenario, SEED, number) for number in range(3)]
    assert kinds <= {event.kind for one in talks for event in one.events}
    assert disagreements(scenario, SEED, [0, 1, 2], talks) == []


@pytest.mark.parametrize(("seed", "replicate"), [(LARGEST_SEED, 0), (2**32, 2**32 - 1), (0, LAST_REPLICATE - 1)])
def test_the_engines_agree_at_the_largest_seeds_and_replicates(seed, replicate):
    scenario = busy("secret-track-1.5").with_values({"weeks": 15})
    numbers = [replicate, replicate + 1]
    assert disagreements(scenario, seed, numbers, [followed(scenario, seed, number) for number in numbers]) == []


def test_the_comparison_tells_zero_from_minus_zero_and_neighbours_apart_but_not_what_is_missing():
    assert bits([0.0]) != bits([-0.0])
    assert bits([0.1 + 0.2]) != bits([0.3])
    assert bits([np.nan]) == bits([-np.nan])
    assert apart({"front": "0x1p-1"}, {"front": "0x1p-1", "aid": "nan"}) == ["aid: None nan"]


# Threads, chunks and what was played before


def test_one_thread_and_two_give_the_same_bytes():
    scenario = busy("secret-track-1.5")
    assert rows_of(scenario, SEED, 0, 41, 1).tobytes() == rows_of(scenario, SEED, 0, 41, 2).tobytes()


def test_a_replicate_is_the_same_whichever_are_played_before_it_or_with_it():
    scenario = busy("track-1.5-kyiv-visited-later")
    together = rows_of(scenario, SEED, 0, 12)
    for first, count in ((0, 1), (0, 5), (5, 7), (11, 1)):
        assert rows_of(scenario, SEED, first, count).tobytes() == together[first : first + count].tobytes()


def test_arrays_left_by_one_replicate_do_not_show_in_the_next():
    scenario = busy("ukraine-overruled")
    alone = in_python(scenario, SEED, [2])
    assert in_python(scenario, SEED, [0, 2, 1, 2])[1::2] == alone * 2


def test_playing_writes_nothing_into_what_threads_share():
    arrays = arrays_of(busy("track-1.5-kyiv-visited-later"))
    before = arrays.scenario.tobytes(), arrays.whole.tobytes()
    play_chunk(compiled_model(), arrays, SEED, 0, np.zeros((3, 200)))
    assert (arrays.scenario.tobytes(), arrays.whole.tobytes()) == before
