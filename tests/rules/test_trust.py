"""Trust moves by Bayes' rule and by nothing else."""

from itertools import product
from math import exp, log

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from sim.numerics import logistic, logit
from sim.rules.keeping import weekly_hazard
from sim.rules.trust import after_done_deal, log_bayes_factor, mixed, seen
from sim.search.deals import exposure_if, exposure_of
from sim.search.sheet import row_at
from tests.rules.sheets import Party, Pledge, Talks

PROBABILITY = st.floats(0.0, 1.0)
TRUST = st.floats(0.001, 0.999)


def test_what_is_twice_as_likely_of_the_trustworthy_doubles_the_odds():
    assert log_bayes_factor(0.6, 0.3) == pytest.approx(log(2.0), abs=1e-15)
    assert logistic(logit(0.25) + log_bayes_factor(0.6, 0.3)) == pytest.approx(0.4, abs=1e-15)


def test_what_is_equally_likely_of_both_moves_nobody_even_if_impossible():
    assert log_bayes_factor(0.3, 0.3) == 0.0
    assert log_bayes_factor(0.0, 0.0) == 0.0


def test_what_only_the_trustworthy_do_settles_the_matter_but_leaves_a_number():
    assert logistic(logit(0.01) + log_bayes_factor(1.0, 0.0)) > 1.0 - 1e-12
    assert 0.0 <= logistic(logit(0.99) + log_bayes_factor(0.0, 1.0)) < 1e-12


@given(TRUST, st.floats(1e-6, 1.0), st.floats(1e-6, 1.0))
def test_the_odds_after_are_those_of_bayes_rule(trust, if_trustworthy, if_not):
    after = logistic(logit(trust) + log_bayes_factor(if_trustworthy, if_not))
    bayes = trust * if_trustworthy / (trust * if_trustworthy + (1.0 - trust) * if_not)
    assert after == pytest.approx(bayes, rel=1e-9)


@given(st.floats(1e-9, 1.0), st.floats(1e-9, 1.0))
def test_swapping_the_types_turns_the_factor_round(one, other):
    assert log_bayes_factor(one, other) == -log_bayes_factor(other, one)


def test_a_condition_of_one_in_four_mixes_one_to_three():
    assert mixed(0.25, 0.8, 0.4) == pytest.approx(0.5, abs=1e-15)
    assert (mixed(1.0, 0.8, 0.4), mixed(0.0, 0.8, 0.4)) == (0.8, 0.4)


@given(PROBABILITY, PROBABILITY, PROBABILITY)
def test_a_mixture_lies_between_its_parts(probability, if_true, if_false):
    low, high = sorted((if_true, if_false))
    assert low - 1e-15 <= mixed(probability, if_true, if_false) <= high + 1e-15


@given(PROBABILITY)
def test_a_week_is_either_broken_or_kept(breach):
    assert seen(1, breach) == breach
    assert seen(1, breach) + seen(0, breach) == pytest.approx(1.0, abs=1e-15)


# A week of an agreement in the eyes of an observer. The attacker faces fighter 1, whom two states guarantee.


class Week:
    """One observer, one attacker, one target; two guarantors with one pledge each, or a second pledge of the first."""

    def __init__(self, attacker, guarantors, effects, openness, strengths, hazards, owners=(2, 3)) -> None:
        self.trust = [attacker, *guarantors]
        self.effects, self.openness, self.owners = effects, openness, owners
        self.calm, self.wild = hazards
        pledges = tuple(Pledge(1, issue, 0.0, owners[issue], effects[issue]) for issue in range(2))
        sworn = tuple(effect * guarantors[owner - 2] for effect, owner in zip(effects, owners, strict=True))
        observer = Party((0.5, 0.5), (0.2, 0.2), openness=(0.0, openness), sworn=sworn)
        self.sheet = Talks((observer,), pledges).sheet()
        self.at = row_at(self.sheet, 0)
        self.terms = [1.0 - strength for strength in strengths]
        self.strengths = strengths

    def breach(self, types) -> float:
        """Return the probability of a breach for given types of attacker and guarantors, from first principles."""
        undeterred = self.openness
        for effect, strength, owner in zip(self.effects, self.strengths, self.owners, strict=True):
            undeterred *= 1.0 - effect * strength * types[owner - 1]
        return self.calm if types[0] else self.calm + self.wild * undeterred

    def by_enumeration(self, broken: int) -> tuple[float, list[float]]:
        """Return the probability of what was seen and everybody's posterior, over all types at once."""
        total, posterior = 0.0, [0.0, 0.0, 0.0]
        for types in product((1, 0), repeat=3):
            weight = 1.0
            for trust, kind in zip(self.trust, types, strict=True):
                weight *= trust if kind else 1.0 - trust
            weight *= self.breach(types) if broken else 1.0 - self.breach(types)
            total += weight
            for state, kind in enumerate(types):
                posterior[state] += weight * kind
        return total, [part / total for part in posterior]

    def attacker_after(self, broken: int) -> float:
        """Return trust in the attacker as the rules move it."""
        exposure = exposure_of(self.sheet, self.at, 1, self.terms, 0)
        if_trustworthy = seen(broken, weekly_hazard(1.0, self.calm, self.wild, exposure))
        if_not = seen(broken, weekly_hazard(0.0, self.calm, self.wild, exposure))
        return logistic(logit(self.trust[0]) + log_bayes_factor(if_trustworthy, if_not))

    def guarantor_after(self, number: int, broken: int) -> float:
        """Return trust in guarantor 1 or 2 as the rules move it."""
        likelihoods = []
        for trustworthy in (1.0, 0.0):
            exposure = exposure_if(self.sheet, self.at, 1, number + 1, trustworthy, self.terms, 0)
            wild = weekly_hazard(0.0, self.calm, self.wild, exposure)
            likelihoods.append(seen(broken, mixed(self.trust[0], weekly_hazard(1.0, self.calm, 0.0, 1.0), wild)))
        return logistic(logit(self.trust[number]) + log_bayes_factor(*likelihoods))


WEEK = st.builds(
    Week,
    attacker=TRUST,
    guarantors=st.tuples(TRUST, TRUST),
    effects=st.tuples(PROBABILITY, PROBABILITY),
    openness=PROBABILITY,
    strengths=st.tuples(PROBABILITY, PROBABILITY),
    hazards=st.tuples(st.floats(1e-6, 0.3), st.floats(0.0, 0.6)),
    owners=st.sampled_from([(2, 3), (2, 2)]),
)


@given(WEEK, st.sampled_from([0, 1]))
def test_a_week_moves_trust_in_attacker_and_guarantors_as_enumeration_of_all_types_does(week, broken):
    _, posterior = week.by_enumeration(broken)
    assume(week.owners == (2, 3))
    assert week.attacker_after(broken) == pytest.approx(posterior[0], rel=1e-9)
    assert week.guarantor_after(1, broken) == pytest.approx(posterior[1], rel=1e-9)
    assert week.guarantor_after(2, broken) == pytest.approx(posterior[2], rel=1e-9)


@given(WEEK)
def test_before_the_week_nobody_expects_trust_in_the_attacker_to_move(week):
    """Martingale under the observer's own hazard, with the exposure that it believes in."""
    exposure = exposure_of(week.sheet, week.at, 1, week.terms, 0)
    breach = mixed(week.trust[0], week.calm, weekly_hazard(0.0, week.calm, week.wild, exposure))
    expected = breach * week.attacker_after(1) + (1.0 - breach) * week.attacker_after(0)
    assert expected == pytest.approx(week.trust[0], rel=1e-9)


@given(WEEK)
def test_before_the_week_nobody_expects_trust_in_a_guarantor_to_move(week):
    """Martingale: the observer's own probability of a breach averages over the guarantor's two types."""
    assume(week.owners == (2, 3))
    breach, _ = week.by_enumeration(1)
    for number in (1, 2):
        expected = breach * week.guarantor_after(number, 1) + (1.0 - breach) * week.guarantor_after(number, 0)
        assert expected == pytest.approx(week.trust[number], rel=1e-9)


@given(WEEK)
def test_a_kept_week_never_costs_trust_and_a_breach_never_earns_it(week):
    slack = 1e-12
    assert week.attacker_after(1) <= week.trust[0] + slack
    assert week.attacker_after(0) >= week.trust[0] - slack
    for number in (1, 2):
        assert week.guarantor_after(number, 1) <= week.trust[number] + slack
        assert week.guarantor_after(number, 0) >= week.trust[number] - slack


def test_a_breach_by_a_state_that_only_the_guarantor_could_deter_condemns_both():
    """Worked by hand: effect 1, full guarantee, calm 0, wild .5, all priors .5.

    P(breach | guarantor trustworthy) = 0; | not = .5 * .5 = .25. After a breach the guarantor is surely untrustworthy
    and so is the attacker; after a kept week the odds of either are 1 : .75.
    """
    week = Week(0.5, (0.5, 0.5), (1.0, 0.0), 1.0, (1.0, 0.0), (0.0, 0.5))
    assert week.guarantor_after(1, 1) < 1e-12
    assert week.attacker_after(1) < 1e-12
    assert week.guarantor_after(1, 0) == pytest.approx(4 / 7, abs=1e-12)
    assert week.attacker_after(0) == pytest.approx(4 / 7, abs=1e-12)


def test_what_was_held_impossible_still_has_a_bayes_factor():
    assert exp(log_bayes_factor(0.0, 1.0)) == pytest.approx(1e-300, rel=1e-10)


# A done deal


def test_a_done_deal_at_half_the_odds_takes_trust_from_a_half_to_a_third():
    assert logistic(after_done_deal(logit(0.5), 0.5)) == pytest.approx(1 / 3, abs=1e-15)
    assert after_done_deal(0.7, 1.0) == 0.7
    assert after_done_deal(0.0, 0.001) == pytest.approx(-3.0 * log(10.0), abs=1e-14)


@given(TRUST, st.floats(0.001, 1000.0))
def test_a_done_deal_multiplies_the_odds_as_what_was_seen_of_the_two_types_would(trust, factor):
    after = after_done_deal(logit(trust), factor)
    assert logistic(after) == pytest.approx(trust * factor / (trust * factor + 1.0 - trust), rel=1e-12)
    scale = 2.0 * max(factor, 1.0)
    assert after == pytest.approx(logit(trust) + log_bayes_factor(factor / scale, 1.0 / scale), abs=1e-12)


@given(st.floats(-40.0, 40.0), st.floats(0.001, 1000.0))
def test_a_done_deal_and_its_opposite_leave_trust_where_it_was(log_odds, factor):
    assert after_done_deal(after_done_deal(log_odds, factor), 1.0 / factor) == pytest.approx(log_odds, abs=1e-13)
