"""Every rule gives a number of its kind at every corner of its domain.

Python raises where compiled code goes on with infinities, so no division, logarithm or power may leave a rule. A row of the
table is a rule with the range of each argument: its ends, and values between them where the rule turns a corner.
"""

from itertools import product
from math import isfinite, sqrt

import pytest

from sim.rules import (
    beliefs,
    briefings,
    consent,
    convening,
    escalation,
    exposure,
    hearing,
    keeping,
    lines,
    measures,
    messages,
    pledges,
    settling,
    table,
    trust,
    war,
    worth,
)
from sim.rules.registry import RULES

SHARE, BIT, ERROR = (0.0, 1.0), (0, 1), (-9.0, 9.0)
SURE_SHARE = (1e-6, 0.999)  # a probability that is never certain
DRAW = (2.0**-53, 1.0 - 2.0**-53)
LOG_COST = (-20.0, 1.0)
MOMENTS = ((-1e3, 1e3), (1e-6, 1e3), (-1e3, 1e3))
GAP = (1e-300, 1.0, consent.NEVER)
WEARY = (1.0, 10.0)


def shaded_log_density(c, b, cc, correlation, bb, message, noise):
    """The rule, with a covariance that is possible for the two variances."""
    return hearing.shaded_log_density(c, b, cc, correlation * sqrt(cc * bb), bb, message, noise)


def updated_belief(c, b, cc, bb, message, noise, weight):
    """The sum of all that a belief holds after a message, finite only if every part is; three covariances before it."""
    total = 0.0
    for correlation in (-1.0, 0.0, 1.0):
        total += sum(hearing.updated_belief(c, b, cc, correlation * sqrt(cc * bb), bb, message, noise, weight))
    return total


THROUGH = {shaded_log_density: hearing.shaded_log_density, updated_belief: hearing.updated_belief}
MEAN, VARIANCE, NOISE = (-50.0, 5.0), (0.0, 1e3), (1e-4, 1e3)
NUMBERS = {
    beliefs.prior_mean: ((-50.0, 5.0), (0.0, 10.0), (-5.0, 5.0)),
    beliefs.updated_mean: ((-1e3, 1e3), (0.0, 1e6), (-1e3, 1e3), (1e-300, 1e6)),
    beliefs.updated_variance: ((0.0, 1e6), (1e-300, 1e6)),
    beliefs.aged_variance: ((0.0, 1e6), (0.0, 1e3)),
    beliefs.deviation: ((0.0, 1e300),),
    beliefs.retained_variance: ((-1e154, -60.0, 60.0, 1e154),),
    beliefs.mean_below: MOMENTS,
    beliefs.mean_above: MOMENTS,
    beliefs.variance_below: MOMENTS,
    beliefs.variance_above: MOMENTS,
    convening.is_recent: ((0, 1, 40), (40,), (1, 8, 5200)),
    convening.bridged: (SHARE, (0.01, 1.0, 100.0)),
    consent.aspiration: ((0.0, 10.0), (1e-6, 1.0), (0, 1, 20), (20,), (0.01, 1.0, 100.0), SHARE),
    consent.margin_of_ratifier: (SHARE,) * 4,
    consent.grievance_margin: ((0.0, 20.0), (1e-6, 1.0)),
    consent.gap_from: ((-1.0, 1.0), SHARE, (0.0, 3.0), (0.0, 1e-250, 1e-249, 1.0), SHARE),
    consent.log_threshold: (GAP, WEARY),
    consent.readiness: ((-50.0, 5.0), (0.0, 5.0), GAP, WEARY),
    escalation.log_claim_factor: (BIT, SHARE, (0.01, 1.0, 100.0), (0.0, 0.0099)),
    escalation.reverted: ((-14.0, 14.0), (-14.0, 14.0), SHARE),
    exposure.log_joint_factor: (SHARE,) * 6,
    exposure.existence: (SHARE, SHARE, BIT, SHARE, SHARE),
    exposure.audience_cost: ((0.0, 10.0), SHARE, SHARE),
    exposure.lapsed: ((0.0, 10.0), SHARE),
    hearing.log_density: ((-1e3, 0.0, 1e3), (1e-4, 1e3)),
    hearing.total_log_density: (SURE_SHARE, (-1e4, 1e2), (-1e4, 1e2)),
    hearing.checked_log_odds: (BIT, SURE_SHARE, SURE_SHARE),
    hearing.honest_log_density: (MEAN, VARIANCE, MEAN, NOISE),
    shaded_log_density: (MEAN, (-5.0, 5.0), VARIANCE, (-1.0, 0.0, 1.0), VARIANCE, MEAN, NOISE),
    updated_belief: (MEAN, (-5.0, 5.0), VARIANCE, VARIANCE, MEAN, NOISE, SHARE),
    hearing.regressed_slant: ((-5.0, 5.0), (-1e3, 0.0, 1e3), MEAN, MEAN),
    hearing.regressed_slant_variance: (VARIANCE, (-1e3, 0.0, 1e3), VARIANCE, VARIANCE),
    hearing.heard_mean: (MEAN, MEAN, SHARE),
    hearing.pooled_precision: ((1e-6, 1e12), (1e-6, 1e12), (1e-6, 1e12)),
    hearing.pooled_pull: ((-5e13, 5e13), (1e-6, 1e12), MEAN, (1e-6, 1e12), MEAN),
    hearing.pooled_mean: ((-5e13, 5e13), (-1e4, 0.0, 1e-7, 1e12), (1e-6, 1e12), MEAN),
    hearing.precision_floor: ((-1e4, 0.0, 1e4), (1e-4, 1e4)),
    lines.home_line: (LOG_COST, BIT, (0.0, 5.0), (0.0, 3.0), (-5.0, 5.0)),
    lines.line_log_density: (SHARE, (-1e4, 1e2), (-1e4, 1e2)),
    lines.private_log_density: ((-1e3, 0.0, 1e3), VARIANCE, (0.0, 5.0), (0.01, 5.0), (0.0, 3.0), NOISE),
    lines.invented_log_density: (MEAN, LOG_COST, (0.0, 5.0), (0.01, 5.0), (0.0, 3.0), NOISE),
    lines.line_mean: (MEAN, VARIANCE, MEAN, NOISE, SHARE),
    lines.log_denial_factor: (BIT, SHARE, SURE_SHARE, SURE_SHARE),
    measures.calibration: (MEAN, (1e-6, 5.0), MEAN),
    messages.official_message: (LOG_COST, (0.0, 5.0), (0.0, 3.0), (-5.0, 5.0)),
    messages.outward_message: (LOG_COST, BIT, (0.0, 5.0), (0.0, 3.0), (-5.0, 5.0)),
    messages.inward_message: (LOG_COST, BIT, (0.0, 5.0), (0.0, 3.0), (-5.0, 5.0)),
    pledges.log_pledge_factor: (BIT, SURE_SHARE, SURE_SHARE),
    trust.log_bayes_factor: ((0.0, 1e-320, 1.0), (0.0, 1e-320, 1.0)),
    trust.after_done_deal: ((-700.0, 0.0, 700.0), (0.001, 1.0, 1000.0)),
    war.aid_given: ((0.0, 10.0), SHARE, SHARE),
    war.balance_with: ((-20.0, 0.0, 20.0), (0.0, 20.0), BIT),
    war.front_drift: (SHARE, (-20.0, 20.0)),
    war.expected_front: (SHARE, (-20.0, 20.0), (0.0, 10_000.0)),
    worth.weariness: (SHARE, (0, 10_000)),
    worth.stepped_log_cost: ((-50.0, 50.0), (0.0, 5.0), ERROR),
    worth.stated_cost: ((1e-300, 1e6), (0.0, 10.0), (0.0, 100.0)),
}
NOT_NEGATIVE = {
    hearing.heard_variance: (MEAN, VARIANCE, MEAN, VARIANCE, (0.0, 0.5, 1.0)),
    keeping.burden_borne: (SHARE, BIT),
    lines.falsehood_odds: (SHARE, SHARE, (0.001, 1.0, 2.0)),
    lines.line_variance: (MEAN, VARIANCE, MEAN, NOISE, SHARE),
    lines.noise_of_belief: ((0.0, 10.0), (0.0, 10.0)),
    measures.misperception: (MEAN, MEAN),
    settling.rate_over: ((1e-3, 1e6), (0, 1, 10_000)),
}
POSITIVE = {
    hearing.precision: ((0.0, 1e12),),
    messages.message_noise: ((0.01, 10.0), (0.05, 20.0), (0.05, 1.0), (1.0, 20.0)),
}
PROBABILITIES = {
    consent.believed_acceptance: ((-50.0, 5.0), (0.0, 5.0), (-1.0, 0.0, 5e-324, consent.NEVER), WEARY),
    consent.unblocked: (SHARE, SHARE),
    escalation.claim_probability: (SHARE, SHARE),
    briefings.seen_by_type: (SHARE,) * 4,
    briefings.share_by_type: (SHARE,) * 4,
    exposure.authorised_share: (SHARE, SHARE, BIT, SHARE, SHARE),
    exposure.denial_probability: (BIT, SHARE, SHARE),
    exposure.kept_by: (SHARE, BIT),
    exposure.observed: (BIT, SHARE),
    exposure.updated_share: (SHARE,) * 3,
    hearing.expected_falsehood: (SHARE,) * 3,
    hearing.shaded_weight: (SURE_SHARE, (-1e4, 1e2), (-1e4, 1e2)),
    keeping.guarantee_strength: (SHARE, (0.0, 0.5, 1.0)),
    keeping.lapse: (SHARE, SHARE),
    keeping.open_to_attack: (SHARE,),
    keeping.sworn: (SHARE, SHARE, BIT),
    keeping.undeterred: (SHARE, SHARE, (0.0, 0.5, 1.0)),
    lines.adopted_share: ((-1.0, 0.0, 1.0), SHARE),
    lines.mandated_weight: (SHARE, (-1e4, 1e2), (-1e4, 1e2)),
    lines.probability_of: ((0.0, 1e13),),
    settling.rate_at: ((1e-3, 1e6), (0, 1, 10_000)),
    settling.breach: ((0.0, 0.5), (0.0, 1.0, 1e4)),
    settling.kept: ((0.0, 0.5), (0.0, 1.0, 1e4)),
    settling.lapse: (SHARE,),
    settling.seen_breach: (SHARE, SHARE),
    keeping.weekly_hazard: (SHARE, (0.0, 0.5), (0.0, 0.5), SHARE),
    messages.drifted_lean: (SHARE, SHARE),
    table.least_gain: (SHARE, SHARE),
    trust.mixed: (SHARE,) * 3,
    trust.seen: (BIT, SHARE),
    war.stepped_front: (SHARE, (-20.0, 20.0), SHARE, ERROR),
    war.within_bounds: ((-1e300, 0.0, 1.0, 1e300),),
    worth.distance_on: (SHARE,) * 3,
    worth.without_deal: (SHARE,) * 3,
}
BITS = {
    consent.accepts: ((1e-9, 1e3), WEARY, (-2.0, 0.0, consent.NEVER)),
    consent.ratified: ((-2.0, 1.0), SHARE, SHARE, SHARE, ERROR),
    keeping.bears_breach: (BIT, BIT),
    keeping.pays_for_breach: (BIT, BIT),
    measures.flag: (BIT,),
    measures.futile: (BIT, (0, 1, 10_000)),
    measures.missed: (BIT, (0, 1, 10_000)),
    messages.is_false: (BIT, (0.0, 5.0), (0.0, 3.0)),
    messages.meeting_due: ((1, 10_000), (1, 10_000), (1, 10_000), (1, 52)),
    pledges.is_held_back: (SHARE, BIT),
    table.attempt_due: ((0, 10_000), (1, 520)),
    table.occurs: (DRAW, SHARE),
    table.place_in_turn: (DRAW, (1, 2)),
    table.round_due: ((520, 10_000), (0, 520), (1, 52)),
    war.decided_by_force: (SHARE,),
}
KINDS = {
    "a number": (NUMBERS, isfinite),
    "a number of 0 or more": (NOT_NEGATIVE, lambda value: 0.0 <= value < float("inf")),
    "a number above 0": (POSITIVE, lambda value: 0.0 < value < float("inf")),
    "a probability": (PROBABILITIES, lambda value: 0.0 <= value <= 1.0),
    "0 or 1": (BITS, lambda value: value in (0, 1)),
}
DOMAINS = NUMBERS | NOT_NEGATIVE | POSITIVE | PROBABILITIES | BITS


@pytest.mark.parametrize("kind", KINDS)
def test_a_rule_gives_a_number_of_its_kind_at_every_corner_of_its_domain(kind):
    domains, belongs = KINDS[kind]
    for rule, ranges in domains.items():
        for corner in product(*ranges):
            assert belongs(rule(*corner)), f"{rule.__name__}{corner} = {rule(*corner)} is not {kind}"


def test_every_rule_has_a_domain():
    rules = [rule for rule in RULES if rule.__module__.startswith("sim.rules.")]
    listed = {THROUGH.get(rule, rule) for rule in DOMAINS}
    assert len(rules) > 75
    assert [rule.__name__ for rule in rules if rule not in listed] == []
    assert [rule.__name__ for rule in listed if rule not in rules] == []
