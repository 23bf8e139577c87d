"""Where the model is simple enough for theory to give the answer, it gives the answer of theory.

The statistical checks are a hundredth of the campaigns of the same name in tests/campaigns. Each has a false-alarm rate of
1e-3 over all its comparisons, at a fixed seed.
"""

from math import exp, inf, log, sqrt

import numpy as np
import pytest
from scipy.optimize import minimize_scalar
from scipy.stats import chi2, norm

from sim.scenario.load import load
from tests.campaigns import credibility, first_event, first_passage, leaks, survival
from tests.engines.worlds import played, two_states, without_a_table

COST = {"attacker": 0.03, "defender": 0.045}
FRONT = 0.45


def small(campaign):
    """Return what a hundredth of a campaign shows."""
    return campaign.run(campaign.SIZE // 100, campaign.SEED)


# Statistical checks


def test_agreements_survive_as_independent_weekly_risks_say():
    """(1 - h)^n for either type, with own strength, with a guarantor, and with a spoiler; and as agreements settle."""
    result = small(survival)
    assert survival.wrong(result) == []
    settling = {"settling, guaranteed", "settling, spoiled"}
    assert set(result["cases"]) == {"trustworthy", "untrustworthy", "deterred", "guaranteed", "spoiled"} | settling


def test_the_front_reaches_either_end_when_a_random_walk_does():
    result = small(first_passage)
    assert first_passage.wrong(result) == []
    assert min(result["observed"][3], result["observed"][7], result["observed"][8]) > 0


def test_a_channel_is_known_by_week_t_with_probability_one_less_its_discretion_to_the_t():
    assert leaks.wrong(small(leaks)) == []


def test_an_agreement_and_two_leaks_race_as_competing_risks():
    assert first_event.wrong(small(first_event)) == []


def test_a_candid_channel_ends_believed_and_a_lying_one_does_not():
    result = small(credibility)
    assert credibility.wrong(result) == []
    assert result["most_believed"]["checked"] == 0.0
    means = {name: mean for name, (mean, _) in result["mean"].items()}
    assert means["unchecked, candour 0"] < means["unchecked, candour 1"]


def test_the_comparison_sees_a_front_whose_steps_are_half_as_long_again(monkeypatch):
    exact = first_passage.exact
    monkeypatch.setattr(first_passage, "exact", lambda start, drift, sd, weeks: exact(start, drift, 1.5 * sd, weeks))
    assert first_passage.wrong(small(first_passage)) != []


def test_the_comparison_sees_an_agreement_that_is_twice_as_likely_as_theory_takes_it_to_be(monkeypatch):
    world = first_event.world()
    monkeypatch.setattr(first_event, "world", lambda: world)
    monkeypatch.setattr(first_event, "CONVENING", 0.5 * first_event.CONVENING)
    assert first_event.wrong(first_event.run(200, first_event.SEED)) != []


def test_the_comparison_sees_an_agreement_that_breaks_twice_as_often_as_theory_takes_it_to(monkeypatch):
    worlds = survival.cases()
    monkeypatch.setattr(survival, "cases", lambda: {"trustworthy": worlds["trustworthy"]})
    monkeypatch.setattr(survival, "H_T", 0.5 * survival.H_T)
    assert survival.wrong(survival.run(100, survival.SEED)) != []


# The front, exactly


def test_the_quadrature_of_the_walk_is_the_closed_form_where_there_is_one():
    """In the limit of small steps, Brownian motion leaves 0..1 at the upper end with probability
    (1 - exp(-2 m x / s^2)) / (1 - exp(-2 m / s^2)); a step of the walk overshoots by .583 sd (Siegmund 1979)."""
    start, drift, sd = 0.45, 0.0004, 0.02
    low, high = first_passage.exact(start, drift, sd, 20_000)
    assert sum(low) + sum(high) == pytest.approx(1.0, abs=1e-6)
    edge = 0.5826 * sd
    rate = 2.0 * drift / sd**2
    up = (1.0 - exp(-rate * (start + edge))) / (1.0 - exp(-rate * (1.0 + 2.0 * edge)))
    assert sum(high) == pytest.approx(up, abs=1e-3)


def test_an_unhurried_front_drifts_as_strength_and_aid_say():
    """Without shocks the front stands after t weeks at start + t x response x (1.0 - .21 - .54)."""
    scenario = without_a_table(load("reference", {"weeks": 30, "front.sd": 0.0}))
    talks = played(scenario, 1, 0)
    assert talks.front.position == pytest.approx(0.45 + 30 * first_passage.drift_of(scenario), abs=1e-12)
    assert first_passage.drift_of(scenario) == pytest.approx(0.00025)


def test_the_front_wanders_with_the_spread_of_a_random_walk():
    """Variance of the front after 20 weeks, 150 replicates: chi-square at a false-alarm rate of 1e-3."""
    scenario = without_a_table(load("reference", {"weeks": 20}))
    fronts = np.array([played(scenario, 3, number).front.position for number in range(150)])
    squares = float(np.sum((fronts - 0.45 - 20 * 0.00025) ** 2)) / (20 * 0.0008**2)
    assert 5e-4 < chi2.cdf(squares, 150) < 1.0 - 5e-4


# Two states that know each other's costs


def gap(state, terms, fears=0.0):
    """The cost of war from which on a state accepts territory at `terms`: u(x_war) - u(x), q being all but 1."""
    aim = 1.0 if state == "attacker" else 0.0
    return (terms - aim) ** 2 - (FRONT - aim) ** 2 + fears


def reluctance(state):
    """(1 - q) betrayal / q: what the little distrust of a scenario adds to the gap.

    q = tau + (1 - tau)(1 - h_U)^H at no deterrence, with tau = .999999, h_U = .008, H = 156.
    """
    doubt = 1e-6 * (1.0 - (1.0 - 0.008) ** 156)
    return doubt * 0.1 / (1.0 - doubt)


@pytest.mark.parametrize("replicate", range(4))
def test_the_proposer_leaves_the_other_exactly_at_its_gap_and_they_agree_in_round_one(replicate):
    """Fearon (1995): with costs known there is no war, and the proposer takes all of the bargaining range."""
    talks = played(load("two-states-known-costs", {"weeks": 3}), 9, replicate)
    offer = next(event for event in talks.events if event.kind == "offers")
    assert [event.week for event in talks.events if event.kind == "signs"] == [1]
    (terms,) = offer.detail["terms"]
    other = "defender" if offer.actor == "attacker" else "attacker"
    asked = gap(other, terms, reluctance(other))
    assert 0.99 * COST[other] < asked <= COST[other]
    assert gap(offer.actor, terms) < 0.0


def test_both_sides_get_to_propose():
    first = {played(load("two-states-known-costs", {"weeks": 1}), 9, number).events[1].actor for number in range(8)}
    assert first == {"attacker", "defender"}


@pytest.mark.parametrize("replicate", range(4))
def test_what_is_left_over_is_the_certainty_nobody_has(replicate):
    """The offer maximises gain x Phi((log cost - log gap) / .001), which SciPy solves in one dimension."""
    talks = played(load("two-states-known-costs", {"weeks": 1}), 9, replicate)
    offer = next(event for event in talks.events if event.kind == "offers")
    other = "defender" if offer.actor == "attacker" else "attacker"

    def loss(terms):
        y = gap(other, terms, reluctance(other))
        gain = COST[offer.actor] - gap(offer.actor, terms, reluctance(offer.actor))
        chance = norm.logcdf((log(COST[other]) - log(y)) / 0.001) if y > 0.0 else 0.0
        return -log(gain) - chance if gain > 0.0 else inf

    edge = sqrt(FRONT**2 + COST["defender"]) if other == "defender" else 1.0 - sqrt((1 - FRONT) ** 2 + COST["attacker"])
    best = minimize_scalar(loss, bounds=(edge - 0.002, edge + 0.002), method="bounded", options={"xatol": 1e-12})
    assert offer.detail["terms"][0] == pytest.approx(best.x, abs=1e-6)


def test_a_dearer_war_moves_the_terms_as_the_bargaining_range_says():
    """Side A proposing: x^2 = f^2 + c_B, so a defender to whom war costs twice as much concedes as much more."""
    for factor in (1.0, 2.0):
        scenario = two_states(states__defender__cost_median=0.045 * factor, states__defender__proposes=False, weeks=1)
        (terms,) = next(e.detail["terms"] for e in played(scenario, 9, 0).events if e.kind == "offers")
        assert terms == pytest.approx(sqrt(FRONT**2 + 0.045 * factor), abs=5e-4)
