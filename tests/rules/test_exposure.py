"""Secret channels coming to light, and the joint rule: trust in home and whether the channel is authorised move together."""

from math import exp

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sim.numerics import logistic, logit
from sim.rules import exposure, hearing
from sim.rules.trust import log_bayes_factor
from sim.scenario.load import load

INSIDE = st.floats(0.001, 0.999)
PROBABILITY = st.floats(0.0, 1.0)
LIKELIHOODS = st.tuples(INSIDE, INSIDE, INSIDE, INSIDE)

# The 2x2 table: trustworthy or not, times authorised or freelance. Everything below is read off it by enumeration.


def table(trust, if_trustworthy, if_not):
    """Return the joint probabilities of trustworthy/not x authorised/freelance."""
    return {
        ("trustworthy", "authorised"): trust * if_trustworthy,
        ("trustworthy", "freelance"): trust * (1.0 - if_trustworthy),
        ("not", "authorised"): (1.0 - trust) * if_not,
        ("not", "freelance"): (1.0 - trust) * (1.0 - if_not),
    }


def by_enumeration(joint, likelihoods):
    """Return P(seen), then trust and both shares of authorised after it."""
    after = {cell: joint[cell] * one for cell, one in zip(joint, likelihoods, strict=True)}
    total = sum(after.values())
    trustworthy = after["trustworthy", "authorised"] + after["trustworthy", "freelance"]
    not_so = after["not", "authorised"] + after["not", "freelance"]
    shares = after["trustworthy", "authorised"] / trustworthy, after["not", "authorised"] / not_so
    return total, trustworthy / total, *shares


def by_the_rules(trust, if_trustworthy, if_not, likelihoods):
    """Return trust and both shares of authorised, as the rules move them."""
    ta, tn, ua, un = likelihoods
    factor = exposure.log_joint_factor(if_trustworthy, if_not, ta, tn, ua, un)
    shares = exposure.updated_share(if_trustworthy, ta, tn), exposure.updated_share(if_not, ua, un)
    return logistic(logit(trust) + factor), *shares


@given(INSIDE, INSIDE, INSIDE, LIKELIHOODS)
def test_the_joint_rule_is_bayes_rule_on_the_two_by_two_table(trust, if_trustworthy, if_not, likelihoods):
    _, *expected = by_enumeration(table(trust, if_trustworthy, if_not), likelihoods)
    assert by_the_rules(trust, if_trustworthy, if_not, likelihoods) == pytest.approx(expected, rel=1e-9)


@given(INSIDE, INSIDE, INSIDE, LIKELIHOODS)
def test_before_something_is_seen_nobody_expects_any_of_the_three_to_move(trust, if_trustworthy, if_not, likelihoods):
    """Martingale over an event and its complement: trust, and P(type and authorised) for either type."""
    complement = tuple(1.0 - one for one in likelihoods)
    expected = [0.0, 0.0, 0.0]
    for seen in (likelihoods, complement):
        total, *_ = by_enumeration(table(trust, if_trustworthy, if_not), seen)
        after, share_t, share_u = by_the_rules(trust, if_trustworthy, if_not, seen)
        for place, value in enumerate((after, after * share_t, (1.0 - after) * share_u)):
            expected[place] += total * value
    assert expected == pytest.approx([trust, trust * if_trustworthy, (1.0 - trust) * if_not], rel=1e-9)


@given(INSIDE, INSIDE, LIKELIHOODS, LIKELIHOODS)
def test_the_order_of_two_things_seen_does_not_matter(if_trustworthy, if_not, first, second):
    ends = []
    for order in ((first, second), (second, first)):
        state = (0.4, if_trustworthy, if_not)
        for likelihoods in order:
            state = by_the_rules(*state, likelihoods)
        ends.append(state)
    assert ends[0] == pytest.approx(ends[1], rel=1e-9)


# That a channel exists


def existence_factor(track, offered=0):
    """Return the Bayes factor of trust of the existence of a channel of a track, from the declared defaults."""
    channel = load("secret-track-1.5", {"channels.back.track": track}).eras[0].world.channels["back"]
    by_type = [
        exposure.existence(
            authorised, channel.believed_freelance, offered, with_offer, channel.believed_offer_freelance
        )
        for authorised, with_offer in (
            (channel.believed_authorised_trustworthy, channel.believed_offer_trustworthy),
            (channel.believed_authorised_untrustworthy, channel.believed_offer_untrustworthy),
        )
    ]
    return exp(log_bayes_factor(*by_type))


@pytest.mark.parametrize(("track", "factor"), [("1", 0.25), ("1.5", 0.50), ("2", 0.70)])
def test_the_more_likely_a_channel_is_freelance_the_less_its_existence_says_of_the_home_government(track, factor):
    """(.15 + phi) / (.60 + phi) with phi = 0, .3, .9 on tracks 1, 1.5 and 2."""
    assert existence_factor(track) == pytest.approx(factor, abs=1e-9)


@pytest.mark.parametrize("track", ["1", "1.5", "2"])
def test_a_channel_with_an_offer_on_its_record_costs_more_trust(track):
    assert existence_factor(track, offered=1) < existence_factor(track)


def test_an_offer_on_the_record_of_a_track_one_and_a_half_weighs_as_worked_by_hand():
    """(.15 x .2 + .3 x .5) / (.6 x .7 + .3 x .5) = .18 / .57."""
    assert existence_factor("1.5", offered=1) == pytest.approx(0.18 / 0.57)


@given(INSIDE, INSIDE, st.sampled_from([0, 1]), INSIDE, INSIDE)
def test_the_share_of_authorised_channels_is_what_the_joint_says(authorised, freelance, offered, with_offer, without):
    """A total above 1 is allowed: it is a rate of channels, and only ratios count."""
    weight, rest = (authorised * with_offer, freelance * without) if offered else (authorised, freelance)
    share = exposure.authorised_share(authorised, freelance, offered, with_offer, without)
    assert share == pytest.approx(weight / (weight + rest), rel=1e-12)
    assert exposure.existence(authorised, freelance, offered, with_offer, without) == pytest.approx(weight + rest)


def test_where_nothing_is_ever_freelance_a_channel_is_authorised():
    for offered in (0, 1):
        assert exposure.authorised_share(0.15, 0.0, offered, 0.2, 0.5) == 1.0
    assert exposure.authorised_share(0.0, 0.0, 0, 0.2, 0.5) == 1.0


# Denial


def denial_factors(track="1.5"):
    """Return the Bayes factors of a denial and of silence after a leak, from the declared defaults."""
    channel = load("secret-track-1.5", {"channels.back.track": track}).eras[0].world.channels["back"]
    shares = [
        exposure.authorised_share(authorised, channel.believed_freelance, 0, 0.5, 0.5)
        for authorised in (channel.believed_authorised_trustworthy, channel.believed_authorised_untrustworthy)
    ]
    factors = []
    for denied in (1, 0):
        cover_up = exposure.observed(denied, channel.believed_deny_authorised)
        true_denial = exposure.observed(denied, channel.believed_deny_freelance)
        factors.append(exp(exposure.log_joint_factor(*shares, cover_up, true_denial, cover_up, true_denial)))
    return factors


@pytest.mark.parametrize("track", ["1.5", "2"])
def test_a_denied_leak_costs_less_trust_than_a_silent_one_where_a_channel_may_be_freelance(track):
    denied, silent = denial_factors(track)
    assert silent < 1.0 < denied


def test_a_denial_of_what_can_only_be_authorised_tells_nothing():
    assert denial_factors("1") == pytest.approx([1.0, 1.0])


def test_a_denial_on_track_one_and_a_half_weighs_as_worked_by_hand():
    """P(authorised) is 1/3 of the trustworthy and 2/3 of the others, who deny at .6; the freelance are denied at .97."""
    denied, silent = denial_factors()
    assert denied == pytest.approx((0.6 + 2 * 0.97) / (2 * 0.6 + 0.97))
    assert silent == pytest.approx((0.4 + 2 * 0.03) / (2 * 0.4 + 0.03))


@given(INSIDE, INSIDE, INSIDE, INSIDE, INSIDE)
def test_before_the_spokesperson_speaks_nobody_expects_trust_to_move(trust, share_t, share_u, cover_up, true_denial):
    """Martingale over denial and silence."""
    expected = 0.0
    for denied in (0, 1):
        authorised, freelance = exposure.observed(denied, cover_up), exposure.observed(denied, true_denial)
        likelihoods = (authorised, freelance, authorised, freelance)
        total, *_ = by_enumeration(table(trust, share_t, share_u), likelihoods)
        expected += total * by_the_rules(trust, share_t, share_u, likelihoods)[0]
    assert expected == pytest.approx(trust, rel=1e-9)


def test_who_denies_goes_by_the_truth_about_the_channel():
    assert exposure.denial_probability(1, 0.6, 0.97) == 0.6
    assert exposure.denial_probability(0, 0.6, 0.97) == 0.97


# Checks


@given(INSIDE, INSIDE, INSIDE, INSIDE, st.floats(0.001, 0.5), st.floats(0.5, 0.999), st.floats(0.01, 1.0))
def test_before_a_check_nobody_expects_trust_to_move(trust, share_t, share_u, credibility, straight, crooked, sincere):
    """Martingale over a claim found false and found true, for the likelihoods of a check."""
    likely = hearing.expected_falsehood(credibility, straight, crooked)
    expected = 0.0
    for false in (0, 1):
        mandated, other = exposure.observed(false, likely * sincere), exposure.observed(false, likely)
        likelihoods = (mandated, other, other, other)
        total, *_ = by_enumeration(table(trust, share_t, share_u), likelihoods)
        expected += total * by_the_rules(trust, share_t, share_u, likelihoods)[0]
    assert expected == pytest.approx(trust, rel=1e-9)


@given(INSIDE, INSIDE, INSIDE, st.floats(0.01, 0.99))
def test_a_claim_found_false_costs_home_trust_and_one_found_true_earns_some(share_t, share_u, likely, sincere):
    for false, sign in ((1, -1.0), (0, 1.0)):
        mandated, other = exposure.observed(false, likely * sincere), exposure.observed(false, likely)
        assert sign * exposure.log_joint_factor(share_t, share_u, mandated, other, other, other) > 0.0


# Leaks and audience costs


@given(PROBABILITY)
def test_who_speaks_no_more_keeps_the_secret_through_four_weeks_as_an_envoy_does_through_one(discretion):
    retired = exposure.kept_by(discretion, 0)
    assert retired**4 == pytest.approx(discretion, abs=1e-12)
    assert exposure.kept_by(discretion, 1) == discretion
    assert discretion <= retired <= 1.0


def test_nobody_leaks_who_keeps_everything_and_everybody_who_keeps_nothing():
    for active in (0, 1):
        assert exposure.kept_by(1.0, active) == 1.0
        assert exposure.kept_by(0.0, active) == 0.0


def test_an_audience_cost_is_counted_in_costs_of_war_and_lapses_week_by_week():
    level = 1.0
    for _ in range(26):
        level = exposure.lapsed(level, 1 / 26)
    assert level == pytest.approx((25 / 26) ** 26)
    assert exposure.audience_cost(level, 0.2, 0.03) == pytest.approx(level * 0.006)
