"""How much each parameter explains: synthetic truths with noise, success by a logistic link with binomial replicates."""

import math

import numpy as np
import pytest
from scipy.stats import qmc

from sim.study.statistics.sensitivity import Outcome, at_place, influences, share_of_chance

PARAMETERS = 30
SLOPES = {"first": 3.2, "second": 2.3, "third": 0.75, "fourth": 0.2, "fifth": 1.6}
NAMES = [*SLOPES, *(f"idle{number}" for number in range(PARAMETERS - len(SLOPES)))]
# Of the variance of the success rate over the cube, by each parameter itself: 200,000 places sorted into a hundred bins.
EXPLAINED = {"first": 0.552, "second": 0.269, "third": 0.027, "fourth": 0.002, "fifth": 0.127}


def cube(places, seed, parameters=PARAMETERS):
    return qmc.LatinHypercube(d=parameters, rng=np.random.default_rng(seed)).random(places)


def success_rate(places):
    return 1.0 / (1.0 + np.exp(0.3 - (places[:, : len(SLOPES)] - 0.5) @ np.array(list(SLOPES.values()))))


def played(shares, replicates, seed):
    """The outcome of binomial replicates at each place."""
    luck = np.random.default_rng([seed, 1])  # not the stream that the places are drawn with
    half = replicates // 2
    even, odd = (luck.binomial(half, shares) / half for _ in range(2))
    within = (even + odd) / 2 * (1 - (even + odd) / 2) * replicates / (replicates - 1)
    return Outcome(even, odd, within, np.full(len(shares), float(replicates)))


def explained(places, seed):
    drawn = cube(places, seed)
    found = influences(dict(zip(NAMES, drawn.T, strict=True)), played(success_rate(drawn), 50, seed), seed)
    return {influence.name: influence for influence in found}


@pytest.fixture(scope="module")
def trials():
    return [explained(400, seed) for seed in range(20)]


def test_four_hundred_places_of_fifty_replicates_find_what_matters_and_name_nothing_idle(trials):
    """An idle parameter is named in one analysis of twenty; in twenty, more than three times with probability .016."""
    for name, spread in (("first", 0.04), ("second", 0.04), ("fifth", 0.04)):
        shares = np.array([trial[name].share.estimate for trial in trials])
        assert shares.mean() == pytest.approx(EXPLAINED[name], abs=0.03)
        assert shares.std() < spread
    assert all(trial["first"].told and trial["second"].told for trial in trials)
    assert sum(trial["fifth"].told for trial in trials) >= 17
    assert not any(trial["fourth"].told for trial in trials)
    assert sum(any(trial[name].told for name in NAMES if name.startswith("idle")) for trial in trials) <= 3


def test_intervals_cover_what_is_true(trials):
    """At 95 % and five parameters in twenty trials, 5 of 100 miss; more than 11 with probability .004."""
    missed = sum(
        not trial[name].share.low <= share <= trial[name].share.high
        for trial in trials
        for name, share in EXPLAINED.items()
    )
    assert missed <= 11


def test_of_a_hundred_parameters_that_do_nothing_hardly_one_is_named():
    """Each of ten analyses names one with probability .05; more than two do with probability .012."""
    named = 0
    for seed in range(10):
        drawn = cube(200, seed, 100)
        outcome = played(np.full(200, 0.4), 40, seed)
        named += any(
            one.told for one in influences({str(at): column for at, column in enumerate(drawn.T)}, outcome, seed)
        )
    assert named <= 2


def test_a_parameter_that_acts_up_and_down_is_found_though_its_slope_is_zero():
    drawn = cube(400, 1, 3)
    outcome = played(0.5 + 0.3 * np.cos(4.0 * np.pi * drawn[:, 0]), 50, 1)
    found = influences(dict(zip("xyz", drawn.T, strict=True)), outcome)
    assert [one.name for one in found if one.told] == ["x"]
    assert found[0].share.estimate == pytest.approx(1.0, abs=0.06)


def test_what_two_parameters_do_only_together_neither_explains():
    drawn = cube(400, 2, 2)
    outcome = played(np.where((drawn[:, 0] > 0.5) == (drawn[:, 1] > 0.5), 0.8, 0.2), 50, 2)
    assert not any(one.told for one in influences(dict(zip("xy", drawn.T, strict=True)), outcome))


def test_choices_of_a_list_are_explained_as_numbers_are():
    drawn = cube(400, 3, 2)
    choice = np.floor(3.0 * drawn[:, 0])
    outcome = played(np.array([0.3, 0.7, 0.5])[choice.astype(int)], 50, 3)
    found = influences({"choice": choice, "idle": drawn[:, 1]}, outcome)
    assert [one.name for one in found if one.told] == ["choice"]
    assert found[0].share.estimate == pytest.approx(1.0, abs=0.06)


def test_only_the_rank_of_a_parameter_matters():
    drawn = cube(100, 4, 2)
    outcome = played(drawn[:, 0], 50, 4)
    one, other = (influences({"x": column, "y": drawn[:, 1]}, outcome) for column in (drawn[:, 0], np.exp(drawn[:, 0])))
    assert one == other


def test_shared_luck_does_not_mislead():
    """The same sixty uniforms decide at every place: even and odd replicates are drawn with different ones."""
    drawn = cube(400, 5)
    hits = (np.random.default_rng(9).uniform(size=60) < success_rate(drawn)[:, None]).astype(float)
    outcome = Outcome(*np.array([at_place(place, np.arange(60)) for place in hits]).T)
    told = [one.name for one in influences(dict(zip(NAMES, drawn.T, strict=True)), outcome) if one.told]
    assert told[:2] == ["first", "second"]
    assert not any(name.startswith("idle") for name in told)


def test_without_halves_chance_would_shrink_what_parameters_explain():
    drawn = cube(400, 6)
    outcome = played(success_rate(drawn), 10, 6)
    whole = (outcome.even + outcome.odd) / 2
    naive = Outcome(whole, whole, outcome.within, outcome.counts)
    columns = dict(zip(NAMES, drawn.T, strict=True))
    halved, blind = (next(one for one in influences(columns, of) if one.name == "first") for of in (outcome, naive))
    assert halved.share.low < EXPLAINED["first"] < halved.share.high
    assert blind.share.high < EXPLAINED["first"]


def test_where_places_do_not_differ_nothing_is_told():
    outcome = Outcome(np.full(50, 0.5), np.full(50, 0.5), np.full(50, 0.25), np.full(50, 20.0))
    (found,) = influences({"x": np.arange(50.0)}, outcome)
    assert not found.told
    assert math.isnan(found.share.estimate)


def test_of_few_places_nothing_is_told():
    drawn = cube(19, 7, 1)
    (found,) = influences({"x": drawn[:, 0]}, played(drawn[:, 0], 1000, 7))
    assert (found.told, found.p_value) == (False, 1.0)
    drawn = cube(20, 7, 1)
    assert influences({"x": drawn[:, 0]}, played(drawn[:, 0], 1000, 7))[0].told


def test_the_share_of_chance_is_known_for_a_uniform_share():
    """Shares uniform on 0..1: 1/6 of 1/4 is chance within places, two thirds."""
    found = share_of_chance(played(np.random.default_rng(8).uniform(size=400), 50, 8))
    assert found.low < 2 / 3 < found.high
    assert found.high - found.low < 0.12


def test_where_parameters_do_nothing_all_is_chance():
    found = share_of_chance(played(np.full(300, 0.3), 60, 9))
    assert found.high == pytest.approx(1.0, abs=0.01)
    assert found.low > 0.98


def test_where_there_is_no_chance_none_is_found():
    steps = np.arange(20.0)
    assert share_of_chance(Outcome(steps, steps, np.zeros(20), np.full(20, 10.0))).estimate == 0.0
    assert math.isnan(share_of_chance(Outcome(*np.ones((2, 20)), np.zeros(20), np.full(20, 10.0))).estimate)


def test_halves_go_by_the_numbers_of_replicates_and_leave_out_what_is_missing():
    values = np.array([1.0, 0.0, 3.0, 2.0, math.nan, 4.0])
    even, odd, within, count = at_place(values, np.array([0, 1, 4, 5, 6, 9]))
    assert (even, odd, count) == (2.0, 2.0, 5.0)
    assert within == pytest.approx(np.var([1.0, 0.0, 3.0, 2.0, 4.0], ddof=1))
    assert all(map(math.isnan, at_place(values[:3], np.array([0, 2, 4]))))
