"""An agreement that settles: the law of its breach, and the belief in it, which is the same law."""

from itertools import product
from math import exp, sqrt

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim import chance
from sim.rules import settling
from sim.search.deals import breach_if, breach_of, kept_belief
from sim.search.sheet import row_at
from tests.rules.sheets import Party, Pledge, Talks

SETTLING, H_T, H_U = 5.8, 0.0031, 0.0248
PROBABILITY = st.floats(0.01, 0.99)
YEARS = (1, 2, 5, 10)


@given(st.floats(0.1, 100.0), st.floats(0.0, 0.3), st.integers(1, 600))
def test_weeks_kept_one_after_the_other_are_the_law(weeks, hazard, age):
    kept = 1.0
    for week in range(age):
        kept *= 1.0 - settling.breach(hazard, settling.rate_at(weeks, week))
    assert kept == pytest.approx((1.0 + age / weeks) ** (-weeks * hazard), rel=1e-9)
    assert settling.kept(hazard, settling.rate_over(weeks, age)) == pytest.approx(kept, rel=1e-9)


def test_a_week_of_an_older_agreement_is_the_safer():
    rates = [settling.rate_at(SETTLING, age) for age in range(520)]
    assert rates == sorted(rates, reverse=True)
    assert rates[0] < 1.0


@pytest.mark.parametrize("age", [0, 10, 500])
def test_an_agreement_that_takes_for_ever_to_settle_has_a_constant_hazard(age):
    """Limit: exp(-h t)."""
    assert settling.breach(0.01, settling.rate_at(1e6, age)) == pytest.approx(1.0 - exp(-0.01), rel=1e-3)
    assert settling.kept(0.01, settling.rate_over(1e6, 520)) == pytest.approx(exp(-5.2), rel=2e-3)


def test_the_law_lies_near_what_was_counted():
    """In force after 1, 2, 5 and 10 years, counted: .793, .742, .687, .635. One year is fitted, the rest follows."""
    for years, counted in zip(YEARS, (0.793, 0.742, 0.687, 0.635), strict=True):
        assert (1.0 + 52 * years / SETTLING) ** -0.101 == pytest.approx(counted, abs=0.008)


def test_of_ten_thousand_agreements_with_types_drawn_the_share_kept_is_the_law():
    """Both belligerents of either type, week after week. False alarms: 4 at four standard errors, 3 in 10,000."""
    size, reliable, exposure = 10_000, (0.2, 0.8), (0.4, 0.7)
    draws = chance.generator(5, "settling")
    trustworthy = draws.random((size, 2)) < reliable
    hazards = np.where(trustworthy, H_T, H_T + H_U * np.array(exposure))
    rates = np.array([settling.rate_at(SETTLING, age) for age in range(520)])
    in_force = np.ones(size, dtype=bool)
    for week in range(520):
        risks = -np.expm1(-hazards * rates[week])
        in_force &= (draws.random((size, 2)) >= risks).all(axis=1)
        if week + 1 in [52 * years for years in YEARS]:
            expected = 1.0
            for likely, open_to in zip(reliable, exposure, strict=True):
                base = 1.0 + (week + 1) / SETTLING
                calm = base ** (-SETTLING * H_T)
                expected *= calm * (likely + (1.0 - likely) * base ** (-SETTLING * H_U * open_to))
            assert abs(in_force.mean() - expected) < 4 * sqrt(expected * (1.0 - expected) / size)


# The belief


def watching(trust, pledges, wild, calm=1.0, deterrence=0.3):
    """Return a sheet with one row, which fears fighter 0 and is, or watches, fighter 1; and where the row starts."""
    lapse = settling.lapse(trust)
    sworn = tuple(effect * trusted for effect, trusted in pledges)
    party = Party(
        (1.0,),
        (0.0,),
        lapses=(lapse, 0.0),
        openness=(0.0, 1.0 - deterrence),
        sworn=sworn,
        burdens=(0.0,) * len(pledges),
    )
    promised = tuple(Pledge(1, 0, 0.0, 2 + number, effect) for number, (effect, _) in enumerate(pledges))
    sheet = Talks((party,), promised, kept_trustworthy=calm, wild=wild).sheet()
    return sheet, row_at(sheet, 0)


def enumerated(trust, pledges, wild, strength, deterrence=0.3):
    """The probability that the enemy holds off, over the types of all."""
    total = 0.0
    for types in product((0, 1), repeat=len(pledges)):
        likely, exposure = 1.0, 1.0 - deterrence
        for keeps, (effect, trusted) in zip(types, pledges, strict=True):
            likely *= trusted if keeps else 1.0 - trusted
            exposure *= 1.0 - keeps * effect * strength
        total += likely * exp(-wild * exposure)
    return trust + (1.0 - trust) * total


@given(PROBABILITY, PROBABILITY, PROBABILITY, st.floats(0.01, 3.0), PROBABILITY)
def test_belief_in_two_guarantors_is_the_enumeration_of_their_types(trust, first, second, wild, term):
    pledges = ((0.8, first), (0.6, second))
    sheet, at = watching(trust, pledges, wild, calm=0.9)
    assert kept_belief(sheet, at, [term], 0) == pytest.approx(0.9 * enumerated(trust, pledges, wild, 1.0 - term))


@pytest.mark.parametrize("trusted", [0.0, 1.0])
def test_belief_in_a_guarantor_who_is_surely_one_or_the_other_has_a_closed_form(trusted):
    sheet, at = watching(0.25, ((0.8, trusted),), 1.5)
    exposure = 0.7 * (1.0 - 0.8 * 0.5 * trusted)
    assert kept_belief(sheet, at, [0.5], 0) == pytest.approx(0.25 + 0.75 * exp(-1.5 * exposure), rel=1e-12)


def test_a_state_that_is_fully_trusted_is_still_one_that_has_to_keep_it():
    sheet, at = watching(1.0, (), 1.5, calm=0.9)
    assert kept_belief(sheet, at, [0.5], 0) == pytest.approx(0.9, rel=1e-12)


def test_an_onlooker_s_belief_has_a_trustworthy_share_for_each_belligerent():
    party = Party((1.0,), (0.0,), lapses=(settling.lapse(1.0),) * 2, openness=(0.5, 0.5))
    sheet = Talks((party,), kept_trustworthy=0.9, wild=1.0).sheet()
    assert kept_belief(sheet, row_at(sheet, 0), [0.5], 0) == pytest.approx(0.81, rel=1e-12)


def test_belief_with_the_right_trust_is_the_share_that_is_kept():
    """10,000 pairs of attacker and guarantor. False alarms: four standard errors, 1 in 10,000."""
    size, trust, trusted, horizon = 10_000, 0.3, 0.6, 156
    rate = settling.rate_over(SETTLING, horizon)
    sheet, at = watching(trust, ((0.8, trusted),), H_U * rate, calm=settling.kept(H_T, rate))
    believed = kept_belief(sheet, at, [0.25], 0)
    draws = chance.generator(6, "settling")
    exposure = 0.7 * np.where(draws.random(size) < trusted, 1.0 - 0.8 * 0.75, 1.0)
    hazard = np.where(draws.random(size) < trust, H_T, H_T + H_U * exposure)
    kept = draws.random(size) < np.exp(-hazard * rate)
    assert abs(kept.mean() - believed) < 4 * sqrt(believed * (1.0 - believed) / size)


# What is seen


@given(PROBABILITY, PROBABILITY, PROBABILITY, st.floats(0.001, 0.5), st.floats(0.0, 0.2), PROBABILITY)
def test_nobody_expects_a_week_to_move_trust_in_attacker_or_guarantors(trust, first, second, wild, calm, term):
    """Martingale, over a breach and a week kept, of attacker and of each guarantor, against enumeration of all types."""
    pledges = ((0.8, first), (0.6, second))
    sheet, at = watching(trust, pledges, wild)
    breach = settling.seen_breach(calm, 1.0 - breach_of(sheet, at, 1, [term], 0))
    assert breach == pytest.approx(1.0 - (1.0 - calm) * (enumerated(0.0, pledges, wild, 1.0 - term)), rel=1e-9)
    for number, trusted in ((0, first), (1, second)):
        kept, void = (
            settling.seen_breach(calm, 1.0 - breach_if(sheet, at, 1, 2 + number, keeps, [term], 0)) for keeps in (1, 0)
        )
        assert trusted * kept + (1.0 - trusted) * void == pytest.approx(breach, rel=1e-9)


def test_to_know_of_a_guarantor_leaves_the_sheet_as_it_was():
    sheet, at = watching(0.3, ((0.8, 0.5),), 1.0)
    before = list(sheet)
    breach_if(sheet, at, 1, 2, 1, [0.5], 0)
    assert sheet == before
    assert breach_if(sheet, at, 1, 9, 1, [0.5], 0) == breach_of(sheet, at, 1, [0.5], 0)
