"""What a hearer makes of a meeting: of each message, of the source, and of home if the source was checked."""

from __future__ import annotations

from sim.numerics import logistic
from sim.rules import exposure, hearing
from sim.steps import beliefs, kinds
from sim.steps.fighting import State as Fighting

UNCHECKED = -1


class Belief(beliefs.Belief):
    """A belief that messages move."""

    def begin(self, mean: float, variance: float, slant_mean: float, slant_sd: float) -> None:
        """Begin at the first message from what is believed without this source."""
        self.c = mean
        self.b = slant_mean
        self.cc = variance
        self.cb = 0.0
        self.bb = slant_sd * slant_sd

    def hear(self, message: float, noise: float, weight: float) -> None:
        """Take in a message that was misrepresented with probability `weight`; noise is a variance."""
        c, b, cc, cb, bb = hearing.updated_belief(self.c, self.b, self.cc, self.cb, self.bb, message, noise, weight)
        self.c = c
        self.b = b
        self.cc = cc
        self.cb = cb
        self.bb = bb


class State(Fighting):
    """A government that hears."""

    def hearing_begun(self, channel: kinds.Channel, message: kinds.Message) -> kinds.Hearing:
        """Return what the state has heard of a message's subject through a channel, begun if this is the first."""
        subject = message.subject
        heard = channel.view_of(self).hearing_of(subject)
        if not heard.begun:
            opinion, spread = self.toward(subject), subject.cost_sd
            heard.begun = True
            heard.straight.begin(opinion.mean, opinion.variance, message.slant * spread, channel.slant * spread)
            heard.crooked.begin(opinion.mean, opinion.variance, message.slant * spread, channel.slant * spread)
        return heard

    def hear_officials(self, channel: kinds.Channel, count: int) -> None:
        """Take in official positions: what a government says of itself is surely slanted, by an unknown bluff."""
        for place in range(count):
            message = self.war.message(place)
            heard = self.hearing_begun(channel, message)
            noise = message.noise * message.noise
            heard.straight.hear(message.said, noise, 1.0)
            heard.crooked.hear(message.said, noise, 1.0)

    def hear_envoy(self, channel: kinds.Channel, count: int, checked: int) -> None:
        """Take in one meeting's messages of an envoy, and what a check showed: 1 false, 0 true, or UNCHECKED."""
        view = channel.view_of(self)
        before = view.credibility
        for place in range(count):
            self.hearing_begun(channel, self.war.message(place))
        if checked != UNCHECKED:
            self.weigh_check(channel, checked)
        straight = self.take_in(channel, count, True, channel.straight_falsehood, checked)
        crooked = self.take_in(channel, count, False, channel.crooked_falsehood, checked)
        if checked == UNCHECKED:
            view.credibility = view.credibility + (straight - crooked)
        self.war.note("weighs_source", self, channel=channel, before=logistic(before), after=logistic(view.credibility))

    def take_in(self, channel: kinds.Channel, count: int, straight: bool, falsehood: float, checked: int) -> float:
        """Move the straight or the crooked beliefs by a meeting and return the log density of what was said."""
        honest, shaded = 0.0, 0.0
        for place in range(count):
            message = self.war.message(place)
            belief, noise = self.belief_about(channel, message.subject, straight), message.noise * message.noise
            honest = honest + hearing.honest_log_density(belief.c, belief.cc, message.said, noise)
            shaded = shaded + hearing.shaded_log_density(
                belief.c, belief.b, belief.cc, belief.cb, belief.bb, message.said, noise
            )
        weight = float(checked)
        if checked == UNCHECKED:
            weight = hearing.shaded_weight(falsehood, honest, shaded)
        for place in range(count):
            message = self.war.message(place)
            belief = self.belief_about(channel, message.subject, straight)
            belief.hear(message.said, message.noise * message.noise, weight)
        return hearing.total_log_density(falsehood, honest, shaded)

    def belief_about(self, channel: kinds.Channel, subject: kinds.State, straight: bool) -> Belief:
        """Return the belief about a state as if the channel were straight, or as if it were crooked."""
        heard = channel.view_of(self).hearing_of(subject)
        if straight:
            return heard.straight
        return heard.crooked

    def weigh_check(self, channel: kinds.Channel, false: int) -> None:
        """Let a check move credibility, privately held trust in home, and how likely the channel is authorised."""
        view = channel.view_of(self)
        rarely, often = channel.straight_falsehood, channel.crooked_falsehood
        likely = hearing.expected_falsehood(logistic(view.credibility), rarely, often)
        mandated = exposure.observed(false, likely * channel.sincere_false_share)
        other = exposure.observed(false, likely)
        factor = exposure.log_joint_factor(view.if_trustworthy, view.if_not, mandated, other, other, other)
        view.if_trustworthy = exposure.updated_share(view.if_trustworthy, mandated, other)
        view.if_not = exposure.updated_share(view.if_not, other, other)
        view.credibility = view.credibility + hearing.checked_log_odds(false, rarely, often)
        self.move_own_trust(channel.home, factor, "checks")
