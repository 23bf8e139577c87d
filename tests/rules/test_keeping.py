"""Whether an agreement is kept: trust, deterrence and guarantees, one number at a time.

What a whole deal is worth with them is in tests/search/test_deals.py.
"""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.keeping import (
    bears_breach,
    burden_borne,
    guarantee_strength,
    lapse,
    open_to_attack,
    pays_for_breach,
    sworn,
    undeterred,
    weekly_hazard,
)

SHARE = st.floats(0.0, 1.0)


def test_a_guarantee_is_whole_at_the_beneficiarys_aim_and_void_at_the_other_end():
    assert [guarantee_strength(term, 0.0) for term in (0.0, 0.25, 1.0)] == [1.0, 0.75, 0.0]
    assert guarantee_strength(0.25, 0.5) == guarantee_strength(0.75, 0.5) == 0.75


def test_a_promise_deters_in_proportion_to_effect_trust_and_whether_it_counts():
    assert sworn(0.8, 0.5, 1) == pytest.approx(0.4, abs=1e-15)
    assert sworn(0.8, 0.5, 0) == 0.0
    assert sworn(0.8, 0.0, 1) == 0.0
    assert sworn(0.8, 1.0, 1) == 0.8


def test_who_is_trusted_or_will_keep_anyway_does_not_lapse():
    assert lapse(0.25, 0.2) == pytest.approx(0.6, abs=1e-15)
    assert lapse(1.0, 0.2) == 0.0
    assert lapse(0.25, 1.0) == 0.0


def test_what_own_strength_does_not_deter_is_open_to_attack():
    assert open_to_attack(0.3) == pytest.approx(0.7, abs=1e-15)


def test_half_a_guarantee_of_effect_four_fifths_leaves_three_fifths_undeterred():
    assert undeterred(0.8, 0.5, 0.0) == pytest.approx(0.6, abs=1e-15)
    assert undeterred(0.0, 0.5, 0.0) == 1.0
    assert undeterred(1.0, 0.0, 0.0) == 0.0


def test_a_week_is_as_dangerous_as_the_type_and_the_exposure_make_it():
    assert weekly_hazard(1.0, 0.001, 0.008, 1.0) == 0.001
    assert weekly_hazard(0.0, 0.001, 0.008, 0.25) == pytest.approx(0.003, abs=1e-18)
    assert weekly_hazard(0.0, 0.001, 0.008, 0.0) == 0.001


@given(SHARE, SHARE, SHARE)
def test_more_trust_in_a_guarantor_never_makes_its_promise_weaker_and_never_more_than_its_effect(effect, one, other):
    less, more = sorted((one, other))
    assert sworn(effect, less, 1) <= sworn(effect, more, 1) <= effect
    assert sworn(effect, more, 0) == 0.0


def test_a_guarantor_bears_the_burden_of_a_promise_that_counts_and_of_no_other():
    assert burden_borne(0.05, 1) == 0.05
    assert burden_borne(0.05, 0) == 0.0
    assert burden_borne(0.0, 1) == 0.0


@given(SHARE, SHARE, SHARE)
def test_a_promise_that_deters_nobody_because_it_does_not_count_costs_nothing(effect, trust, burden):
    """What counts is decided once: a promise is never free to its guarantor and yet deters, nor the other way round."""
    for counts in (0, 1):
        assert sworn(effect, trust, counts) == counts * effect * trust
        assert burden_borne(burden, counts) == counts * burden


def test_who_was_betrayed_pays_for_a_breach_and_all_pay_where_an_agreement_was_spoiled():
    assert pays_for_breach(1, 1) == 1
    assert pays_for_breach(1, 0) == 0
    assert pays_for_breach(0, 0) == 1


@given(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=5))
def test_whoever_breaks_every_belligerent_across_the_front_pays_and_its_own_side_only_if_betrayed_too(fighters):
    """Over any belligerents, each (on side A, breaks it): those who pay are those with a breaker on the other side."""
    broken = any(breaks for _, breaks in fighters)
    breakers = {side for side, breaks in fighters if breaks}
    paying = [pays_for_breach(broken, (not side) in breakers) for side, _ in fighters]
    if not broken:
        assert set(paying) == {1}
    for (side, _), pays in zip(fighters, paying, strict=True):
        if broken:
            assert pays == any(breaks and other != side for other, breaks in fighters)


@given(SHARE, SHARE, st.tuples(SHARE, SHARE), st.tuples(SHARE, SHARE))
def test_deterrence_by_several_is_the_chance_that_one_of_them_at_least_deters(own, term, effects, trusts):
    """Brute force: own strength and two guarantors, each of which deters or does not."""
    strength = guarantee_strength(term, 0.0)
    chances = [own, *(sworn(effect, trust, 1) * strength for effect, trust in zip(effects, trusts, strict=True))]
    nobody = 0.0
    for deters in product((0, 1), repeat=3):
        weight = 1.0
        for happens, chance in zip(deters, chances, strict=True):
            weight *= chance if happens else 1.0 - chance
        nobody += weight * (not any(deters))
    exposure = open_to_attack(own)
    for effect, trust in zip(effects, trusts, strict=True):
        exposure *= undeterred(sworn(effect, trust, 1), term, 0.0)
    assert exposure == pytest.approx(nobody, abs=1e-14)


def test_who_broke_an_agreement_that_is_followed_bears_nothing_and_a_spoiled_one_costs_everybody():
    assert [bears_breach(1, 1), bears_breach(1, 0), bears_breach(0, 0)] == [0, 1, 1]
