"""A model class of one's own plays in run, compare and follow: compiled where that can be, in the open where not."""

import subprocess
import sys
from typing import ClassVar

import numpy as np
import pytest

import sim
from sim import own
from sim.engines.models import ModelError
from sim.errors import OpenEngineWarning
from sim.rules.measures import MISSING
from sim.scenario.load import Scenario
from sim.study.play.replicates import RunError

MANY = 60  # more than a few, so that the compiled engine plays


class Sulking(own.State):
    """A government whose public turns against talks."""

    against: float = own.variable("share of its public against talks", "share", (0.0, 1.0))

    @own.column("against.{0}", "number", "share", "share of {0}'s public against talks at the end")
    def against_at_end(self) -> float:
        return self.against

    @own.column("sulked.{0}", "number", "week", "week by which {0}'s public is against talks; missing if it is not")
    def sulked(self) -> float:
        if self.against > 0.1 and self.number == 0:
            return 1.0
        return MISSING

    @own.followed("fury.{0}", "share", "share of {0}'s public against talks")
    def fury(self) -> float:
        return self.against


class Opinion(sim.War):
    """A war in which publics turn against talks week by week."""

    cast: ClassVar = {"State": Sulking}
    outrage: float = own.parameter(0.2, "share", (0.0, 1.0), "how far a week moves opinion")

    def fight(self) -> None:
        super().fight()
        for state in self.states:
            state.against = state.against + self.outrage * (1.0 - state.against)


class Dictionary(sim.War):
    """A war that keeps something in a dictionary, which can't be compiled."""

    def fight(self) -> None:
        super().fight()
        kept = {"front": self.front.position}
        self.front.position = kept["front"]


@pytest.fixture(scope="module")
def short():
    return sim.load("two-states-known-costs", {"weeks": 6})


@pytest.fixture(scope="module")
def given(short):
    return sim.load("two-states-known-costs", {"weeks": 6, "own.outrage": 0.5}, model=Opinion)


@pytest.fixture(scope="module")
def result(given):
    return sim.run(given, MANY, seed=3)


def same_columns(one, other):
    return one.keys() == other.keys() and all(np.array_equal(one[name], other[name], equal_nan=True) for name in one)


# Which engine plays, and what comes out


def test_a_scenario_that_knows_its_model_is_played_by_it_compiled(result, given):
    assert result.engine == "compiled (Opinion)"
    assert len(result) == MANY
    first = next(iter(given.eras[0].world.states))
    assert result.columns[f"against.{first}"] == pytest.approx(1.0 - 0.5**6)
    assert result.summary()["against"][first]["estimate"] == pytest.approx(1.0 - 0.5**6)


def test_both_engines_give_the_same(result, given):
    in_the_open = sim.run(given, MANY, seed=3, engine="open")
    assert in_the_open.engine == "open (Opinion)"
    assert same_columns(in_the_open.columns, result.columns)


def test_a_column_of_ones_own_may_be_missing(result, given):
    one, other = given.eras[0].world.states
    assert np.all(result.columns[f"sulked.{one}"] == 1.0)
    assert np.isnan(result.columns[f"sulked.{other}"]).all()
    assert result.failed == ()


def test_a_class_handed_to_run_plays_with_its_defaults(short):
    handed = sim.run(short, MANY, seed=3, model=Opinion)
    loaded = sim.run(sim.load("two-states-known-costs", {"weeks": 6}, model=Opinion), MANY, seed=3)
    assert same_columns(handed.columns, loaded.columns)
    assert handed.scenario == loaded.scenario


def test_a_few_replicates_are_played_in_the_open_without_a_word(given, result):
    few = sim.run(given, 4, seed=3)
    assert few.engine == "open (Opinion)"
    assert same_columns(few.columns, {name: values[:4] for name, values in result.columns.items()})


def test_any_number_of_processes_gives_the_same(given, result):
    assert same_columns(sim.run(given, MANY, seed=3, processes=3).columns, result.columns)
    spread = sim.run(given, 12, seed=3, processes=2, engine="open")
    assert same_columns(spread.columns, {name: values[:12] for name, values in result.columns.items()})


def test_sim_war_itself_is_no_model_of_ones_own(short):
    assert sim.run(short, MANY, model=sim.War).engine == "compiled"


def test_weeks_are_followed_with_what_is_ones_own(short, given):
    followed = sim.follow(short, MANY, seed=3, model=Opinion, values=True)
    first = next(iter(given.eras[0].world.states))
    names = [quantity.name for quantity in followed.weekly.quantities]
    course = followed.weekly.values[:, :, names.index(f"fury.{first}")]
    assert course == pytest.approx(np.broadcast_to(1.0 - 0.8 ** np.arange(7), course.shape))
    few = sim.follow(short, 4, seed=3, model=Opinion, values=True)
    assert np.array_equal(few.weekly.values, followed.weekly.values[:4], equal_nan=True)


# With and without


def test_a_case_is_set_against_itself_with_a_mechanism_of_ones_own(short, given):
    contrast = sim.compare(short, given, MANY, seed=3)
    assert contrast.summary()["engine"] == "compiled and compiled (Opinion)"
    assert contrast.differences == [("own.outrage", None, 0.5)]
    assert "against" not in contrast.summary()
    assert contrast.success.estimate == 0.0


def test_a_class_handed_to_compare_plays_both(short):
    contrast = sim.compare(short, short, MANY, model=Opinion)
    assert [result.engine for result in contrast.results] == ["compiled (Opinion)"] * 2
    assert set(contrast.group("against")) == set(short.eras[0].world.states)


# What can't be


def test_a_class_that_cannot_be_compiled_is_played_in_the_open_with_its_reason(short):
    with pytest.warns(OpenEngineWarning) as told:
        result = sim.run(short, MANY, model=Dictionary)
    assert result.engine == "open (Dictionary)"
    (warning,) = told
    assert "Dictionary is played in the open engine, about a hundred times slower: " in str(warning.message)
    assert "test_own_models.py:" in str(warning.message)
    assert warning.filename == __file__
    with pytest.raises(RunError, match=r"compiled \(Dictionary\): can't be: .*test_own_models.py:\d+"):
        sim.run(short, 1, model=Dictionary, engine="compiled")
    with pytest.warns(OpenEngineWarning):
        assert sim.follow(short, MANY, model=Dictionary).engine == "open (Dictionary)"
    assert sim.run(short, 1, model=Dictionary, engine="open").engine == "open (Dictionary)"


@pytest.mark.parametrize("model", [int, "Opinion", object(), own.State])
def test_what_is_no_model_is_refused(short, model):
    for call in (sim.run, sim.follow):
        with pytest.raises(ModelError, match=r"is not a subclass of sim\.War"):
            call(short, 1, model=model)
    with pytest.raises(ModelError, match=r"is not a subclass of sim\.War"):
        sim.load("reference", model=model)


def test_two_classes_do_not_combine(given):
    with pytest.raises(sim.errors.ScenarioError, match="two classes do not combine"):
        sim.run(given, 1, model=Dictionary)


def test_a_stored_scenario_is_played_once_its_class_is_at_hand(given, result):
    back = Scenario.from_dict(given.to_dict())
    with pytest.raises(RunError, match=r"its model tests.study.test_own_models:Opinion is not at hand: name the class"):
        sim.run(back, 1)
    assert same_columns(sim.run(back, MANY, seed=3, model=Opinion).columns, result.columns)


# Where a class is written

TYPED = """
import sim

class Typed(sim.War):
    def fight(self) -> None:
        super().fight()
        self.front.position = 0.5 * self.front.position

print(sim.run(sim.load("two-states-known-costs", {"weeks": 3}), 50, model=Typed).engine)
"""


def test_a_class_of_a_script_is_compiled(tmp_path):
    script = tmp_path / "script.py"
    script.write_text(TYPED, encoding="utf-8")
    done = subprocess.run([sys.executable, script], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout == "compiled (Typed)\n"


def test_a_class_without_source_is_played_in_the_open_with_its_reason():
    code = f"import warnings; warnings.simplefilter('always')\nexec({TYPED!r})"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=True)
    assert done.stdout == "open (Typed)\n"
    assert "has no source" in done.stderr
