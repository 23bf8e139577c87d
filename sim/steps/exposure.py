"""Secret channels come to light: who talks, who learns of it, what home says, and what it costs."""

from __future__ import annotations

from sim import chance
from sim.rules import exposure, table
from sim.rules.trust import log_bayes_factor
from sim.steps import kinds
from sim.steps.hearing import State as Hearing

EXPOSE, DENY, STAY_SILENT, DISOWN = range(4)


class State(Hearing):
    """A government that learns of channels."""

    @property
    def audience_cost(self) -> float:
        """What the state still pays for exposed talks (utility)."""
        return exposure.audience_cost(self.audience_level, self.exposure_cost, self.cost_median)

    def inform(self, channel: Channel, on_record: bool) -> None:
        """Know from now on that a channel exists, and how likely it is authorised."""
        view = channel.view_of(self)
        view.informed = True
        view.if_trustworthy = channel.authorised_share(True, on_record)
        view.if_not = channel.authorised_share(False, on_record)

    def be_brought_in(self, channel: Channel, from_start: bool) -> None:
        """Be visited for the first time; one that is visited from the start takes part in the channel and learns nothing."""
        if from_start:
            self.inform(channel, False)
        else:
            self.learn_of(channel, "is brought into the channel")

    def learn_of(self, channel: Channel, cause: str) -> None:
        """Learn that a channel exists; a belligerent kept out of it draws its conclusions about home."""
        self.inform(channel, channel.on_record)
        if self.fights:
            factor = log_bayes_factor(channel.existence(True), channel.existence(False))
            self.move_trust(channel.home, factor, cause)

    def take_answer(self, channel: Channel, denied: bool) -> None:
        """Take in that home denies the channel or is silent; a belligerent that has just learned of it weighs that."""
        if self.learns and self.fights:
            self.weigh_denial(channel, denied)

    def weigh_denial(self, channel: Channel, denied: bool) -> None:
        """Let a denial, or silence, move trust in home and how likely the channel is authorised."""
        view = channel.view_of(self)
        authorised = exposure.observed(denied, channel.believed_deny_authorised)
        freelance = exposure.observed(denied, channel.believed_deny_freelance)
        factor = exposure.log_joint_factor(
            view.if_trustworthy, view.if_not, authorised, freelance, authorised, freelance
        )
        view.if_trustworthy = exposure.updated_share(view.if_trustworthy, authorised, freelance)
        view.if_not = exposure.updated_share(view.if_not, authorised, freelance)
        self.move_trust(channel.home, factor, "denies" if denied else "stays_silent")

    def pay_audience_cost(self) -> None:
        """Pay for being found in talks that the government had ruled out."""
        self.audience_level = self.audience_level + 1.0
        self.war.note("pays_audience_cost", self, cost=self.audience_cost)


class Channel(kinds.Channel):
    """A channel that may come to light."""

    def has_act(self, what: int) -> bool:
        """Return whether this is done about the channel this week by decree of the scenario."""
        for act in self.war.acts:
            if act.week == self.war.week and act.channel is self and act.what == what:
                return True
        return False

    def is_to_be_exposed(self) -> bool:
        """Return whether the scenario exposes the channel in a later week, so that it cannot leak before."""
        for act in self.war.acts:
            if act.week > self.war.week and act.channel is self and act.what == EXPOSE:
                return True
        return False

    def speaks(self, envoy: kinds.Envoy) -> bool:
        """Return whether an envoy speaks in the channel this week."""
        for speaker in self.envoys:
            if speaker is envoy:
                return True
        return False

    def is_over(self) -> bool:
        """Return whether the channel will not meet again."""
        return self.closed or not self.active or self.war.week > self.end

    def leaks(self) -> bool:
        """Return whether someone in the know talks this week; not before the week of an `expose` still to come."""
        if self.is_to_be_exposed():
            return False
        over = self.is_over()
        kept = 1.0
        for envoy in self.war.envoys:
            if self.part_of(envoy).knows:
                speaks_now = not over and self.speaks(envoy)
                kept = kept * exposure.kept_by(envoy.discretion, speaks_now)
        return table.occurs(self.war.uniform(chance.LEAK, self.address, chance.NOBODY), 1.0 - kept) > 0

    def become_known(self, cause: str) -> None:
        """Become known, with its record; outsiders take it in."""
        self.exposed_week = self.war.week
        self.war.note("comes_to_light", self, on_record=self.on_record)
        self.tell_outsiders(cause)

    def come_to_light(self) -> None:
        """Come to light: it becomes known, home answers, and those in it that had ruled it out pay."""
        self.become_known("the channel comes to light")
        denied = self.is_denied()
        self.war.note("denies" if denied else "stays_silent", self.home, channel=self)
        for state in self.war.states:
            state.take_answer(self, denied)
        for state in self.war.states:
            if not state.learns and state.ruled_out and not self.view_of(state).hosted:
                state.pay_audience_cost()
        self.war.table.start_over()
        if self.ends_on_exposure:
            self.closed = True

    def is_denied(self) -> bool:
        """Return whether the home government denies having authorised the channel."""
        if self.has_act(DENY) or self.has_act(DISOWN):
            return True
        if self.has_act(STAY_SILENT):
            return False
        likely = exposure.denial_probability(self.authorised, self.deny_authorised, self.deny_freelance)
        return table.occurs(self.war.uniform(chance.DENIAL, self.address, chance.NOBODY), likely) > 0

    def tell_outsiders(self, cause: str) -> None:
        """Let every state that did not know learn of the channel, and mark those as learning of it now."""
        for state in self.war.states:
            state.learns = False
            if not self.view_of(state).informed:
                state.learns = True
                state.learn_of(self, cause)

    def believed_authorised(self, trustworthy: bool) -> float:
        """Return the believed probability that one type of home has such an authorised channel."""
        if trustworthy:
            return self.believed_authorised_trustworthy
        return self.believed_authorised_untrustworthy

    def believed_offer(self, trustworthy: bool) -> float:
        """Return the believed probability of an offer on the record of a channel authorised by one type of home."""
        if trustworthy:
            return self.believed_offer_trustworthy
        return self.believed_offer_untrustworthy

    def believed_offer_if_freelance(self) -> float:
        """Return the same of a channel without the home government."""
        return self.believed_offer_freelance

    def existence(self, trustworthy: bool) -> float:
        """Return the believed probability of such a channel with such a record, for one type of home."""
        authorised, offered = self.believed_authorised(trustworthy), self.believed_offer(trustworthy)
        return exposure.existence(
            authorised, self.believed_freelance, self.on_record, offered, self.believed_offer_if_freelance()
        )

    def authorised_share(self, trustworthy: bool, on_record: bool) -> float:
        """Return the believed probability that the channel is authorised, for one type of home."""
        authorised, offered = self.believed_authorised(trustworthy), self.believed_offer(trustworthy)
        return exposure.authorised_share(
            authorised, self.believed_freelance, on_record, offered, self.believed_offer_if_freelance()
        )


class War(kinds.War):
    """A war in which secrets come out."""

    def expose(self) -> None:
        """Let secret channels leak, by chance or by act; the home government then denies or is silent."""
        for channel in self.channels:
            if channel.began > 0:
                if channel.active:
                    for envoy in channel.envoys:
                        channel.part_of(envoy).knows = True
                disowned = channel.has_act(DISOWN)
                if channel.exposed_week == 0 and (channel.has_act(EXPOSE) or disowned or channel.leaks()):
                    channel.come_to_light()
                if disowned:
                    channel.closed = True
                    self.note("disowns", channel.home, channel=channel)
