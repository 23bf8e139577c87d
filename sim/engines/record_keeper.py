"""What is written down about one replicate in the open."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.engines.outcomes import FAILURES, givers_of, hearers_of
from sim.numerics import logistic

if TYPE_CHECKING:
    from sim.engines.agents import Government
    from sim.engines.bench import Agreement
    from sim.engines.model import Talks

FIRST_WEEK, LAST_WEEK = 27, 52


class Keeper:
    """The running record of a replicate; `row` gives its columns at the end."""

    def __init__(self, model: Talks) -> None:
        """Start an empty record."""
        self.model = model
        self.deal_existed = False
        self.last_failure = ""
        self.failures = dict.fromkeys(FAILURES, 0)
        self.agreements = 0
        self.first_opening = math.nan
        self.first_agreement = math.nan
        self.terms = [math.nan] * len(model.world.issues)
        self.surplus = dict.fromkeys(model.governments, 0.0)
        self.payoff = dict.fromkeys(model.governments, 0.0)
        self.perception_weeks = 0
        self.misperception = dict.fromkeys(model.public_log_odds, 0.0)
        self.calibration = dict.fromkeys(model.public_log_odds, 0.0)
        self.weeks_of_war = 0
        self.aid = dict.fromkeys(model.world.aid, 0.0)

    def record(self) -> None:
        """Add this week."""
        model = self.model
        if model.table.openings > 0 and math.isnan(self.first_opening):
            self.first_opening = float(model.week)
        if model.agreement is None:
            self.weeks_of_war += 1
            for name, aid in model.aid.items():
                self.aid[name] += aid
            if FIRST_WEEK <= model.week <= LAST_WEEK and self.agreements == 0:
                self._perceive()

    def _perceive(self) -> None:
        """Add how far off every state's belief about every other is now."""
        self.perception_weeks += 1
        for one, other in self.misperception:
            subject = self.model.governments[other]
            mean, sd = self.model.governments[one].estimate(subject)
            self.misperception[one, other] += abs(mean - subject.log_cost)
            self.calibration[one, other] += (mean - subject.log_cost) / sd

    def sign(self, agreement: Agreement) -> None:
        """Write down an agreement."""
        model = self.model
        if self.perception_weeks == 0:
            self._perceive()
        self.agreements += 1
        if math.isnan(self.first_agreement):
            self.first_agreement = float(model.week)
        self.terms = list(agreement.terms)
        for state in model.governments.values():
            self.surplus[state.name] = state.surplus(agreement.terms, agreement.guarantors)
            self.payoff[state.name] += self.surplus[state.name]

    def break_agreement(self, broken: list[Government]) -> None:
        """Charge the loss to belligerents whose adversary broke the agreement; to all where it was spoiled."""
        for state in self.model.fighters:
            if not broken or any(state.is_adversary_of(breaker) for breaker in broken):
                self.payoff[state.name] -= state.betrayal

    def fail(self, reason: str) -> None:
        """Write down a failure."""
        self.failures[reason] += 1
        self.last_failure = reason

    def finish(self) -> None:
        """Close the record."""
        if self.perception_weeks == 0:
            self._perceive()

    def row(self) -> dict[str, float | str]:
        """Return every column by name."""
        model = self.model
        success = model.outcome == "success"
        row: dict[str, float | str] = {
            "success": float(success),
            "outcome": model.outcome,
            "weeks_to_opening": self.first_opening,
            "weeks_to_agreement": self.first_agreement,
            "weeks_to_success": float(model.week) if success else math.nan,
            "openings": float(model.table.openings),
            "agreements": float(self.agreements),
            "deal_existed": float(self.deal_existed),
            "missed": float(self.deal_existed and self.agreements == 0),
            "futile": float(model.table.openings > 0 and not self.deal_existed),
            "front": model.front,
        }
        row |= {f"failures.{reason}": float(times) for reason, times in self.failures.items()}
        for (one, other), total in self.misperception.items():
            row[f"trust.{one}.{other}"] = logistic(model.governments[one].log_odds[other])
            row[f"misperception.{one}.{other}"] = total / self.perception_weeks
            row[f"calibration.{one}.{other}"] = self.calibration[one, other] / self.perception_weeks
        row |= {f"terms.{issue}": term for issue, term in zip(model.world.issues, self.terms, strict=True)}
        for state in model.governments:
            row |= {f"surplus.{state}": self.surplus[state], f"payoff.{state}": self.payoff[state]}
        row |= {f"aid.{name}": total / max(self.weeks_of_war, 1) for name, total in self.aid.items()}
        row |= {f"escalation.{state}": model.escalation_belief(state) for state in givers_of(model.world)}
        return row | self._channels()

    def _channels(self) -> dict[str, float | str]:
        """Return the columns about channels by name."""
        row: dict[str, float | str] = {}
        for name, channel in self.model.channels.items():
            row[f"meetings.{name}"] = float(channel.meetings)
            row[f"misrepresented.{name}"] = float(channel.misrepresented)
            row[f"checked.{name}"] = float(channel.checked)
            row[f"caught.{name}"] = float(channel.caught)
            row[f"exposed_week.{name}"] = float(channel.exposed_week) if channel.exposed_week else math.nan
        for name, state in hearers_of(self.model.world):
            row[f"credibility.{name}.{state}"] = logistic(self.model.governments[state].credibility[name])
        return row
