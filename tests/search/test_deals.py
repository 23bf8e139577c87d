"""What a deal is worth to a row of a sheet: distance, exposure, belief in peace, and what it asks for."""

from itertools import product
from math import isfinite
from random import Random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.consent import accepts
from sim.rules.keeping import lapse, open_to_attack, sworn, weekly_hazard
from sim.rules.worth import distance_on
from sim.search.deals import (
    demand,
    distance,
    exposure_if,
    exposure_of,
    gap,
    kept_belief,
    most_exposed,
    side_exposure,
    spare,
    surplus,
)
from sim.search.sheet import row_at
from tests.rules import textbook
from tests.rules.sheets import (
    Party,
    Pledge,
    Talks,
    extreme_talks,
    guaranteed_peace,
    random_talks,
    random_terms,
    two_states,
)

SHARE = st.floats(0.0, 1.0)
TRIPLES = st.lists(st.tuples(SHARE, SHARE, st.floats(0.01, 1.0)), min_size=1, max_size=8)
WEEKS = 156
SEEDS = st.integers(0, 10**6)


def one_row(party: Party, pledges=(), sides=(0, 1), kept_trustworthy=1.0):
    sheet = Talks((party,), tuple(pledges), sides, 0, kept_trustworthy).sheet()
    return sheet, row_at(sheet, 0)


# How far a deal lies from what a party wants


def distance_of(terms, weights, aims):
    return distance(terms, 0, [*weights, *aims], 0, len(weights), len(weights))


def test_the_distance_of_a_deal_worked_by_hand():
    # .75 (.5 - 1)^2 + .25 (.2 - 0)^2 = .1875 + .01
    assert distance_of([0.5, 0.2], [0.75, 0.25], [1.0, 0.0]) == pytest.approx(0.1975, abs=1e-15)
    assert distance_of([1.0, 0.0, 0.3], [0.2, 0.3, 0.5], [1.0, 0.0, 0.3]) == 0.0
    assert distance_of([0.0, 1.0], [0.4, 0.6], [1.0, 0.0]) == 1.0


def test_terms_weights_and_aims_are_read_from_where_they_stand():
    terms = [9.0, 9.0, 0.5, 0.2]
    party = [7.0, 0.75, 0.25, 8.0, 1.0, 0.0, 6.0]
    assert distance(terms, 2, party, 1, 4, 2) == distance_of([0.5, 0.2], [0.75, 0.25], [1.0, 0.0])


@given(TRIPLES)
def test_the_distance_of_a_deal_is_the_sum_of_what_each_issue_adds(issues):
    """To the last bit: a step sums the rule over issues, the search reads the sheet."""
    terms, aims, weights = zip(*issues, strict=True)
    total = 0.0
    for term, aim, weight in issues:
        total = total + distance_on(term, aim, weight)
    assert distance_of(terms, weights, aims) == total


# Whether it is kept


def test_two_guarantees_and_own_strength_multiply_worked_by_hand():
    """own .3; .8 x .5 trust at G = .75 leaves .7; .6 x 1 at G = .5 leaves .7: exposure .7^3 = .343."""
    pledges = [Pledge(1, 0, 0.0, 2, 0.8), Pledge(1, 1, 1.0, 3, 0.6)]
    sheet, at = one_row(Party((0.5, 0.5), (0.0, 0.0), openness=(0.4, 0.7), sworn=(0.4, 0.6)), pledges)
    terms = [0.25, 0.5]
    assert exposure_of(sheet, at, 1, terms, 0) == pytest.approx(0.343, abs=1e-15)
    assert exposure_of(sheet, at, 0, terms, 0) == 0.4
    # the first guarantor surely keeps: .7 (1 - .8 .75) .7 = .196; surely does not: .7 1 .7
    assert exposure_if(sheet, at, 1, 2, 1.0, terms, 0) == pytest.approx(0.196, abs=1e-15)
    assert exposure_if(sheet, at, 1, 2, 0.0, terms, 0) == pytest.approx(0.49, abs=1e-15)
    assert exposure_if(sheet, at, 1, 9, 1.0, terms, 0) == exposure_of(sheet, at, 1, terms, 0)


def test_belief_in_peace_worked_by_hand():
    """A lapse of .5 against an exposure of .343 and a factor .9 for the trustworthy: q = .9 (1 - .1715)."""
    pledges = [Pledge(1, 0, 0.0, 2, 0.8), Pledge(1, 1, 1.0, 3, 0.6)]
    victim = Party((0.5, 0.5), (0.0, 0.0), openness=(0.0, 0.7), sworn=(0.4, 0.6), lapses=(0.5, 0.0))
    sheet, at = one_row(victim, pledges, kept_trustworthy=0.9)
    assert kept_belief(sheet, at, [0.25, 0.5], 0) == pytest.approx(0.9 * (1.0 - 0.5 * 0.343), abs=1e-15)


def test_terms_are_read_from_where_they_stand():
    talks = guaranteed_peace()
    sheet = talks.sheet()
    at = row_at(sheet, 1)
    assert kept_belief(sheet, at, [9.0, 9.0, 0.4, 0.2], 2) == kept_belief(sheet, at, [0.4, 0.2], 0)


@given(st.tuples(SHARE, SHARE), st.tuples(SHARE, SHARE, SHARE), SHARE, st.tuples(SHARE, SHARE), SHARE, SHARE)
def test_q_is_the_average_over_all_types_of_one_attacker_and_two_guarantors(
    guarantors, effects_and_own, attacker, strengths, kept_trustworthy, kept_untrustworthy
):
    """Brute force over eight combinations of types: a trustworthy attacker keeps, another if deterred or by chance."""
    *effects, own = effects_and_own
    average = 0.0
    for keeps, *honoured in product((1, 0), repeat=3):
        weight = attacker if keeps else 1.0 - attacker
        open_to = 1.0 - own
        for trust, honour, effect, strength in zip(guarantors, honoured, effects, strengths, strict=True):
            weight *= trust if honour else 1.0 - trust
            open_to *= 1.0 - effect * strength * honour
        kept_by_type = 1.0 if keeps else (1.0 - open_to) + open_to * kept_untrustworthy
        average += weight * kept_trustworthy * kept_by_type
    pledges = [Pledge(1, issue, 0.0, 2 + issue, effects[issue]) for issue in range(2)]
    party = Party(
        (0.5, 0.5),
        (0.0, 0.0),
        lapses=(lapse(attacker, kept_untrustworthy), 0.0),
        openness=(0.0, open_to_attack(own)),
        sworn=tuple(sworn(effect, trust, 1) for effect, trust in zip(effects, guarantors, strict=True)),
    )
    sheet, at = one_row(party, pledges, kept_trustworthy=kept_trustworthy)
    assert kept_belief(sheet, at, [1.0 - strength for strength in strengths], 0) == pytest.approx(average, abs=1e-12)


@given(st.lists(st.tuples(SHARE, SHARE), min_size=4, max_size=4), SHARE)
def test_q_of_an_onlooker_is_the_average_over_the_types_of_four_belligerents(fighters, kept_untrustworthy):
    """Two a side, each attacker goes for the more exposed enemy; types are independent and there is no guarantee."""
    sides = (0, 0, 1, 1)
    weakest = {0: max(1.0 - own for _, own in fighters[:2]), 1: max(1.0 - own for _, own in fighters[2:])}
    average = 0.0
    for types in product((1, 0), repeat=4):
        weight = 1.0
        for (trust, _), keeps, side in zip(fighters, types, sides, strict=True):
            open_to = weakest[1 - side]
            weight *= trust if keeps else (1.0 - trust) * ((1.0 - open_to) + open_to * kept_untrustworthy)
        average += weight
    party = Party(
        (1.0,),
        (0.2,),
        lapses=tuple(lapse(trust, kept_untrustworthy) for trust, _ in fighters),
        openness=tuple(open_to_attack(own) for _, own in fighters),
    )
    sheet, at = one_row(party, sides=sides)
    assert kept_belief(sheet, at, [0.5], 0) == pytest.approx(average, abs=1e-12)


@given(SHARE, SHARE, SHARE, SHARE)
def test_with_one_guarantor_against_two_attackers_q_errs_on_the_cautious_side(trust, effect, first, second):
    """The product treats the guarantor as drawn afresh for each attacker; the average over its type is no lower."""
    kept_if = [(1.0 - first * exposure) * (1.0 - second * exposure) for exposure in (1.0 - effect, 1.0)]
    average = trust * kept_if[0] + (1.0 - trust) * kept_if[1]
    party = Party((1.0,), (0.0,), lapses=(first, second, 0.0), openness=(0.0, 0.0, 1.0), sworn=(effect * trust,))
    sheet, at = one_row(party, [Pledge(2, 0, 0.0, 3, effect)], sides=(0, 0, 1))
    q = kept_belief(sheet, at, [0.0], 0)
    assert q <= average + 1e-12
    covariance = first * second * trust * (1.0 - trust) * effect * effect
    assert average - q == pytest.approx(covariance, abs=1e-12)


@given(SEEDS)
def test_q_is_that_of_the_textbook_with_any_number_of_belligerents(seed):
    random = Random(f"kept/{seed}")
    talks = random_talks(random, many=True)
    terms = random_terms(random, talks.issues)
    sheet = talks.sheet()
    for row, party in enumerate(talks.parties):
        at = row_at(sheet, row)
        assert kept_belief(sheet, at, terms, 0) == pytest.approx(textbook.kept(talks, party, terms), rel=1e-13)
        for fighter in range(len(talks.sides)):
            exposure = 1.0 - textbook.deterred(talks, party, fighter, terms)
            assert exposure_of(sheet, at, fighter, terms, 0) == pytest.approx(exposure, abs=1e-15)


@given(SEEDS)
def test_an_attacker_goes_for_the_most_exposed_enemy(seed):
    random = Random(f"exposed/{seed}")
    talks = random_talks(random, many=True)
    terms = random_terms(random, talks.issues)
    sheet = talks.sheet()
    at = row_at(sheet, len(talks.parties) - 1)
    for side in (0, 1):
        exposures = {
            fighter: exposure_of(sheet, at, fighter, terms, 0) for fighter, s in enumerate(talks.sides) if s == side
        }
        assert most_exposed(sheet, at, side, terms, 0) == max(exposures, key=lambda fighter: exposures[fighter])
        assert side_exposure(sheet, at, side, terms, 0) == max(exposures.values())


def test_nobody_is_most_exposed_where_nobody_fights_and_the_first_of_equals_is():
    party = Party((1.0,), (0.0,), lapses=(0.0, 0.0), openness=(0.5, 0.5))
    sheet, at = one_row(party, sides=(0, 0))
    assert most_exposed(sheet, at, 1, [0.5], 0) == -1
    assert side_exposure(sheet, at, 1, [0.5], 0) == 0.0
    assert most_exposed(sheet, at, 0, [0.5], 0) == 0
    assert most_exposed(*one_row(Party((1.0,), (0.0,), openness=(0.0, 0.0)), sides=(0, 0)), 0, [0.5], 0) == 0


def test_only_who_may_lapse_is_feared():
    party = Party((1.0,), (0.0,), lapses=(0.0, 0.2, 0.0), openness=(0.9, 0.9, 0.5))
    assert kept_belief(*one_row(party, sides=(0, 0, 1)), [0.5], 0) == pytest.approx(1.0 - 0.2 * 0.5, abs=1e-15)


def test_two_attackers_are_held_off_with_the_product_of_their_chances():
    party = Party((1.0,), (0.0,), lapses=(0.4, 0.2, 0.0), openness=(0.0, 0.0, 0.5))
    assert kept_belief(*one_row(party, sides=(0, 0, 1)), [0.5], 0) == pytest.approx(0.8 * 0.9, abs=1e-15)


def test_nobody_breaks_a_deal_who_finds_nobody_to_attack():
    party = Party((1.0,), (0.0,), lapses=(0.4, 0.2), openness=(1.0, 1.0))
    assert kept_belief(*one_row(party, sides=(0, 0)), [0.5], 0) == 1.0


@given(SEEDS, SHARE, SHARE)
def test_more_trust_in_the_guarantor_or_the_attacker_never_makes_peace_less_likely(seed, one, other):
    random = Random(f"monotone/{seed}")
    talks = random_talks(random)
    row = random.randrange(len(talks.parties))
    party, terms = talks.parties[row], random_terms(random, talks.issues)
    less, more = sorted((one, other))

    def kept(changes):
        sheet = talks.with_party(row, **changes).sheet()
        return kept_belief(sheet, row_at(sheet, row), terms, 0)

    def scaled(numbers, factor):
        return tuple(factor * number for number in numbers)

    assert kept({"sworn": scaled(party.sworn, less)}) <= kept({"sworn": scaled(party.sworn, more)})
    assert kept({"lapses": scaled(party.lapses, more)}) <= kept({"lapses": scaled(party.lapses, less)})


@given(st.floats(0.0, 0.02), st.floats(0.0, 0.05), st.integers(0, 520))
def test_peace_with_a_trustworthy_enemy_lasts_n_weeks_with_the_nth_power_of_a_weeks_chance(calm, wild, weeks):
    hazard = weekly_hazard(1.0, calm, wild, 1.0)
    survival = 1.0
    for _ in range(weeks):
        survival *= 1.0 - hazard
    sheet, at = one_row(Party((1.0,), (0.0,)), kept_trustworthy=(1.0 - calm) ** weeks)
    assert kept_belief(sheet, at, [0.5], 0) == pytest.approx(survival, rel=1e-12)


@given(st.floats(0.0, 0.02), st.floats(0.0, 0.05), SHARE)
def test_the_belief_that_peace_lasts_is_never_gloomier_than_the_weekly_hazard(calm, wild, exposure):
    """Deterrence holds or fails once for all in q, and week by week in the hazard."""
    survival = (1.0 - weekly_hazard(0.0, calm, wild, exposure)) ** WEEKS
    party = Party((1.0,), (0.0,), lapses=(lapse(0.0, (1.0 - wild) ** WEEKS), 0.0), openness=(0.0, exposure))
    sheet, at = one_row(party, kept_trustworthy=(1.0 - calm) ** WEEKS)
    q = kept_belief(sheet, at, [0.5], 0)
    assert q >= survival * (1.0 - 1e-12)
    if exposure in (0.0, 1.0):
        both = ((1.0 - calm) * (1.0 - wild * exposure)) ** WEEKS
        assert q == pytest.approx(both, rel=1e-10)


def test_every_reading_of_an_extreme_sheet_is_a_probability():
    for number in range(300):
        random = Random(f"extreme/{number}")
        talks = extreme_talks(random)
        terms = [random.choice([0.0, 0.5, 1.0]) for _ in range(talks.issues)]
        sheet = talks.sheet()
        for row in range(len(talks.parties)):
            at = row_at(sheet, row)
            assert 0.0 <= kept_belief(sheet, at, terms, 0) <= 1.0
            for side in (0, 1):
                assert 0.0 <= side_exposure(sheet, at, side, terms, 0) <= 1.0
                assert -1 <= most_exposed(sheet, at, side, terms, 0) < len(talks.sides)
            assert 0.0 <= exposure_if(sheet, at, 0, 2, 1.0, terms, 0) <= 1.0


# What it asks for and leaves


def test_a_guarantor_wants_its_margin_its_risk_and_its_burden_paid():
    # third party: margin .01, no betrayal, burden .05 at G = 1 - .2 = .8
    talks = guaranteed_peace()
    sheet = talks.sheet()
    assert demand(sheet, row_at(sheet, 2), [0.6, 0.2], 0) == pytest.approx(0.01 + 0.05 * 0.8, abs=1e-16)
    assert demand(sheet, row_at(sheet, 1), [0.6, 0.2], 0) == pytest.approx(0.2, abs=1e-16)


def test_a_state_that_trusts_asks_exactly_for_what_it_would_lose():
    """Certain trust, no margin: gap = u(war) - u(x); A at front .45 and x = .3: (1-.3)^2 - (1-.45)^2."""
    sheet = two_states().sheet()
    assert gap(sheet, row_at(sheet, 0), [0.3], 0) == pytest.approx(0.49 - 0.3025, abs=1e-15)
    assert gap(sheet, row_at(sheet, 1), [0.3], 0) == pytest.approx(0.09 - 0.2025, abs=1e-15)


@given(SEEDS)
def test_gap_and_surplus_are_those_of_the_textbook(seed):
    random = Random(f"consent/{seed}")
    talks = random_talks(random, many=True)
    terms = random_terms(random, talks.issues)
    sheet = talks.sheet()
    for row, party in enumerate(talks.parties):
        at = row_at(sheet, row)
        expected = textbook.gap(talks, party, terms)
        assert gap(sheet, at, terms, 0) == pytest.approx(expected, rel=1e-10, abs=1e-11)
        assert surplus(sheet, at, terms, 0) == pytest.approx(textbook.surplus(talks, party, terms), abs=1e-13)
        assert spare(sheet, at, terms, 0) == pytest.approx(surplus(sheet, at, terms, 0) - party.margin, abs=1e-15)


@given(SEEDS)
def test_a_state_accepts_if_and_only_if_the_deal_is_worth_its_outside_option_and_margin(seed):
    """The inequality V >= r + margin solved for the cost of war says the same as the inequality itself."""
    random = Random(f"accepts/{seed}")
    talks = random_talks(random, many=True)
    terms = random_terms(random, talks.issues)
    sheet = talks.sheet()
    for row, party in enumerate(talks.parties):
        beyond = textbook.surplus(talks, party, terms) - party.margin
        if abs(beyond) > 1e-12:
            answer = accepts(party.cost, party.weariness, gap(sheet, row_at(sheet, row), terms, 0))
            assert answer == (beyond > 0.0)


@given(SEEDS)
def test_what_is_spare_is_q_times_what_the_grown_cost_exceeds_the_gap_by(seed):
    random = Random(f"spare/{seed}")
    talks = random_talks(random)
    terms = random_terms(random, talks.issues)
    sheet = talks.sheet()
    for row, party in enumerate(talks.parties):
        at = row_at(sheet, row)
        excess = party.cost * party.weariness - gap(sheet, at, terms, 0)
        assert spare(sheet, at, terms, 0) == pytest.approx(textbook.kept(talks, party, terms) * excess, abs=1e-12)


def test_every_gap_of_an_extreme_sheet_is_a_number():
    for number in range(300):
        random = Random(f"extreme/{number}")
        talks = extreme_talks(random)
        terms = [random.choice([0.0, 0.5, 1.0]) for _ in range(talks.issues)]
        sheet = talks.sheet()
        for row in range(len(talks.parties)):
            at = row_at(sheet, row)
            for rule in (demand, gap, spare, surplus):
                assert isfinite(rule(sheet, at, terms, 0))
