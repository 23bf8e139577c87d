"""The comparison of the engines sees what it is there to see: small faults, planted one at a time, are caught by it.

A fault is planted in the source of one rule or loop on its way into the compilation unit, so that the open engine runs
the rules as they are. The unit is then run by Python.
"""

import inspect
from collections.abc import Callable
from functools import cache
from types import SimpleNamespace
from typing import Any

import pytest

from sim.engines.compiled import bench, peace, sheets, states, talks, unit, week
from sim.engines.compiled.layout import KERNEL
from sim.rules import worth
from sim.rules.registry import RULES
from tests.campaigns.engines_agree import Bits, apart, in_python, openly, unit_in_python
from tests.engines.worlds import busy, followed, scenario_of, tree_of

SEED, REPLICATES = 3, (0, 1, 2)
SAMPLES = 50_000


@cache
def worlds():
    """Worlds in which leaks, denials, checks, offers, answers, breaches and changes of the scenario come about."""
    changed = tree_of(busy("exposed-denied"))
    changed["interventions"]["change"] = {
        "week": 12,
        "set": {"front.sd": 0.002, "states.russia.deterrence": 0.1, "officials.envoy.lean": 0.7},
    }
    hazards = {"agreement.hazard_untrustworthy": 0.2, "agreement.believed_hazard_untrustworthy": 0.004}
    return (
        scenario_of(changed).with_values(hazards),
        busy("ukraine-overruled").with_values({"agreement.spoiling": 0.2} | hazards),
        busy("track-1").with_values({"states.russia.bluff": 0.5}),
        busy("track-1.5-misrepresenting-with-kyiv").with_values(
            {"channels.back.cadence_weeks": 1, "channels.back.ends_on_exposure": True}
        ),
    )


@cache
def expected(number: int) -> list[Bits]:
    """The bits of the open engine in one of the worlds."""
    return [openly(followed(worlds()[number], SEED, replicate)) for replicate in REPLICATES]


def unit_with(function: Callable[..., Any] | None = None, old: str = "", new: str = "") -> Any:
    """The compilation unit, run by Python, with a piece of one function's source replaced."""

    def source_of(one: Callable[..., Any]) -> str:
        text = inspect.getsource(one)
        if one is not function:
            return text
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {one.__name__}"
        return text.replace(old, new)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(unit, "inspect", SimpleNamespace(getsource=source_of))
        return unit_in_python(unit.unit_of([*RULES, *KERNEL], week.play_many))


def differences(engine: Any) -> list[str]:
    """The columns in which the unit differs from the open engine in the first world and replicate in which it does."""
    for number, scenario in enumerate(worlds()):
        rows = in_python(scenario, SEED, list(REPLICATES), engine)
        for one, other in zip(expected(number), rows, strict=True):
            if differ := apart(one, other):
                return differ
    return []


def test_the_unit_as_it_stands_agrees():
    assert differences(unit_with()) == []


EVERY_STATE = "in range(plan[PLAN.states_count])"
FROM_THE_LAST = "in range(plan[PLAN.states_count] - 1, -1, -1)"

FAULTS = {
    "arguments of a rule swapped: shares of a joint update": (
        talks.weigh_denial,
        "exposure.log_joint_factor(one, two, authorised",
        "exposure.log_joint_factor(two, one, authorised",
    ),
    "arguments of a rule swapped: what is known and the signal": (
        week.take_stock,
        "beliefs.updated_mean(mean, spread * spread, signal, noise * noise)",
        "beliefs.updated_mean(mean, noise * noise, signal, spread * spread)",
    ),
    "arguments of a rule swapped: bounds of a cut belief": (
        bench.learn,
        "beliefs.mean_below(mean, sd, threshold)",
        "beliefs.mean_below(threshold, sd, mean)",
    ),
    "steps of the week swapped: meetings after exposure": (
        week.play_week,
        "    meet(plan, record, state, sheet, work)\n    expose(plan, record, state)\n",
        "    expose(plan, record, state)\n    meet(plan, record, state, sheet, work)\n",
    ),
    "steps of the week swapped: the agreement before exposure": (
        week.play_week,
        "    expose(plan, record, state)\n    keep(plan, record, state, sheet)\n",
        "    keep(plan, record, state, sheet)\n    expose(plan, record, state)\n",
    ),
    "steps of the week swapped: the war before the changes of the scenario": (
        week.play_week,
        "    intervene(plan, record, state)\n    fight(plan, record, state)\n",
        "    fight(plan, record, state)\n    intervene(plan, record, state)\n",
    ),
    "another address: noise by the audience, not the state spoken of": (
        talks.error,
        "address(plan, subject)",
        "address(plan, audience)",
    ),
    "another address: leaks drawn as denials are": (talks.leaks, "chance.LEAK", "chance.DENIAL"),
    "another address: ratification drawn for nobody": (
        bench.is_ratified,
        "address(plan, who), chance.NOBODY",
        "chance.NOBODY, chance.NOBODY",
    ),
    "order of the parties reversed: who proposes next": (bench.proposer_at, EVERY_STATE, FROM_THE_LAST),
    "order of the parties reversed: who stands where in the offer search": (
        sheets.write_proposal,
        f"{EVERY_STATE}:\n        if who != proposer and is_seated",
        f"{FROM_THE_LAST}:\n        if who != proposer and is_seated",
    ),
    "order of a sum: log-odds": (
        talks.hear_envoy,
        "state[place] + (straight - crooked)",
        "state[place] + straight - crooked",
    ),
    "order of a sum: distance": (
        worth.distance,
        "total = total + party[weights_at + issue] * away * away",
        "total = total + party[weights_at + issue] * (away * away)",
    ),
    "parameters of the first weeks for ever": (states.section, "plan[PLAN.era] + plan[name]", "plan[name]"),
    "a counter kept from one replicate to the next": (
        week.begin,
        "range(plan[PLAN.began]",
        "range(plan[PLAN.meetings]",
    ),
    "a sum kept from one replicate to the next": (week.begin, "range(len(state))", "range(plan[PLAN.payoff])"),
    "a week late: the table opens again": (bench.negotiate, ">= plan[PLAN.closed_until]", "> plan[PLAN.closed_until]"),
    "a week late: misperception": (week.write_down, "FIRST_WEEK <= plan[PLAN.week]", "FIRST_WEEK < plan[PLAN.week]"),
    "own trust for what everyone takes it to be": (sheets.seat_other, "PUBLIC", "OWN"),
    "a guarantor's true type forgotten in the hazard": (peace.breaks, "fighter, TRUTH", "fighter, OWN"),
}


def unequal_squares() -> list[float]:
    """Noises whose square and second power differ here in the last bit: one in a thousand, by the C library."""
    noises = [0.3 + number / SAMPLES for number in range(SAMPLES)]
    return [noise for noise in noises if noise**2 != noise * noise]


@pytest.mark.skipif(not unequal_squares(), reason="second powers are exact squares on this machine")
def test_a_square_written_as_a_power_is_caught():
    """By one bit of one noise; this is why rules write x * x."""
    noises, scenario = unequal_squares(), worlds()[0]
    toward = [
        f"states.{one}.toward.{other}" for one, state in scenario.values["states"].items() for other in state["toward"]
    ]
    noisy = scenario.with_values({f"{key}.intelligence": noise for key, noise in zip(toward, noises, strict=False)})
    engine = unit_with(
        week.take_stock,
        "updated_variance(spread * spread, noise * noise)",
        "updated_variance(spread * spread, noise**2)",
    )
    talks = [openly(followed(noisy, SEED, replicate)) for replicate in REPLICATES]
    assert in_python(noisy, SEED, list(REPLICATES), unit_with()) == talks
    assert in_python(noisy, SEED, list(REPLICATES), engine) != talks


@pytest.mark.parametrize("fault", FAULTS)
def test_a_planted_fault_is_caught(fault):
    assert differences(unit_with(*FAULTS[fault])) != []
