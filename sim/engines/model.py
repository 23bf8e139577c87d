"""The open engine: one replicate, in the open, as a Mesa model.

Every week follows the table in sim/rules/__init__.py. Nothing is decided here: agents gather, rules decide, and what
happened is kept as events. Any replicate of the compiled engine can be replayed here by its number.
"""

from __future__ import annotations

import math
from typing import Any

import mesa

from sim import chance
from sim.engines.agents import Government
from sim.engines.bench import Agreement, Bench
from sim.engines.channels import FormerOfficial, RunningChannel
from sim.engines.events import Event
from sim.steps.columns import columns_of
from sim.engines.record_keeper import Keeper
from sim.engines.sheets import Seat, Sheet
from sim.numerics import logistic, power
from sim.parameters import World
from sim.rules import WEEK, keeping, table, trust, war, worth
from sim.scenario.load import Scenario
from sim.search import offers

DEAL_CHECK_WEEK = 26


class Talks(mesa.Model):  # type: ignore[misc]
    """One replicate of a scenario: `step` plays a week, `run` plays to the end, `row` gives the measured columns."""

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0) -> None:
        """Prepare the week before the first.

        seed        0 .. 2^63 - 1; the same seed shares its luck between scenarios
        replicate   0 .. 2^40 - 1
        """
        super().__init__(rng=0)
        self.case = scenario  # not `scenario`: Mesa 3.5 keeps something of its own under that name
        self.chance_seed = seed
        self.replicate = replicate
        self.week = 0
        self.events: list[Event] = []
        self.eras = list(scenario.eras)
        self._enter(self.eras.pop(0).world)
        self.governments = {name: Government(self, name, number) for number, name in enumerate(self.world.states)}
        self.fighters = [state for state in self.governments.values() if state.fights]
        self.table = Bench(self)
        self.agreement: Agreement | None = None
        self.front = self.world.front.start
        self.aid = dict.fromkeys(self.world.aid, 0.0)
        self.public_log_odds: dict[tuple[str, str], float] = {}
        self.outcome = ""
        self.officials = {name: FormerOfficial(self, name) for name in self.world.officials}
        self.channels = {name: RunningChannel(self, name) for name in self.world.channels}
        self._begin()
        self.keeper = Keeper(self)
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "week": lambda model: model.week,
                "front": lambda model: model.front,
                "table_open": lambda model: model.table.is_open,
                "in_force": lambda model: model.agreement is not None,
            },
            agent_reporters={
                "name": lambda agent: getattr(agent, "name", ""),
                "log_cost": lambda agent: getattr(agent, "log_cost", math.nan),
                "log_odds": lambda agent: dict(getattr(agent, "log_odds", {})),
            },
        )

    def uniform(self, purpose: int, actor: int, counterpart: int = chance.NOBODY) -> float:
        """Return this week's uniform draw for a purpose and its actors."""
        return chance.uniform(self.chance_seed, self.replicate, self.week, purpose, actor, counterpart)

    def normal(self, purpose: int, actor: int, counterpart: int = chance.NOBODY) -> float:
        """Return this week's standard normal draw for a purpose and its actors."""
        return chance.normal(self.chance_seed, self.replicate, self.week, purpose, actor, counterpart)

    def note(self, kind: str, actor: str, to: str = "", cause: str = "", **detail: Any) -> None:
        """Keep an event."""
        self.events.append(Event(self.week, kind, actor, to, detail, cause))

    def step(self) -> None:
        """Play one week, in the order of the table of the week."""
        self.week += 1
        for name, _ in WEEK:
            getattr(self, name)()
        if self.outcome or self.week >= self.world.weeks:
            self.finish()

    def run(self) -> Talks:
        """Play to the end and return the model."""
        while self.running:
            self.step()
        return self

    def row(self) -> dict[str, float | str]:
        """Return the measured columns of this replicate, in the order of `columns_of`."""
        values = self.keeper.row()
        return {column.name: values[column.name] for column in columns_of(self.world)}

    def quantities(self) -> list[float]:
        """Return the quantities that can be followed, as they are now, in the order of `quantities_of`."""
        trust, misperception = [], []
        for state in self.governments.values():
            for other in self.governments.values():
                if other is not state:
                    trust.append(state.trust_in(other))
                    misperception.append(abs(state.estimate(other)[0] - other.log_cost))
        flags = [
            self.table.is_open,
            self.agreement is not None,
            self.outcome == "success",
            self.outcome == "decided_by_force",
            *(channel.exposed_week > 0 for channel in self.channels.values()),
        ]
        return [*trust, *misperception, self.front, *(float(flag) for flag in flags)]

    def _enter(self, world: World) -> None:
        """Let the parameters of an era hold from now on."""
        self.world = world
        self.issue_numbers = {name: number for number, name in enumerate(world.issues)}
        self.aims = [[state.aims[issue] for issue in world.issues] for state in world.states.values()]
        self.weights = [[state.weights[issue] for issue in world.issues] for state in world.states.values()]
        agreement = world.agreement
        self.kept_trustworthy = power(1.0 - agreement.believed_hazard_trustworthy, agreement.belief_horizon)
        self.kept_untrustworthy = power(1.0 - agreement.believed_hazard_untrustworthy, agreement.belief_horizon)

    def _begin(self) -> None:
        """Draw types and costs, then first beliefs; look at the war as it stands."""
        for state in self.governments.values():
            state.begin()
        for state in self.governments.values():
            for other in self.governments.values():
                if other is not state:
                    state.take_stock(other)
                    self.public_log_odds[state.name, other.name] = state.log_odds[other.name]
        self._reckon()

    def intervene(self) -> None:
        """Enter the era that starts this week, if one does."""
        if self.eras and self.eras[0].start == self.week:
            before = self.world.officials
            self._enter(self.eras.pop(0).world)
            for name, official in self.world.officials.items():
                if official.lean != before[name].lean:
                    self.officials[name].lean = official.lean
        for name, intervention in self.case.values["interventions"].items():
            if intervention["week"] == self.week:
                self.note("intervenes", name)

    def acts_of(self, channel: str) -> set[str]:
        """Return what is done about a channel this week by decree of the scenario."""
        return {act.kind for act in self.case.acts if act.channel == channel and act.week == self.week}

    def is_to_be_exposed(self, channel: str) -> bool:
        """Return whether the scenario exposes a channel in a later week, so that it cannot leak before."""
        return any(act.kind == "expose" and act.channel == channel and act.week > self.week for act in self.case.acts)

    def fight(self) -> None:
        """Let costs wander; send aid and move the front unless an agreement is in force."""
        for state in self.governments.values():
            state.live_a_week()
        if self.agreement is None:
            for flow in self.world.aid.values():
                self.aid[flow.name] = self._aid_of(flow.name)
            shock = self.normal(chance.FRONT_STEP, chance.NOBODY)
            self.front = war.stepped_front(self.front, self.drift(), self.world.front.sd, shock)
            if war.decided_by_force(self.front):
                self.note("wins", "", front=self.front)
                self.outcome = "decided_by_force"
        self._reckon()

    def drift(self) -> float:
        """Return the expected weekly movement of the front."""
        balance = 0.0
        for state in self.fighters:
            power_of_state = state.parameters.strength
            for flow in self.world.aid.values():
                if flow.recipient == state.name:
                    power_of_state += self.aid[flow.name]
            balance = balance + power_of_state if state.side_number == 0 else balance - power_of_state
        return war.front_drift(self.world.front.response, balance)

    def _aid_of(self, name: str) -> float:
        """Return the aid a flow brings this week."""
        flow = self.world.aid[name]
        if not flow.active:
            return 0.0
        return war.aid_given(flow.maximum, flow.sensitivity, self.escalation_belief(flow.giver))

    def escalation_belief(self, giver: str) -> float:
        """Return the giver's probability that aid brings escalation."""
        return logistic(self.governments[giver].escalation)

    def _reckon(self) -> None:
        """Reckon how each issue would end without a deal."""
        expected = war.expected_front(self.front, self.drift(), self.world.front.lookahead)
        self.ends_of_war = [
            worth.without_deal(float(issue.contested), issue.status_quo, expected)
            for issue in self.world.issues.values()
        ]

    def meet(self) -> None:
        """Let the channels meet."""
        for channel in self.channels.values():
            channel.meet()

    def expose(self) -> None:
        """Let secret channels leak."""
        for channel in self.channels.values():
            channel.come_to_light()

    def keep(self) -> None:
        """Keep, break or spoil the agreement in force; trust moves by what is seen."""
        agreement = self.agreement
        if agreement is None:
            return
        broken = [fighter for fighter in self.fighters if self._breaks(fighter, agreement)]
        spoilers = [state for state in agreement.spoilers if self._spoils(state)]
        for fighter in self.fighters:
            self._watch(fighter, fighter in broken, agreement)
        if broken or spoilers:
            self.keeper.break_agreement(broken)
            self.agreement = None
            self.table.fail("broken")
            return
        agreement.held += 1
        if agreement.held >= self.world.agreement.hold_weeks:
            self.outcome = "success"
            self.note("holds", "", weeks=agreement.held)

    def _breaks(self, fighter: Government, agreement: Agreement) -> bool:
        """Return whether a belligerent breaks the agreement this week."""
        setting = self.world.agreement
        truth = Seat(fighter, lambda other: float(other.trustworthy), watching=True)
        sheet = Sheet(self, [truth], agreement.guarantors)
        exposure = keeping.side_exposure(sheet.values, sheet.row(0), 1 - fighter.side_number, agreement.terms, 0)
        hazard = keeping.weekly_hazard(
            float(fighter.trustworthy), setting.hazard_trustworthy, setting.hazard_untrustworthy, exposure
        )
        breaks = table.occurs(self.uniform(chance.BREACH, fighter.address), hazard) > 0
        if breaks:
            self.note("breaks", fighter.name, hazard=hazard)
        return breaks

    def _spoils(self, state: Government) -> bool:
        """Return whether an overruled state spoils the agreement this week."""
        spoils = table.occurs(self.uniform(chance.SPOILING, state.address), self.world.agreement.spoiling) > 0
        if spoils:
            self.note("spoils", state.name)
        return spoils

    def _watch(self, fighter: Government, broke: bool, agreement: Agreement) -> None:
        """Let every other state draw its conclusions from a week in which `fighter` kept or broke the agreement."""
        for observer in self.governments.values():
            if observer is not fighter:
                for public in (False, True):
                    self._conclude(observer, fighter, broke, agreement, public)

    def _conclude(
        self, observer: Government, fighter: Government, broke: bool, agreement: Agreement, public: bool
    ) -> None:
        """Move one state's own, or publicly known, trust in a belligerent and in those who guarantee its target."""
        setting = self.world.agreement
        trusts = observer.public_trust_in if public else observer.trust_in
        sheet = Sheet(self, [Seat(observer, trusts, watching=True)], agreement.guarantors)
        at, side, terms = sheet.row(0), 1 - fighter.side_number, agreement.terms
        target = keeping.most_exposed(sheet.values, at, side, terms, 0)
        calm, wild = setting.believed_hazard_trustworthy, setting.believed_hazard_untrustworthy
        trusted = trusts(fighter)

        def seen(exposure: float) -> float:
            return trust.seen(broke, trust.mixed(trusted, calm, keeping.weekly_hazard(0.0, calm, wild, exposure)))

        exposure = keeping.exposure_of(sheet.values, at, target, terms, 0)
        untrusted = keeping.weekly_hazard(0.0, calm, wild, exposure)
        moves = [(fighter, trust.log_bayes_factor(trust.seen(broke, calm), trust.seen(broke, untrusted)))]
        for guarantor in self._guarantors_of(self.fighters[target], agreement):
            if guarantor is not observer:
                kept = keeping.exposure_if(sheet.values, at, target, guarantor.number, 1.0, terms, 0)
                void = keeping.exposure_if(sheet.values, at, target, guarantor.number, 0.0, terms, 0)
                moves.append((guarantor, trust.log_bayes_factor(seen(kept), seen(void))))
        for other, factor in moves:
            if public:
                observer.move_trust(other, factor, public)
            else:
                self.move_trust(observer, other, factor, "breaks" if broke else "keeps", public=False)

    def _guarantors_of(self, state: Government, agreement: Agreement) -> list[Government]:
        """Return those whose promise to protect a state counts in this agreement."""
        promised = {
            one.guarantor
            for one in self.world.guarantees.values()
            if one.active and one.beneficiary == state.name and one.guarantor in agreement.guarantors
        }
        return [one for one in self.governments.values() if one.name in promised]

    def negotiate(self) -> None:
        """Let the table open, play a round, sign or fail, unless the war is decided."""
        if not self.outcome:
            self.table.negotiate()

    def sign(self, agreement: Agreement) -> None:
        """Put an agreement in force."""
        self.agreement = agreement
        self.note("signs", "", terms=tuple(agreement.terms), guarantors=tuple(sorted(agreement.guarantors)))
        self.keeper.sign(agreement)

    def fail(self, reason: str) -> None:
        """Keep why talks or an agreement failed."""
        self.note("fails", "", reason=reason)
        self.keeper.fail(reason)

    def move_trust(
        self, observer: Government, other: Government, log_factor: float, cause: str, public: bool = True
    ) -> None:
        """Move a state's trust, and what everyone takes it to be if the event was public."""
        before = observer.trust_in(other)
        observer.move_trust(other, log_factor, public=False)
        if public:
            observer.move_trust(other, log_factor, public=True)
        after = observer.trust_in(other)
        self.note("trust_moves", observer.name, other.name, cause, log_factor=log_factor, before=before, after=after)

    def check_deal(self) -> None:
        """Keep whether a deal better for all exists this week, unless one was found before."""
        if self.keeper.deal_existed:
            return
        needed = [one for one in self.governments.values() if one in self.table.parties or one.parameters.blocking > 0]
        seats = [Seat(one, one.trust_in, mean=one.log_cost, cost=one.cost) for one in needed]
        sheet = Sheet(self, seats, {one.name for one in needed})
        self.keeper.deal_existed = offers.deal_exists(sheet.values, sheet.work) > 0

    def record(self) -> None:
        """Write the week down."""
        if self.week == DEAL_CHECK_WEEK and self.agreement is None:
            self.check_deal()
        self.keeper.record()
        self.datacollector.collect(self)

    def finish(self) -> None:
        """Settle the outcome and stop."""
        self.running = False
        if not self.outcome:
            self.outcome = self._last_reason()
        self.note("ends", "", outcome=self.outcome)
        self.keeper.finish()

    def _last_reason(self) -> str:
        """Return how talks stand at the horizon when neither success nor force decided."""
        if self.agreement is not None:
            return "in_force_unproven"
        if self.table.is_open:
            return "impasse"
        return self.keeper.last_failure or "never_opened"
