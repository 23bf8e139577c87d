"""Trust: who fights whom, what a state takes the trust of another to be, and how an event moves it.

Trust is kept twice: as the state itself holds it and as everyone takes it to be. A check in private moves the first alone.
"""

from __future__ import annotations

from sim.numerics import logistic
from sim.rules import trust
from sim.steps import kinds
from sim.steps.kinds import THIRD_PARTY

OWN, PUBLIC, PUBLIC_AFTER_DONE_DEAL, TRUTH = range(4)


class State(kinds.State):
    """A government that trusts others more or less."""

    @property
    def fights(self) -> bool:
        """Whether the state is a belligerent."""
        return self.side < THIRD_PARTY

    def is_adversary_of(self, other: State) -> bool:
        """Return whether the two fight each other."""
        return self.fights and other.fights and self.side != other.side

    def supports(self, other: State) -> bool:
        """Return whether the state arms another or has promised to defend it."""
        for flow in self.war.flows:
            if flow.active and flow.giver is self and flow.recipient is other:
                return True
        for guarantee in self.war.guarantees:
            if guarantee.active and guarantee.guarantor is self and guarantee.beneficiary is other:
                return True
        return False

    def fears(self, fighter: State) -> bool:
        """Return whether a breach by a belligerent would matter to this state's view of a deal."""
        return fighter is not self and (self.is_adversary_of(fighter) or not self.fights)

    def trust_in(self, other: State, view: int) -> float:
        """Return the state's probability that another is trustworthy, by one of the views OWN .. TRUTH."""
        if view == TRUTH:
            return other.trustworthy
        opinion = self.toward(other)
        if view == OWN:
            return logistic(opinion.log_odds)
        if view == PUBLIC_AFTER_DONE_DEAL and not self.war.table.was_put and self.is_betrayed_by(other):
            return logistic(trust.after_done_deal(opinion.public_odds, self.war.table.fait_accompli))
        return logistic(opinion.public_odds)

    def is_betrayed_by(self, other: State) -> bool:
        """Return whether a deal made without the state moves its trust in another: a party it does not fight."""
        return other.is_seated and not self.is_adversary_of(other)

    def move_trust(self, other: State, log_factor: float, cause: str) -> None:
        """Move the state's trust in another, and what everyone takes it to be, by a public event."""
        self.move_public_trust(other, log_factor)
        self.move_own_trust(other, log_factor, cause)

    def move_public_trust(self, other: State, log_factor: float) -> None:
        """Move what everyone takes the state's trust in another to be."""
        opinion = self.toward(other)
        opinion.public_odds = opinion.public_odds + log_factor

    def move_own_trust(self, other: State, log_factor: float, cause: str) -> None:
        """Move the state's own trust in another by something that the public does not see."""
        opinion = self.toward(other)
        before = opinion.log_odds
        opinion.log_odds = before + log_factor
        self.war.note(
            "trust_moves",
            self,
            other,
            cause,
            log_factor=log_factor,
            before=logistic(before),
            after=logistic(opinion.log_odds),
        )
