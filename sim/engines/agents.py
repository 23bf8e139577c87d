"""Those who act: each gathers what it knows, calls a rule and keeps the result."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import mesa

from sim import chance
from sim.engines.sheets import Seat, Sheet
from sim.numerics import exp, log, logistic, logit
from sim.parameters import Channel, State
from sim.rules import beliefs, consent, escalation, exposure, hearing, positions, table, worth
from sim.search import offers

if TYPE_CHECKING:
    from sim.engines.channels import RunningChannel
    from sim.engines.model import Talks

SIDE_NUMBERS = {"A": 0, "B": 1, "none": -1}


@dataclass(slots=True)
class Belief:
    """A normal belief about the log of another state's cost of war."""

    mean: float
    variance: float

    def hear(self, signal: float, noise: float) -> None:
        """Take in a signal with this noise variance."""
        mean, variance = self.mean, self.variance
        self.mean = beliefs.updated_mean(mean, variance, signal, noise)
        self.variance = beliefs.updated_variance(variance, noise)

    def age(self, volatility: float) -> None:
        """Let a week pass."""
        self.variance = beliefs.aged_variance(self.variance, volatility)

    def cut(self, bound: float, accepted: bool) -> None:
        """Take in that the log cost lies above the bound (an acceptance) or below it (a refusal)."""
        mean, sd = self.mean, beliefs.deviation(self.variance)
        if accepted:
            self.mean = beliefs.mean_above(mean, sd, bound)
            self.variance = beliefs.variance_above(mean, sd, bound)
        else:
            self.mean = beliefs.mean_below(mean, sd, bound)
            self.variance = beliefs.variance_below(mean, sd, bound)


@dataclass(slots=True)
class View:
    """What a state knows of a channel: whether it knows it exists, and how likely each type of home authorised it."""

    informed: bool = False
    if_trustworthy: float = 0.0
    if_not: float = 0.0


Message = tuple["Government", float, float]


class Government(mesa.Agent):  # type: ignore[misc]
    """A state: it fights or looks on, judges deals, makes and answers offers, ratifies, keeps or breaks."""

    def __init__(self, model: Talks, name: str, number: int) -> None:
        """Place the state `number` of the scenario in the model; `begin` gives it its luck."""
        super().__init__(model)
        self.talks = model
        self.name = name
        self.number = number
        self.address = chance.address(name)
        self.trustworthy = False
        self.log_cost = 0.0
        self.audience_level = 0.0
        self.log_odds: dict[str, float] = {}
        self.beliefs: dict[str, Belief] = {}
        self.hearings: dict[tuple[str, str], list[float]] = {}
        self.credibility: dict[str, float] = {}
        self.views: dict[str, View] = {}
        self.escalation = 0.0

    @property
    def parameters(self) -> State:
        """Return what the scenario says of this state this week."""
        return self.talks.world.states[self.name]

    @property
    def side_number(self) -> int:
        """Return 0 for side A, 1 for side B, -1 for a third party."""
        return SIDE_NUMBERS[self.parameters.side]

    @property
    def fights(self) -> bool:
        """Return whether the state is a belligerent."""
        return self.side_number >= 0

    @property
    def aims(self) -> list[float]:
        """Return what the state wants, by issue."""
        return self.talks.aims[self.number]

    @property
    def weights(self) -> list[float]:
        """Return how much each issue matters, by issue."""
        return self.talks.weights[self.number]

    @property
    def betrayal(self) -> float:
        """Return what a breach by an adversary costs the state (utility)."""
        return self.parameters.betrayal if self.fights else 0.0

    @property
    def cost(self) -> float:
        """Return the state's private cost of war before weariness (utility)."""
        return exp(self.log_cost)

    @property
    def grown_cost(self) -> float:
        """Return the state's private cost of war as weariness has grown it (utility)."""
        return self.cost * self.weariness(self.talks.week)

    @property
    def audience_cost(self) -> float:
        """Return what the state still pays for exposed talks (utility)."""
        return exposure.audience_cost(self.audience_level, self.parameters.exposure_cost, self.parameters.cost_median)

    def is_adversary_of(self, other: Government) -> bool:
        """Return whether the two fight each other."""
        return self.fights and other.fights and self.side_number != other.side_number

    def fears(self, fighter: Government) -> bool:
        """Return whether a breach by `fighter` would matter to this state's view of a deal."""
        return fighter is not self and (self.is_adversary_of(fighter) or not self.fights)

    def begin(self) -> None:
        """Draw type and private cost, and take in the first intelligence about everyone else."""
        own = self.parameters
        model = self.talks
        self.trustworthy = table.occurs(model.uniform(chance.TYPE, self.address), own.reliability) > 0
        self.log_cost = worth.stepped_log_cost(
            log(own.cost_median), own.cost_sd, model.normal(chance.COST_START, self.address)
        )
        for other in own.toward.values():
            self.log_odds[other.name] = logit(other.trust)
        for channel in model.world.channels.values():
            self.credibility[channel.name] = logit(channel.credibility)
            self.views[channel.name] = View()
        self.escalation = logit(model.world.escalation.prior)

    def take_stock(self, other: Government) -> None:
        """Form the first belief about `other`: the population's, shifted for an adversary, and one signal."""
        theirs = other.parameters
        optimism = self.parameters.optimism if self.is_adversary_of(other) else 0.0
        mean = beliefs.prior_mean(log(theirs.cost_median), theirs.cost_sd, optimism)
        noise = self.parameters.toward[other.name].intelligence
        shock = self.talks.normal(chance.INTELLIGENCE, self.address, other.address)
        belief = Belief(mean, theirs.cost_sd * theirs.cost_sd)
        belief.hear(other.log_cost + noise * shock, noise * noise)
        self.beliefs[other.name] = belief

    def estimate(self, other: Government) -> tuple[float, float]:
        """Return mean and standard deviation of the belief about `other` that offers use."""
        base = self.beliefs[other.name]
        heard = [channel for channel in self.credibility if (channel, other.name) in self.hearings]
        if not heard:
            return base.mean, beliefs.deviation(base.variance)
        if len(heard) == 1:
            mean, variance = self.heard(heard[0], other)
            return mean, beliefs.deviation(variance)
        floor = 1.0 / (base.variance + beliefs.LEAST_VARIANCE)
        precision, pull = floor, floor * base.mean
        for channel in heard:
            mean, variance = self.heard(channel, other)
            weight = 1.0 / (variance + beliefs.LEAST_VARIANCE)
            precision = precision + (weight - floor)
            pull = pull + (weight * mean - floor * base.mean)
        precision = hearing.precision_floor(precision, floor)
        return pull / precision, beliefs.deviation(1.0 / precision)

    def heard(self, channel: str, other: Government) -> tuple[float, float]:
        """Return mean and variance of the belief about `other` with one channel, weighted by its credibility."""
        kept, credibility = self.hearings[channel, other.name], logistic(self.credibility[channel])
        return hearing.heard_mean(kept, 0, credibility), hearing.heard_variance(kept, 0, credibility)

    def trust_in(self, other: Government) -> float:
        """Return the state's own probability that `other` is trustworthy."""
        return logistic(self.log_odds[other.name])

    def public_trust_in(self, other: Government) -> float:
        """Return what everyone takes that probability to be."""
        return logistic(self.talks.public_log_odds[self.name, other.name])

    def weariness(self, week: int) -> float:
        """Return the factor by which the state's cost has grown."""
        return worth.weariness(self.parameters.growth, week)

    def war_utility(self) -> float:
        """Return what the state expects of fighting on, before the cost."""
        ends = self.talks.ends_of_war
        return 1.0 - worth.distance(ends, 0, self.weights + self.aims, 0, len(ends), len(ends))

    def live_a_week(self) -> None:
        """Let the private cost wander and beliefs about others fade."""
        shock = self.talks.normal(chance.COST_STEP, self.address)
        self.log_cost = worth.stepped_log_cost(self.log_cost, self.parameters.volatility, shock)
        self.audience_level = exposure.lapsed(self.audience_level, self.parameters.exposure_lapse)
        fear = self.talks.world.escalation
        self.escalation = escalation.reverted(self.escalation, logit(fear.prior), fear.reversion)
        for other, belief in self.beliefs.items():
            belief.age(self.talks.world.states[other].volatility)
        for (_, other), kept in self.hearings.items():
            hearing.age_hearing(kept, 0, self.talks.world.states[other].volatility)

    def aspiration(self, round_number: int, rounds: int) -> float:
        """Return what the state holds out for at this round (utility)."""
        own = self.parameters
        return consent.aspiration(own.aspiration, own.cost_median, round_number, rounds, own.concession)

    def own_seat(self, margin: float) -> Seat:
        """Return the state's row in its own eyes: its own cost and its own trust."""
        return Seat(self, self.trust_in, cost=self.cost, margin=margin)

    def seat_for(self, other: Government, round_number: int, rounds: int) -> Seat:
        """Return the row of another party at the table, in this state's eyes."""
        mean, sd = self.estimate(other)
        theirs = other.parameters
        margin = consent.margin_of_ratifier(
            other.aspiration(round_number, rounds), float(theirs.ratifies), other.audience_cost, theirs.slack
        )
        return Seat(other, other.public_trust_in, mean=mean, sd=sd, margin=margin)

    def seat_outside(self, other: Government) -> Seat:
        """Return the row of a state kept out of the table, as it will be when it faces a done deal."""
        mean, sd = self.estimate(other)
        believed = other.parameters.believed_blocking
        trusts = self.talks.table.trust_after_fait(other, own=False)
        return Seat(other, trusts, believed, mean, sd, margin=other.grievance)

    @property
    def grievance(self) -> float:
        """Return what the state asks for to accept a done deal (utility)."""
        return self.parameters.grievance * self.parameters.cost_median

    def proposal(self, margin: float, round_number: int, rounds: int) -> Sheet:
        """Return the sheet of what this state could propose; a state kept out reckons as if it could."""
        bench = self.talks.table
        others = [one for one in bench.parties if one is not self]
        seats = [self.own_seat(margin), *(self.seat_for(one, round_number, rounds) for one in others)]
        seats += [self.seat_outside(one) for one in bench.blockers if one is not self]
        return Sheet(self.talks, seats, bench.guarantors, proposer=0)

    def gains(self, cost: float) -> bool:
        """Return whether talks promise a gain of `cost` (in own medians) at the last round's aspirations."""
        sheet = self.proposal(0.0, 1, 1)
        return offers.gain_reaches(sheet.values, table.least_gain(cost, self.parameters.cost_median), sheet.work) > 0

    def joins(self) -> bool:
        """Return whether the state would sit down this week, out of interest or goodwill."""
        own = self.parameters
        if table.occurs(self.talks.uniform(chance.GOODWILL, self.address), own.goodwill) > 0:
            return True
        return self.gains(own.table_cost)

    def would_meet(self) -> bool:
        """Return whether the government sees enough in meeting through a channel."""
        return self.gains(self.parameters.contact_cost)

    def offer(self, round_number: int, rounds: int) -> list[float] | None:
        """Return the terms the state proposes, or None if nothing reaches its aspiration."""
        sheet = self.proposal(self.aspiration(round_number, rounds), round_number, rounds)
        if offers.best_offer(sheet.values, sheet.work) <= offers.OUT_OF_REACH:
            return None
        return sheet.work[offers.BEST : offers.BEST + len(self.aims)]

    def gap_of(self, terms: list[float], seat: Seat) -> float:
        """Return the cost of war from which on the state accepts `terms`, by the trust and margin of `seat`."""
        sheet = Sheet(self.talks, [seat], self.talks.table.guarantors)
        return consent.gap(sheet.values, sheet.row(0), terms, 0)

    def accepts(self, gap: float) -> bool:
        """Return whether a deal with this gap is good enough, at the state's true cost."""
        return consent.accepts(self.cost, self.weariness(self.talks.week), gap) > 0

    def surplus(self, terms: list[float], guarantors: set[str]) -> float:
        """Return V - r: what the deal is worth to the state beyond its outside option (utility)."""
        sheet = Sheet(self.talks, [self.own_seat(0.0)], guarantors)
        return consent.surplus(sheet.values, sheet.row(0), terms, 0)

    def learn(self, other: Government, threshold: float, accepted: bool) -> None:
        """Take in an answer of another party: its log cost lies above or below the threshold."""
        before = exp(self.estimate(other)[0])
        self.beliefs[other.name].cut(threshold, accepted)
        for (_, subject), kept in self.hearings.items():
            if subject == other.name:
                hearing.cut_belief(kept, hearing.STRAIGHT, threshold, accepted)
                hearing.cut_belief(kept, hearing.CROOKED, threshold, accepted)
        cause = "accepts" if accepted else "refuses"
        self.talks.note("learns", self.name, other.name, cause, before=before, after=exp(self.estimate(other)[0]))

    def ratifies(self, terms: list[float]) -> bool:
        """Return whether parliament passes the deal."""
        own = self.parameters
        shock = self.talks.normal(chance.RATIFICATION, self.address)
        gain = self.surplus(terms, self.talks.table.guarantors)
        return consent.ratified(gain, self.audience_cost, own.slack, own.domestic_sd, shock) > 0

    def move_trust(self, other: Government, log_factor: float, public: bool) -> None:
        """Move the own, or the publicly known, log-odds that `other` is trustworthy."""
        if public:
            self.talks.public_log_odds[self.name, other.name] += log_factor
        else:
            self.log_odds[other.name] += log_factor

    def listen(self, channel: Channel, said: list[Message], slants: list[float]) -> list[list[float]]:
        """Return the hearings of what was said, begun where a subject is heard of for the first time."""
        kept = []
        for (subject, _, _), slant in zip(said, slants, strict=True):
            key = (channel.name, subject.name)
            if key not in self.hearings:
                base, spread = self.beliefs[subject.name], subject.parameters.cost_sd
                self.hearings[key] = [0.0] * hearing.HEARING_SIZE
                hearing.start_hearing(
                    self.hearings[key], 0, base.mean, base.variance, slant * spread, channel.slant * spread
                )
            kept.append(self.hearings[key])
        return kept

    def hear_officials(self, channel: RunningChannel, said: list[Message]) -> None:
        """Take in official positions: what a government says of itself is surely slanted, by an unknown bluff."""
        about_themselves = [one is channel.home or self is channel.home for one, _, _ in said]
        slants = [
            -one.parameters.bluff if own else 0.0 for (one, _, _), own in zip(said, about_themselves, strict=True)
        ]
        for kept, (_, message, noise) in zip(self.listen(channel.parameters, said, slants), said, strict=True):
            hearing.hear(kept, hearing.STRAIGHT, message, noise * noise, 1.0)
            hearing.hear(kept, hearing.CROOKED, message, noise * noise, 1.0)

    def hear_envoy(self, channel: RunningChannel, said: list[Message], checked: bool | None, outward: bool) -> None:
        """Take in one meeting's messages of a former official, and what a check showed if there was one.

        checked   True: misrepresented; False: honest; None: not checked
        outward   whether the hearer is the audience; inward, home suspects the opposite slant
        """
        setting = channel.parameters
        sign = 1.0 if outward else -1.0
        before = logistic(self.credibility[channel.name])
        kept = self.listen(setting, said, [sign * setting.suspected] * len(said))
        if checked is not None:
            self.weigh_check(channel, checked)
        straight = self.take_in(kept, said, hearing.STRAIGHT, setting.straight_falsehood, checked)
        crooked = self.take_in(kept, said, hearing.CROOKED, setting.crooked_falsehood, checked)
        if checked is None:
            self.credibility[channel.name] += straight - crooked
        after = logistic(self.credibility[channel.name])
        self.talks.note("weighs_source", self.name, channel=channel.name, before=before, after=after)

    def take_in(
        self, kept: list[list[float]], said: list[Message], belief: int, falsehood: float, checked: bool | None
    ) -> float:
        """Update the straight or the crooked beliefs by a meeting and return its log predictive density."""
        honest, shaded = 0.0, 0.0
        for one, (_, message, noise) in zip(kept, said, strict=True):
            honest += hearing.honest_log_density(one, belief, message, noise * noise)
            shaded += hearing.shaded_log_density(one, belief, message, noise * noise)
        weight = hearing.shaded_weight(falsehood, honest, shaded) if checked is None else float(checked)
        for one, (_, message, noise) in zip(kept, said, strict=True):
            hearing.hear(one, belief, message, noise * noise, weight)
        return hearing.total_log_density(falsehood, honest, shaded)

    def weigh_check(self, channel: RunningChannel, false: bool) -> None:
        """Let a check move credibility, privately held trust in home, and how likely the channel is authorised."""
        setting = channel.parameters
        view = self.views[channel.name]
        before = logistic(self.credibility[channel.name])
        likely = hearing.expected_falsehood(before, setting.straight_falsehood, setting.crooked_falsehood)
        mandated = exposure.observed(false, likely * setting.sincere_false_share)
        other = exposure.observed(false, likely)
        factor = exposure.log_joint_factor(view.if_trustworthy, view.if_not, mandated, other, other, other)
        view.if_trustworthy = exposure.updated_share(view.if_trustworthy, mandated, other)
        view.if_not = exposure.updated_share(view.if_not, other, other)
        self.credibility[channel.name] += hearing.checked_log_odds(
            false, setting.straight_falsehood, setting.crooked_falsehood
        )
        self.talks.move_trust(self, channel.home, factor, "checks", public=False)

    def weigh_claim(self, channel: RunningChannel, claimed: bool) -> None:
        """Let a claim of escalation, or its absence, move the fear of escalation."""
        fear = self.talks.world.escalation
        credibility = logistic(self.credibility[channel.name])
        rate = fear.believed_claim_rate
        self.escalation += escalation.log_claim_factor(claimed, credibility, fear.claim_factor, rate)

    def know_from_the_start(self, channel: RunningChannel) -> None:
        """Know of a channel one belongs to: it may be authorised or not, and that moves no trust."""
        view = self.views[channel.name]
        view.informed = True
        view.if_trustworthy, view.if_not = channel.share(True, False), channel.share(False, False)

    def learn_of(self, channel: RunningChannel, cause: str) -> None:
        """Learn that a channel exists; a belligerent kept out of it draws its conclusions about home."""
        view = self.views[channel.name]
        record = channel.offer_on_record
        view.informed = True
        view.if_trustworthy, view.if_not = channel.share(True, record), channel.share(False, record)
        if self.fights:
            self.talks.move_trust(self, channel.home, channel.log_existence_factor(), cause)

    def weigh_denial(self, channel: RunningChannel, denied: bool) -> None:
        """Let a denial, or silence, move trust in home and how likely the channel is authorised."""
        setting, view = channel.parameters, self.views[channel.name]
        authorised = exposure.observed(denied, setting.believed_deny_authorised)
        freelance = exposure.observed(denied, setting.believed_deny_freelance)
        factor = exposure.log_joint_factor(
            view.if_trustworthy, view.if_not, authorised, freelance, authorised, freelance
        )
        view.if_trustworthy = exposure.updated_share(view.if_trustworthy, authorised, freelance)
        view.if_not = exposure.updated_share(view.if_not, authorised, freelance)
        self.talks.move_trust(self, channel.home, factor, "denies" if denied else "stays_silent")

    def position_at(self, other: Government, bluff: float) -> float:
        """Return how far toward the other's aims the state would go if its cost were understated by `bluff` prior sd.

        0 is its own aim, 1 the other's; -1 if it would not settle anywhere between.
        """
        cost = worth.stated_cost(self.cost, bluff, self.parameters.cost_sd)
        seats = [Seat(self, self.trust_in, cost=cost), Seat(other, other.public_trust_in)]
        sheet = Sheet(self.talks, seats, self.talks.table.guarantors)
        terms = [0.0] * len(self.aims)
        return positions.position(sheet.values, sheet.row(0), sheet.row(1), terms, 0)

    def positions(self, other: Government) -> tuple[float, float]:
        """Return the official position toward another state, and the private one."""
        return self.position_at(other, self.parameters.bluff), self.position_at(other, 0.0)
