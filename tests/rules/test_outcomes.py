"""How a war can end and how talks can fail: the names and the numbers that stand for them agree."""

from sim.rules import outcomes
from sim.rules.outcomes import FAILURES, OUTCOMES


def test_a_number_of_an_outcome_is_one_more_than_its_place_so_that_zero_is_a_war_that_goes_on():
    numbers = {
        "success": outcomes.SUCCESS,
        "in_force_unproven": outcomes.IN_FORCE_UNPROVEN,
        "never_opened": outcomes.NEVER_OPENED,
        "impasse": outcomes.IMPASSE_OUTCOME,
        "decided_by_force": outcomes.DECIDED_BY_FORCE,
    }
    for name, number in numbers.items():
        assert OUTCOMES[number - 1] == name
    assert 0 not in numbers.values()


def test_a_number_of_a_failure_is_its_place():
    numbers = (outcomes.IMPASSE, outcomes.VETOED, outcomes.NOT_RATIFIED, outcomes.BROKEN)
    assert [FAILURES[number] for number in numbers] == ["impasse", "vetoed", "not_ratified", "broken"]


def test_failures_stand_among_the_outcomes_together_and_in_their_order():
    """A war that ends in failed talks has the outcome of the last failure: that of an impasse and its place on."""
    first = outcomes.IMPASSE_OUTCOME - 1
    assert OUTCOMES[first : first + len(FAILURES)] == FAILURES


def test_no_outcome_and_no_failure_stands_twice():
    assert len(set(OUTCOMES)) == len(OUTCOMES) == 8
    assert len(set(FAILURES)) == len(FAILURES) == 4
