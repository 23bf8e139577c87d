"""How the open engine writes the sheet that a calculation about a deal reads (sim/search/sheet.py)."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.rules import keeping
from sim.search.offers import work_size
from sim.search.sheet import (
    aims_at,
    row_at,
    sheet_size,
    weights_at,
    write_header,
    write_pledge,
    write_position,
    write_role,
    write_side,
    write_sworn,
    write_threat,
)

if TYPE_CHECKING:
    from sim.engines.agents import Government
    from sim.engines.model import Talks

Trusts = Callable[["Government"], float]


@dataclass(frozen=True, slots=True)
class Seat:
    """One row of a sheet: a state, the trust it is taken to hold, and its part in the calculation.

    trusts     its probability that another state is trustworthy, from whichever view the calculation takes
    watching   whether it cares for every fighter's safety (third parties, observers) or only for its own
    """

    state: Government
    trusts: Trusts
    blocking: float = 1.0
    mean: float = 0.0
    sd: float = 0.0
    cost: float = 0.0
    margin: float = 0.0
    watching: bool = False


class Sheet:
    """A sheet and its workspace, as lists of floats."""

    def __init__(self, model: Talks, seats: Iterable[Seat], guarantors: set[str], proposer: int = -1) -> None:
        """Write the sheet for `seats`; the promises of `guarantors` count for everyone, others' only for themselves."""
        self.seats = list(seats)
        issues, fighters, pledges = len(model.world.issues), len(model.fighters), len(model.world.guarantees)
        self.values = [0.0] * sheet_size(issues, fighters, pledges, len(self.seats))
        self.work = [0.0] * work_size(len(self.seats))
        write_header(self.values, issues, fighters, pledges, len(self.seats), proposer, model.kept_trustworthy)
        for number, fighter in enumerate(model.fighters):
            write_side(self.values, number, fighter.side_number)
        self._write_pledges(model, guarantors)
        for row, seat in enumerate(self.seats):
            self._write_row(model, row_at(self.values, row), seat, guarantors)

    def row(self, number: int) -> int:
        """Return where a row starts."""
        return row_at(self.values, number)

    def _write_pledges(self, model: Talks, guarantors: set[str]) -> None:
        """Write every guarantee, with the effect it has in this deal if surely kept."""
        for number, guarantee in enumerate(model.world.guarantees.values()):
            beneficiary = model.governments[guarantee.beneficiary]
            counts = 1.0 if guarantee.active and guarantee.guarantor in guarantors else 0.0
            issue = model.issue_numbers[guarantee.issue]
            write_pledge(
                self.values,
                number,
                model.fighters.index(beneficiary),
                issue,
                beneficiary.aims[issue],
                model.governments[guarantee.guarantor].number,
                keeping.sworn(guarantee.effect, 1.0, counts),
            )

    def _write_row(self, model: Talks, at: int, seat: Seat, guarantors: set[str]) -> None:
        """Write one row."""
        state = seat.state
        weariness = state.weariness(model.week)
        write_position(self.values, at, seat.cost, weariness, state.war_utility(), state.betrayal)
        write_role(self.values, at, seat.blocking, seat.mean, seat.sd, seat.margin)
        for issue in range(len(state.aims)):
            self.values[weights_at(self.values, at) + issue] = state.weights[issue]
            self.values[aims_at(self.values, at) + issue] = state.aims[issue]
        for number, fighter in enumerate(model.fighters):
            lapsing, openness = 0.0, 0.0
            if state.fears(fighter):
                lapsing = keeping.lapse(seat.trusts(fighter), model.kept_untrustworthy)
            if seat.watching or fighter is state or not state.fights:
                openness = keeping.open_to_attack(fighter.parameters.deterrence)
            write_threat(self.values, at, number, lapsing, openness)
        for number, guarantee in enumerate(model.world.guarantees.values()):
            own = guarantee.guarantor == state.name
            counts = 1.0 if guarantee.active and (own or guarantee.guarantor in guarantors) else 0.0
            trust = 1.0 if own else seat.trusts(model.governments[guarantee.guarantor])
            burden = guarantee.burden * counts if own else 0.0
            write_sworn(self.values, at, number, keeping.sworn(guarantee.effect, trust, counts), burden)
