"""Trust kept by somebody who reads the events of a replicate and knows the parameters, and nothing else of the engine.

Every Bayes factor is computed here from first principles: the joint probabilities of type and mandate of a channel, and
the observer's own probability of a breach in a week of an agreement.
"""

from dataclasses import dataclass, field
from math import exp, log

from sim.engines.events import Event
from sim.parameters import World
from sim.scenario import Scenario


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
    """What an event should do to trust, and what the observer thought of it before."""

    observer: str
    other: str
    factor: float
    expected_after: float = float("nan")  # trust averaged over the event and its complement, where that was foreseen
    before: float = float("nan")


@dataclass
class TrustBook:
    """The expected moves of trust of a replicate, in their order."""

    scenario: Scenario
    events: list[Event]
    log_odds: dict[tuple[str, str], float] = field(default_factory=dict)
    mandates: dict[tuple[str, str], Mandate] = field(default_factory=dict)
    on_record: set[str] = field(default_factory=set)
    faced: set[str] = field(default_factory=set)
    met: set[str] = field(default_factory=set)

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
        mandate = self.mandates[observer, channel]
        ends, before = 0.0, self.trust(observer, c.home)
        for answer in (True, False):
            a = c.believed_deny_authorised if answer else 1.0 - c.believed_deny_authorised
            f = c.believed_deny_freelance if answer else 1.0 - c.believed_deny_freelance
            ends += self.share_expected(before, mandate, (a, f, a, f))
        a = c.believed_deny_authorised if denied else 1.0 - c.believed_deny_authorised
        f = c.believed_deny_freelance if denied else 1.0 - c.believed_deny_freelance
        return self.apply(Move(observer, c.home, mandate.weigh(a, f, a, f), ends, before))

    def checks(self, week: int, observer: str, channel: str, false: bool, credibility: float) -> Move:
        """An audience asks home whether what it heard is true."""
        c = self.world(week).channels[channel]
        if (observer, channel) not in self.mandates:
            self.mandates[observer, channel] = self.from_the_start(week, channel)
        mandate = self.mandates[observer, channel]
        likely = credibility * c.straight_falsehood + (1.0 - credibility) * c.crooked_falsehood
        ends, before = 0.0, self.trust(observer, c.home)
        for found in (True, False):
            ends += self.share_expected(before, mandate, self.check_likelihoods(found, likely, c.sincere_false_share))
        factor = mandate.weigh(*self.check_likelihoods(false, likely, c.sincere_false_share))
        return self.apply(Move(observer, c.home, factor, ends, before))

    @staticmethod
    def check_likelihoods(false: bool, likely: float, sincere: float) -> tuple[float, float, float, float]:
        other = likely if false else 1.0 - likely
        return (likely * sincere if false else 1.0 - likely * sincere), other, other, other

    def from_the_start(self, week: int, channel: str) -> Mandate:
        """A leg from the channel's first week knows of it, and nothing is on its record yet."""
        c = self.world(week).channels[channel]
        by_type = (c.believed_authorised_trustworthy, c.believed_authorised_untrustworthy)
        return Mandate(*(rho / (rho + c.believed_freelance) for rho in by_type))

    @staticmethod
    def share_expected(trust: float, mandate: Mandate, likelihoods: tuple[float, float, float, float]) -> float:
        """Return P(seen and trustworthy): one part of the expectation of trust after something or its complement."""
        ta, tn, _, _ = likelihoods
        return trust * (mandate.if_trustworthy * ta + (1.0 - mandate.if_trustworthy) * tn)

    # Agreements

    def exposure(self, week: int, signed: Event, target: str, trusts: dict[str, float]) -> float:
        """Return 1 - d of a belligerent, for given trust in those who guarantee its safety."""
        world = self.world(week)
        terms = dict(zip(world.issues, signed.detail["terms"], strict=True))
        open_to_attack = 1.0 - world.states[target].deterrence
        for pledge in world.guarantees.values():
            counts = pledge.active and (pledge.guarantor in signed.detail["guarantors"] or trusts[pledge.guarantor] == 1.0)
            if pledge.beneficiary == target and counts:
                aim = world.states[target].aims[pledge.issue]
                strength = 1.0 - abs(terms[pledge.issue] - aim)
                open_to_attack *= 1.0 - pledge.effect * strength * trusts[pledge.guarantor]
        return open_to_attack

    def week_of_peace(self, week: int, signed: Event, breakers: set[str]) -> list[Move]:
        """Every other state draws its conclusions from each belligerent that kept or broke an agreement this week."""
        world = self.world(week)
        fighters = [name for name, state in world.states.items() if state.side != "none"]
        moves = []
        for fighter in fighters:
            for observer in world.states:
                if observer != fighter:
                    moves += self.conclude(week, signed, observer, fighter, fighter in breakers)
        return moves

    def conclude(self, week: int, signed: Event, observer: str, fighter: str, broke: bool) -> list[Move]:
        """One state sees what a belligerent did in one week."""
        world = self.world(week)
        calm = world.agreement.believed_hazard_trustworthy
        wild = world.agreement.believed_hazard_untrustworthy
        trusts = {other: self.trust(observer, other) for other in world.states if other != observer} | {observer: 1.0}
        enemies = [
            name
            for name, state in world.states.items()
            if state.side not in ("none", world.states[fighter].side)
        ]
        target = max(enemies, key=lambda enemy: self.exposure(week, signed, enemy, trusts))

        def breach(types: dict[str, float], trust: float) -> float:
            undeterred = self.exposure(week, signed, target, trusts | types)
            return trust * calm + (1.0 - trust) * (calm + wild * undeterred)

        def ratio(if_one: float, if_other: float) -> float:
            return if_one / if_other if broke else (1.0 - if_one) / (1.0 - if_other)

        trust = trusts[fighter]
        total = breach({}, trust)
        moves = [self.foreseen(observer, fighter, ratio, breach({}, 1.0), breach({}, 0.0), total)]
        guarantors = [
            name
            for name in world.states
            if name != observer
            and name in signed.detail["guarantors"]
            and any(p.active and p.guarantor == name and p.beneficiary == target for p in world.guarantees.values())
        ]
        for name in guarantors:
            kept, void = breach({name: 1.0 - 1e-16}, trust), breach({name: 0.0}, trust)
            moves.append(self.foreseen(observer, name, ratio, kept, void, trusts[name] * kept + (1.0 - trusts[name]) * void))
        return [self.apply(move) for move in moves]

    def foreseen(self, observer, other, ratio, if_trustworthy, if_not, total) -> Move:
        """Return a move with the expectation of trust over a breach (of this total probability) and none."""
        before = self.trust(observer, other)
        after_breach = before * if_trustworthy / total if total > 0.0 else before
        after_none = before * (1.0 - if_trustworthy) / (1.0 - total)
        expected = total * after_breach + (1.0 - total) * after_none
        return Move(observer, other, ratio(if_trustworthy, if_not), expected, before)
