"""An agreement in force is kept, broken or spoiled, and everyone draws conclusions from what is seen."""

from __future__ import annotations

from sim import chance
from sim.rules import keeping, settling, table, trust
from sim.rules.outcomes import BROKEN, SUCCESS
from sim.search import deals
from sim.search.offers import DEAL
from sim.search.sheet import lapses_at, row_at, write_settling, write_sworn, write_threat
from sim.steps import deals as deals_steps
from sim.steps.deals import NOBODY_PROPOSES
from sim.steps.pledges import State as Negotiating
from sim.steps.table import War as Negotiated
from sim.steps.trust import OWN, PUBLIC, TRUTH


class Agreement(deals_steps.Agreement):
    """An agreement in force, of some age."""

    def breach_at(self, hazard: float, age: int) -> float:
        """Return the probability of a breach in the week after an age, at a hazard; the less the older, if they settle."""
        if self.settling > 0.0:
            return settling.breach(hazard, settling.rate_at(self.settling, age))
        return hazard

    def breach_this_week(self, hazard: float) -> float:
        """Return the probability of a breach this week at a hazard."""
        return self.breach_at(hazard, self.held)

    def breach_by_untrustworthy(self, calm: float, breach: float) -> float:
        """Return the believed probability of a breach this week by a state that is not trustworthy.

        calm     the same of one that is
        breach   `breach_of` its target on the sheet of this week
        """
        if self.settling > 0.0:
            return settling.seen_breach(calm, 1.0 - breach)
        return keeping.weekly_hazard(0.0, calm, self.believed_hazard_untrustworthy, breach)

    def write_week(self) -> None:
        """Write on a sheet what is reckoned with this week, where agreements settle."""
        if self.settling > 0.0:
            rate = settling.rate_at(self.settling, self.held)
            write_settling(self.war.sheet, self.kept_trustworthy, self.believed_hazard_untrustworthy * rate)


class State(Negotiating):
    """A government bound by an agreement, or watching those who are."""

    def write_watching_row(self, view: int) -> None:
        """Write the row of a state that watches: it cares for the safety of every belligerent."""
        self.war.begin_sheet(1, NOBODY_PROPOSES)
        self.write_row(0, view)
        sheet = self.war.sheet
        at, place = row_at(sheet, 0), 0
        for fighter in self.war.fighters:
            openness = keeping.open_to_attack(fighter.deterrence)
            write_threat(sheet, at, place, sheet[lapses_at(sheet, at) + place], openness)
            place += 1

    def write_own_promises(self) -> None:
        """Write on the sheet of a watching state that it knows whether it keeps its own promises."""
        sheet = self.war.sheet
        for guarantee in self.war.guarantees:
            if guarantee.guarantor is self:
                effect = keeping.sworn(guarantee.effect, self.trustworthy, guarantee.counts_for(self))
                write_sworn(sheet, row_at(sheet, 0), guarantee.number, effect, 0.0)

    def target_side(self) -> int:
        """Return the side that the state, a belligerent, would attack."""
        return 1 - self.side

    def hazard_now(self) -> float:
        """Return the hazard at which the state, a belligerent, breaks the terms laid out, types being what they are."""
        self.write_watching_row(TRUTH)
        sheet, setting = self.war.sheet, self.war.agreement
        exposure = deals.side_exposure(sheet, row_at(sheet, 0), self.target_side(), self.war.work, DEAL)
        return keeping.weekly_hazard(
            self.trustworthy, setting.hazard_trustworthy, setting.hazard_untrustworthy, exposure
        )

    def breaks(self) -> bool:
        """Return whether the state, a belligerent, breaks the agreement this week."""
        likely = self.war.agreement.breach_this_week(self.hazard_now())
        breaks = table.occurs(self.war.uniform(chance.BREACH, self.address, chance.NOBODY), likely) > 0
        if breaks:
            self.war.note("breaks", self, hazard=likely)
        return breaks

    def spoils(self) -> bool:
        """Return whether the state, which was overruled, spoils the agreement this week."""
        draw = self.war.uniform(chance.SPOILING, self.address, chance.NOBODY)
        spoils = table.occurs(draw, self.war.agreement.breach_this_week(self.war.agreement.spoiling)) > 0
        if spoils:
            self.war.note("spoils", self)
        return spoils

    def betrayal_expected(self) -> float:
        """Return the probability that others break the agreement in the week reckoned with, and the state does not."""
        kept = 1.0
        for fighter in self.war.fighters:
            if fighter is not self:
                kept = kept * (1.0 - fighter.breach)
        return (1.0 - self.breach) * (1.0 - kept)

    def take_in_deal(self) -> None:
        """Keep what the deal laid out is worth beyond war if it is kept, and what it costs; both count as they come."""
        self.war.begin_sheet(1, NOBODY_PROPOSES)
        self.write_own_row(0, self.cost, 0.0)
        sheet, work = self.war.sheet, self.war.work
        self.gain = deals.gain(sheet, row_at(sheet, 0), work, DEAL)
        self.burden = deals.burden(sheet, row_at(sheet, 0), work, DEAL)
        if self.war.agreement.followed:
            self.payoff = self.payoff - self.burden
        else:
            self.payoff = self.payoff + self.surplus

    def reckon_payoff(self) -> None:
        """Add what the deal just signed is expected to bring the state, as far as it is kept, lost or spoiled."""
        expected = self.war.agreement.chance_kept * self.gain - self.burden
        if self.fights:
            expected = expected - self.loss_expected * self.betrayal_loss()
        self.expected_payoff = self.expected_payoff + expected

    def is_betrayed(self) -> bool:
        """Return whether an adversary of the state breaks the agreement this week."""
        for fighter in self.war.fighters:
            if fighter.broke and self.is_adversary_of(fighter):
                return True
        return False

    def watch(self, fighter: State, view: int) -> None:
        """Move own, or publicly known, trust in a belligerent and in those who guarantee its target."""
        setting = self.war.agreement
        self.write_watching_row(view)
        setting.write_week()
        if setting.settling > 0.0 and view == OWN:
            self.write_own_promises()
        sheet, work = self.war.sheet, self.war.work
        at, broke = row_at(sheet, 0), fighter.broke
        target = deals.most_exposed(sheet, at, fighter.target_side(), work, DEAL)
        calm = setting.breach_this_week(setting.believed_hazard_trustworthy)
        trusted = self.trust_in(fighter, view)
        untrusted = setting.breach_by_untrustworthy(calm, deals.breach_of(sheet, at, target, work, DEAL))
        factor = trust.log_bayes_factor(trust.seen(broke, calm), trust.seen(broke, untrusted))
        self.conclude(fighter, view, broke, factor)
        for guarantor in self.war.states:
            if guarantor is not self and guarantor.protects(target):
                kept = deals.breach_if(sheet, at, target, guarantor.number, 1, work, DEAL)
                void = deals.breach_if(sheet, at, target, guarantor.number, 0, work, DEAL)
                if_kept = trust.mixed(trusted, calm, setting.breach_by_untrustworthy(calm, kept))
                if_void = trust.mixed(trusted, calm, setting.breach_by_untrustworthy(calm, void))
                factor = trust.log_bayes_factor(trust.seen(broke, if_kept), trust.seen(broke, if_void))
                self.conclude(guarantor, view, broke, factor)

    def conclude(self, other: State, view: int, broke: bool, log_factor: float) -> None:
        """Move own or publicly known trust in another by what was seen of an agreement."""
        if view == PUBLIC:
            self.move_public_trust(other, log_factor)
        else:
            self.move_own_trust(other, log_factor, "breaks" if broke else "keeps")

    def protects(self, target: int) -> bool:
        """Return whether the state's promise to protect a belligerent, by its number, counts in this agreement."""
        if not self.guarantees:
            return False
        for guarantee in self.war.guarantees:
            if guarantee.active and guarantee.guarantor is self and guarantee.beneficiary.fighter_number() == target:
                return True
        return False


class War(Negotiated):
    """A war that an agreement may end."""

    def keep(self) -> None:
        """Keep, break or spoil the agreement in force; trust moves by what is seen."""
        if not self.agreement.in_force:
            return
        self.count_promises_made()
        self.lay_out_terms()
        broken, spoiled = self.is_broken(), self.is_spoiled()
        for fighter in self.fighters:
            for observer in self.states:
                if observer is not fighter:
                    observer.watch(fighter, OWN)
                    observer.watch(fighter, PUBLIC)
        self.end_week_of_agreement(broken, spoiled)

    def is_broken(self) -> bool:
        """Return whether a belligerent breaks the agreement this week."""
        broken = False
        for state in self.fighters:
            state.broke = state.breaks()
            broken = broken or state.broke
        return broken

    def is_spoiled(self) -> bool:
        """Return whether a state that was overruled spoils the agreement this week."""
        spoiled = False
        for state in self.states:
            if state.may_spoil and state.spoils():
                spoiled = True
        return spoiled

    def end_week_of_agreement(self, broken: bool, spoiled: bool) -> None:
        """End the agreement if it was broken or spoiled; else count the week, and see whether it has held."""
        if broken or spoiled:
            self.charge(broken)
            self.agreement.in_force = False
            self.table.fail(BROKEN)
            return
        self.agreement.held += 1
        if self.agreement.held >= self.agreement.hold_weeks:
            self.outcome = SUCCESS
            self.note("holds", weeks=self.agreement.held)
            if self.agreement.followed:
                for state in self.states:
                    state.payoff = state.payoff + state.gain

    def follow_agreement(self) -> None:
        """Follow the agreement in force past the horizon, until it ends or has held; nothing else moves."""
        self.count_promises_made()
        self.lay_out_terms()
        while self.agreement.in_force and self.outcome == 0:
            self.week += 1
            broken, spoiled = self.is_broken(), self.is_spoiled()
            self.end_week_of_agreement(broken, spoiled)

    def charge(self, broken: bool) -> None:
        """Charge the loss: to those who kept it, or where it is not followed to those whose adversary broke it."""
        for state in self.fighters:
            if self.agreement.followed:
                bears = keeping.bears_breach(broken, state.broke) > 0
            else:
                bears = keeping.pays_for_breach(broken, state.is_betrayed()) > 0
            if bears:
                state.payoff = state.payoff - state.betrayal_loss()

    def sign(self) -> None:
        """Put the offer on the table in force, and reckon what will come of it, types and terms being what they are."""
        super().sign()
        self.lay_out_terms()
        for state in self.states:
            state.take_in_deal()
        for state in self.fighters:
            state.hazard = state.hazard_now()
        self.reckon_ahead()
        for state in self.states:
            state.reckon_payoff()

    def reckon_ahead(self) -> None:
        """Reckon how likely the agreement holds, and how likely each belligerent loses by a breach, week after week."""
        agreement = self.agreement
        alive = 1.0
        for state in self.fighters:
            state.loss_expected = 0.0
        for age in range(agreement.hold_weeks):
            unspoiled = 1.0
            for state in self.states:
                if state.may_spoil:
                    unspoiled = unspoiled * (1.0 - agreement.breach_at(agreement.spoiling, age))
            quiet = 1.0
            for state in self.fighters:
                state.breach = agreement.breach_at(state.hazard, age)
                quiet = quiet * (1.0 - state.breach)
            for state in self.fighters:
                betrayed = state.betrayal_expected() + quiet * (1.0 - unspoiled)
                state.loss_expected = state.loss_expected + alive * betrayed
            alive = alive * quiet * unspoiled
        agreement.chance_kept = alive
        self.expected_success = self.expected_success + alive
