"""Trust kept by somebody who reads the events of a replicate and knows the parameters, and nothing else of the engine.

Every Bayes factor is computed here from first principles: the joint probabilities of type and mandate of a channel, and
the observer's own probability of a breach in a week of an agreement.
"""

from dataclasses import dataclass, field
from math import exp, log, nan

from sim.parameters import World
from sim.scenario.load import Scenario
from sim.steps.events import Event

Likelihoods = dict[bool, tuple[float, float, float, float]]


def odds(probability: float) -> float:
    return log(probability / (1.0 - probability))


def chance(log_odds: float) -> float:
    return 1.0 / (1.0 + exp(-log_odds))


@dataclass
class Mandate:
    """P(authorised | type of home) of a channel, in the eyes of one observer."""

    if_trustworthy: float
    if_not: float

    def weigh(self, ta: float, tn: float, ua: float, un: float) -> float:
        """Take in something with these four likelihoods and return its Bayes factor of trust in home."""
        trustworthy = self.if_trustworthy * ta, (1.0 - self.if_trustworthy) * tn
        others = self.if_not * ua, (1.0 - self.if_not) * un
        self.if_trustworthy = trustworthy[0] / sum(trustworthy)
        self.if_not = others[0] / sum(others)
        return sum(trustworthy) / sum(others)


@dataclass
class Move:
    """What an event should do to trust.

    probability   of the event in the eyes of the observer just before, where it was one of two things that could happen
    otherwise     the Bayes factor the other of the two would have had
    """

    observer: str
    other: str
    factor: float
    probability: float = nan
    otherwise: float = nan


@dataclass
class TrustBook:
    """The expected moves of trust of a replicate, in their order."""

    scenario: Scenario
    events: list[Event]
    log_odds: dict[tuple[str, str], float] = field(default_factory=dict)
    mandates: dict[tuple[str, str], Mandate] = field(default_factory=dict)
    on_record: set[str] = field(default_factory=set)

    def __post_init__(self) -> None:
        for name, state in self.world(1).states.items():
            for other, view in state.toward.items():
                self.log_odds[name, other] = odds(view.trust)

    def world(self, week: int) -> World:
        """Return what holds in a week."""
        return [era.world for era in self.scenario.eras if era.start <= week][-1]

    def trust(self, observer: str, other: str) -> float:
        return chance(self.log_odds[observer, other])

    def apply(self, move: Move) -> Move:
        """Move trust and return the move."""
        self.log_odds[move.observer, move.other] += log(move.factor)
        return move

    # Channels

    def existence(self, week: int, channel: str) -> tuple[float, float, Mandate]:
        """Return the probability of a channel with its record for either type of home, and the mandates it leaves."""
        c = self.world(week).channels[channel]
        recorded = channel in self.on_record
        cells = []
        for authorised, offered in (
            (c.believed_authorised_trustworthy, c.believed_offer_trustworthy),
            (c.believed_authorised_untrustworthy, c.believed_offer_untrustworthy),
        ):
            sent = authorised * (offered if recorded else 1.0)
            own = c.believed_freelance * (c.believed_offer_freelance if recorded else 1.0)
            cells.append((sent, own))
        (ta, tn), (ua, un) = cells
        return ta + tn, ua + un, Mandate(ta / (ta + tn), ua / (ua + un))

    def learns(self, week: int, observer: str, channel: str) -> Move:
        """A belligerent learns that a channel exists."""
        if_trustworthy, if_not, self.mandates[observer, channel] = self.existence(week, channel)
        home = self.world(week).channels[channel].home
        return self.apply(Move(observer, home, if_trustworthy / if_not))

    def hears_answer(self, week: int, observer: str, channel: str, denied: bool) -> Move:
        """The home government denies an exposed channel, or says nothing."""
        c = self.world(week).channels[channel]
        a, f = c.believed_deny_authorised, c.believed_deny_freelance
        likelihoods = {True: (a, f, a, f), False: (1.0 - a, 1.0 - f, 1.0 - a, 1.0 - f)}
        return self.weighs(observer, channel, c.home, likelihoods, denied)

    def checks(self, week: int, observer: str, channel: str, false: bool, credibility: float) -> Move:
        """An audience asks home whether what it heard is true."""
        c = self.world(week).channels[channel]
        if (observer, channel) not in self.mandates:
            self.mandates[observer, channel] = self.from_the_start(week, channel)
        likely = credibility * c.straight_falsehood + (1.0 - credibility) * c.crooked_falsehood
        sent = likely * c.sincere_false_share
        likelihoods = {
            True: (sent, likely, likely, likely),
            False: (1.0 - sent, 1.0 - likely, 1.0 - likely, 1.0 - likely),
        }
        return self.weighs(observer, channel, c.home, likelihoods, false)

    def weighs(self, observer: str, channel: str, home: str, likelihoods: Likelihoods, seen: bool) -> Move:
        """Return the move of trust in home by one of two things that could be seen of a channel."""
        mandate, trust = self.mandates[observer, channel], self.trust(observer, home)
        otherwise = Mandate(mandate.if_trustworthy, mandate.if_not).weigh(*likelihoods[not seen])
        ta, tn, ua, un = likelihoods[seen]
        if_trustworthy = mandate.if_trustworthy * ta + (1.0 - mandate.if_trustworthy) * tn
        if_not = mandate.if_not * ua + (1.0 - mandate.if_not) * un
        probability = trust * if_trustworthy + (1.0 - trust) * if_not
        return self.apply(Move(observer, home, mandate.weigh(ta, tn, ua, un), probability, otherwise))

    def from_the_start(self, week: int, channel: str) -> Mandate:
        """A leg from the channel's first week knows of it, and nothing is on its record yet."""
        c = self.world(week).channels[channel]
        by_type = (c.believed_authorised_trustworthy, c.believed_authorised_untrustworthy)
        return Mandate(*(rho / (rho + c.believed_freelance) for rho in by_type))

    # Agreements

    def exposure(self, week: int, signed: Event, target: str, own: str, trusts: dict[str, float]) -> float:
        """Return 1 - d of a belligerent in the eyes of a state, for given trust in those who guarantee its safety."""
        world = self.world(week)
        terms = dict(zip(world.issues, signed.detail["terms"], strict=True))
        open_to_attack = 1.0 - world.states[target].deterrence
        for pledge in world.guarantees.values():
            counts = pledge.active and (pledge.guarantor in signed.detail["guarantors"] or pledge.guarantor == own)
            if pledge.beneficiary == target and counts:
                strength = 1.0 - abs(terms[pledge.issue] - world.states[target].aims[pledge.issue])
                open_to_attack *= 1.0 - pledge.effect * strength * trusts[pledge.guarantor]
        return open_to_attack

    def week_of_peace(self, week: int, signed: Event, breakers: set[str]) -> list[Move]:
        """Every other state draws its conclusions from each belligerent that kept or broke an agreement this week."""
        states = self.world(week).states
        fighters = [name for name, state in states.items() if state.side != "none"]
        moves = []
        for fighter in fighters:
            for observer in states:
                if observer != fighter:
                    moves += self.conclude(week, signed, observer, fighter, fighter in breakers)
        return moves

    def conclude(self, week: int, signed: Event, observer: str, fighter: str, broke: bool) -> list[Move]:
        """One state sees what a belligerent did in one week."""
        world = self.world(week)
        calm = world.agreement.believed_hazard_trustworthy
        wild = world.agreement.believed_hazard_untrustworthy
        trusts = {other: self.trust(observer, other) for other in world.states if other != observer} | {observer: 1.0}
        peaceful = ("none", world.states[fighter].side)
        enemies = [name for name, state in world.states.items() if state.side not in peaceful]
        target = max(enemies, key=lambda enemy: self.exposure(week, signed, enemy, observer, trusts))

        def breach(in_fighter: float, types: dict[str, float]) -> float:
            undeterred = self.exposure(week, signed, target, observer, trusts | types)
            return in_fighter * calm + (1.0 - in_fighter) * (calm + wild * undeterred)

        def move(other: str, if_trustworthy: float, if_not: float) -> Move:
            broken, kept = if_trustworthy / if_not, (1.0 - if_trustworthy) / (1.0 - if_not)
            total = breach(trusts[fighter], {})
            if broke:
                return Move(observer, other, broken, total, kept)
            return Move(observer, other, kept, 1.0 - total, broken)

        moves = [move(fighter, breach(1.0, {}), breach(0.0, {}))]
        promised = {p.guarantor for p in world.guarantees.values() if p.active and p.beneficiary == target}
        for name in world.states:
            if name != observer and name in promised and name in signed.detail["guarantors"]:
                by_type = [breach(trusts[fighter], {name: kept}) for kept in (1.0, 0.0)]
                moves.append(move(name, *by_type))
        return [self.apply(one) for one in moves]
