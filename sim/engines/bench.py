"""The table in the open engine: opening, rounds, consent, ratification, failure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim import chance
from sim.engines.sheets import Seat, Trusts
from sim.numerics import log, logistic
from sim.rules import consent, table

if TYPE_CHECKING:
    from sim.engines.agents import Government
    from sim.engines.model import Talks

IMPASSE, VETOED, NOT_RATIFIED = "impasse", "vetoed", "not_ratified"


@dataclass(slots=True)
class Agreement:
    """A deal in force: its terms, who guarantees it, who would spoil it, and for how many weeks it has held."""

    terms: list[float]
    signed: int
    guarantors: set[str]
    spoilers: list[Government]
    held: int = 0


class Bench:
    """The negotiating table: who sits there, how many rounds it has had and what has been seen at it."""

    def __init__(self, model: Talks) -> None:
        """Set a closed table in the model."""
        self.model = model
        self.is_open = False
        self.openings = 0
        self.opened = 0
        self.closed_until = 0
        self.clock = 0
        self.rounds_left = 0
        self.turn = 0
        self.fait_done = False
        self.started_over = False
        self.accepted_above: dict[str, float] = {}
        self.refused_below: dict[str, float] = {}

    @property
    def parties(self) -> list[Government]:
        """Return the states at the table, in the order of the scenario."""
        seated = self.model.world.table.parties
        return [state for state in self.model.governments.values() if state.name in seated]

    @property
    def outsiders(self) -> list[Government]:
        """Return the states kept out that a done deal is put to: those that can block it or guarantee it."""
        promised = {one.guarantor for one in self.model.world.guarantees.values() if one.active}
        seated = self.model.world.table.parties
        return [
            state
            for state in self.model.governments.values()
            if state.name not in seated and (state.parameters.blocking > 0.0 or state.name in promised)
        ]

    @property
    def blockers(self) -> list[Government]:
        """Return the states kept out whose refusal a proposer reckons with."""
        return [state for state in self.outsiders if state.parameters.believed_blocking > 0.0]

    @property
    def guarantors(self) -> set[str]:
        """Return the names of the parties: the promises made at the table count for everyone."""
        return set(self.model.world.table.parties)

    @property
    def proposers(self) -> list[Government]:
        """Return the parties that take turns to make offers."""
        return [state for state in self.parties if state.parameters.proposes]

    def is_cooling_off(self) -> bool:
        """Return whether a failed table stays closed this week."""
        return self.model.week < self.closed_until

    def trust_after_fait(self, outsider: Government, own: bool) -> Trusts:
        """Return the trust of a state kept out once it faces a done deal: its own, or as everyone takes it to be."""
        factor = 0.0 if self.fait_done else log(self.model.world.table.fait_accompli)
        parties = self.parties

        def trust(other: Government) -> float:
            odds = outsider.log_odds[other.name] if own else self.model.public_log_odds[outsider.name, other.name]
            return logistic(odds + factor if self.betrays(outsider, other, parties) else odds)

        return trust

    def betrays(self, outsider: Government, other: Government, parties: list[Government]) -> bool:
        """Return whether a done deal would move the trust of a state kept out in `other`."""
        return other in parties and not outsider.is_adversary_of(other)

    def negotiate(self) -> None:
        """Open if it is time and all would join; play a round if one is due."""
        model = self.model
        if model.agreement is not None:
            return
        if not self.is_open and not self.is_cooling_off():
            self.consider_opening()
        if self.is_open and table.round_due(model.week, self.opened, model.world.table.round_weeks):
            self.play_round()

    def consider_opening(self) -> None:
        """Open by decree, or attempt to open where all would join."""
        setting = self.model.world.table
        if setting.opens > 0 and self.openings == 0 and self.model.week >= setting.opens:
            self.model.check_deal()
            self.open("by decree")
        elif self.is_attempt_due():
            self.model.check_deal()
            if table.occurs(self.model.uniform(chance.CONVENING, chance.NOBODY), setting.convening):
                self.attempt()

    def is_attempt_due(self) -> bool:
        """Return whether the parties consider opening this week; before a decreed opening they do not."""
        setting = self.model.world.table
        awaited = setting.opens > 0 and self.openings == 0
        return not awaited and table.attempt_due(self.model.week, setting.attempt_weeks) > 0

    def attempt(self) -> None:
        """Ask the parties one after another and open if all join."""
        for party in self.parties:
            if not party.joins():
                self.model.note("stays_away", party.name)
                return
        self.open("all parties see a gain")

    def open(self, why: str) -> None:
        """Open the table and draw who proposes first."""
        model = self.model
        self.is_open = True
        self.openings += 1
        self.opened = model.week
        self.clock = 0
        self.rounds_left = model.world.table.max_rounds
        self.fait_done = False
        self.started_over = False
        self.accepted_above = {}
        self.refused_below = {}
        self.turn = table.place_in_turn(model.uniform(chance.FIRST_PROPOSER, chance.NOBODY), len(self.proposers))
        model.note("opens", "", why=why, parties=tuple(party.name for party in self.parties))

    def fail(self, reason: str) -> None:
        """Close the table for a while."""
        self.is_open = False
        self.closed_until = self.model.week + self.model.world.table.cooling_off_weeks
        self.model.fail(reason)

    def start_over(self) -> None:
        """Begin the rounds again when talks become known: aspirations are what they were, once an opening."""
        if self.is_open and not self.started_over:
            self.started_over = True
            self.clock = 0
            self.rounds_left = self.model.world.table.max_rounds
            self.model.note("starts_over", "")

    def play_round(self) -> None:
        """Let the next party make an offer, hear the answers, and sign if all consent."""
        model = self.model
        self.clock += 1
        self.rounds_left -= 1
        rounds = model.world.table.max_rounds
        proposers = self.proposers
        proposer = proposers[self.turn % len(proposers)]
        self.turn += 1
        terms = proposer.offer(self.clock, rounds)
        if terms is None:
            model.note("passes", proposer.name)
        else:
            model.note("offers", proposer.name, terms=tuple(terms), round=self.clock)
            if self.hear_answers(proposer, terms, rounds):
                self.conclude(terms)
        if self.is_open and self.rounds_left <= 0:
            self.fail(IMPASSE)

    def hear_answers(self, proposer: Government, terms: list[float], rounds: int) -> bool:
        """Return whether all others at the table accept; everyone there learns from the answers."""
        answers = []
        for party in self.parties:
            if party is not proposer:
                margin = party.aspiration(self.clock, rounds)
                own_gap = party.gap_of(terms, party.own_seat(margin))
                public_gap = party.gap_of(terms, Seat(party, party.public_trust_in, margin=margin))
                answers.append((party, party.accepts(own_gap), public_gap))
                kind = "accepts" if answers[-1][1] else "refuses"
                self.model.note(kind, party.name, proposer.name, gap=own_gap, cost=party.grown_cost)
        for party, accepted, public_gap in answers:
            self.spread(party, accepted, public_gap)
        return all(accepted for _, accepted, _ in answers)

    def spread(self, party: Government, accepted: bool, gap: float) -> None:
        """Let everyone at the table learn from an answer, if it tells more than those already seen."""
        if gap <= 0.0 or not party.parameters.shows_answers:
            return
        threshold = consent.log_threshold(gap, party.weariness(self.model.week))
        seen = self.accepted_above if accepted else self.refused_below
        known = seen.get(party.name)
        if known is not None and (threshold <= known if accepted else threshold >= known):
            return
        seen[party.name] = threshold
        for other in self.parties:
            if other is not party and other.parameters.sees_answers:
                other.learn(party, threshold, accepted)

    def conclude(self, terms: list[float]) -> None:
        """Put a deal that all at the table accept to those kept out and to parliaments, and sign it."""
        guarantors, spoilers = self.guarantors, []
        blocked = False
        for outsider in self.outsiders:
            accepted = self.put_to(outsider, terms)
            if accepted:
                guarantors.add(outsider.name)
            elif self.blocks(outsider):
                blocked = True
            elif outsider.parameters.blocking > 0.0:
                spoilers.append(outsider)
        self.fait_done = True
        if blocked:
            self.fail(VETOED)
        elif not self.is_ratified(terms):
            self.fail(NOT_RATIFIED)
        else:
            self.is_open = False
            self.model.sign(Agreement(terms, self.model.week, guarantors, spoilers))

    def put_to(self, outsider: Government, terms: list[float]) -> bool:
        """Return whether a state kept out accepts the done deal; facing it moves its trust, once a table."""
        if not self.fait_done:
            factor = self.model.world.table.fait_accompli
            for party in self.parties:
                if self.betrays(outsider, party, self.parties):
                    self.model.move_trust(outsider, party, log(factor), "faces a done deal")
        seat = Seat(outsider, outsider.trust_in, margin=outsider.grievance)
        gap = outsider.gap_of(terms, seat)
        accepted = outsider.accepts(gap)
        kind = "puts_up_with" if accepted else "rejects_done_deal"
        self.model.note(kind, outsider.name, gap=gap, cost=outsider.grown_cost)
        return accepted

    def blocks(self, outsider: Government) -> bool:
        """Return whether a state kept out that refuses the deal brings it down."""
        draw = self.model.uniform(chance.BLOCKING, outsider.address)
        blocks = table.occurs(draw, outsider.parameters.blocking) > 0
        if blocks:
            self.model.note("blocks", outsider.name)
        return blocks

    def is_ratified(self, terms: list[float]) -> bool:
        """Return whether every parliament that is asked passes the deal."""
        passed = True
        for party in self.parties:
            if party.parameters.ratifies:
                votes = party.ratifies(terms)
                self.model.note("ratifies" if votes else "votes_down", party.name)
                passed = passed and votes
        return passed
