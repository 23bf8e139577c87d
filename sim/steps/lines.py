"""Lines: what envoys set out, once, as home's position, and what is made of it; and what home believes of others."""

from __future__ import annotations

from sim import chance
from sim.numerics import log, logistic, logit
from sim.rules import hearing, lines, messages, trust
from sim.rules.exposure import log_joint_factor, observed, updated_share
from sim.search import deals, positions
from sim.search.offers import DEAL
from sim.search.sheet import row_at
from sim.steps import exposure, meetings
from sim.steps.deals import NOBODY_PROPOSES
from sim.steps.hearing import UNCHECKED
from sim.steps.trust import PUBLIC

SHADING, LINE = range(2)
AS_HOMES, AS_OWN = range(2)
OF_ALL, OF_HOME = range(2)


class State(meetings.State):
    """A government that is told a line, or for which one is set out."""

    def mandate_of(self, channel: exposure.Channel) -> float:
        """Return the probability that a channel is authorised, in the state's eyes."""
        view = channel.view_of(self)
        return trust.mixed(logistic(self.toward(channel.home).log_odds), view.if_trustworthy, view.if_not)

    def weighs_line(self, channel: exposure.Channel) -> bool:
        """Return whether the state has been told a line in a channel and cannot be sure whose it is."""
        view = channel.view_of(self)
        return channel.speech == LINE and view.hearing_of(channel.home).begun and not view.line_settled

    def cost_at(self, other: State, share: float) -> float:
        """Return the cost of war at which the state would just settle that far toward another's aims (utility)."""
        self.war.count_promises_at_table()
        self.war.begin_sheet(2, NOBODY_PROPOSES)
        self.write_own_row(0, self.cost, 0.0)
        other.write_row(1, PUBLIC)
        sheet, work = self.war.sheet, self.war.work
        positions.write_between(sheet, row_at(sheet, 0), row_at(sheet, 1), share, work, DEAL)
        return deals.gap(sheet, row_at(sheet, 0), work, DEAL) / self.weariness_now

    def hear_line(self, channel: Channel) -> None:
        """Take in a line: the odds that it is home's, and what it then teaches of home's cost."""
        message, view = self.war.message(0), channel.view_of(self)
        home, said, noise = message.subject, message.said, message.noise * message.noise
        belief, spread, mandate = self.hearing_begun(channel, message).straight, home.cost_sd, self.mandate_of(channel)
        surprise, before = said - belief.c, channel.first_credibility(self)
        mandated = hearing.log_density(surprise, belief.cc + noise)
        private = lines.private_log_density(surprise, belief.cc, home.bluff, channel.slant, spread, noise)
        invented = lines.invented_log_density(
            said, log(home.cost_median), channel.suspected, channel.slant, spread, noise
        )
        view.credibility = before + (lines.line_log_density(mandate, mandated, private) - invented)
        weight = lines.mandated_weight(mandate, mandated, private)
        variance = lines.line_variance(belief.c, belief.cc, said, noise, weight)
        belief.c = lines.line_mean(belief.c, belief.cc, said, noise, weight)
        belief.cc = variance
        self.war.note("weighs_source", self, channel=channel, before=logistic(before), after=logistic(view.credibility))

    def hear_belief(self, channel: Channel) -> None:
        """Take in what home believes of another, which no envoy shades."""
        message = self.war.message(0)
        heard, noise = self.hearing_begun(channel, message), message.noise * message.noise
        heard.straight.hear(message.said, noise, 0.0)
        heard.crooked.hear(message.said, noise, 0.0)

    def weigh_line(self, channel: Channel, false: int) -> None:
        """Learn from home whether a line was its own; that moves trust, and how likely the channel is authorised."""
        view = channel.view_of(self)
        sincere = logistic(self.toward(channel.home).log_odds) * view.if_trustworthy
        odds = lines.falsehood_odds(logistic(-view.credibility), sincere, channel.sincere_false_share)
        mandated = observed(false, lines.probability_of(channel.sincere_false_share * odds))
        other = observed(false, lines.probability_of(odds))
        factor = log_joint_factor(view.if_trustworthy, view.if_not, mandated, other, other, other)
        view.if_trustworthy = updated_share(view.if_trustworthy, mandated, other)
        view.credibility = lines.SETTLED
        if false > 0:
            view.credibility = -lines.SETTLED
        view.line_settled = True
        self.move_own_trust(channel.home, factor, "checks")

    def take_answer(self, channel: exposure.Channel, denied: bool) -> None:
        """Let a denial, or silence, also move the odds that the line was home's."""
        if self.weighs_line(channel):
            view, mandate = channel.view_of(self), self.mandate_of(channel)
            view.credibility = view.credibility + lines.log_denial_factor(
                denied, mandate, channel.believed_deny_authorised, channel.believed_deny_freelance
            )
        super().take_answer(channel, denied)


class Channel(meetings.Channel):
    """A channel in which a line is set out."""

    def first_credibility(self, hearer: meetings.State) -> float:
        """Return how far a state believes the channel before it has heard anything: of a line, that it will be home's."""
        if self.speech == LINE and hearer is not self.home:
            return logit(self.believed_candour)
        return super().first_credibility(hearer)

    def believed_offer(self, trustworthy: bool) -> float:
        """Return the believed probability of an offer on the record; an idea of the envoys' own says nothing of home."""
        if self.attributed == AS_OWN:
            return 0.5
        return super().believed_offer(trustworthy)

    def believed_offer_if_freelance(self) -> float:
        """Return the same of a channel without the home government."""
        if self.attributed == AS_OWN:
            return 0.5
        return super().believed_offer_if_freelance()

    def speaks_of(self, subject: meetings.State, audience: meetings.State) -> bool:
        """Return whether a state is spoken of to an audience as the envoy sees fit; a line is home's alone."""
        return super().speaks_of(subject, audience) and (self.speech == SHADING or subject is self.home)

    def inward_slant(self, audience: meetings.State) -> float:
        """Return the slant that home suspects in what it hears of an audience: the bluff an envoy may relay."""
        if self.speech == LINE:
            return -audience.bluff
        return super().inward_slant(audience)

    def state_positions(self, leg: meetings.Leg) -> None:
        """Let serving officials also say what their governments believe of others."""
        super().state_positions(leg)
        if self.speech == LINE and self.reaches_leader(leg.state):
            self.pass_on_beliefs(leg.state, 1.0)

    def tell(self, envoy: meetings.Envoy, leg: meetings.Leg) -> None:
        """Let an envoy set out the line, the first time that it reaches those who decide, and be checked."""
        audience = leg.state
        if self.speech == SHADING:
            super().tell(envoy, leg)
        elif self.reaches_leader(audience):
            self.reach(audience)
            view = self.view_of(audience)
            if not view.line_set_out:
                view.line_set_out = True
                self.set_out(envoy, audience)
            self.pass_on_beliefs(audience, envoy.acuity)
            if audience.weighs_line(self):
                checked = self.check(audience, int(view.line_false))
                if checked != UNCHECKED:
                    audience.weigh_line(self, checked)

    def set_out(self, envoy: meetings.Envoy, audience: State) -> None:
        """Set out home's line, or one that is passed off as home's or as an idea of the envoy's own."""
        home, toward = self.home, self.conceded_to(audience)
        official = home.position_at(toward, home.bluff)
        floated = self.position_floated(envoy, audience, toward, official)
        sd = messages.message_noise(self.noise, envoy.acuity, 1.0, self.hand(home))
        error = self.error(chance.MESSAGE_NOISE_OUT, audience, home, sd)
        if floated < 0.0:
            mandate = 1.0 if self.authorised else 0.0
            said = lines.home_line(home.log_cost, mandate, home.bluff, home.cost_sd, error)
            floated = official
        else:
            self.on_record = True
            if self.attributed == AS_OWN:
                if self.war.keeps_events:
                    self.note_line(envoy, audience, official, floated)
                return
            self.misrepresented += 1
            self.view_of(audience).line_false = True
            said = log(home.cost_at(toward, floated)) + error
        self.say(0, home, said, sd, self.suspected)
        audience.hear_line(self)
        if self.war.keeps_events:
            self.note_line(envoy, audience, official, floated)

    def conceded_to(self, audience: State) -> State:
        """Return the state toward whose aims a line goes: the one that the scenario names, or whoever hears it."""
        toward = audience
        for state in self.war.states:
            if self.view_of(state).is_conceded_to:
                toward = state
        return toward

    def note_line(self, envoy: meetings.Envoy, audience: State, official: float, conveyed: float) -> None:
        """Note what was set out beside home's official position and what it would in truth accept."""
        home, toward = self.home, self.conceded_to(audience)
        private, heard = home.position_at(toward, 0.0), self.view_of(audience).hearing_of(home).begun
        what = "misrepresents" if self.view_of(audience).line_false else "conveys" if heard else "floats"
        if what == "conveys" and self.authorised:
            conveyed = private
        self.war.note(
            what, envoy, audience, subject=home, toward=toward, channel=self,
            official=official, private=private, conveyed=conveyed,
        )  # fmt: skip

    def position_floated(self, envoy: meetings.Envoy, audience: State, toward: State, official: float) -> float:
        """Return how far toward another's aims a line goes that is not home's, -1 if the line is home's.

        What asks no more of home than its official position is no invention: then the line is home's too.
        """
        if not self.occurs(chance.MESSAGE_BIT, audience, 1.0 - envoy.candour):
            return -1.0
        home = self.home
        floated = lines.adopted_share(official, envoy.adopts)
        asked, least = home.cost_at(toward, floated), home.cost_at(toward, lines.adopted_share(official, 0.0))
        if asked <= least or asked <= home.official_cost:
            return -1.0
        return floated

    def pass_on_beliefs(self, audience: State, acuity: float) -> None:
        """Say what home believes of the other belligerents, of each once, in whichever channel of home comes first."""
        if self.about == OF_HOME:
            return
        for subject in self.war.states:
            if subject.fights and subject is not audience and subject is not self.home:
                if not self.is_passed_on(audience, subject):
                    self.view_of(audience).hearing_of(subject).passed_on = True
                    mean, sd = self.home.estimate(subject)
                    noise = messages.message_noise(self.noise, acuity, 1.0, 1.0)
                    error = self.error(chance.MESSAGE_NOISE_OUT, audience, subject, noise)
                    self.say(0, subject, mean + error, lines.noise_of_belief(noise, sd), 0.0)
                    audience.hear_belief(self)

    def is_passed_on(self, audience: State, subject: State) -> bool:
        """Return whether a channel of the same home has told the audience already what home believes of a state."""
        for channel in self.war.channels:
            if channel.home is self.home and channel.view_of(audience).hearing_of(subject).passed_on:
                return True
        return False
