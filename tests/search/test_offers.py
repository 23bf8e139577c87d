"""The offer search: what it maximises, the limits in which the answer is known, and SciPy as its judge."""

from dataclasses import replace
from itertools import pairwise
from math import exp, inf, isfinite, log, sqrt
from random import Random

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import brentq, minimize
from scipy.stats import norm

from sim.rules.consent import CERTAINTY
from sim.search import offers
from sim.search.deals import spare
from sim.search.offers import AS_THEY_ARE, BEST, CURVATURE, FACTOR, GRADIENT, IGNORED, OUT_OF_REACH, POINT, SEATED
from sim.search.offers import STEP as STEP_AT
from sim.search.sheet import SD, row_at
from tests.rules import textbook
from tests.rules.offer_campaign import run, scipy_best
from tests.rules.sheets import (
    Party,
    Talks,
    extreme_talks,
    guaranteed_peace,
    mirrored,
    random_talks,
    random_terms,
    two_states,
    utility,
)

SEEDS = st.integers(0, 10**6)


def best(talks: Talks, filling: float = 0.0) -> tuple[float, list[float]]:
    """Return the log objective and the terms of the best offer."""
    work = [filling] * offers.work_size(len(talks.parties))
    value = offers.best_offer(talks.sheet(), work)
    return value, work[BEST : BEST + talks.issues]


def objective(talks: Talks, terms, treatment=AS_THEY_ARE, barrier=0.0) -> float:
    return offers.objective(talks.sheet(), treatment, barrier, list(terms), 0)


def talks_from(seed, **kinds) -> tuple[Talks, Random]:
    random = Random(f"offers/{seed}")
    return random_talks(random, **kinds), random


# ---------------------------------------------------------------------------------------------------------------------
# What is maximised


@settings(max_examples=200, deadline=None)
@given(SEEDS, st.booleans(), st.booleans())
def test_the_objective_is_the_expected_gain_of_the_textbook(seed, excluded, many):
    talks, random = talks_from(seed, excluded=excluded, many=many)
    terms = random_terms(random, talks.issues)
    expected = textbook.log_objective(talks, terms)
    reached = objective(talks, terms)
    assert (reached <= OUT_OF_REACH) == (expected == -inf)
    if expected > -inf:
        assert reached == pytest.approx(expected, rel=1e-11, abs=1e-11)


def test_an_expected_gain_worked_by_hand():
    """A offers x = .6 from a front of .5: gains .25 - .16 + .05 = .14; B gives up .36 - .25 = .11, P = 1/2 if its
    believed median cost is .11."""
    talks = two_states(cost_a=0.05, cost_b=0.11, front=0.5)
    assert exp(objective(talks, [0.6])) == pytest.approx(0.14 * 0.5, rel=1e-12)


def test_terms_that_leave_the_proposer_less_than_its_margin_are_out_of_reach():
    talks = two_states(cost_a=0.05, front=0.5).with_party(0, margin=0.15)
    assert objective(talks, [0.6]) == OUT_OF_REACH
    assert objective(talks, [0.7]) > OUT_OF_REACH


def test_a_barrier_subtracts_its_weight_times_how_little_is_left():
    talks = two_states(cost_a=0.05, cost_b=0.11, front=0.5).with_party(0, margin=0.04)
    assert objective(talks, [0.6], barrier=0.3) == pytest.approx(log(0.14 * 0.5) + 0.3 * log(0.1), rel=1e-12)


def test_without_a_proposer_only_consent_counts():
    talks = replace(two_states(0.05, 0.11, front=0.5), proposer=-1)
    # A is offered more than the front gives it and accepts for sure; B accepts with probability one half
    assert objective(talks, [0.6]) == pytest.approx(log(0.5), rel=1e-12)


@given(st.sampled_from([0.2, 0.5, 0.8]))
def test_who_may_or_may_not_block_is_ignored_seated_or_itself(power):
    assert [offers.blocking_as(power, treatment) for treatment in (AS_THEY_ARE, IGNORED, SEATED)] == [power, 0.0, 1.0]


def test_who_must_consent_always_must_and_who_cannot_block_never_does():
    for treatment in (AS_THEY_ARE, IGNORED, SEATED):
        assert offers.blocking_as(1.0, treatment) == 1.0
        assert offers.blocking_as(0.0, treatment) == 0.0


@pytest.mark.parametrize("blocking", [0.2, 0.5, 0.8, 1.0])
@pytest.mark.parametrize("ready", [-8.0, -2.0, 0.0, 0.5, 3.0])
def test_consent_and_its_derivative_are_those_of_the_normal_distribution(blocking, ready):
    chance = norm.cdf(ready) if blocking == 1.0 else 1.0 - blocking * norm.sf(ready)
    assert offers.log_consent(blocking, ready) == pytest.approx(log(chance), rel=1e-10, abs=1e-13)
    slope = blocking * norm.pdf(ready) / chance
    assert offers.consent_hazard(blocking, ready) == pytest.approx(slope, rel=1e-12)


@given(SEEDS)
def test_an_excluded_state_without_power_changes_no_bit(seed):
    talks, random = talks_from(seed, rows=3)
    out = (talks.proposer + 1) % 3
    powerless = talks.with_party(out, blocking=0.0)
    demanding = talks.with_party(out, blocking=0.0, margin=1.0, mean=-20.0, sd=0.1)
    terms = random_terms(random, talks.issues)
    assert objective(powerless, terms) == objective(demanding, terms)


# ---------------------------------------------------------------------------------------------------------------------
# Limits in which the answer is known


@pytest.mark.parametrize(("cost_a", "cost_b", "front"), [(0.03, 0.045, 0.45), (0.2, 0.01, 0.3), (0.01, 0.3, 0.6)])
def test_with_costs_known_the_proposer_leaves_the_other_exactly_at_its_gap(cost_a, cost_b, front):
    """B accepts x while x^2 - front^2 <= its cost, so A asks for sqrt(front^2 + cost): SLSQP on the constraint agrees.

    Nobody is surer of a cost than CERTAINTY, so the offer stays short of it by a few of those (here up to 5).
    """
    talks = two_states(cost_a, cost_b, sd=0.0, front=front)
    closed = min(1.0, sqrt(front * front + cost_b))
    found = minimize(
        lambda x: -textbook.worth(talks.parties[0], x),
        [0.5],
        method="SLSQP",
        bounds=[(0.0, 1.0)],
        constraints=[{"type": "ineq", "fun": lambda x: cost_b - textbook.gap(talks, talks.parties[1], x)}],
        options={"ftol": 1e-14},
    )
    assert found.x[0] == pytest.approx(closed, abs=1e-6)
    _, terms = best(talks)
    left = 1.0 - textbook.gap(talks, talks.parties[1], terms) / cost_b
    assert 0.0 < left < 5.0 * CERTAINTY
    assert terms[0] == pytest.approx(closed, abs=5.0 * CERTAINTY * cost_b / (2.0 * closed))


def test_with_costs_known_and_four_issues_the_proposer_matches_slsqp_on_the_constraint():
    for seed in range(12):
        random = Random(f"known/{seed}")
        talks = random_talks(random, issues=4, rows=2)
        plain = {"sd": 0.0, "margin": 0.0, "lapses": (0.0, 0.0), "betrayal": 0.0, "sworn": (), "burdens": ()}
        talks = replace(talks.with_party(0, **plain).with_party(1, **plain), pledges=(), kept_trustworthy=1.0)
        me, other = talks.parties[talks.proposer], talks.parties[1 - talks.proposer]
        talks = talks.with_party(1 - talks.proposer, mean=log(other.cost))
        found = minimize(
            lambda x, me=me: -textbook.worth(me, x),
            np.full(4, 0.5),
            method="SLSQP",
            bounds=[(0.0, 1.0)] * 4,
            constraints=[
                {
                    "type": "ineq",
                    "fun": lambda x, t=talks, o=other: o.cost * o.weariness - textbook.gap(t, o, x),
                }
            ],
            options={"ftol": 1e-14, "maxiter": 500},
        )
        gain = textbook.worth(me, found.x) - textbook.outside(me)
        value, terms = best(talks)
        left = 1.0 - textbook.gap(talks, other, terms) / (other.cost * other.weariness)
        assert 0.0 < left < 5.0 * CERTAINTY
        assert exp(value) == pytest.approx(gain, rel=5.0 * CERTAINTY)
        assert exp(value) < gain


@pytest.mark.parametrize("cost_a", [0.01, 0.03, 0.2])
@pytest.mark.parametrize("cost_b", [0.01, 0.045, 0.2])
@pytest.mark.parametrize("sd", [0.2, 0.7, 1.5])
def test_one_blind_offer_balances_risk_against_return(cost_a, cost_b, sd):
    """First-order condition of Fearon (1995) under a lognormal belief, solved by brentq.

    A asks x from a front p; it gains (1-p)^2 - (1-x)^2 + c_A with the probability that c_B exceeds y(x) = x^2 - p^2:
        2 (1 - x) / gain = hazard(z) y'(x) / (sd y(x)),     z = (m - log y) / sd
    """
    front = 0.45
    talks = two_states(cost_a, cost_b, sd, front)

    def condition(x):
        gain = (1.0 - front) ** 2 - (1.0 - x) ** 2 + cost_a
        z = (log(cost_b) - log(x * x - front * front)) / sd
        hazard = exp(norm.logpdf(z) - norm.logcdf(z))
        return 2.0 * (1.0 - x) / gain - hazard * 2.0 * x / (sd * (x * x - front * front))

    root = brentq(condition, front + 1e-9, 1.0, xtol=1e-14)
    _, terms = best(talks)
    assert terms[0] == pytest.approx(root, abs=2e-5)  # a gain of 1e-9 is not worth a step


def veto_players(count):
    """Return talks in which A asks `count` players with the aims, costs and beliefs of B, one by one the same."""
    a, b = two_states(0.05, 0.08, 0.5).parties
    return Talks((a, *[b] * count))


def test_each_further_veto_player_multiplies_the_chance_of_consent_once_more():
    single = exp(objective(veto_players(1), [0.5])) / exp(objective(veto_players(0), [0.5]))
    for count in range(2, 6):
        gain = exp(objective(veto_players(0), [0.5]))
        assert exp(objective(veto_players(count), [0.5])) == pytest.approx(gain * single**count, rel=1e-12)


def test_the_more_veto_players_the_less_the_best_blind_offer_promises_and_asks_for():
    """The same offer is accepted with a chance that falls in their number (Cunningham 2006).

    A proposer that knows their number asks for less, here by so much that agreement becomes likelier: .881, .909, .921,
    .928, .932 for one to five of them. What falls is what it can expect.
    """
    found = [best(veto_players(count)) for count in range(6)]
    assert found[0][1] == [1.0]
    for (value, terms), (next_value, next_terms) in pairwise(found):
        assert next_value < value
        assert next_terms[0] < terms[0]
    asked = veto_players(1).parties[1]
    chances = [exp(n * textbook.log_consent(veto_players(1), asked, found[n][1])) for n in range(1, 6)]
    assert chances == pytest.approx([0.881, 0.909, 0.921, 0.928, 0.932], abs=1e-3)


def test_with_nobody_to_ask_the_proposer_takes_its_aim():
    party = Party((0.5, 0.5), (0.3, 0.8), utility((0.5, 0.5), (0.3, 0.8), (0.5, 0.5)))
    value, terms = best(Talks((party,)))
    assert terms == pytest.approx([0.3, 0.8], abs=1e-6)
    assert exp(value) == pytest.approx(textbook.surplus(Talks((party,)), party, [0.3, 0.8]), rel=1e-9)


# ---------------------------------------------------------------------------------------------------------------------
# The search


def test_the_search_finds_what_scipy_finds():
    """Twenty random talks, half of them with excluded states; a thousand are run by hand (offer_campaign.py)."""
    report = run(20, seed=7, random_starts=4)
    assert report["share"] == 1.0, report["failures"]


@pytest.mark.parametrize("excluded", [False, True])
def test_on_one_issue_the_search_finds_the_best_of_ten_thousand_offers(excluded):
    for seed in range(10):
        talks, _ = talks_from(f"grid/{seed}/{excluded}", issues=1, rows=3, excluded=excluded)
        grid = max(textbook.log_objective(talks, [x]) for x in np.linspace(0.0, 1.0, 2001))
        value, _ = best(talks)
        assert exp(grid - value) < 1.001 if grid > -inf else value == OUT_OF_REACH


@pytest.mark.parametrize("number", [241, 507, 721])
def test_where_several_may_block_the_second_best_start_may_lead_to_the_highest_hill(number):
    """Three of the talks of the long run in which to climb from the best start alone misses 10 to 37 % (SciPy)."""
    talks = random_talks(Random(f"1/{number}"), excluded=True)
    value, _ = best(talks)
    assert exp(scipy_best(talks.sheet(), number, 4) - value) < 1.001


def two_hills(power: float) -> Talks:
    """Return talks in which A can take all and risk a block by excluded B, or satisfy it; B's cost is well known."""
    weights = (1.0,)
    a = Party(weights, (1.0,), utility(weights, (1.0,), (0.3,)), cost=0.05)
    b = Party(weights, (0.0,), utility(weights, (0.0,), (0.3,)), mean=log(0.05), sd=0.05, blocking=power)
    return Talks((a, b))


@pytest.mark.parametrize("power", [0.1, 0.5, 0.8, 0.95])
def test_of_two_hills_the_search_climbs_the_higher(power):
    """A alone would gain .49 + .05 = .54 (x = 1), blocked with probability `power`; satisfying B yields less."""
    talks = two_hills(power)
    ignoring = log(0.54 * (1.0 - power))
    grid = max(textbook.log_objective(talks, [x]) for x in np.linspace(0.0, 1.0, 20001))
    value, terms = best(talks)
    assert value == pytest.approx(grid, abs=1e-4)
    assert (terms[0] == 1.0) == (grid == pytest.approx(ignoring, abs=1e-9))


def test_a_weak_outsider_is_ignored_and_a_strong_one_satisfied():
    assert best(two_hills(0.1))[1] == [1.0]
    assert best(two_hills(0.95))[1][0] < 0.5


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.booleans())
def test_the_best_offer_lies_in_the_box_and_leaves_the_proposer_its_margin(seed, excluded):
    talks, _ = talks_from(seed, excluded=excluded)
    value, terms = best(talks)
    if value > OUT_OF_REACH:
        sheet = talks.sheet()
        assert all(0.0 <= term <= 1.0 for term in terms)
        assert spare(sheet, row_at(sheet, talks.proposer), terms, 0) > 0.0
        assert value == objective(talks, terms)


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.booleans())
def test_no_partys_aim_and_not_the_middle_is_a_better_offer(seed, excluded):
    talks, _ = talks_from(seed, excluded=excluded)
    value, _ = best(talks)
    for start in ([0.5] * talks.issues, *(party.aims for party in talks.parties)):
        assert objective(talks, start) <= value + 1e-3


@settings(max_examples=10, deadline=None)
@given(SEEDS, st.booleans())
def test_an_offer_depends_on_the_sheet_alone_and_not_on_what_the_workspace_held(seed, excluded):
    talks, _ = talks_from(seed, excluded=excluded)
    value, terms = best(talks, filling=float("nan"))
    other, other_terms = best(talks, filling=3.0)
    assert value == other
    assert terms == other_terms or value == OUT_OF_REACH


def test_a_proposer_that_cannot_get_its_margin_passes():
    talks = two_states(cost_a=0.05).with_party(0, margin=0.5)
    assert best(talks)[0] == OUT_OF_REACH


def test_a_margin_that_binds_is_met_at_the_price_of_a_ten_thousandth():
    """A would ask for less than its margin leaves; the best terms are those that just give it: x by hand.

    Gain (1-p)^2 - (1-x)^2 + c = margin with p = .45, c = .05 and margin .25: x = 1 - sqrt(.3025 + .05 - .25).
    """
    talks = two_states(0.05, 0.02, 0.3).with_party(0, margin=0.25)
    edge = 1.0 - sqrt(0.3025 + 0.05 - 0.25)
    value, terms = best(talks)
    limit = log(0.25) + textbook.log_consent(talks, talks.parties[1], [edge])
    assert edge < terms[0] < edge + 1e-4
    assert 0.0 < limit - value < 2.0 * offers.LAST_BARRIER


def test_far_from_any_hope_the_search_still_climbs_to_the_top():
    """Beliefs so sure that every start is refused by forty sd and more: the way up is 500 and more in log value."""
    for front, cost in ((0.45, 0.002), (0.3, 0.001)):
        talks = two_states(0.3, cost, 0.05, front).with_party(0, margin=0.02)
        grid = max(textbook.log_objective(talks, [x]) for x in np.linspace(front, 1.0, 20001))
        assert objective(talks, [0.5]) < grid - 500.0
        assert best(talks)[0] == pytest.approx(grid, abs=1e-3)


@settings(max_examples=40, deadline=None)
@given(SEEDS, st.booleans(), st.booleans())
def test_seen_from_the_other_side_the_objective_is_the_same(seed, excluded, many):
    talks, random = talks_from(seed, excluded=excluded, many=many)
    terms = random_terms(random, talks.issues)
    here, there = objective(talks, terms), objective(mirrored(talks), [1.0 - term for term in terms])
    if abs(here) < 1e3:  # beyond, the sure beliefs magnify the rounding of 1 - x
        assert there == pytest.approx(here, rel=1e-12, abs=1e-12)


def test_seen_from_the_other_side_the_best_offer_is_mirrored():
    compared = 0
    for seed in range(40):
        talks, _ = talks_from(f"mirror/{seed}", excluded=seed % 2 == 1, many=seed % 4 == 0)
        (value, terms), (other, mirrored_terms) = best(talks), best(mirrored(talks))
        assert other == pytest.approx(value, rel=1e-9)
        if value > OUT_OF_REACH:
            compared += 1
            assert mirrored_terms == pytest.approx([1.0 - term for term in terms], abs=1e-5)
    assert compared >= 35


# ---------------------------------------------------------------------------------------------------------------------
# The parts of a step


def write_matrix(work, at, matrix):
    flat = np.ravel(matrix)
    work[at : at + len(flat)] = list(flat)


@pytest.mark.parametrize("size", [1, 2, 3, 4, 8])
def test_a_factorised_model_is_solved_as_numpy_solves_it(size):
    generator = np.random.default_rng(size)
    root = generator.standard_normal((size, size))
    matrix, right = root @ root.T + np.eye(size), generator.standard_normal(size)
    work = [float("nan")] * offers.work_size(1)
    write_matrix(work, FACTOR, matrix)
    work[STEP_AT : STEP_AT + size] = list(right)
    assert offers.factorise(size, offers.SINGULAR, work) == 1
    offers.solve(size, work)
    assert work[STEP_AT : STEP_AT + size] == pytest.approx(np.linalg.solve(matrix, right), rel=1e-9)


def test_a_model_that_is_not_positive_definite_is_refused():
    work = [0.0] * offers.work_size(1)
    for matrix in ([[1.0, 2.0], [2.0, 1.0]], [[0.0]], [[-1.0]]):
        write_matrix(work, FACTOR, matrix)
        assert offers.factorise(len(matrix), offers.SINGULAR, work) == 0


def place(size, point, gradient, curvature):
    work = [0.0] * offers.work_size(1)
    work[POINT : POINT + size] = list(point)
    work[GRADIENT : GRADIENT + size] = list(gradient)
    write_matrix(work, CURVATURE, curvature)
    return work


def test_where_the_objective_is_concave_the_step_is_newtons():
    curvature = np.array([[-3.0, 1.0], [1.0, -2.0]])
    work = place(2, [0.4, 0.6], [1.0, -0.5], curvature)
    offers.write_step(2, work)
    assert work[STEP_AT : STEP_AT + 2] == pytest.approx(np.linalg.solve(-curvature, [1.0, -0.5]), rel=1e-12)


@given(st.integers(0, 10**6), st.integers(1, 8), st.sampled_from([1e-3, 1.0, 1e4]))
def test_the_step_always_goes_uphill_and_is_never_endless(seed, size, scale):
    """Whatever the curvature: no step is longer than ten over the least damping, in units of the gradient."""
    generator = np.random.default_rng(seed)
    root = generator.standard_normal((size, size)) * scale
    work = place(size, [0.5] * size, generator.standard_normal(size) * scale, root + root.T)
    offers.write_step(size, work)
    assert offers.hoped_gain(size, work) > 0.0
    assert all(map(isfinite, work[STEP_AT : STEP_AT + size]))


def test_damping_that_just_cancels_the_bend_does_not_make_the_step_endless():
    """A convex slope of one issue: a pivot of rounding errors would mean a step of 1e12 gradients and more."""
    for bend in np.geomspace(1.0, 1e8, 400):
        work = place(1, [0.5], [bend], [[bend]])
        offers.write_step(1, work)
        assert 0.0 < work[STEP_AT] <= bend / (0.1 * offers.FIRST_DAMPING * bend)


def test_an_issue_held_at_the_edge_gets_no_step_and_does_not_bend_the_others():
    work = place(2, [1.0, 0.5], [2.0, 1.0], [[-1.0, 0.9], [0.9, -1.0]])
    assert (offers.is_held(work, 0), offers.is_held(work, 1)) == (1, 0)
    offers.write_step(2, work)
    assert work[STEP_AT : STEP_AT + 2] == [0.0, 1.0]


def test_an_issue_at_the_edge_that_wants_to_leave_it_is_free():
    work = place(2, [0.0, 1.0], [1.0, -1.0], -np.eye(2))
    assert (offers.is_held(work, 0), offers.is_held(work, 1)) == (0, 0)
    work = place(2, [0.0, 1.0], [-1.0, 1.0], -np.eye(2))
    assert (offers.is_held(work, 0), offers.is_held(work, 1)) == (1, 1)


def test_a_trial_stays_in_the_box_and_promises_what_the_gradient_says():
    work = place(2, [0.3, 0.3], [0.0, 0.0], -np.eye(2))
    work[offers.FROM : offers.FROM + 2] = [0.9, 0.5]
    work[offers.RISE : offers.RISE + 2] = [1.0, 2.0]
    work[STEP_AT : STEP_AT + 2] = [0.4, 0.2]
    assert offers.write_trial(2, 0.5, work) == pytest.approx(0.1 + 0.2, abs=1e-15)
    assert work[POINT : POINT + 2] == pytest.approx([1.0, 0.6], abs=1e-15)
    assert [offers.boxed(x) for x in (-0.1, 0.0, 0.3, 1.0, 1.1)] == [0.0, 0.0, 0.3, 1.0, 1.0]


def test_where_the_box_cuts_off_what_a_step_hoped_for_it_is_shortened_before_it_is_tried():
    """Flat ground, so nothing gains: at full length the step promises a loss and must not be taken for a gain."""
    party = Party((0.5, 0.5), (0.3, 0.8), war_utility=0.0)
    sheet = Talks((party,), proposer=-1).sheet()
    work = place(2, [0.99, 0.6], [10.0, 1.0], -np.eye(2))
    offers.list_pledged(sheet, work)
    work[STEP_AT : STEP_AT + 2] = [1.0, -0.5]
    work[offers.FROM : offers.FROM + 2] = [0.99, 0.6]
    work[offers.RISE : offers.RISE + 2] = [10.0, 1.0]
    assert offers.write_trial(2, 1.0, work) < 0.0 < offers.hoped_gain(2, work)
    work[POINT : POINT + 2] = [0.99, 0.6]
    assert offers.line_search(sheet, AS_THEY_ARE, 0.0, 0.0, offers.LEAST_GAIN, work) == 0.0
    assert work[POINT : POINT + 2] == [0.99, 0.6]


def test_starts_that_are_as_good_as_the_same_are_climbed_once(monkeypatch):
    """The optimum with B ignored is A's aim, and an onlooker wants the same but for a hundred-thousandth."""
    talks = two_hills(0.5)
    onlooker = replace(talks.parties[0], aims=(1.0 - 1e-5,), blocking=0.0)
    talks = replace(talks, parties=(*talks.parties, onlooker))
    climbed, climb = [], offers.climb

    def noted(sheet, treatment, bar, work):
        climbed.append((treatment, offers.objective(sheet, treatment, 0.0, work, POINT)))
        return climb(sheet, treatment, bar, work)

    monkeypatch.setattr(offers, "climb", noted)
    best(talks)
    values = [value for treatment, value in climbed if treatment == AS_THEY_ARE]
    assert 2 <= len(values) <= offers.CLIMBS_OF_HILLS
    assert all(first - second > offers.SAME for first, second in pairwise(values))


def test_the_best_start_is_the_highest_below_the_last_one_and_the_first_of_equals():
    work = [0.0] * offers.work_size(4)
    for start, value in enumerate((-3.0, -1.0, OUT_OF_REACH, -1.0, -2.0)):
        work[offers.STARTS + start * offers.START_SIZE + offers.MOST] = value
    assert offers.best_start(5, inf, work) == 1
    assert offers.best_start(5, -1.0, work) == 4
    assert offers.best_start(5, -2.0, work) == 0
    assert offers.best_start(5, -3.0, work) == -1


def test_a_start_that_robs_the_proposer_moves_toward_its_aim_by_quarters():
    """From B's aim 0, A with front .45 and cost .03 gains from x with (1-x)^2 < .3325, that is x > .4234: at .5."""
    talks = two_states(cost_a=0.03)
    sheet, work = talks.sheet(), [0.0] * offers.work_size(2)
    assert offers.move_within_reach(sheet, work) == 1
    assert work[POINT] == 0.5
    work[POINT] = 0.6
    assert offers.move_within_reach(sheet, work) == 1
    assert work[POINT] == 0.6


def test_a_start_may_have_to_move_all_the_way():
    """With margin .2825 A needs (1-x)^2 < .3025 + .03 - .2825 = .05, that is x > .7764: three quarters do not do."""
    talks = two_states(cost_a=0.03).with_party(0, margin=0.2825)
    sheet, work = talks.sheet(), [0.0] * offers.work_size(2)
    assert offers.move_within_reach(sheet, work) == 1
    assert work[POINT] == 1.0


def test_a_start_from_which_nothing_helps_the_proposer_is_skipped():
    sheet, work = two_states().with_party(0, margin=0.9).sheet(), [0.0] * offers.work_size(2)
    assert offers.move_within_reach(sheet, work) == 0


@settings(deadline=None)
@given(SEEDS)
def test_the_climb_never_ends_below_its_start(seed):
    talks, random = talks_from(seed)
    sheet, work = talks.sheet(), [0.0] * offers.work_size(len(talks.parties))
    work[POINT : POINT + talks.issues] = random_terms(random, talks.issues)
    if offers.move_within_reach(sheet, work) == 1:
        offers.list_pledged(sheet, work)
        start = offers.objective(sheet, AS_THEY_ARE, 0.0, work, POINT)
        assert offers.climb(sheet, AS_THEY_ARE, OUT_OF_REACH, work) >= start - 1e-3


def test_the_search_is_total_on_extreme_sheets():
    answered = 0
    for number in range(200):
        talks = extreme_talks(Random(f"extreme/{number}"))
        value, terms = best(talks)
        assert value == OUT_OF_REACH or (isfinite(value) and all(0.0 <= term <= 1.0 for term in terms))
        answered += value > OUT_OF_REACH
    assert answered >= 30


def reaches(talks: Talks, least: float) -> int:
    return offers.gain_reaches(talks.sheet(), least, [0.0] * offers.work_size(len(talks.parties)))


@settings(max_examples=30, deadline=None)
@given(SEEDS, st.booleans())
def test_a_table_is_always_worth_nothing_and_never_worth_more_than_there_is(seed, excluded):
    talks, _ = talks_from(seed, excluded=excluded)
    assert reaches(talks, 0.0) == 1
    assert reaches(talks, 2.0) == 0


def test_a_table_is_worth_sitting_down_at_when_the_best_offer_promises_clearly_enough():
    """Not always: the search for a reason to sit down stops near a top, and may climb a lower hill than that for an offer.

    Of 5,802 random talks 55 fell short of the best offer's gain in the last digits, and about one in a thousand by more
    than a thousandth of it. Here, with fixed seeds, more than one in a hundred would be a fault of the search.
    """
    asked, missed = 0, 0
    for seed in range(150):
        for excluded in (False, True):
            talks, _ = talks_from(seed, excluded=excluded)
            value, _ = best(talks)
            if value > -600.0:  # below, exp loses digits
                asked += 1
                missed += reaches(talks, 0.999 * exp(value)) == 0
    assert asked >= 250
    assert missed <= asked / 100


def test_a_table_is_hardly_ever_thought_worth_more_than_the_best_offer_found():
    """It may be where the search for a reason to sit down climbs a hill that the search for an offer passed by."""
    missed = 0
    for seed in range(60):
        talks, _ = talks_from(f"reaches/{seed}", excluded=seed % 2 == 1)
        value, _ = best(talks)
        missed += reaches(talks, 1.001 * exp(max(value, -600.0)))
    assert missed <= 2


# ---------------------------------------------------------------------------------------------------------------------
# Whether a deal exists at all


def at_the_truth(talks: Talks) -> Talks:
    """Return the talks as an onlooker who knows all costs sees them: no proposer, no margins, all must consent."""
    parties = (replace(party, mean=log(party.cost), margin=0.0, blocking=1.0) for party in talks.parties)
    return replace(talks, parties=tuple(parties), proposer=-1)


def maximin(talks: Talks) -> float:
    """Return the most that can be left to the party that is left least: max t with c g - y >= t for all (SLSQP)."""
    size = talks.issues

    def left(variables):
        return [
            party.cost * party.weariness - textbook.gap(talks, party, variables[:-1]) - variables[-1]
            for party in talks.parties
        ]

    most = -inf
    for start in ([0.5] * size, *(party.aims for party in talks.parties)):
        found = minimize(
            lambda variables: -variables[-1],
            [*start, textbook.least_spare(talks, list(start))],
            method="SLSQP",
            bounds=[(0.0, 1.0)] * size + [(None, None)],
            constraints=[{"type": "ineq", "fun": left}],
            options={"maxiter": 200, "ftol": 1e-10},
        )
        most = max(most, textbook.least_spare(talks, list(np.clip(found.x[:-1], 0.0, 1.0))))
    return most


def deal_exists(talks: Talks) -> int:
    return offers.deal_exists(talks.sheet(), [0.0] * offers.work_size(len(talks.parties)))


@given(SEEDS)
def test_what_is_noted_at_a_point_is_what_is_left_there_to_the_party_left_least(seed):
    talks, random = talks_from(seed, many=True)
    talks, terms = at_the_truth(talks), random_terms(random, talks.issues)
    sheet, work = talks.sheet(), [float("nan")] * offers.work_size(len(talks.parties))
    offers.list_pledged(sheet, work)
    work[POINT : POINT + talks.issues] = terms
    offers.write_slopes(sheet, AS_THEY_ARE, 0.0, work)
    assert offers.least_noted(sheet, work) == pytest.approx(textbook.least_spare(talks, terms), rel=1e-10, abs=1e-11)


@pytest.mark.parametrize("cost", [1e-4, 0.03, 0.5])
@pytest.mark.parametrize("front", [0.1, 0.45, 0.9])
def test_two_states_that_trust_each_other_always_have_a_deal(cost, front):
    """Fearon (1995): war is costly, so the bargaining range is never empty."""
    assert deal_exists(at_the_truth(two_states(cost, cost, front=front))) == 1


def test_two_states_that_ask_for_more_than_the_war_costs_have_none():
    talks = at_the_truth(two_states(0.03, 0.04))
    # u_A + u_B = 2 - x^2 - (1-x)^2 is at most 1.5, at .5; war yields 1.495 - .07: a deal leaves .075 to share
    assert deal_exists(talks.with_party(0, margin=0.07)) == 1
    assert deal_exists(talks.with_party(0, margin=0.08)) == 0


@pytest.mark.parametrize("seed", [238, 1018, 1411])
def test_a_deal_that_leaves_somebody_a_few_per_cent_of_a_cost_is_found_by_sharper_beliefs(seed):
    random = Random(f"narrow/{seed}")
    talks = replace(at_the_truth(random_talks(random, issues=random.choice([1, 2, 3]), rows=3)), wild=0.0)
    assert 0.003 < maximin(talks) / min(party.cost * party.weariness for party in talks.parties) < 0.06
    assert deal_exists(talks) == 1


def test_a_deal_is_found_where_slsqp_finds_one_and_disagreement_lies_at_the_boundary():
    """Every disagreement leaves somebody within 1 % of the smallest cost of its gap."""
    agreed, answers, count = 0, 0, 60
    for seed in range(count):
        random = Random(f"exists/{seed}")
        talks = at_the_truth(random_talks(random, issues=random.choice([1, 2, 3, 4]), many=seed % 5 == 0))
        most, answer = maximin(talks), deal_exists(talks)
        answers += answer
        agreed += answer == (most > 0.0)
        if answer != (most > 0.0):
            assert abs(most) < 0.01 * min(party.cost * party.weariness for party in talks.parties)
    assert agreed >= 0.95 * count
    assert 0.1 * count < answers < 0.9 * count


def test_the_guaranteed_peace_is_offered_within_reach_of_all():
    value, terms = best(guaranteed_peace())
    assert isfinite(value)
    assert textbook.surplus(guaranteed_peace(), guaranteed_peace().parties[0], terms) > 0.0


# ---------------------------------------------------------------------------------------------------------------------
# What ends a search early, and what ends it late


@settings(deadline=None)
@given(st.floats(0.0, 1.0), st.floats(-5.0, 5.0), st.floats(0.0, 5.0))
def test_a_parabola_reaches_no_more_within_the_box_than_is_said(term, slope, bend):
    steps = np.linspace(-term, 1.0 - term, 4001)
    most = max(float(slope * step - bend * step * step) for step in steps)
    assert most - 1e-12 <= offers.most_of_parabola(term, slope, bend) <= most + 1e-5


def test_no_deal_leaves_the_weighed_parties_more_than_the_bound_of_any_point():
    """On talks from the plausible ranges: the bound at a point against a thousand deals, by the pulls at that point."""
    compared = 0
    for seed in range(40):
        random = Random(f"bound/{seed}")
        talks = at_the_truth(random_talks(random, issues=random.choice([1, 2, 3, 4]), many=seed % 5 == 0))
        talks = replace(talks, wild=0.0)  # where agreements settle there is no bound
        sheet, work = talks.sheet(), [0.0] * offers.work_size(len(talks.parties))
        for row in range(len(talks.parties)):
            sheet[row_at(sheet, row) + SD] = 0.3
        offers.list_pledged(sheet, work)
        offers.write_mean(sheet, work)
        offers.write_slopes(sheet, AS_THEY_ARE, 0.0, work)
        pulls = [work[offers.note_at(len(talks.parties), row) + 1] for row in range(len(talks.parties))]
        bound = offers.most_noted(sheet, work)
        for _ in range(200):
            terms = random_terms(random, talks.issues)
            lefts = [p.cost * p.weariness - textbook.gap(talks, p, terms) for p in talks.parties]
            together = sum(pull * left for pull, left in zip(pulls, lefts, strict=True))
            assert together <= bound + 1e-9 * sum(pulls)
            compared += 1
    assert compared == 8000


def test_the_mean_of_all_aims_goes_by_weight():
    a = Party((0.75, 0.25), (1.0, 1.0))
    b = Party((0.25, 0.75), (0.0, 0.0))
    sheet, work = Talks((a, b)).sheet(), [0.0] * offers.work_size(2)
    offers.write_mean(sheet, work)
    assert work[POINT : POINT + 2] == pytest.approx([0.75, 0.25], abs=1e-15)


def test_an_issue_nobody_cares_about_starts_in_the_middle():
    sheet, work = Talks((Party((1.0, 0.0), (1.0, 1.0)),)).sheet(), [0.0] * offers.work_size(1)
    offers.write_mean(sheet, work)
    assert work[POINT : POINT + 2] == [1.0, 0.5]


def test_a_step_that_failed_is_shortened_to_the_top_of_the_parabola():
    """A gain of t - 2 t^2 over a step promises 1 and loses 1; its top lies at a quarter."""
    assert offers.shortening(1.0, -1.0) == 0.25
    assert offers.shortening(1.0, 0.5) == 0.5
    assert offers.shortening(1.0, -1000.0) == 0.1
    assert offers.shortening(-1.0, 0.0) == 0.5


def test_a_step_out_of_reach_is_shortened_to_where_a_tenth_would_be_left():
    """1 - t^2 - t is what is spare over a step that leaves -1: a tenth is left at t = (sqrt(4.6) - 1) / 2."""
    assert offers.shortening_within(1.0, -1.0, -1.0) == pytest.approx((sqrt(4.6) - 1.0) / 2.0, rel=1e-12)
    assert offers.shortening_within(1.0, -100.0, -1000.0) == 0.1
    assert offers.shortening_within(1.0, 0.0, -0.01) == 0.9
    assert offers.shortening_within(1.0, -3.0, -2.0) == 0.5


def test_barriers_fall_to_the_last_and_where_there_is_no_margin_to_nothing():
    barrier, last = 0.5, offers.LAST_BARRIER
    for _ in range(12):
        assert offers.lowered(barrier, last) <= max(0.1 * barrier, last)
        barrier = offers.lowered(barrier, last)
    assert barrier == last
    assert offers.lowered(100.0, 0.0) == 10.0
    assert offers.lowered(2.0, 0.0) == 0.0


def test_the_first_barrier_is_in_proportion_to_the_way_up():
    sheet = two_states().with_party(0, margin=0.01).sheet()
    assert offers.first_barrier(sheet, -100.0) == 3.0
    assert offers.first_barrier(sheet, -0.001) == offers.LEAST_BARRIER
    free = two_states().sheet()
    assert (offers.first_barrier(free, -100.0), offers.first_barrier(free, -1.0)) == (3.0, 0.0)
    assert offers.first_barrier(replace(two_states(), proposer=-1).sheet(), -100.0) == 0.0


def test_a_climb_is_decided_above_the_bar_and_near_a_top_below_it():
    plain = two_states().sheet()
    assert offers.is_decided(-1.0, 9.0, plain, -1.0) == 1
    assert offers.is_decided(-1.0, 9.0, plain, -0.9) == 0
    assert offers.is_decided(-1.0, 0.04, plain, -0.9) == 1
    assert offers.is_decided(-1.0, 0.05, plain, -0.9) == 0


def test_near_a_kink_nothing_is_decided_but_by_reaching_the_bar():
    talks = guaranteed_peace()
    kinked = replace(talks, pledges=(replace(talks.pledges[0], aim=0.4),)).sheet()
    assert (offers.has_kinks(talks.sheet()), offers.has_kinks(kinked)) == (0, 1)
    assert offers.is_decided(-1.0, 0.01, kinked, -0.5) == 0
    assert offers.is_decided(-0.5, 0.01, kinked, -0.5) == 1


@settings(max_examples=30, deadline=None)
@given(SEEDS)
def test_at_the_top_the_slope_is_nothing_where_an_issue_is_free(seed):
    """The terms are found to the last digits, where no guarantee makes a kink: the next step is next to nothing."""
    talks, _ = talks_from(seed)
    talks = replace(talks, pledges=tuple(replace(pledge, aim=round(pledge.aim)) for pledge in talks.pledges))
    sheet, work = talks.sheet(), [0.0] * offers.work_size(len(talks.parties))
    if offers.best_offer(sheet, work) > -50.0:
        work[POINT : POINT + talks.issues] = work[BEST : BEST + talks.issues]
        at = row_at(sheet, talks.proposer)
        barrier = offers.last_barrier(sheet)
        work[offers.PRICE] = barrier / spare(sheet, at, work, POINT)
        offers.write_slopes(sheet, AS_THEY_ARE, barrier, work)
        offers.write_step(talks.issues, work)
        assert offers.largest_step(talks.issues, work) < 1e-8
