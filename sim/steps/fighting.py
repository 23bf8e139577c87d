"""The war itself: costs wander, aid is sent, the front moves, and each state reckons what fighting on is worth to it."""

from __future__ import annotations

from sim import chance
from sim.numerics import logistic, logit
from sim.rules import escalation, exposure, war, worth
from sim.rules.outcomes import DECIDED_BY_FORCE
from sim.steps import kinds
from sim.steps.beliefs import State as Believing
from sim.steps.kinds import SIDE_A


class State(Believing):
    """A government at war, or looking on."""

    def live_a_week(self) -> None:
        """Let the private cost wander, and let audience costs, fear and beliefs fade."""
        shock = self.war.normal(chance.COST_STEP, self.address, chance.NOBODY)
        self.log_cost = worth.stepped_log_cost(self.log_cost, self.volatility, shock)
        self.audience_level = exposure.lapsed(self.audience_level, self.exposure_lapse)
        escalation_now = self.war.escalation
        self.fear = escalation.reverted(self.fear, logit(escalation_now.prior), escalation_now.reversion)
        for other in self.war.states:
            if other is not self:
                self.age_beliefs(other)

    def look_ahead(self, drift: float) -> None:
        """Reckon what fighting on is worth where the front is expected to drift as it does now (front a week)."""
        front = war.expected_front(self.war.front.position, drift, self.lookahead)
        distance = 0.0
        for issue in self.war.issues:
            stake = self.on(issue)
            ends = worth.without_deal(issue.contested, issue.status_quo, front)
            distance = distance + worth.distance_on(ends, stake.aim, stake.weight)
        self.war_worth = 1.0 - distance


class Flow(kinds.Flow):
    """Aid that comes, or not, as its giver fears escalation."""

    def send(self) -> None:
        """Send this week's aid."""
        self.sent = 0.0
        if self.active:
            self.sent = war.aid_given(self.maximum, self.sensitivity, logistic(self.giver.fear))


class War(kinds.War):
    """A war that goes on."""

    def fight(self) -> None:
        """Let costs wander; send aid and move the front unless an agreement is in force."""
        for state in self.states:
            state.live_a_week()
        if not self.agreement.in_force:
            for flow in self.flows:
                flow.send()
            shock = self.normal(chance.FRONT_STEP, chance.NOBODY, chance.NOBODY)
            self.front.position = war.stepped_front(self.front.position, self.drift(), self.front.sd, shock)
            if war.decided_by_force(self.front.position) > 0:
                self.note("wins", front=self.front.position)
                self.outcome = DECIDED_BY_FORCE
        drift = self.drift()
        for state in self.states:
            state.look_ahead(drift)

    def drift(self) -> float:
        """Return the expected weekly movement of the front."""
        balance = 0.0
        for state in self.fighters:
            strength = state.strength
            for flow in self.flows:
                if flow.recipient is state:
                    strength = strength + flow.sent
            balance = war.balance_with(balance, strength, state.side == SIDE_A)
        return war.front_drift(self.front.response, balance)
