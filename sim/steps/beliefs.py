"""What a state believes of another's cost of war: at the start, as weeks pass, by answers at the table, in all."""

from __future__ import annotations

from sim import chance
from sim.numerics import exp, log, logistic
from sim.rules import beliefs, hearing, worth
from sim.steps import kinds
from sim.steps.trust import State as Trusting


class State(Trusting):
    """A government that reckons with the costs of others."""

    @property
    def cost(self) -> float:
        """The state's private cost of war before weariness (utility)."""
        return exp(self.log_cost)

    @property
    def weariness_now(self) -> float:
        """The factor by which the state's cost has grown."""
        return worth.weariness(self.growth, self.war.week)

    def take_stock(self, other: State) -> None:
        """Form the first belief about another: the population's, shifted for an adversary, and one signal."""
        opinion = self.toward(other)
        optimism = 0.0
        if self.is_adversary_of(other):
            optimism = self.optimism
        spread = other.cost_sd
        mean = beliefs.prior_mean(log(other.cost_median), spread, optimism)
        noise = opinion.intelligence
        shock = self.war.normal(chance.INTELLIGENCE, self.address, other.address)
        signal = other.log_cost + noise * shock
        opinion.mean = beliefs.updated_mean(mean, spread * spread, signal, noise * noise)
        opinion.variance = beliefs.updated_variance(spread * spread, noise * noise)

    def age_beliefs(self, other: State) -> None:
        """Let a week pass over what the state believes of another: the log cost has wandered."""
        opinion = self.toward(other)
        opinion.variance = beliefs.aged_variance(opinion.variance, other.volatility)
        for channel in self.war.channels:
            heard = channel.view_of(self).hearing_of(other)
            if heard.begun:
                heard.straight.cc = beliefs.aged_variance(heard.straight.cc, other.volatility)
                heard.crooked.cc = beliefs.aged_variance(heard.crooked.cc, other.volatility)

    def estimate(self, other: State) -> tuple[float, float]:
        """Return mean and standard deviation of the belief about another's log cost, every channel heard.

        One channel's belief stands for all there is to know. Several are pooled by precision, what they share counted once.
        """
        opinion = self.toward(other)
        sources, mean, variance = 0, opinion.mean, opinion.variance
        floor = hearing.precision(opinion.variance)
        precision, pull = floor, floor * opinion.mean
        for channel in self.war.channels:
            view = channel.view_of(self)
            heard = view.hearing_of(other)
            if heard.begun:
                sources += 1
                straight, crooked, credibility = heard.straight, heard.crooked, logistic(view.credibility)
                mean = hearing.heard_mean(straight.c, crooked.c, credibility)
                variance = hearing.heard_variance(straight.c, straight.cc, crooked.c, crooked.cc, credibility)
                weight = hearing.precision(variance)
                precision = hearing.pooled_precision(precision, weight, floor)
                pull = hearing.pooled_pull(pull, weight, mean, floor, opinion.mean)
        if sources < 2:
            return mean, beliefs.deviation(variance)
        mean = hearing.pooled_mean(pull, precision, floor, opinion.mean)
        return mean, beliefs.deviation(1.0 / hearing.precision_floor(precision, floor))

    def learn_answer(self, other: State, threshold: float, accepted: bool) -> None:
        """Take in an answer of another party: its log cost lies above the threshold (an acceptance) or below it."""
        before = 0.0
        if self.war.keeps_events:
            before, _ = self.estimate(other)
        opinion = self.toward(other)
        mean, sd = opinion.mean, beliefs.deviation(opinion.variance)
        if accepted:
            opinion.mean = beliefs.mean_above(mean, sd, threshold)
            opinion.variance = beliefs.variance_above(mean, sd, threshold)
        else:
            opinion.mean = beliefs.mean_below(mean, sd, threshold)
            opinion.variance = beliefs.variance_below(mean, sd, threshold)
        for channel in self.war.channels:
            heard = channel.view_of(self).hearing_of(other)
            if heard.begun:
                heard.straight.cut(threshold, accepted)
                heard.crooked.cut(threshold, accepted)
        if self.war.keeps_events:
            after, _ = self.estimate(other)
            cause = "accepts" if accepted else "refuses"
            self.war.note("learns", self, other, cause, before=exp(before), after=exp(after))


class Belief(kinds.Belief):
    """A belief that answers at the table cut off."""

    def cut(self, bound: float, accepted: bool) -> None:
        """Take in that the log cost lies above the bound (an acceptance) or below it; the slant follows by regression."""
        mean, sd = self.c, beliefs.deviation(self.cc)
        if accepted:
            mean, variance = beliefs.mean_above(mean, sd, bound), beliefs.variance_above(mean, sd, bound)
        else:
            mean, variance = beliefs.mean_below(mean, sd, bound), beliefs.variance_below(mean, sd, bound)
        if self.cc > 0.0:
            slope = self.cb / self.cc
            self.b = hearing.regressed_slant(self.b, slope, mean, self.c)
            self.bb = hearing.regressed_slant_variance(self.bb, slope, variance, self.cc)
            self.cb = slope * variance
            self.c = mean
            self.cc = variance
