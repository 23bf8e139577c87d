"""What a class of one's own is declared with: a mechanism in one file outside of the package, played by both engines.

    import sim
    from sim import own


    class State(own.State):
        against: float = own.variable("share of its public against talks", "share", (0.0, 1.0))


    class PublicOpinion(sim.War):
        cast = {"State": State}
        outrage: float = own.parameter(0.2, "share", (0.0, 1.0), "how far an exposure turns the public")

        def expose(self) -> None:
            super().expose()
            ...

Such a class is played by `sim.run(scenario, model=PublicOpinion)` and `--model MODULE:PublicOpinion`.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sim.engines.models import Draw, ModelError
from sim.engines.open import Channel, Envoy, State
from sim.parameters import Limits, Parameter
from sim.rules.measures import MISSING
from sim.scenario.models import Kind
from sim.steps.cast import Belief, Flow, Guarantee, Leg, Table
from sim.steps.columns import Measured
from sim.steps.events import EventKind
from sim.steps.kinds import (
    Agreement,
    Ending,
    Escalation,
    Front,
    Hearing,
    Issue,
    Opinion,
    Part,
    Stake,
    View,
    variable,
)

__all__ = [
    "MISSING",
    "Agreement", "Belief", "Channel", "Ending", "Envoy", "Escalation", "Flow", "Front", "Guarantee", "Hearing", "Issue",
    "Leg", "Opinion", "Part", "Stake", "State", "Table", "View", "column", "draws", "event", "followed", "parameter",
    "variable",
]  # fmt: skip

_FIRST_DRAW, _MOST_DRAWS = 128, 128


def parameter(default: float, unit: str, limits: Limits, meaning: str, plausible: Limits | None = None) -> Any:
    """Return the declaration of a number that files give under [own], in the body of the class of the war.

    limits      lowest and highest value a file may give
    plausible   range over which it is swept; without it the limits
    """
    low, high = limits
    if not low <= default <= high:
        raise ModelError(f"own.parameter: the default {default} lies outside {low}..{high} ({meaning})")
    return Parameter("number", meaning, unit, float(default), (float(low), float(high)), plausible or limits, "assumed")


def column(name: str, kind: Kind, unit: str, meaning: str, over: str = "") -> Any:
    """Declare the column that a method of a thing measures when a replicate is over.

    name, meaning   with {0} for the name of the thing, {1} for that of the other of a pair
    over            of what it is measured, if not of every thing of its class: "pairs" or "givers" in the class of a state
    """
    return _measures("column", Measured(name, kind, unit, meaning, over, function=_nothing, is_step=True))


def followed(name: str, unit: str, meaning: str, limits: Limits = (0.0, 1.0), over: str = "") -> Any:
    """Declare a quantity that a method of a thing measures at the end of each week; `limits` are those of its histograms."""
    return _measures("quantity", Measured(name, "number", unit, meaning, over, limits, function=_nothing, is_step=True))


def event(meaning: str, **details: str) -> EventKind:
    """Return the declaration of a kind of event, for `events` in the body of the class of the war.

    details   what belongs to it, each with its unit or the kind of thing it names
    """
    return EventKind(meaning, details)


def draws(*decides: str) -> tuple[int, ...]:
    """Return the numbers of the purposes for which a class of one's own draws, one for each thing that a draw decides.

        TURNS, WOBBLE = own.draws("whether the public turns (uniform)", "noise of a poll (normal)")

    A draw is `self.war.uniform(TURNS, state.address)` or `.normal`: the same address, the same number.
    """
    if len(decides) > _MOST_DRAWS:
        raise ModelError(f"own.draws: {len(decides)} purposes; at most {_MOST_DRAWS} are free")
    return tuple(_draw(_FIRST_DRAW + place, what) for place, what in enumerate(decides))


def _draw(number: int, decides: str) -> Draw:
    """Return a draw's number that knows what it decides."""
    draw = Draw(number)
    draw.decides = decides
    return draw


def _measures(what: str, measured: Measured) -> Callable[[Callable[..., float]], Callable[..., float]]:
    """Return what marks a method as one that measures a column or a quantity; it may be both."""

    def declare(function: Callable[..., float]) -> Callable[..., float]:
        function.measures = {**getattr(function, "measures", {}), what: measured}  # type: ignore[attr-defined]
        return function

    return declare


def _nothing() -> float:
    """Stand for the method until its class is known."""
    return 0.0
