"""The open engine: one replicate, in the open, as a Mesa model of Mesa agents.

It runs the steps of sim/steps as they stand, on things with ordinary attributes, and keeps what happens as events. Any
replicate of the compiled engine can be played again here by its number.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, ClassVar

import mesa

from sim import chance
from sim.engines.layout import is_always_given
from sim.engines.models import adds_to_files, describe
from sim.engines.sources import kept_by_class
from sim.errors import SimError
from sim.parameters import World, parameters_of
from sim.rules.outcomes import FAILURES, OUTCOMES
from sim.scenario.load import Scenario
from sim.scenario.worlds import keeps_one_law
from sim.search.offers import work_size
from sim.search.sheet import sheet_size
from sim.steps import cast
from sim.steps.columns import Measured, columns_of, givers_of, hearers_of, measured_columns, measured_quantities
from sim.steps.events import Event
from sim.steps.exposure import DENY, DISOWN, EXPOSE, STAY_SILENT
from sim.steps.kinds import Thing, variables_of

ACTS = {"expose": EXPOSE, "deny": DENY, "stay_silent": STAY_SILENT, "disown": DISOWN}
# Found once for each class: what is followed is asked for in every week.
_columns_by_class, _quantities_by_class = kept_by_class(measured_columns), kept_by_class(measured_quantities)
STORED = {"float": float, "int": int, "bool": bool}


def _placed(self: Any, war: War, number: int, name: str) -> None:
    """Place an agent in the model."""
    mesa.Agent.__init__(self, war)
    Thing.__init__(self, war, number, name)


class State(cast.State, mesa.Agent):  # type: ignore[misc]
    """A government."""

    __init__ = _placed


class Envoy(cast.Envoy, mesa.Agent):  # type: ignore[misc]
    """Someone who speaks for a state in channels."""

    __init__ = _placed


class Channel(cast.Channel, mesa.Agent):  # type: ignore[misc]
    """A channel."""

    __init__ = _placed


class _NoGenerator:
    """Stands where Mesa keeps its generators, which would give every replicate the same numbers."""

    def __getattr__(self, name: str) -> Any:
        """Raise an error that says how to draw."""
        if name.startswith("__"):
            raise AttributeError(name)
        raise SimError(f"random.{name}: draw with self.uniform(purpose, address) or self.normal: {_WHY_ADDRESSES}")


_WHY_ADDRESSES = "Mesa's generator would give the same numbers in every replicate"


class War(cast.War, mesa.Model):  # type: ignore[misc]
    """One replicate of a scenario: `step` plays a week, `run` plays to the end, `row` gives the measured columns."""

    cast: ClassVar[dict[str, type[Thing]]] = {"State": State, "Envoy": Envoy, "Channel": Channel}
    keeps_events: ClassVar[bool] = True
    running: bool

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0) -> None:
        """Prepare the week before the first.

        seed        0 .. 2^63 - 1; the same seed gives two scenarios the same random numbers
        replicate   0 .. 2^40 - 1
        """
        if scenario.model is None and adds_to_files(type(self)):
            scenario = scenario.with_model(describe(type(self)))
        mesa.Model.__init__(self, rng=0)
        self.random = self.rng = _NoGenerator()
        Thing.__init__(self, self, 0)
        self.case = scenario  # not `scenario`: Mesa 3.5 keeps something of its own under that name
        self.events: list[Event] = []
        self.eras = list(scenario.eras)
        self._last: list[float] = []
        _set_variables(self)
        self.seed = seed
        self.replicate = replicate
        self.looks_for_deals = True
        world = self.eras[0].world
        self.weeks = world.weeks
        self.keeps_one_law = keeps_one_law(scenario.eras)
        self._place(world)
        self._relate(world)
        self._set_parameters(self.eras.pop(0).world)
        self.begin()

    # ---- What the scenario says, as attributes of things

    def _make(self, kind: str, names: list[str]) -> list[Any]:
        """Return new things of a kind."""
        things: list[Any] = [self.class_of(kind)(self, number, name) for number, name in enumerate(names)]
        for thing in things:
            _set_variables(thing)
        return things

    def _place(self, world: World) -> None:
        """Make everything there is."""
        self.front, self.table, self.agreement, self.escalation = (
            self._make(kind, [kind.lower()])[0] for kind in ("Front", "Table", "Agreement", "Escalation")
        )
        self.issues = self._make("Issue", list(world.issues))
        self.states = self._make("State", list(world.states))
        self.guarantees = self._make("Guarantee", list(world.guarantees))
        self.flows = self._make("Flow", list(world.aid))
        self.envoys = self._make("Envoy", list(world.officials))
        self.channels = self._make("Channel", list(world.channels))
        self.endings = self._make("Ending", list(FAILURES))
        self.messages = self._make("Message", [""] * len(self.states))
        self.acts = self._make("Act", [""] * len(self.case.acts))
        for state in self.states:
            state.stakes = self._make("Stake", list(world.issues))
            state.opinions = self._make("Opinion", list(world.states))
        for channel in self.channels:
            channel.legs = self._make("Leg", list(world.channels[channel.name].legs))
            channel.parts = self._make("Part", list(world.officials))
            channel.views = self._make("View", list(world.states))
            for view in channel.views:
                view.hearings = self._make("Hearing", list(world.states))
                for heard in view.hearings:
                    heard.straight, heard.crooked = self._make("Belief", ["straight", "crooked"])

    def _relate(self, world: World) -> None:
        """Set what never changes: who fights, gives or hears, addresses, acts, and room for calculations."""
        self.by_name: dict[str, dict[str, Any]] = {
            "states": {state.name: state for state in self.states},
            "issues": {issue.name: issue for issue in self.issues},
            "officials": {envoy.name: envoy for envoy in self.envoys},
            "channels": {channel.name: channel for channel in self.channels},
        }
        states, channels = self.by_name["states"], self.by_name["channels"]
        self.fighters = [state for state in self.states if world.states[state.name].side != "none"]
        self.givers = [states[name] for name in givers_of(world)]
        self.hearers = [channels[channel].view_of(states[state]) for channel, state in hearers_of(world)]
        self.issue_count, self.fighter_count = len(self.issues), len(self.fighters)
        self.guarantee_count = len(self.guarantees)
        for thing in (*self.states, *self.channels):
            thing.address = chance.address(thing.name)
        for channel in self.channels:
            for state in self.states:
                channel.view_of(state).meeting_address = chance.pair_address(channel.name, state.name)
        for act, given in zip(self.acts, self.case.acts, strict=True):
            act.week, act.what, act.channel = given.week, ACTS[given.kind], channels[given.channel]
        rows = max(len(self.states), 2)
        self.sheet = [0.0] * sheet_size(self.issue_count, self.fighter_count, self.guarantee_count, rows)
        self.work = [0.0] * work_size(rows)

    def _set_parameters(self, world: World) -> None:
        """Let the parameters of an era hold."""
        self.world = world
        for thing, entry in self._entries(world):
            for name, parameter in parameters_of(type(entry)):
                value = getattr(entry, name)
                if not is_always_given(parameter):
                    continue
                if parameter.kind == "choice":
                    value = parameter.options.index(value)
                elif parameter.kind == "name":
                    value = self.by_name[parameter.refers_to][value]
                elif parameter.told or parameter.kind in ("text", "names", "by_issue"):
                    continue
                setattr(thing, name, value)
            if hasattr(entry, "active"):
                thing.active = entry.active
        self._set_pairs(world)

    def _set_pairs(self, world: World) -> None:
        """Let what an era says of states and channels beside their parameters hold."""
        for state in self.states:
            entry = world.states[state.name]
            state.is_named_party = state.name in world.table.parties
            for other in self.states:
                state.toward(other).pledged = other.name in entry.pledges
            for issue in self.issues:
                stake = state.on(issue)
                stake.aim, stake.weight = entry.aims[issue.name], entry.weights[issue.name]
        for channel in self.channels:
            channel.envoys = [self.by_name["officials"][name] for name in world.channels[channel.name].envoys]
            channel.envoy_count = len(channel.envoys)
            for state in self.states:
                said = world.channels[channel.name]
                channel.view_of(state).hosts = state.name == said.host
                channel.view_of(state).briefed_from = said.briefed_from(state.name)
                channel.view_of(state).is_conceded_to = state.name == said.concedes_to

    def _entries(self, world: World) -> Iterator[tuple[Any, Any]]:
        """Yield each thing with what the scenario says of it."""
        if hasattr(world, "own"):
            yield self, world.own
        yield from (
            (self.front, world.front),
            (self.table, world.table),
            (self.agreement, world.agreement),
            (self.escalation, world.escalation),
        )
        tables: list[tuple[list[Any], Mapping[str, Any]]] = [
            (self.issues, world.issues),
            (self.states, world.states),
            (self.guarantees, world.guarantees),
            (self.flows, world.aid),
            (self.envoys, world.officials),
            (self.channels, world.channels),
        ]
        tables += [(state.opinions, world.states[state.name].toward) for state in self.states]
        tables += [(channel.legs, world.channels[channel.name].legs) for channel in self.channels]
        for things, entries in tables:
            yield from ((thing, entries[thing.name]) for thing in things if thing.name in entries)

    def is_era_due(self) -> bool:
        """Return whether the scenario changes this week."""
        return bool(self.eras) and self.eras[0].start == self.week

    def enter_era(self) -> None:
        """Let what the scenario says from this week on hold."""
        self._set_parameters(self.eras.pop(0).world)

    # ---- Chance, events, weeks

    def uniform(self, purpose: int, actor: int, counterpart: int = chance.NOBODY) -> float:
        """Return this week's uniform draw for a purpose and its actors."""
        return super().uniform(purpose, actor, counterpart)

    def normal(self, purpose: int, actor: int, counterpart: int = chance.NOBODY) -> float:
        """Return this week's standard normal draw for a purpose and its actors."""
        return super().normal(purpose, actor, counterpart)

    def note(
        self, what: str, actor: Thing | None = None, to: Thing | None = None, cause: str = "", **detail: Any
    ) -> None:
        """Keep an event."""
        actor_name, to_name = ("" if thing is None else thing.name for thing in (actor, to))
        told = {name: value.name if isinstance(value, Thing) else value for name, value in detail.items()}
        self.events.append(Event(self.week, what, actor_name, to_name, told, cause))

    def note_interventions(self) -> None:
        """Keep an event for each intervention of this week."""
        for name, intervention in self.case.values["interventions"].items():
            if intervention["week"] == self.week:
                self.events.append(Event(self.week, "intervenes", name))

    def step(self) -> None:
        """Play one week; in the last, settle how it ended. Raises SimError once the replicate has ended."""
        if not self.running:
            raise SimError(f"replicate {self.replicate} ended in week {self.week}: there are no more weeks to play")
        self.play_week()
        if self.outcome != 0 or self.week >= self.weeks:
            self._last = self.quantities()
            self.finish()
            self.running = False

    def run(self) -> War:
        """Play to the end and return the model."""
        while self.running:
            self.step()
        return self

    @property
    def outcome_name(self) -> str:
        """How it ended, "" while it lasts."""
        return OUTCOMES[self.outcome - 1] if self.outcome else ""

    @property
    def seated_names(self) -> tuple[str, ...]:
        """The parties at the table."""
        return tuple(state.name for state in self.states if state.is_seated)

    @property
    def guarantor_names(self) -> tuple[str, ...]:
        """Those whose promises count in the agreement in force, sorted."""
        return tuple(sorted(state.name for state in self.states if state.guarantees))

    @property
    def offer_now(self) -> tuple[float, ...]:
        """The offer on the table, issue by issue."""
        return tuple(issue.offer for issue in self.issues)

    @property
    def terms_now(self) -> tuple[float, ...]:
        """The terms of the agreement signed last, issue by issue."""
        return tuple(issue.terms for issue in self.issues)

    def state(self, name: str) -> State:
        """Return a state by its name."""
        return self.by_name["states"][name]

    def channel(self, name: str) -> Channel:
        """Return a channel by its name."""
        return self.by_name["channels"][name]

    def envoy(self, name: str) -> Envoy:
        """Return an envoy by their name."""
        return self.by_name["officials"][name]

    def failure_name(self, reason: int) -> str:
        """Return how talks failed, from its place in FAILURES."""
        return FAILURES[reason]

    # ---- What is measured

    def row(self) -> dict[str, float | str]:
        """Return the measured columns of this replicate, in the order of `columns_of`."""
        values = self._measured(_columns_by_class(type(self)))
        row: dict[str, float | str] = {
            column.name: value for column, value in zip(columns_of(self.case), values, strict=True)
        }
        return row | {"outcome": self.outcome_name}

    def quantities(self) -> list[float]:
        """Return the quantities that can be followed, as they are now, in the order of `quantities_of`.

        Of a replicate that has ended, as they were in its last week: an agreement may be followed past the horizon.
        """
        return self._last or list(self._measured(_quantities_by_class(type(self))))

    def _measured(self, blocks: list[list[Measured]]) -> Iterator[float]:
        """Yield what is measured, declaration by declaration, of everything it is measured of."""
        for block in blocks:
            for things in self._things_over(block[0].over):
                for measured in block:
                    yield measured.function(*things)

    def _things_over(self, over: str) -> list[tuple[Any, ...]]:
        """Return the things that a column is measured of, in the order of the scenario."""
        if over == "":
            return [(self,)]
        if over == "pairs":
            return [(state, other) for state in self.states for other in self.states if other is not state]
        return [(thing,) for thing in getattr(self, over)]


def _set_variables(thing: Thing) -> None:
    """Set a thing's variables to their start."""
    for name, declaration, annotation in variables_of(type(thing)):
        setattr(thing, name, STORED[annotation](declaration.start) if annotation in STORED else None)
