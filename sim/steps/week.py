"""A replicate from its first day to its last: what is drawn before the first week, the order of a week, and the end."""

from __future__ import annotations

from sim import chance
from sim.numerics import log, logit
from sim.rules import measures, table, worth
from sim.rules.outcomes import IMPASSE_OUTCOME, IN_FORCE_UNPROVEN, NEVER_OPENED
from sim.steps import kinds
from sim.steps.keeping import State as Bound

# The order of play. Each name is a method of the war; beliefs and trust are used as the step before left them.
WEEK = (
    ("intervene", "dated changes of the scenario take effect"),
    ("fight", "costs of war wander, aid is sent, the front moves unless an agreement is in force"),
    ("meet", "channels meet: messages, checks, claims"),
    ("expose", "secret channels may leak; the home government denies or is silent"),
    ("keep", "an agreement in force is kept, broken or spoiled, and trust moves"),
    ("negotiate", "the table opens, plays a round, signs, ratifies or fails"),
    ("write_down", "the week is written down"),
)


class State(Bound):
    """A government before the first week."""

    def begin(self) -> None:
        """Draw type and private cost; set what the state holds before the first week."""
        if table.occurs(self.war.uniform(chance.TYPE, self.address, chance.NOBODY), self.reliability) > 0:
            self.trustworthy = 1.0
        shock = self.war.normal(chance.COST_START, self.address, chance.NOBODY)
        self.log_cost = worth.stepped_log_cost(log(self.cost_median), self.cost_sd, shock)
        self.fear = logit(self.war.escalation.prior)
        for channel in self.war.channels:
            channel.view_of(self).credibility = channel.first_credibility(self)
        for other in self.war.states:
            if other is not self:
                opinion = self.toward(other)
                opinion.log_odds = logit(opinion.trust)
                opinion.public_odds = opinion.log_odds


class War(kinds.War):
    """A war from its first day to its last."""

    def uniform(self, purpose: int, actor: int, counterpart: int) -> float:
        """Return this week's uniform draw for a purpose and the addresses of its actors."""
        return chance.uniform(self.seed, self.replicate, self.week, purpose, actor, counterpart)

    def normal(self, purpose: int, actor: int, counterpart: int) -> float:
        """Return this week's standard normal draw for a purpose and the addresses of its actors."""
        return chance.normal(self.seed, self.replicate, self.week, purpose, actor, counterpart)

    def begin(self) -> None:
        """Draw types and costs, then first beliefs; look at the war as it stands."""
        self.agreement.believe_hazards()
        self.take_seats()
        self.front.position = self.front.start
        for issue in self.issues:
            issue.terms = measures.MISSING
        for envoy in self.envoys:
            envoy.leaning = envoy.lean
        for state in self.states:
            state.begin()
        for state in self.states:
            for other in self.states:
                if other is not state:
                    state.take_stock(other)
        self.follow()

    def intervene(self) -> None:
        """Enter the era that starts this week, if one does; a lean that the scenario changes starts anew."""
        if self.is_era_due():
            for envoy in self.envoys:
                envoy.lean_before = envoy.lean
            self.enter_era()
            self.agreement.believe_hazards()
            for envoy in self.envoys:
                if envoy.lean != envoy.lean_before:
                    envoy.leaning = envoy.lean
        if self.keeps_events:
            self.note_interventions()
        self.take_seats()

    def play_week(self) -> None:
        """Play one week, in the order of the table."""
        self.week += 1
        self.intervene()
        self.fight()
        self.meet()
        self.expose()
        self.keep()
        self.negotiate()
        self.write_down()
        self.follow()

    def play(self) -> None:
        """Play all weeks until the war has ended or the horizon is reached."""
        self.begin()
        while self.outcome == 0 and self.week < self.weeks:
            self.play_week()
        self.finish()

    def write_down(self) -> None:
        """Write the week down: what a war has cost so far, and how well states read each other."""
        if self.agreement.in_force:
            return
        if self.week == measures.DEAL_CHECK_WEEK:
            self.check_deal()
        self.weeks_of_war += 1
        for flow in self.flows:
            flow.total = flow.total + flow.sent
        if measures.FIRST_WEEK <= self.week <= measures.LAST_WEEK and self.agreements == 0:
            self.measure_perception()

    def measure_perception(self) -> None:
        """Add how far off every state's belief about every other is now."""
        self.perception_weeks += 1
        for state in self.states:
            for other in self.states:
                if other is not state:
                    mean, sd = state.estimate(other)
                    opinion = state.toward(other)
                    opinion.misperception = opinion.misperception + measures.misperception(mean, other.log_cost)
                    opinion.calibration = opinion.calibration + measures.calibration(mean, sd, other.log_cost)

    def finish(self) -> None:
        """Settle the outcome and close the sums."""
        if self.agreement.in_force and self.agreement.followed:
            self.follow_agreement()
        if self.outcome == 0:
            if self.agreement.in_force:
                self.outcome = IN_FORCE_UNPROVEN
            elif self.table.is_open:
                self.outcome = IMPASSE_OUTCOME
            elif self.last_failure > 0:
                self.outcome = IMPASSE_OUTCOME + self.last_failure - 1
            else:
                self.outcome = NEVER_OPENED
        self.note("ends", outcome=self.outcome_name)
        if self.perception_weeks == 0:
            self.measure_perception()
