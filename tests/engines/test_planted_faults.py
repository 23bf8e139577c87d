"""The comparison of the engines sees what it is there to see: small faults, planted one at a time, are caught by it.

A fault is planted in one step or rule on its way into the compilation unit, or in lowering itself, so that the open engine
runs steps and rules as they stand. The unit is then run by Python.
"""

import ast
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest

from sim.engines import lowering, unit
from sim.engines.ensemble import unit_text
from sim.engines.layout import layout_of
from sim.engines.sources import copied_tree
from sim.rules import worth
from sim.steps import exposure
from sim.steps.cast import Channel, State, Table, War
from tests.campaigns.engines_agree import Bits, apart, in_python, openly, unit_in_python
from tests.engines.worlds import busy, followed, scenario_of, tree_of

PLAN = layout_of().plan

SEED, REPLICATES = 3, (0, 1, 2)
SAMPLES = 50_000


@cache
def worlds():
    """Worlds in which leaks, denials, checks, offers, answers, breaches and changes of the scenario come about."""
    changed = tree_of(busy("track-1.5-exposed-denied"))
    changed["interventions"]["change"] = {
        "week": 12,
        "set": {"front.sd": 0.002, "states.russia.deterrence": 0.1, "officials.envoy.lean": 0.7},
    }
    hazards = {"agreement.hazard_untrustworthy": 0.2, "agreement.believed_hazard_untrustworthy": 0.004}
    return (
        scenario_of(changed).with_values(hazards),
        busy("ukraine-overruled").with_values({"agreement.spoiling": 0.2} | hazards),
        busy("secret-track-1").with_values({"states.russia.bluff": 0.5}),
        busy("track-1.5-misrepresenting-kyiv-visited").with_values(
            {"channels.back.cadence_weeks": 1, "channels.back.ends_on_exposure": True}
        ),
    )


@cache
def expected(number: int) -> list[Bits]:
    """The bits of the open engine in one of the worlds."""
    return [openly(followed(worlds()[number], SEED, replicate)) for replicate in REPLICATES]


def unit_with(function: Callable[..., Any] | None = None, old: str = "", new: str = "") -> Callable[..., None]:
    """The entry of the unit, run by Python, with a piece of one function replaced on its way there."""

    def faulty_tree(one: Callable[..., Any]) -> ast.FunctionDef:
        tree = copied_tree(one)
        if one is not function:
            return tree
        text = ast.unparse(tree)
        assert text.count(old) == 1, f"{old!r} stands {text.count(old)} times in {one.__qualname__}"
        return ast.parse(text.replace(old, new)).body[0]

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(lowering, "copied_tree", faulty_tree)
        patch.setattr(unit, "copied_tree", faulty_tree)
        return unit_in_python(unit_text())


def differences(engine: Callable[..., None]) -> list[str]:
    """The columns in which the unit differs from the open engine in the first world and replicate in which it does."""
    for number, scenario in enumerate(worlds()):
        rows = in_python(scenario, SEED, list(REPLICATES), engine)
        for one, other in zip(expected(number), rows, strict=True):
            if differ := apart(one, other):
                return differ
    return []


def test_the_unit_as_it_stands_agrees():
    assert differences(unit_with()) == []


FAULTS = {
    "arguments of a rule swapped: shares of a joint update": (
        State.weigh_denial,
        "exposure.log_joint_factor(view.if_trustworthy, view.if_not, authorised",
        "exposure.log_joint_factor(view.if_not, view.if_trustworthy, authorised",
    ),
    "arguments of a rule swapped: what is known and the signal": (
        State.take_stock,
        "beliefs.updated_mean(mean, spread * spread, signal, noise * noise)",
        "beliefs.updated_mean(mean, noise * noise, signal, spread * spread)",
    ),
    "arguments of a rule swapped: bounds of a cut belief": (
        State.learn_answer,
        "beliefs.mean_below(mean, sd, threshold)",
        "beliefs.mean_below(threshold, sd, mean)",
    ),
    "steps of the week swapped: meetings after exposure": (
        War.play_week,
        "    self.meet()\n    self.expose()\n",
        "    self.expose()\n    self.meet()\n",
    ),
    "steps of the week swapped: the agreement before exposure": (
        War.play_week,
        "    self.expose()\n    self.keep()\n",
        "    self.keep()\n    self.expose()\n",
    ),
    "steps of the week swapped: the war before the changes of the scenario": (
        War.play_week,
        "    self.intervene()\n    self.fight()\n",
        "    self.fight()\n    self.intervene()\n",
    ),
    "a statement dropped: envoys are told": (War.expose, "channel.part_of(envoy).knows = True", "pass"),
    "another address: noise by the audience, not the state spoken of": (
        Channel.error,
        "subject.address",
        "audience.address",
    ),
    "another address: leaks drawn as denials are": (exposure.Channel.leaks, "chance.LEAK", "chance.DENIAL"),
    "another address: ratification drawn for nobody": (State.ratify, "self.address", "chance.NOBODY"),
    "who proposes next: one too far": (Table.proposer_at, "left == 0", "left == 1"),
    "order of a sum: log-odds": (
        State.hear_envoy,
        "view.credibility + (straight - crooked)",
        "view.credibility + straight - crooked",
    ),
    "order of a product: distance": (worth.distance_on, "weight * away * away", "weight * (away * away)"),
    "a sum kept from one week to the next: aid": (War.write_down, "flow.total + flow.sent", "flow.sent"),
    "a week late: the table opens again": (
        Table.negotiate,
        "self.war.week >= self.closed_until",
        "self.war.week > self.closed_until",
    ),
    "a week late: misperception": (
        War.write_down,
        "measures.FIRST_WEEK <= self.week",
        "measures.FIRST_WEEK < self.week",
    ),
    "own trust for what everyone takes it to be": (State.write_other_row, "PUBLIC", "OWN"),
    "a guarantor's true type forgotten in the hazard": (State.hazard_now, "TRUTH", "OWN"),
    "the variance of one belief for that of the other": (
        State.age_beliefs,
        "heard.crooked.cc, other",
        "heard.straight.cc, other",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_fault_planted_in_a_step_is_caught(fault):
    assert differences(unit_with(*FAULTS[fault])) != []


# Faults of lowering itself


def replaced(text: str, old: str, new: str) -> str:
    assert old in text
    return text.replace(old, new)


def one_place_off(self, owner, name, index, place_at=lowering.Step.place_at):
    place = place_at(self, owner, name, index)
    return place_at(self, owner, "b", index) if (owner, name) == ("Belief", "c") else place


def of_the_first_era(self, owner, name, index, place_at=lowering.Step.place_at):
    """Parameters of the first weeks for ever."""
    text = ast.unparse(place_at(self, owner, name, index)).replace(f"P[{PLAN.era}] + ", "")
    return ast.parse(text, mode="eval").body


def one_short(self, owner, name, of, place, listed=lowering.Step.listed):
    count, item = listed(self, owner, name, of, place)
    return (ast.BinOp(count, ast.Sub(), ast.Constant(1)) if name == "states" else count), item


def powers(self, node, value=lowering.Step.value):
    """x ** 2 for x * x."""
    made = value(self, node)
    if isinstance(made, ast.BinOp) and isinstance(made.op, ast.Mult) and ast.dump(made.left) == ast.dump(made.right):
        return ast.BinOp(made.left, ast.Pow(), ast.Constant(3))
    return made


def without_counters(self, node, statement=lowering.Step.statement):
    """Every statement that counts dropped, but for the weeks: the war would never end."""
    counts = isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute) and node.target.attr != "week"
    return [] if counts else statement(self, node)


def things_swapped(self, owner, name, thing, given, call_of=lowering.Step.call_of):
    """The thing that acts and the first it acts on swapped."""
    call = call_of(self, owner, name, thing, given)
    if name == "move_trust":
        call.args[0], call.args[1] = call.args[1], call.args[0]
    return call


LOWERING_FAULTS = {
    "a place one off": ("place_at", one_place_off),
    "the first era's parameters for ever": ("place_at", of_the_first_era),
    "loops over states one short": ("listed", one_short),
    "squares as third powers": ("value", powers),
    "counters dropped": ("statement", without_counters),
    "the one who trusts and the one who is trusted swapped": ("call_of", things_swapped),
}


def is_caught(text: str) -> bool:
    """Whether a unit differs from the open engine, or leaves its arrays."""
    try:
        return differences(unit_in_python(text)) != []
    except (ArithmeticError, LookupError):
        return True


@pytest.mark.parametrize("fault", LOWERING_FAULTS)
def test_a_fault_planted_in_lowering_is_caught(fault, monkeypatch):
    monkeypatch.setattr(lowering.Step, *LOWERING_FAULTS[fault])
    assert is_caught(unit_text())


@pytest.mark.parametrize("cleared", [f"range({PLAN.era}, {PLAN.size})", "range(len(S))"], ids=["counters", "sums"])
def test_what_is_kept_from_one_replicate_to_the_next_is_caught(cleared, monkeypatch):
    text = replaced(lowering.text_of_entry(layout_of()), cleared, "range(0)")
    monkeypatch.setattr(lowering, "text_of_entry", lambda layout: text)
    assert is_caught(unit_text())


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
    squared = "beliefs.updated_variance(spread * spread, noise {})"
    engine = unit_with(State.take_stock, squared.format("* noise"), squared.format("** 2"))
    wars = [openly(followed(noisy, SEED, replicate)) for replicate in REPLICATES]
    assert in_python(noisy, SEED, list(REPLICATES), unit_with()) == wars
    assert in_python(noisy, SEED, list(REPLICATES), engine) != wars
