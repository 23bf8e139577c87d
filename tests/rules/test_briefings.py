"""Being told of a channel, not being told, its record and the answer: all that can be seen, with its probability."""

from itertools import product
from math import exp, log

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.rules.briefings import seen_by_type, share_by_type
from sim.rules.exposure import log_joint_factor, observed, updated_share
from sim.rules.trust import log_bayes_factor
from tests.engines.trust_book import chance

PROBABILITY = st.floats(0.02, 0.98)
PAIR = st.tuples(PROBABILITY, PROBABILITY)
TRIPLE = st.tuples(PROBABILITY, PROBABILITY, PROBABILITY)


class Observer:
    """One who knows that a channel exists if it does, and what may be seen of it; trust in home as log-odds."""

    def __init__(self, trust, rho, phi, brief, offer, deny) -> None:
        self.odds = log(trust / (1.0 - trust))
        self.rho, self.phi, self.brief, self.offer, self.deny = rho, phi, brief, offer, deny

    def known(self) -> "Observer":
        """Take in that it exists."""
        self.odds += self._see(1.0, 1.0, 1.0)
        return self

    def _see(self, trustworthy, untrustworthy, freelance) -> float:
        self.shares = (
            share_by_type(self.rho[0], self.phi, trustworthy, freelance),
            share_by_type(self.rho[1], self.phi, untrustworthy, freelance),
        )
        return log_bayes_factor(
            seen_by_type(self.rho[0], self.phi, trustworthy, freelance),
            seen_by_type(self.rho[1], self.phi, untrustworthy, freelance),
        )

    def weigh(self, trustworthy, untrustworthy, freelance) -> None:
        """Weigh something seen of a channel that is known, by the joint rule."""
        self.odds += log_joint_factor(*self.shares, trustworthy, freelance, untrustworthy, freelance)
        self.shares = (
            updated_share(self.shares[0], trustworthy, freelance),
            updated_share(self.shares[1], untrustworthy, freelance),
        )

    def see_briefing(self, told) -> float:
        return self._see(*(observed(told, likely) for likely in self.brief))

    def see_exposure(self, offered) -> float:
        return self._see(
            *(observed(0, told) * observed(offered, on) for told, on in zip(self.brief, self.offer, strict=True))
        )

    def weigh_record(self, offered) -> None:
        self.weigh(*(observed(offered, likely) for likely in self.offer))

    def weigh_denial(self, denied) -> None:
        authorised, freelance = (observed(denied, likely) for likely in self.deny)
        self.weigh(authorised, authorised, freelance)


def worlds(trust, rho, phi, brief, offer, deny, exposed):
    """Every course of things of a channel that exists, with its probability."""
    for trustworthy, authorised, told, seen, offered, denied in product((1, 0), repeat=6):
        mandate = rho[0] if trustworthy else rho[1]
        case = 2 if not authorised else 0 if trustworthy else 1
        probability = trust if trustworthy else 1.0 - trust
        probability *= mandate if authorised else (1.0 - mandate) * phi
        probability *= observed(told, brief[case]) * observed(seen, exposed) * observed(offered, offer[case])
        probability *= observed(denied, deny[0] if authorised else deny[1])
        yield probability, bool(trustworthy), bool(told), bool(seen), bool(offered), bool(denied)


@given(PROBABILITY, PAIR, PROBABILITY, TRIPLE, TRIPLE, PAIR, PROBABILITY)
def test_who_knows_that_a_channel_exists_expects_nothing_that_it_will_see_of_it_to_move_its_trust(
    trust, rho, phi, brief, offer, deny, exposed
):
    """Martingale, by enumeration of all that can be; and each belief is what the enumeration gives, by Bayes' rule."""
    total, expected, cells = 0.0, 0.0, {}
    for probability, trustworthy, told, seen, offered, denied in worlds(trust, rho, phi, brief, offer, deny, exposed):
        observer = Observer(trust, rho, phi, brief, offer, deny)
        if told:
            observer.odds += observer.see_briefing(1)
            if seen:
                observer.weigh_record(offered)
                observer.weigh_denial(denied)
        elif seen:
            observer.odds += observer.see_exposure(offered)
            observer.weigh_denial(denied)
        else:  # neither: it would know that it was not told, if it knew that there is a channel
            observer.odds += observer.see_briefing(0)
        after = chance(observer.odds)
        total += probability
        expected += probability * after
        cell = (told, *((offered, denied) if seen else ()))
        weight, among, _ = cells.get(cell, (0.0, 0.0, 0.0))
        cells[cell] = (weight + probability, among + probability * trustworthy, after)
    known = chance(Observer(trust, rho, phi, brief, offer, deny).known().odds)
    assert expected / total == pytest.approx(known, abs=1e-9)
    for weight, among, after in cells.values():
        assert after == pytest.approx(among / weight, abs=1e-9)


@given(PAIR, PROBABILITY, PROBABILITY)
def test_being_told_says_nothing_where_everybody_is_told_as_often(rho, phi, brief):
    """Limit: existence alone is left, told or not."""
    known = Observer(0.5, rho, phi, (brief,) * 3, (0.5,) * 3, (0.5, 0.5)).known().odds
    for told in (0, 1):
        observer = Observer(0.5, rho, phi, (brief,) * 3, (0.5,) * 3, (0.5, 0.5))
        assert observer.see_briefing(told) == pytest.approx(known, abs=1e-9)


def test_an_authorised_channel_and_a_private_one_exclude_each_other():
    assert seen_by_type(0.9, 0.9, 1.0, 1.0) == pytest.approx(0.99)
    assert share_by_type(0.9, 0.9, 1.0, 1.0) == pytest.approx(0.9 / 0.99)
    assert share_by_type(0.0, 0.0, 1.0, 1.0) == 1.0


def test_the_sizes_that_evidence_was_set_beside():
    """In log-odds at track 1.5: told; read in the press with an offer, denied; told, then leaked with an offer, denied."""
    values = (0.5, (0.30, 0.35), 0.3, (0.60, 0.40, 0.50), (0.45, 0.55, 0.50), (0.6, 0.97))
    told, press = Observer(*values), Observer(*values)
    told.odds += told.see_briefing(1)
    assert told.odds == pytest.approx(0.18, abs=0.05)
    press.odds += press.see_exposure(1)
    press.weigh_denial(1)
    assert press.odds == pytest.approx(-0.34, abs=0.05)
    told.weigh_record(1)
    told.weigh_denial(1)
    assert told.odds == pytest.approx(0.06, abs=0.05)
    assert exp(told.odds) > exp(press.odds)
