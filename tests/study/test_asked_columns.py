"""Whether a deal existed is looked for where one of its columns is asked for, and they are there where it was."""

import numpy as np
import pytest

import sim
from sim import own
from sim.engines.ensemble import rows_of
from sim.engines.layout import layout_of
from sim.scenario.load import load
from sim.steps.columns import OF_DEALS, columns_of
from sim.study.claims.verdicts import ledger
from sim.study.design.experiments import load_experiment
from sim.study.play.compiled_runs import Wanted, run_compiled
from sim.study.play.open_runs import forget
from sim.study.store.export import dictionary, to_csv
from sim.study.store.folder import open_folder
from sim.study.store.kept_module import read_module
from sim.study.sweep.reproduction import reproduce
from sim.study.sweep.tasks import jobs_of, play_job
from tests.study.sweeping import small, swept

SEED, COUNT = 5, 30
CASE = "ukraine-kept-out"  # deals exist, are missed, and are found in some weeks only
KEEP = 'keep = "outcomes"\n'

CLAIM = """
[scenarios.other]
extends = "two-states-known-costs"
set = { weeks = 40 }

[claims.longer]
claim = "More time helps"

[claims.longer.rows.row]
points = ["other", "two"]
outcome = "OUTCOME"
smallest = 0.01
"""


def played(columns=(), follow=None):
    """Return what some columns of a scenario are in the compiled engine."""
    return run_compiled(load(CASE), SEED, Wanted(0, COUNT, columns), 1, follow, lambda done, asked: None)


def experiment_at(folder, head="", tail=""):
    """Return the file of a small experiment with more at its beginning and end."""
    file = small(folder, 20, points=2)
    file.write_text(head + file.read_text(encoding="utf-8") + tail, encoding="utf-8")
    return file


# The engines


def test_nobody_looks_for_deals_where_none_of_their_columns_is_asked_for():
    found = played(OF_DEALS).columns
    assert all(found[name].any() for name in OF_DEALS[:2])
    place = [column.name for column in columns_of(load(CASE))].index("deal_existed")
    assert not rows_of(load(CASE), SEED, 0, COUNT, 1, ("success", "front"))[:, place].any()


@pytest.mark.parametrize("name", OF_DEALS)
def test_a_column_of_deals_is_what_it_was_where_it_alone_is_asked_for(name):
    alone, whole = played(("front", name)).columns, played().columns
    assert [*alone] == ["replicate", *(one.name for one in columns_of(load(CASE)) if one.name in ("front", name))]
    assert all(values.tobytes() == whole[column].tobytes() for column, values in alone.items())


def test_columns_that_are_not_asked_for_are_not_there():
    few, whole = played(("success", "trust.ukraine.united_states"), "bands"), played((), "bands")
    assert [*few.columns] == ["replicate", "success", "trust.ukraine.united_states"]
    assert all(values.tobytes() == whole.columns[name].tobytes() for name, values in few.columns.items())
    assert np.array_equal(few.weekly.sums, whole.weekly.sums)
    assert [*whole.columns] == ["replicate", *(column.name for column in columns_of(load(CASE)))]


def test_the_open_engine_looks_for_deals_unless_it_is_told_not_to():
    talks = [sim.War(load(CASE), SEED, 0) for _ in range(2)]
    talks[1].looks_for_deals = False
    asked, unasked = (one.run().row() for one in talks)
    assert (asked["deal_existed"], unasked["deal_existed"]) == (1.0, 0.0)
    assert {name for name in asked if not same(asked[name], unasked[name])} <= set(OF_DEALS)
    for one in talks:
        forget(one)


def same(one, other):
    """Return whether two values of a column are one and the same, or both missing."""
    return one == other or (one != one and other != other)


class Hopes(sim.War):
    """A war in which what was found of deals decides something."""

    weeks_of_hope: int = own.variable("weeks after a deal was seen to exist", "weeks")

    @own.column("weeks_of_hope", "count", "weeks", "weeks after a deal was seen to exist")
    def hoped(self) -> float:
        return float(self.weeks_of_hope)

    def write_down(self) -> None:
        super().write_down()
        if self.deal_existed:
            self.weeks_of_hope += 1


def test_a_class_of_ones_own_may_read_what_was_found_whatever_is_asked_for():
    scenario = sim.load(CASE, model=Hopes)
    whole, few = rows_of(scenario, SEED, 0, COUNT), rows_of(scenario, SEED, 0, COUNT, 1, ("weeks_of_hope",))
    assert whole[:, -1].any()
    assert whole.tobytes() == few.tobytes()


# Experiments and their folders


@pytest.mark.parametrize(
    ("head", "tail", "kept"),
    [
        (KEEP, "", ()),
        (KEEP + 'outcomes = ["success", "futile"]\n', "", ("futile",)),
        (KEEP, CLAIM.replace("OUTCOME", "front"), ()),
        (KEEP, CLAIM.replace("OUTCOME", "missed"), ("missed",)),
        (KEEP, CLAIM.replace("OUTCOME", "success"), OF_DEALS),
    ],
    ids=["success", "futile", "claim on the front", "claim on deals missed", "claim on success"],
)
def test_deals_are_kept_where_outcomes_or_claims_name_them_or_a_row_on_success_shows_them(tmp_path, head, tail, kept):
    experiment = load_experiment(experiment_at(tmp_path, head, tail))
    assert tuple(name for name in experiment.kept if name in OF_DEALS) == kept


def test_an_experiment_that_keeps_all_looks_for_deals(tmp_path):
    folder = swept(experiment_at(tmp_path), tmp_path / "all")
    assert set(OF_DEALS) <= folder.result("two sd=0").columns.keys()
    assert looked_for_deals(folder) == {1}


@pytest.mark.parametrize("engine", ["compiled", "open"])
def test_a_folder_has_no_columns_of_deals_that_nobody_asked_for(tmp_path, engine):
    folder = swept(experiment_at(tmp_path, KEEP), tmp_path / "few")
    kept = ["replicate", "success", "outcome", "weeks_to_agreement"]
    assert [*folder.result("two sd=0").columns] == kept
    assert not set(OF_DEALS) & folder.result("two sd=0").summary().keys()
    [job, *_] = jobs_of(folder, [where for there in folder.present.values() for where in there])
    again = play_job(job._replace(engine=engine)).columns
    assert {name: values.tobytes() for name, values in again.items()} == {
        name: values.tobytes() for name, values in folder.part(job.range).columns.items()
    }


@pytest.mark.parametrize(("head", "told"), [(KEEP, ()), (KEEP + 'outcomes = ["futile"]\n', ("futile",))])
def test_exports_tell_the_columns_of_deals_that_are_kept_and_no_others(tmp_path, head, told):
    folder = swept(experiment_at(tmp_path, head), tmp_path / "few")
    written = " ".join(path.read_text(encoding="utf-8-sig") for path in to_csv(folder, tmp_path / "csv"))
    assert tuple(name for name in OF_DEALS if name in written) == told
    assert tuple(name for name in OF_DEALS if name in {row[1] for row in dictionary(folder)}) == told


def looked_for_deals(folder):
    """Return how the points that a folder keeps laid out say whether deals are looked for."""
    place = layout_of().plan["War.looks_for_deals"]
    return {int(np.frombuffer(point["whole"], "<i8")[place]) for point in read_module(folder).points.values()}


@pytest.mark.parametrize("weekly", ["", "weekly = true\n"])
def test_a_folder_comes_out_the_same_by_its_module_and_by_this_program(tmp_path, monkeypatch, weekly):
    monkeypatch.chdir(tmp_path)
    folder = swept(experiment_at(tmp_path, KEEP + weekly), tmp_path / "few")
    assert looked_for_deals(folder) == {0}
    assert reproduce(folder).departure is None
    monkeypatch.setattr("sim.study.sweep.reproduction.model_version", lambda: "2-another")
    assert reproduce(folder).departure is None


def test_a_row_on_success_shows_the_same_whatever_else_is_kept(tmp_path):
    found = []
    for number, head in enumerate(["", KEEP]):
        claim = CLAIM.replace("OUTCOME", "success")
        folder = swept(experiment_at(tmp_path, head, claim), tmp_path / str(number))
        [verdict] = ledger(open_folder(folder.path))
        found.append(verdict.rows[0])
    assert found[0] == found[1]
    assert found[0].beside.within.replicates > 0
