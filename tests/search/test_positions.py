"""Positions: how far a government would go toward the other side, and how far it says it would."""

from dataclasses import replace
from itertools import product
from math import exp, sqrt

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.worth import stated_cost
from sim.search import positions
from sim.search.sheet import row_at
from tests.rules.sheets import Talks, guaranteed_peace, two_states, utility
from tests.rules.textbook import gap

COST = st.floats(0.0001, 0.9)
FINEST = 2.0 / (positions.PLACES * 2**positions.HALVINGS)


def position(talks: Talks, own: int, other: int) -> float:
    """The share of the way from the aims of one row to those of another that the first would go."""
    sheet, terms = talks.sheet(), [0.0] * talks.issues
    return positions.position(sheet, row_at(sheet, own), row_at(sheet, other), terms, 0)


def test_a_state_that_fears_no_breach_goes_as_far_as_its_cost_of_war_pays_for():
    """u(x_war) - u(x) = s^2 - (1 - f)^2 = c for side A at a share s of the way, front f."""
    talks = two_states(cost_a=0.05, cost_b=0.03, front=0.45)
    assert position(talks, 0, 1) == pytest.approx(sqrt(0.55 * 0.55 + 0.05), abs=FINEST)
    assert position(talks, 1, 0) == pytest.approx(sqrt(0.45 * 0.45 + 0.03), abs=FINEST)


def test_a_state_to_which_war_costs_nothing_goes_to_the_front_and_no_further():
    talks = two_states(front=0.3).with_party(0, cost=0.0).with_party(1, cost=0.0)
    assert position(talks, 0, 1) == pytest.approx(0.7, abs=FINEST)
    assert position(talks, 1, 0) == pytest.approx(0.3, abs=FINEST)


def test_a_state_that_can_bear_no_more_war_goes_all_the_way():
    assert position(two_states(cost_a=1.0), 0, 1) == 1.0


def test_weariness_moves_a_position_as_a_higher_cost_does():
    worn = two_states(cost_a=0.02).with_party(0, weariness=2.5)
    assert position(worn, 0, 1) == position(two_states(cost_a=0.05), 0, 1)


def test_a_state_that_expects_more_from_war_than_from_its_own_aims_would_settle_nowhere():
    """A deal that is bound to be broken, by an adversary that gains from it, is worth less than fighting on."""
    hopeless = two_states(cost_a=0.01).with_party(0, lapses=(0.0, 1.0), openness=(1.0, 0.0), betrayal=0.5)
    assert position(hopeless, 0, 1) == -1.0


def test_at_its_position_a_state_is_indifferent():
    talks = guaranteed_peace()
    for own, other in ((0, 1), (1, 0)):
        share = position(talks, own, other)
        assert 0.0 < share < 1.0
        party = talks.parties[own]
        aims = zip(party.aims, talks.parties[other].aims, strict=True)
        terms = [mine + share * (theirs - mine) for mine, theirs in aims]
        assert gap(talks, party, terms) == pytest.approx(party.cost * party.weariness, abs=1e-6)


@given(COST, COST)
def test_the_more_war_costs_the_further_a_state_goes(one, other):
    low, high = sorted((one, other))
    assert position(two_states(cost_a=low), 0, 1) <= position(two_states(cost_a=high), 0, 1)


@given(COST, st.floats(0.0, 3.0), st.floats(0.01, 1.0))
def test_a_bluff_makes_a_state_look_less_ready_to_settle_and_shading_more(cost, shift, cost_sd):
    true, bluffed, shaded = (stated_cost(cost, bluff, cost_sd) for bluff in (0.0, shift, -shift))
    assert bluffed == pytest.approx(cost * exp(-shift * cost_sd), rel=1e-12)
    places = [position(two_states(cost_a=stated), 0, 1) for stated in (bluffed, true, shaded)]
    assert places == sorted(places)


def test_where_several_stretches_are_acceptable_the_last_counts():
    """A state whose own aim is a trap: the guarantee it needs is strong only near the other side's aim."""
    talks = guaranteed_peace()
    talks = replace(talks, pledges=(replace(talks.pledges[0], aim=1.0),))
    talks = talks.with_party(1, cost=0.25, betrayal=0.4, sworn=(1.0,), openness=(0.0, 1.0))
    sheet, own, other = talks.sheet(), 1, 0
    at, across, terms = row_at(sheet, own), row_at(sheet, other), [0.0] * talks.issues
    settles = [positions.would_settle(sheet, at, across, step / 32, terms, 0) for step in range(33)]
    assert settles[0] == 0
    assert 1 in settles
    last = max(step for step, yes in enumerate(settles) if yes)
    assert last / 32 <= position(talks, own, other) <= (last + 1) / 32


def test_terms_between_two_aims_are_written_issue_by_issue():
    talks = guaranteed_peace()
    sheet, terms = talks.sheet(), [9.0, 9.0, 9.0]
    positions.write_between(sheet, row_at(sheet, 0), row_at(sheet, 2), 0.25, terms, 1)
    assert terms == [9.0, pytest.approx(1.0 - 0.25 * 0.8), pytest.approx(1.0 - 0.25 * 0.7)]
    assert utility((1.0,), (1.0,), (terms[1],)) < 1.0


def test_a_position_is_a_share_or_nowhere_at_the_ends_of_every_range():
    for cost, front, own in product((1e-6, 1.0), (0.0, 1.0), (0, 1)):
        share = position(two_states(cost_a=cost, cost_b=cost, front=front), own, 1 - own)
        assert share == -1.0 or 0.0 <= share <= 1.0
