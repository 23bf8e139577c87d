"""Pledges to join no table without another state: who is held back by one, and what is seen when a table opens."""

from __future__ import annotations

from sim.numerics import logistic
from sim.rules import pledges
from sim.steps import kinds, seats, trust
from sim.steps.table import State as Negotiating
from sim.steps.trust import PUBLIC_AFTER_DONE_DEAL


class State(Negotiating):
    """A government that has pledged something, or was pledged it."""

    def has_pledged(self, other: State) -> bool:
        """Return whether the state has pledged to join no table without another."""
        return self.toward(other).pledged

    def joins(self) -> bool:
        """Return whether the state would sit down this week, and no pledge holds it back."""
        for other in self.war.states:
            if self.has_pledged(other) and pledges.is_held_back(self.trustworthy, other.is_seated) > 0:
                self.war.note("holds_to_pledge", self, other)
                return False
        return super().joins()

    def is_betrayed_by(self, other: trust.State) -> bool:
        """Return whether a deal made without the state moves its trust in another; of one that pledged, the pledge does."""
        return super().is_betrayed_by(other) and not other.has_pledged(self)

    def trust_in(self, other: trust.State, view: int) -> float:
        """Return the state's probability that another is trustworthy; before a done deal it will know of a broken pledge."""
        if view == PUBLIC_AFTER_DONE_DEAL and other.is_seated and other.has_pledged(self):
            opinion = other.toward(self)
            if not opinion.pledge_met or opinion.pledge_hidden:
                return logistic(self.toward(other).public_odds + self.war.table.log_pledge_factor(False))
        return super().trust_in(other, view)

    def meet_pledge(self, other: State) -> None:
        """Sit at a table, for the first time since the pledge, with another or without; it sees that, or will."""
        opinion = self.toward(other)
        opinion.pledge_met = True
        if other.is_seated:
            other.see_pledge(self, True)
        elif self.war.table.is_hidden():
            opinion.pledge_hidden = True
        else:
            other.see_pledge(self, False)

    def see_pledge(self, other: State, seated: bool) -> None:
        """Draw conclusions about another that pledged a seat, from having one or none."""
        factor = self.war.table.log_pledge_factor(seated)
        self.move_trust(other, factor, "is seated as pledged" if seated else "is left out in spite of a pledge")


class Table(seats.Table):
    """A table to which pledges apply."""

    def log_pledge_factor(self, seated: bool) -> float:
        """Return the log Bayes factor of a seat, or none, for trust in the state that pledged it."""
        return pledges.log_pledge_factor(seated, self.believed_pledge_trustworthy, self.believed_pledge_untrustworthy)

    def open(self, why: str) -> None:
        """Open, and let those to whom a party pledged a seat draw their conclusions."""
        super().open(why)
        for state in self.war.states:
            for other in self.war.states:
                if state.is_seated and state.has_pledged(other) and not state.toward(other).pledge_met:
                    state.meet_pledge(other)


class Channel(seats.Channel):
    """A channel in which a pledge may be broken unseen."""

    def tell_outsiders(self, cause: str) -> None:
        """Let outsiders learn of the channel, and of pledges broken in it."""
        super().tell_outsiders(cause)
        if self.is_table:
            self.war.show_broken_pledges()


class War(kinds.War):
    """A war in which broken pledges become known."""

    def show_broken_pledges(self) -> None:
        """Let those left out at a hidden table see that now."""
        for state in self.states:
            for other in self.states:
                opinion = state.toward(other)
                if opinion.pledge_hidden:
                    opinion.pledge_hidden = False
                    other.see_pledge(state, False)
