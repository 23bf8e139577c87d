"""What becomes of agreements: followed past the horizon, reckoned when they are signed, and what they bring."""

from math import isnan, sqrt

import numpy as np
import pytest

from sim.engines.ensemble import rows_of
from sim.errors import SimError
from sim.rules.outcomes import OUTCOMES
from sim.scenario.foregone import foregone
from sim.scenario.load import load
from sim.steps.columns import columns_of
from sim.study.sweep.answers import limits_of
from tests.engines.worlds import busy, moved, played, row_of, scenario_of, tree_of, two_states

SEED = 41
SURE = {
    "agreement.hazard_trustworthy": 0.0,
    "agreement.hazard_untrustworthy": 0.0,
    "agreement.spoiling": 0.0,
}
FOLLOWED = {"agreement.followed": True}
STATES = ("russia", "ukraine", "united_states")


def columns(scenario, replicates):
    rows = rows_of(scenario, SEED, 0, replicates)
    return {column.name: rows[:, place] for place, column in enumerate(columns_of(scenario))}


def apart_by_chance(one, other):
    """Whether paired columns have the same mean. False alarms: 1 in 10,000 (four standard errors)."""
    difference = one - other
    return abs(difference.mean()) <= 4 * difference.std() / sqrt(len(difference))


@pytest.mark.parametrize("name", ["reference", "ukraine-overruled", "ukraine-kept-out"])
def test_agreements_that_nobody_breaks_are_signed_held_and_expected_to(name):
    found = columns(busy(name).with_values(SURE | FOLLOWED), 60)
    assert found["signed"].sum() > 0
    assert (found["success"] == found["signed"]).all()
    assert (found["expected_success"] == found["signed"]).all()
    for one in STATES:
        assert found[f"payoff.{one}"] == pytest.approx(found[f"expected_payoff.{one}"], abs=1e-12)


@pytest.mark.parametrize("settling", [0.0, 5.8])
@pytest.mark.parametrize("name", ["reference", "ukraine-overruled"])
def test_what_is_expected_of_agreements_is_what_comes_of_them(name, settling):
    """Success and payoffs, 3,000 replicates; with spoilers, breaches by either side, and both in one week."""
    hazard = 0.3 if settling else 0.05
    hazards = {"agreement.hazard_untrustworthy": hazard, "agreement.spoiling": hazard, "agreement.settling": settling}
    hazards["table.cooling_off_weeks"] = 100  # one agreement a war, or nearly all would come to be held
    found = columns(busy(name).with_values(hazards | FOLLOWED), 3_000)
    assert 0.1 < found["success"].mean() < 0.9
    assert apart_by_chance(found["success"], found["expected_success"])
    for one in STATES:
        assert apart_by_chance(found[f"payoff.{one}"], found[f"expected_payoff.{one}"])


def test_an_expectation_that_lacked_the_spoilers_would_be_seen():
    """The check above can fail."""
    spoiled = busy("ukraine-overruled").with_values({"agreement.spoiling": 0.1} | FOLLOWED)
    unspoiled = spoiled.with_values({"agreement.spoiling": 0.0})
    assert not apart_by_chance(columns(spoiled, 1_000)["success"], columns(unspoiled, 1_000)["expected_success"])


def test_until_the_horizon_a_followed_war_is_the_same():
    base, unproven = busy("reference").with_values({"agreement.hold_weeks": 30}), 0
    for number in range(30):
        plain = row_of(base, SEED, number)
        followed = row_of(base.with_values(FOLLOWED), SEED, number)
        differ = {name for name in moved(plain, followed) if not name.startswith("payoff.")}
        if plain["outcome"] == "in_force_unproven":
            unproven += 1
            ending = {"outcome", "success", "weeks_to_success", "failures.broken"}
            assert differ <= ending
            assert followed["outcome"] in ("success", "broken")
        else:
            assert differ == set()
    assert unproven > 2


def test_an_agreement_followed_to_success_may_succeed_after_the_horizon():
    scenario = busy("reference").with_values({"agreement.hold_weeks": 30} | SURE | FOLLOWED)
    weeks = columns(scenario, 60)["weeks_to_success"]
    assert np.nanmax(weeks) > 40
    assert np.nanmax(weeks) <= 40 + 30
    talks = next(talks for talks in (played(scenario, SEED, number) for number in range(60)) if talks.week > 40)
    assert talks.events[-1].kind == "ends"
    assert talks.events[-1].week == talks.week


def test_without_an_agreement_nothing_is_paid_or_expected():
    found = columns(busy("reference").with_values({"table.convening": 0.0} | FOLLOWED), 20)
    of_states = [f"{kind}.{one}" for one in STATES for kind in ("payoff", "expected_payoff")]
    for name in ("signed", "expected_success", *of_states):
        assert (found[name] == 0.0).all()


def test_an_agreement_kept_for_sure_brings_what_it_is_worth_beyond_war():
    """u - r by hand: cost x weariness - u(war) + u(terms), on one issue, of states that know each other's costs."""
    scenario = two_states(agreement__hold_weeks=5).with_values(SURE | FOLLOWED)
    talks = played(scenario, SEED, 0)
    row, week = talks.row(), talks.first_agreement
    values = scenario.values
    for name in ("attacker", "defender"):
        state = values["states"][name]
        aim, term = state["aims"]["territory"], row["terms.territory"]
        cost = talks.state(name).cost * (1.0 + state["growth"] * week)
        expected = cost - (1.0 - (row["front"] - aim) ** 2) + 1.0 - (term - aim) ** 2
        assert row[f"payoff.{name}"] == pytest.approx(expected, abs=1e-9)


def test_an_agreement_broken_for_sure_costs_the_betrayed_and_not_who_broke_it():
    worst = {"agreement.hazard_untrustworthy": 0.5, "agreement.believed_hazard_untrustworthy": 0.0}
    types = {"states.attacker.reliability": 0.0, "states.defender.reliability": 1.0, "states.defender.deterrence": 0.0}
    betrayal = {"states.defender.betrayal": 0.2, "states.attacker.betrayal": 0.2}
    scenario = two_states(agreement__hazard_trustworthy=0.0).with_values(worst | types | betrayal | FOLLOWED)
    row = row_of(scenario, SEED, 0)
    assert row["outcome"] == "broken"
    assert row["payoff.defender"] == -0.2
    assert row["payoff.attacker"] == 0.0
    assert row["expected_payoff.defender"] == pytest.approx(-0.2, abs=1e-6)


def test_where_both_break_in_one_week_neither_bears_it():
    sure = {"agreement.hazard_untrustworthy": 0.5, "states.defender.deterrence": 0.0, "states.attacker.deterrence": 0.0}
    types = {f"states.{one}.reliability": 0.0 for one in ("attacker", "defender")}
    betrayal = {"states.defender.betrayal": 0.2, "states.attacker.betrayal": 0.2}
    scenario, both = two_states(agreement__hazard_trustworthy=0.0).with_values(sure | types | betrayal | FOLLOWED), 0
    for number in range(12):
        talks = played(scenario, SEED, number)
        broke = {event.actor for event in talks.events if event.kind == "breaks"}
        for one in ("attacker", "defender"):
            assert talks.row()[f"payoff.{one}"] == (0.0 if one in broke else -0.2)
        both += len(broke) == 2
    assert 0 < both < 12


@pytest.mark.parametrize(
    ("week", "change", "missing"),
    [
        (8, {"states.ukraine.deterrence": 0.5}, True),
        (8, {"agreement.spoiling": 0.02}, True),
        (8, {"guarantees.united_states_for_ukraine.effect": 0.4}, True),
        (1, {"states.ukraine.deterrence": 0.5}, False),
        (8, {"channels.back.verification": 0.5}, False),
    ],
)
def test_what_is_expected_is_missing_where_keeping_will_depend_on_something_else(week, change, missing):
    tree = tree_of(busy("secret-track-1.5"))
    tree["interventions"] = {"later": {"week": week, "set": change}}
    scenario = scenario_of(tree)
    row = row_of(scenario, SEED, 0)
    for name in ("expected_success", "expected_payoff.ukraine"):
        assert isnan(row[name]) == missing
        assert np.isnan(columns(scenario, 3)[name]).all() == missing


def test_what_an_engine_gives_lies_within_what_is_asked_of_an_answer():
    """More than one agreement may be expected to hold, a success come after the horizon, and a war last no week."""
    again = load("reference").with_values(FOLLOWED)
    limits = {column.name: limits_of(column, again) for column in columns_of(again)}
    found = columns(again, 600)
    for name, (low, high) in limits.items():
        values = found[name][np.isfinite(found[name])]
        assert ((low <= values) & (values <= high)).all(), name
    assert found["expected_success"].max() > 1.0
    assert np.nanmax(found["weeks_to_success"]) > 156


def test_whether_agreements_are_followed_is_one_thing_for_a_whole_war():
    tree = tree_of(busy("reference"))
    tree["interventions"] = {"later": {"week": 8, "set": {"agreement.followed": True}}}
    with pytest.raises(SimError, match="for a whole war"):
        scenario_of(tree)


def test_a_followed_agreement_may_succeed_however_late_it_is_signed():
    short = load("reference").with_values({"weeks": 20})
    assert any("there can be none" in line for line in foregone(short))
    assert not any("there can be none" in line for line in foregone(short.with_values(FOLLOWED)))


def test_weeks_of_war_are_those_without_an_agreement_and_all_that_follow_a_decision_by_force():
    kinds = set()
    for name, values in (("reference", {}), ("front-gives-way", {"front.response": 0.02, "table.convening": 0.0})):
        for number in range(12):
            talks = played(busy(name).with_values(values), SEED, number)
            row = talks.row()
            kinds.add(row["outcome"])
            at_war = row["weeks_of_war"]
            if row["outcome"] == OUTCOMES[-1]:
                assert at_war == 40 - sum(1 for _ in range(talks.agreement.held))
            elif row["outcome"] in ("never_opened", "impasse") and row["agreements"] == 0:
                assert at_war == 40
            elif row["outcome"] == "success" and row["agreements"] == 1:
                assert at_war == row["weeks_to_agreement"] - 1
    assert {"success", OUTCOMES[-1]} <= kinds
