"""The negotiating table: it opens, parties offer and answer, those kept out face a done deal, parliaments vote."""

from __future__ import annotations

from sim import chance
from sim.numerics import log
from sim.rules import consent, convening, table
from sim.rules.outcomes import IMPASSE, NOT_RATIFIED, VETOED
from sim.search import offers
from sim.steps import kinds
from sim.steps.briefings import State as Meeting


class State(Meeting):
    """A government at the table, or kept out."""

    def joins(self) -> bool:
        """Return whether the state would sit down this week, out of interest or goodwill."""
        if table.occurs(self.war.uniform(chance.GOODWILL, self.address, chance.NOBODY), self.goodwill) > 0:
            return True
        return self.gains(self.table_cost)

    def takes_turns(self) -> bool:
        """Return whether the state takes its turn to make offers."""
        return self.is_seated and self.proposes

    def make_offer(self, round_number: int, rounds: int) -> bool:
        """Put the state's best offer on the table; return whether any reaches what it aspires to."""
        self.write_proposal(self.aspires_to(round_number, rounds), round_number, rounds)
        if offers.best_offer(self.war.sheet, self.war.work) <= offers.OUT_OF_REACH:
            return False
        for issue in self.war.issues:
            issue.offer = self.war.work[offers.BEST + issue.number]
        self.war.lay_out_offer()
        return True

    def answer(self, proposer: State, rounds: int) -> None:
        """Accept or refuse the offer on the table."""
        margin = self.aspires_to(self.war.table.clock, rounds)
        gap = self.own_gap(margin)
        self.accepted = self.would_accept(gap)
        self.answer_gap = self.public_gap(margin)
        cost = self.cost * self.weariness_now
        self.war.note("accepts" if self.accepted else "refuses", self, proposer, gap=gap, cost=cost)

    def tells_more(self, threshold: float) -> bool:
        """Return whether the state's answer is tighter than those of its kind already seen; keep it if so."""
        if self.accepted:
            if self.was_seen_to_accept and threshold <= self.accepted_above:
                return False
            self.accepted_above = threshold
            self.was_seen_to_accept = True
        else:
            if self.was_seen_to_refuse and threshold >= self.refused_below:
                return False
            self.refused_below = threshold
            self.was_seen_to_refuse = True
        return True

    def show_answer(self) -> None:
        """Let everyone at the table learn from the state's answer, if it tells more than those already seen."""
        if self.answer_gap <= 0.0 or not self.shows_answers:
            return
        threshold = consent.log_threshold(self.answer_gap, self.weariness_now)
        if not self.tells_more(threshold):
            return
        for other in self.war.states:
            if other is not self and other.is_seated and other.sees_answers:
                other.learn_answer(self, threshold, self.accepted)

    def face_done_deal(self) -> bool:
        """Return whether the state, kept out, accepts the done deal; facing it moves its trust, once a table."""
        if not self.war.table.was_put:
            factor = log(self.war.table.fait_accompli)
            for other in self.war.states:
                if self.is_betrayed_by(other):
                    self.move_trust(other, factor, "faces a done deal")
        gap = self.own_gap(consent.grievance_margin(self.grievance, self.cost_median))
        accepted = self.would_accept(gap)
        cost = self.cost * self.weariness_now
        self.war.note("puts_up_with" if accepted else "rejects_done_deal", self, gap=gap, cost=cost)
        return accepted

    def blocks(self) -> bool:
        """Return whether the state, kept out, brings down a deal that it refuses."""
        blocks = table.occurs(self.war.uniform(chance.BLOCKING, self.address, chance.NOBODY), self.blocking) > 0
        if blocks:
            self.war.note("blocks", self)
        return blocks

    def ratify(self) -> bool:
        """Return whether parliament passes the deal laid out."""
        shock = self.war.normal(chance.RATIFICATION, self.address, chance.NOBODY)
        passes = consent.ratified(self.worth_of_deal(), self.audience_cost, self.slack, self.domestic_sd, shock) > 0
        self.war.note("ratifies" if passes else "votes_down", self)
        return passes


class Table(kinds.Table):
    """The table, as it opens, works and closes."""

    def negotiate(self) -> None:
        """Open if it is time and all would join; play a round if one is due."""
        if self.war.agreement.in_force:
            return
        if not self.is_open and self.war.week >= self.closed_until:
            self.consider_opening()
        if self.is_open and table.round_due(self.war.week, self.opened, self.round_weeks) > 0:
            self.play_round()

    def consider_opening(self) -> None:
        """Open by decree, or attempt to open where all would join; before a decreed opening nobody attempts."""
        if self.opens > 0 and self.openings == 0:
            if self.war.week >= self.opens:
                self.war.check_deal()
                self.open("by decree")
        elif table.attempt_due(self.war.week, self.attempt_weeks) > 0:
            self.war.check_deal()
            draw = self.war.uniform(chance.CONVENING, chance.NOBODY, chance.NOBODY)
            likely = convening.bridged(self.convening, self.war.bridging_odds())
            if table.occurs(draw, likely) > 0 and self.all_join():
                self.open("all parties see a gain")

    def all_join(self) -> bool:
        """Return whether every party would sit down this week; they are asked one after another."""
        for state in self.war.states:
            if state.is_seated and not state.joins():
                self.war.note("stays_away", state)
                return False
        return True

    def open(self, why: str) -> None:
        """Open the table and draw who proposes first."""
        self.is_open = True
        self.openings += 1
        self.opened = self.war.week
        if self.war.first_opening == 0:
            self.war.first_opening = self.war.week
        self.clock = 0
        self.rounds_left = self.max_rounds
        self.was_put = False
        self.started_over = False
        for state in self.war.states:
            state.was_seen_to_accept = False
            state.was_seen_to_refuse = False
        draw = self.war.uniform(chance.FIRST_PROPOSER, chance.NOBODY, chance.NOBODY)
        self.turn = table.place_in_turn(draw, self.count_proposers())
        self.war.note("opens", why=why, parties=self.war.seated_names)

    def count_proposers(self) -> int:
        """Return how many parties take turns to make offers."""
        count = 0
        for state in self.war.states:
            if state.takes_turns():
                count += 1
        return count

    def proposer_at(self, turn: int) -> State:
        """Return the party whose turn it is."""
        left = turn
        for state in self.war.states:
            if state.takes_turns():
                if left == 0:
                    break
                left -= 1
        return state

    def start_over(self) -> None:
        """Begin the rounds again when talks become known: aspirations are what they were, once an opening."""
        if self.is_open and not self.started_over:
            self.started_over = True
            self.clock = 0
            self.rounds_left = self.max_rounds
            self.war.note("starts_over")

    def fail(self, reason: int) -> None:
        """Close the table for a while and keep why."""
        self.is_open = False
        self.closed_until = self.war.week + self.cooling_off_weeks
        self.war.ending(reason).times += 1
        self.war.last_failure = reason + 1
        self.war.note("fails", reason=self.war.failure_name(reason))

    def play_round(self) -> None:
        """Let the next party make an offer, hear the answers, and sign if all consent."""
        self.clock += 1
        self.rounds_left -= 1
        proposer = self.proposer_at(self.turn % self.count_proposers())
        self.turn += 1
        if proposer.make_offer(self.clock, self.max_rounds):
            self.war.note("offers", proposer, terms=self.war.offer_now, round=self.clock)
            if self.hear_answers(proposer, self.max_rounds):
                self.conclude()
            elif self.breaks_down():
                self.war.note("break_down")
                self.fail(IMPASSE)
        else:
            self.war.note("passes", proposer)
        if self.is_open and self.rounds_left <= 0:
            self.fail(IMPASSE)

    def breaks_down(self) -> bool:
        """Return whether the refusal of an offer ends the talks."""
        return table.occurs(self.war.uniform(chance.BREAKDOWN, chance.NOBODY, chance.NOBODY), self.breakdown) > 0

    def hear_answers(self, proposer: State, rounds: int) -> bool:
        """Return whether all others at the table accept; everyone there learns from the answers."""
        self.war.count_promises_at_table()
        agreed = True
        for state in self.war.states:
            if state is not proposer and state.is_seated:
                state.answer(proposer, rounds)
                agreed = agreed and state.accepted
        for state in self.war.states:
            if state is not proposer and state.is_seated:
                state.show_answer()
        return agreed

    def conclude(self) -> None:
        """Put a deal that all at the table accept to those kept out and to parliaments, and sign it."""
        blocked = False
        self.war.count_promises_at_table()
        for state in self.war.states:
            state.guarantees = state.is_seated
            state.may_spoil = False
        for state in self.war.states:
            if state.is_outsider():
                if state.face_done_deal():
                    state.guarantees = True
                elif state.blocks():
                    blocked = True
                elif state.blocking > 0.0:
                    state.may_spoil = True
        self.was_put = True
        if blocked:
            self.fail(VETOED)
        elif not self.is_ratified():
            self.fail(NOT_RATIFIED)
        else:
            self.is_open = False
            self.war.sign()

    def is_ratified(self) -> bool:
        """Return whether every parliament that is asked passes the deal."""
        passed = True
        for state in self.war.states:
            if state.is_seated and state.ratifies:
                votes = state.ratify()
                passed = passed and votes
        return passed


class War(kinds.War):
    """A war in which agreements are signed."""

    def negotiate(self) -> None:
        """Let the table open, play a round, sign or fail, unless the war is decided."""
        if self.outcome == 0:
            self.table.negotiate()

    def sign(self) -> None:
        """Put the offer on the table in force and write down what it leaves each state."""
        self.agreement.in_force = True
        self.agreement.held = 0
        for issue in self.issues:
            issue.terms = issue.offer
        self.note("signs", terms=self.terms_now, guarantors=self.guarantor_names)
        if self.perception_weeks == 0:
            self.measure_perception()
        self.agreements += 1
        if self.first_agreement == 0:
            self.first_agreement = self.week
        self.count_promises_made()
        for state in self.states:
            state.surplus = state.worth_of_deal()
