"""How much each parameter of a space explains: of outcomes, of contrasts, and of the effects that claims rest on."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

import numpy as np

from sim.errors import SimError
from sim.plain import plain_data
from sim.study.claims.spaces import places_of, quick
from sim.study.claims.verdicts import LineResults, Source
from sim.study.design.claim_file import DIFFERENCE
from sim.study.design.experiments import Experiment
from sim.study.design.points import Factor
from sim.study.play.paired import paired
from sim.study.statistics.estimates import Estimate
from sim.study.statistics.sensitivity import Influence, Outcome, at_place, influences, share_of_chance


class Question(NamedTuple):
    """Whose variance over the places is asked about.

    points       a scenario; two, for the second less the first; or four, for a difference of differences
    running_at   only replicates in which none had signed before this week; 0: all
    asked_by     the claim and the row that rest on it, if one does
    """

    outcome: str
    points: tuple[str, ...]
    running_at: int = 0
    asked_by: tuple[str, ...] = ()


@dataclass(frozen=True)
class Sensitivity:
    """How much each parameter explains of what a question asks about.

    places       how many places it rests on
    chance       the share of the variance over places and replicates that is chance alone
    influences   the parameters that the scenarios have: those told from chance first, the strongest of them in front
    """

    question: Question
    places: int
    chance: Estimate
    influences: tuple[Influence, ...]

    @property
    def told(self) -> list[Influence]:
        """The parameters that are told from chance, the strongest first."""
        return [influence for influence in self.influences if influence.told]

    def to_dict(self) -> dict[str, Any]:
        """Return it as plain data."""
        data: dict[str, Any] = plain_data(
            {
                "outcome": self.question.outcome,
                "points": self.question.points,
                "asked_by": self.question.asked_by,
                "places": self.places,
                "chance": self.chance,
                "influences": self.influences,
            }
        )
        return data


def questions_of(experiment: Experiment) -> list[Question]:
    """Return what an experiment over a space asks about: the effects its claims rest on.

    Without claims, these are its outcomes in each scenario and in each pair that a contrast sets apart.
    """
    if experiment.claims:
        return [
            Question(row.outcome, row.points, row.running_at, (claim.id, row.name))
            for claim in experiment.claims.values()
            for row in claim.rows
            if row.counts and row.scale == DIFFERENCE
        ]
    labels = {point.name: point.label for point in experiment.points}
    pairs = dict.fromkeys((labels[a], labels[b]) for a, b in experiment.contrasts.values())
    asked = [*((label,) for label in experiment.scenarios), *pairs]
    return [Question(outcome, points) for outcome in experiment.outcomes for points in asked]


def sensitivities(source: Source, questions: Sequence[Question]) -> list[Sensitivity]:
    """Return how much each parameter explains of what is asked about, over the places of a space."""
    source, experiment = quick(source), source.experiment
    lines = places_of(experiment)
    if not lines:
        raise SimError(f'{experiment.document.label}: its design has no places; write design = "space"')
    found: list[list[tuple[float, ...]]] = [[] for _ in questions]
    for line in lines:
        results = LineResults(source, experiment.rows[line])
        for question, at_places in zip(questions, found, strict=True):
            at_places.append(_answer(results, question))
    return [_sensitivity(experiment, lines, question, rows) for question, rows in zip(questions, found, strict=True)]


def _answer(results: LineResults, question: Question) -> tuple[float, ...]:
    """Return what is asked about at one place."""
    pairs = paired([results.result(label) for label in question.points])
    if question.running_at:
        pairs = pairs.running_at(question.running_at)
    return at_place(pairs.change(question.outcome).astype(np.float64), pairs.values("replicate")[0])


def _sensitivity(
    experiment: Experiment, lines: Sequence[int], question: Question, at_places: Sequence[tuple[float, ...]]
) -> Sensitivity:
    """Return the answer to one question, over the places at which there is one."""
    table = np.array(at_places)
    there = [place for place, is_there in enumerate(np.isfinite(table).all(axis=1)) if is_there]
    outcome = Outcome(*table[there].T)
    names = [name for name in experiment.factors if any(name in experiment.held[label] for label in question.points)]
    rows = [experiment.rows[lines[place]] for place in there]
    values = {name: [_rank(experiment.factors[name], row.values[name]) for row in rows] for name in names}
    found = influences(values, outcome, experiment.seed)
    return Sensitivity(question, len(outcome), share_of_chance(outcome, experiment.seed), tuple(found))


def _rank(factor: Factor, value: Any) -> float:
    """Return what a factor's values are ordered by: themselves, or their place in its list."""
    return float(factor.values.index(value)) if factor.values else float(value)
