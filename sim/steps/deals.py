"""What a deal is worth to a state: the sheet of a calculation, written as the state sees it, and the answers read off it.

The sheet (sim/search/sheet.py) has a row for each state whose view counts. Whose promises to guarantee count for everyone
is marked on the states before a sheet is written.
"""

from __future__ import annotations

from sim.numerics import power
from sim.rules import consent, keeping, settling, table, worth
from sim.search import deals, offers, positions
from sim.search.offers import DEAL
from sim.search.sheet import (
    COST,
    aims_at,
    row_at,
    weights_at,
    write_header,
    write_pledge,
    write_position,
    write_role,
    write_settling,
    write_side,
    write_sworn,
    write_threat,
)
from sim.steps import kinds
from sim.steps.exposure import State as Exposed
from sim.steps.trust import OWN, PUBLIC, PUBLIC_AFTER_DONE_DEAL

NOBODY_PROPOSES = -1


class Guarantee(kinds.Guarantee):
    """A promise, in the eyes of those who reckon with it."""

    def counts(self) -> bool:
        """Return whether the promise counts for everyone in this calculation."""
        return self.active and self.guarantor.promises_count

    def counts_for(self, state: State) -> bool:
        """Return whether the promise counts in the eyes of a state; its own always does."""
        return self.active and (self.guarantor is state or self.guarantor.promises_count)

    def write_pledge(self) -> None:
        """Write the promise on the sheet, with the effect it has in this deal if surely kept."""
        aim = self.beneficiary.on(self.issue).aim
        effect = keeping.sworn(self.effect, 1.0, self.counts())
        number = self.beneficiary.fighter_number()
        write_pledge(self.war.sheet, self.number, number, self.issue.number, aim, self.guarantor.number, effect)

    def write_sworn(self, at: int, state: State, view: int) -> None:
        """Write what the promise deters in a state's eyes and what it costs that state."""
        counts = self.counts_for(state)
        trusted, burden = 1.0, 0.0
        if self.guarantor is state:
            burden = keeping.burden_borne(self.burden, counts)
        else:
            trusted = state.trust_in(self.guarantor, view)
        write_sworn(self.war.sheet, at, self.number, keeping.sworn(self.effect, trusted, counts), burden)


class State(Exposed):
    """A government that judges deals."""

    def fighter_number(self) -> int:
        """Return which of the belligerents the state is, -1 if none."""
        place = 0
        for fighter in self.war.fighters:
            if fighter is self:
                return place
            place += 1
        return -1

    def betrayal_loss(self) -> float:
        """Return what a breach by an adversary costs the state (utility)."""
        if self.fights:
            return self.betrayal
        return 0.0

    def aspires_to(self, round_number: int, rounds: int) -> float:
        """Return what the state holds out for beyond fighting on at a round (utility)."""
        breakdown = self.war.table.breakdown
        return consent.aspiration(self.aspiration, self.cost_median, round_number, rounds, self.concession, breakdown)

    def is_outsider(self) -> bool:
        """Return whether a done deal is put to the state: kept out, it can block it or guarantees it."""
        return not self.is_seated and (self.blocking > 0.0 or self.has_promised())

    def has_promised(self) -> bool:
        """Return whether the state has promised a guarantee."""
        for guarantee in self.war.guarantees:
            if guarantee.active and guarantee.guarantor is self:
                return True
        return False

    def may_block(self) -> bool:
        """Return whether a proposer reckons with the refusal of the state, which is kept out."""
        return self.is_outsider() and self.believed_blocking > 0.0

    def write_row(self, row: int, view: int) -> None:
        """Write the state's row with the trust of a view; cost and role are for the caller."""
        sheet = self.war.sheet
        at = row_at(sheet, row)
        write_position(sheet, at, 0.0, self.weariness_now, self.war_worth, self.betrayal_loss())
        for issue in self.war.issues:
            stake = self.on(issue)
            sheet[weights_at(sheet, at) + issue.number] = stake.weight
            sheet[aims_at(sheet, at) + issue.number] = stake.aim
        place = 0
        for fighter in self.war.fighters:
            lapsing, openness = 0.0, 0.0
            if self.fears(fighter):
                lapsing = self.war.agreement.lapse(self.trust_in(fighter, view))
            if fighter is self or not self.fights:
                openness = keeping.open_to_attack(fighter.deterrence)
            write_threat(sheet, at, place, lapsing, openness)
            place += 1
        for guarantee in self.war.guarantees:
            guarantee.write_sworn(at, self, view)

    def write_own_row(self, row: int, cost: float, margin: float) -> None:
        """Write the row of the state in its own eyes: its own cost and its own trust."""
        self.write_row(row, OWN)
        at = row_at(self.war.sheet, row)
        self.war.sheet[at + COST] = cost
        write_role(self.war.sheet, at, 1.0, 0.0, 0.0, margin)

    def write_other_row(self, row: int, other: State, margin: float) -> None:
        """Write the row of another party at the table, in this state's eyes."""
        other.write_row(row, PUBLIC)
        mean, sd = self.estimate(other)
        write_role(self.war.sheet, row_at(self.war.sheet, row), 1.0, mean, sd, margin)

    def write_outside_row(self, row: int, other: State) -> None:
        """Write the row of a state kept out, as it will be when it faces a done deal."""
        other.write_row(row, PUBLIC_AFTER_DONE_DEAL)
        mean, sd = self.estimate(other)
        margin = consent.grievance_margin(other.grievance, other.cost_median)
        write_role(self.war.sheet, row_at(self.war.sheet, row), other.believed_blocking, mean, sd, margin)

    def margin_in(self, round_number: int, rounds: int) -> float:
        """Return the margin that a proposer reckons with for the state at a round."""
        aspired = self.aspires_to(round_number, rounds)
        return consent.margin_of_ratifier(aspired, self.ratifies, self.audience_cost, self.slack)

    def write_proposal(self, margin: float, round_number: int, rounds: int) -> None:
        """Write the sheet of what the state could propose; one kept out reckons as if it could."""
        self.war.count_promises_at_table()
        self.war.begin_sheet(self.rows_of_proposal(), 0)
        self.write_own_row(0, self.cost, margin)
        row = 1
        for other in self.war.states:
            if other is not self and other.is_seated:
                self.write_other_row(row, other, other.margin_in(round_number, rounds))
                row += 1
        for other in self.war.states:
            if other is not self and other.may_block():
                self.write_outside_row(row, other)
                row += 1

    def rows_of_proposal(self) -> int:
        """Return how many rows the sheet of a proposal has."""
        rows = 1
        for other in self.war.states:
            if other is not self and (other.is_seated or other.may_block()):
                rows += 1
        return rows

    def gains(self, least: float) -> bool:
        """Return whether talks promise a gain of `least` (own medians) at the last round's aspirations."""
        self.write_proposal(0.0, 1, 1)
        return offers.gain_reaches(self.war.sheet, table.least_gain(least, self.cost_median), self.war.work) > 0

    def own_gap(self, margin: float) -> float:
        """Return the gap, in the state's own eyes, of the deal laid out."""
        self.war.begin_sheet(1, NOBODY_PROPOSES)
        self.write_own_row(0, self.cost, margin)
        return deals.gap(self.war.sheet, row_at(self.war.sheet, 0), self.war.work, DEAL)

    def public_gap(self, margin: float) -> float:
        """Return the gap of the deal laid out for the state, as everyone reckons it."""
        self.war.begin_sheet(1, NOBODY_PROPOSES)
        self.write_row(0, PUBLIC)
        at = row_at(self.war.sheet, 0)
        write_role(self.war.sheet, at, 1.0, 0.0, 0.0, margin)
        return deals.gap(self.war.sheet, at, self.war.work, DEAL)

    def worth_of_deal(self) -> float:
        """Return V - r: what the deal laid out is worth to the state beyond fighting on (utility)."""
        self.war.begin_sheet(1, NOBODY_PROPOSES)
        self.write_own_row(0, self.cost, 0.0)
        return deals.surplus(self.war.sheet, row_at(self.war.sheet, 0), self.war.work, DEAL)

    def would_accept(self, gap: float) -> bool:
        """Return whether a deal with this gap is good enough for the state at its true cost."""
        return consent.accepts(self.cost, self.weariness_now, gap) > 0

    @property
    def official_cost(self) -> float:
        """The cost of war that the official position stands for (utility)."""
        return worth.stated_cost(self.cost, self.bluff, self.cost_sd)

    def position_at(self, other: State, bluff: float) -> float:
        """Return how far toward another's aims the state would go if its cost were understated by `bluff` prior sd.

        0 is its own aim, 1 the other's; -1 if it would not settle anywhere between.
        """
        self.war.count_promises_at_table()
        self.war.begin_sheet(2, NOBODY_PROPOSES)
        self.write_own_row(0, worth.stated_cost(self.cost, bluff, self.cost_sd), 0.0)
        other.write_row(1, PUBLIC)
        sheet = self.war.sheet
        return positions.position(sheet, row_at(sheet, 0), row_at(sheet, 1), self.war.work, DEAL)


class Agreement(kinds.Agreement):
    """What is believed of agreements, when deals are judged."""

    def believe_hazards(self) -> None:
        """Reckon how likely agreements are believed to be kept over the horizon."""
        calm, wild, weeks = self.believed_hazard_trustworthy, self.believed_hazard_untrustworthy, self.belief_horizon
        if self.settling > 0.0:
            rate = settling.rate_over(self.settling, weeks)
            self.kept_trustworthy = settling.kept(calm, rate)
            self.wild = wild * rate
        else:
            self.kept_trustworthy = power(1.0 - calm, weeks)
            self.kept_untrustworthy = power(1.0 - wild, weeks)
            self.wild = 0.0

    def lapse(self, trust: float) -> float:
        """Return how likely a state trusted so far would break if nothing deterred it, or is the type that would."""
        if self.settling > 0.0:
            return settling.lapse(trust)
        return keeping.lapse(trust, self.kept_untrustworthy)

    def write_settling(self) -> None:
        """Write on a sheet what is reckoned with where agreements settle."""
        if self.settling > 0.0:
            write_settling(self.war.sheet, self.kept_trustworthy, self.wild)


class War(kinds.War):
    """A war in which deals are judged."""

    def count_promises_at_table(self) -> None:
        """Let the promises of those at the table count for everyone."""
        for state in self.states:
            state.promises_count = state.is_seated

    def count_promises_made(self) -> None:
        """Let the promises of those who accepted the agreement count for everyone."""
        for state in self.states:
            state.promises_count = state.guarantees

    def begin_sheet(self, rows: int, proposer: int) -> None:
        """Write header, sides and pledges of a sheet."""
        write_header(
            self.sheet,
            self.issue_count,
            self.fighter_count,
            self.guarantee_count,
            rows,
            proposer,
            self.agreement.kept_trustworthy,
        )
        self.agreement.write_settling()
        place = 0
        for fighter in self.fighters:
            write_side(self.sheet, place, fighter.side)
            place += 1
        for guarantee in self.guarantees:
            guarantee.write_pledge()

    def lay_out_offer(self) -> None:
        """Lay out the offer on the table for calculations about it."""
        for issue in self.issues:
            self.work[DEAL + issue.number] = issue.offer

    def lay_out_terms(self) -> None:
        """Lay out the terms of the agreement in force for calculations about it."""
        for issue in self.issues:
            self.work[DEAL + issue.number] = issue.terms

    def check_deal(self) -> None:
        """Keep whether a deal that all prefer to war exists this week, if anyone asks and none was found before."""
        if self.deal_existed or not self.looks_for_deals:
            return
        rows = 0
        for state in self.states:
            state.promises_count = state.is_seated or state.blocking > 0.0
            if state.promises_count:
                rows += 1
        self.begin_sheet(rows, NOBODY_PROPOSES)
        row = 0
        for state in self.states:
            if state.promises_count:
                state.write_own_row(row, state.cost, 0.0)
                write_role(self.sheet, row_at(self.sheet, row), 1.0, state.log_cost, 0.0, 0.0)
                row += 1
        self.deal_existed = offers.deal_exists(self.sheet, self.work) > 0
