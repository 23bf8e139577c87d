"""Briefings: home, or its envoys, tell a state of a channel; and what it says of home to be told, or not to be."""

from __future__ import annotations

from sim.rules import briefings
from sim.rules.exposure import log_joint_factor, observed, updated_share
from sim.rules.trust import log_bayes_factor
from sim.steps import exposure, kinds, lines, meetings

UNREAD, READ = range(2)


class State(lines.State):
    """A government that is told of channels, or is not."""

    def be_told(self, channel: exposure.Channel) -> None:
        """Be told of a channel by home; that moves its own trust, and later, when the channel is known, the public one."""
        view = channel.view_of(self)
        self.war.note("is_told", self, channel.home, channel=channel)
        if channel.briefing == UNREAD:
            self.inform(channel, False)
            return
        view.informed = True
        view.told = True
        factor = self.read(channel, True, False)
        if self.fights:
            view.told_factor = factor
            self.move_own_trust(channel.home, factor, "is told of the channel")

    def read(self, channel: kinds.Channel, told: bool, recorded: bool) -> float:
        """Take in that a channel exists, by being told of it or not, and perhaps its record; return the move of trust."""
        if_trustworthy = channel.likelihood_if_authorised(self, True, told, recorded)
        if_not = channel.likelihood_if_authorised(self, False, told, recorded)
        freelance = channel.likelihood_if_freelance(self, told, recorded)
        rho_trustworthy, rho_not, phi = (
            channel.believed_authorised_trustworthy,
            channel.believed_authorised_untrustworthy,
            channel.believed_freelance,
        )
        view = channel.view_of(self)
        view.if_trustworthy = briefings.share_by_type(rho_trustworthy, phi, if_trustworthy, freelance)
        view.if_not = briefings.share_by_type(rho_not, phi, if_not, freelance)
        return log_bayes_factor(
            briefings.seen_by_type(rho_trustworthy, phi, if_trustworthy, freelance),
            briefings.seen_by_type(rho_not, phi, if_not, freelance),
        )

    def be_brought_in(self, channel: exposure.Channel, from_start: bool) -> None:
        """Be visited for the first time; if home supports the state, that is being told, in any week alike."""
        if channel.briefing == UNREAD:
            super().be_brought_in(channel, from_start)
        elif not channel.is_over() and not channel.home.supports(self):
            self.inform(channel, False)
        elif not channel.is_over() and channel.secret:
            self.be_told(channel)

    def learn_of(self, channel: exposure.Channel, cause: str) -> None:
        """Learn that a channel exists, without having been told; a belligerent draws its conclusions about home."""
        if channel.briefing == UNREAD:
            super().learn_of(channel, cause)
            return
        channel.view_of(self).informed = True
        factor = self.read(channel, False, channel.secret)
        if self.fights:
            self.move_trust(channel.home, factor, cause)

    def inform(self, channel: exposure.Channel, on_record: bool) -> None:
        """Know from now on that a channel exists, and how likely it is authorised, without a move of trust."""
        if channel.briefing == UNREAD:
            super().inform(channel, on_record)
        else:
            channel.view_of(self).informed = True
            self.read(channel, True, False)

    def take_answer(self, channel: exposure.Channel, denied: bool) -> None:
        """Take in that home denies the channel or is silent; who was told of it weighs its record and the answer, too."""
        if channel.view_of(self).told and self.fights:
            self.weigh_record(channel)
            self.weigh_denial(channel, denied)
        super().take_answer(channel, denied)

    def weigh_record(self, channel: exposure.Channel) -> None:
        """Let the record of a channel of which it was told move trust in home, and how likely it is authorised."""
        view, offered = channel.view_of(self), channel.on_record
        trustworthy = observed(offered, channel.believed_offer(True))
        untrustworthy = observed(offered, channel.believed_offer(False))
        freelance = observed(offered, channel.believed_offer_if_freelance())
        factor = log_joint_factor(view.if_trustworthy, view.if_not, trustworthy, freelance, untrustworthy, freelance)
        view.if_trustworthy = updated_share(view.if_trustworthy, trustworthy, freelance)
        view.if_not = updated_share(view.if_not, untrustworthy, freelance)
        self.move_trust(channel.home, factor, "reads the record of the channel")


class Channel(lines.Channel):
    """A channel of which states are told."""

    def begin(self) -> None:
        """Tell those whom home tells this week, before anybody meets and before it is made known."""
        if self.active and self.war.week >= self.start and not self.is_over():
            for state in self.war.states:
                view = self.view_of(state)
                if 0 < view.briefed_from <= self.war.week and not view.informed:
                    state.be_told(self)
        super().begin()

    def tell_outsiders(self, cause: str) -> None:
        """Let outsiders learn of the channel, and everyone see what those made of it who had been told."""
        super().tell_outsiders(cause)
        for state in self.war.states:
            view = self.view_of(state)
            if view.told_factor != 0.0:
                state.move_public_trust(self.home, view.told_factor)
                view.told_factor = 0.0

    def believed_brief(self, trustworthy: bool) -> float:
        """Return the believed probability that one type of home tells of a channel that it has authorised."""
        if trustworthy:
            return self.believed_brief_trustworthy
        return self.believed_brief_untrustworthy

    def tells(self, state: meetings.State) -> bool:
        """Return whether to be told, or not, says anything of home to a state: a secret channel of one that supports it."""
        return self.secret and self.home.supports(state)

    def likelihood_if_authorised(self, state: meetings.State, trustworthy: bool, told: bool, recorded: bool) -> float:
        """Return how likely is what a state sees of the channel, if this type of home authorised it."""
        likely = 1.0
        if self.tells(state):
            likely = observed(told, self.believed_brief(trustworthy))
        if recorded:
            likely = likely * observed(self.on_record, self.believed_offer(trustworthy))
        return likely

    def likelihood_if_freelance(self, state: meetings.State, told: bool, recorded: bool) -> float:
        """Return how likely is what a state sees of the channel, if home has not authorised it."""
        likely = 1.0
        if self.tells(state):
            likely = observed(told, self.believed_brief_freelance)
        if recorded:
            likely = likely * observed(self.on_record, self.believed_offer_if_freelance())
        return likely
