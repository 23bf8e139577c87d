"""A pledge to join no table without another state, in whole replicates."""

from functools import cache
from math import log, sqrt

import numpy as np
import pytest

from sim import chance
from sim.engines.ensemble import rows_of
from sim.steps.columns import columns_of
from tests.engines.worlds import busy, first_difference, played, row_of

SEED, REPLICATES = 23, 8
KEPT_OUT, SEATED = "ukraine-kept-out", "reference"
PLEDGED = {"states.united_states.pledges": ["ukraine"]}
KEPT, BROKEN = "is seated as pledged", "is left out in spite of a pledge"
FALSE_ALARM = "below 1e-6: five standard errors"


@cache
def pledged(name, **more):
    values = {key.replace("__", "."): value for key, value in more.items()}
    return busy(name).with_values(PLEDGED | values)


def moves(talks):
    return [event for event in talks.events if event.kind == "trust_moves" and event.cause in (KEPT, BROKEN)]


def test_a_trustworthy_state_that_pledged_joins_no_table_without_the_other():
    held = 0
    for number in range(REPLICATES):
        talks = played(pledged(KEPT_OUT, states__united_states__reliability=1.0), SEED, number)
        assert talks.table.openings == 0
        held += any(event.kind == "holds_to_pledge" for event in talks.events)
    assert held > REPLICATES / 2


def test_a_state_of_the_other_type_joins_as_if_it_had_pledged_nothing_and_is_seen_to():
    opened = 0
    for number in range(REPLICATES):
        without = busy(KEPT_OUT).with_values({"states.united_states.reliability": 0.0})
        openings = []
        for scenario in (without, pledged(KEPT_OUT, states__united_states__reliability=0.0)):
            talks = played(scenario, SEED, number)
            openings.append(talks.first_opening)
        assert openings[0] <= openings[1] or openings[1] == 0  # the deal is worth less once the pledge is broken
        for event in moves(talks):
            opened += 1
            assert (event.cause, event.actor, event.to) == (BROKEN, "ukraine", "united_states")
            assert event.detail["log_factor"] == pytest.approx(log(0.25 / 0.5))
            assert event.week == talks.first_opening
    assert opened > 0


def test_a_pledge_is_met_once_however_often_the_table_opens():
    for name in (KEPT_OUT, SEATED):
        openings = 0
        for number in range(REPLICATES):
            talks = played(pledged(name), SEED, number)
            openings = max(openings, talks.table.openings)
            assert len(moves(talks)) == min(talks.table.openings, 1)
        assert openings > 1 or name == KEPT_OUT


def test_a_kept_pledge_moves_trust_by_the_ratio_of_its_probabilities():
    talks = next(one for one in (played(pledged(SEATED), SEED, number) for number in range(20)) if one.table.openings)
    (event,) = moves(talks)
    assert (event.cause, event.actor, event.to) == (KEPT, "ukraine", "united_states")
    assert event.detail["log_factor"] == pytest.approx(log(0.75 / 0.5))


def test_a_broken_pledge_stands_in_the_place_of_the_done_deal():
    faced = 0
    for number in range(30):
        talks = played(pledged(KEPT_OUT, states__united_states__reliability=0.0), SEED, number)
        causes = [event.cause for event in talks.events if event.kind == "trust_moves"]
        assert "faces a done deal" not in causes
        faced += any(event.kind in ("puts_up_with", "rejects_done_deal") for event in talks.events)
    assert faced > 0


def test_a_pledge_of_equal_probabilities_to_a_seated_state_moves_no_bit():
    """It holds nobody back and says nothing: every column is that of a world without."""
    equal = {"table__believed_pledge_trustworthy": 0.6, "table__believed_pledge_untrustworthy": 0.6}
    for number in range(REPLICATES):
        assert row_of(pledged(SEATED, **equal), SEED, number) == row_of(busy(SEATED), SEED, number)


def test_what_is_believed_of_pledges_moves_no_bit_where_nobody_pledged():
    changed = busy(KEPT_OUT).with_values({"table.believed_pledge_trustworthy": 0.9})
    for number in range(REPLICATES):
        one, other = played(busy(KEPT_OUT), SEED, number), played(changed, SEED, number)
        assert one.row() == other.row(), first_difference(one, other)


def test_over_whole_replicates_trust_is_right_on_average_if_seats_are_given_as_believed():
    """A table opens by decree in week 1; who pledged seats the other with the probability believed of its true type.

    Then mean trust after the opening is the prior, and trust is the share of the trustworthy where it has one value.
    """
    size, prior = 4000, 0.63
    values = {
        "weeks": 1,
        "table.opens": 1,
        "states.united_states.reliability": prior,
        "states.ukraine.toward.united_states.trust": prior,
    }
    rows = {}
    for seated, name in ((True, SEATED), (False, KEPT_OUT)):
        scenario = busy(name).with_values(PLEDGED | values)
        place = [column.name for column in columns_of(scenario)].index("trust.ukraine.united_states")
        rows[seated] = rows_of(scenario, SEED, 0, size)[:, place]
    home = chance.address("united_states")
    trustworthy = np.array([chance.uniform(SEED, n, 0, chance.TYPE, home, chance.NOBODY) < prior for n in range(size)])
    has_seat = np.random.default_rng(SEED).random(size) < np.where(trustworthy, 0.75, 0.5)
    trust = np.where(has_seat, rows[True], rows[False])
    assert abs(trust.mean() - prior) < 5.0 * trust.std() / sqrt(size), FALSE_ALARM
    for seated in (True, False):
        (value,) = np.unique(trust[has_seat == seated].round(12))
        group = trustworthy[has_seat == seated]
        assert abs(group.mean() - value) < 5.0 * sqrt(value * (1.0 - value) / len(group)), FALSE_ALARM
