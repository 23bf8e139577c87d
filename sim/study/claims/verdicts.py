"""The ledger: what the model says of each claim, row by row, and how sure that is.

Verdict (a), at the first line of the design, where the parameters are those of the scenarios. A row is

    supported      its interval lies beyond the smallest effect that matters, in the direction claimed
    contradicted   beyond it in the other direction
    negligible     between the two
    not resolved   none of these: more replicates would tell

and a row of non-inferiority is supported if its interval leaves out a loss of the smallest effect. A claim is supported
if all its rows are, contradicted if any is, otherwise not resolved if any row is not, else negligible. The rows of a claim
are judged together (Holm): the more rows, the more each has to show. A claim that says in which share of the space it holds
is about the space: its effects are told, and neither it nor its rows have a verdict at one place.

Verdict (b), over the other lines of the design, is in sim.study.claims.spaces.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Protocol

from sim.plain import plain_data
from sim.steps.columns import OF_DEALS
from sim.study.design.claim_file import LOG_ODDS, NON_INFERIORITY, AskedClaim, AskedRow
from sim.study.design.experiments import Experiment
from sim.study.design.points import Point, Row
from sim.study.play.contrasts import Contrast, SharesMoved, contrast
from sim.study.play.paired import Paired, paired
from sim.study.play.replicates import Progress, progress_within, run
from sim.study.play.results import Result
from sim.study.statistics.effects import Effect, holm, holm_levels
from sim.study.statistics.estimates import LEVEL, Estimate

SUPPORTED, CONTRADICTED = "supported", "contradicted"
NEGLIGIBLE, NOT_RESOLVED = "negligible", "not resolved"
ABOUT_SPACE = "about the space"  # in place of a verdict
VERDICTS = (SUPPORTED, CONTRADICTED, NEGLIGIBLE, NOT_RESOLVED, ABOUT_SPACE)
FOLLOWS = "follows from assumption: size only"
_FEW_LINES = 4  # so many lines beside the first are told row by row
_DEAL, _MISSED, _FUTILE = OF_DEALS


class Source(Protocol):
    """Where results come from: a result folder, or runs kept in memory."""

    @property
    def experiment(self) -> Experiment:
        """The experiment that was played."""

    def result(self, name: str) -> Result:
        """Return the result of a point."""


@dataclass(frozen=True)
class Runs:
    """Results kept in memory, by the name of the point."""

    experiment: Experiment
    results: Mapping[str, Result] = field(repr=False)

    def result(self, name: str) -> Result:
        """Return the result of a point."""
        return self.results[name]


@dataclass(frozen=True)
class Beside:
    """What is shown beside a row on success.

    within     the same effect where, in the first twin, a deal existed that was better for all
    missed     the effect on the share in which a deal existed and none was signed
    futile     the effect on the share in which talks opened though no deal existed
    moved      shares helped and harmed, with what the shares of success alone allow
    placebo    the same under a change that means nothing
    """

    within: Estimate
    missed: Estimate
    futile: Estimate
    moved: SharesMoved | None
    placebo: SharesMoved | None


@dataclass(frozen=True)
class RowVerdict:
    """What the model says of one row.

    effect     the effect with its 95 % interval
    deciding   the same with the interval that decides, wider where a claim has several rows (Holm)
    p_value    how often chance alone would give a verdict as sure as this one; adjusted for the claim's rows
    share_kept   of the replicates that all finished, the share that the row's condition keeps
    elsewhere  by the other lines of a design with few: the effect there, with its 95 % interval
    owed       by the same lines: the effect on success here less that there, so what success owes to the difference
    """

    asked: AskedRow = field(repr=False)
    verdict: str
    effect: Estimate
    deciding: Estimate
    p_value: float
    share_kept: float
    beside: Beside | None = field(repr=False)
    elsewhere: Mapping[str, Estimate] = field(repr=False)
    owed: Mapping[str, Estimate] = field(repr=False)

    @property
    def name(self) -> str:
        """The row's name in the file."""
        return self.asked.name

    @property
    def points(self) -> tuple[str, ...]:
        """The scenarios that are set against each other."""
        return self.asked.points

    @property
    def outcome(self) -> str:
        """The column that is compared."""
        return self.asked.outcome

    @property
    def direction(self) -> str:
        """The direction claimed: higher or lower."""
        return self.asked.direction

    @property
    def kind(self) -> str:
        """Superiority or non-inferiority."""
        return self.asked.kind

    @property
    def smallest_effect(self) -> float:
        """The smallest effect that matters."""
        return self.asked.smallest

    @property
    def sign_fixed_by(self) -> tuple[str, ...]:
        """The inequalities that alone fix the sign, none where the model leaves it open."""
        return self.asked.sign_fixed_by

    @property
    def counts(self) -> bool:
        """Whether the row counts for the claim."""
        return self.asked.counts

    def to_dict(self) -> dict[str, Any]:
        """Return the row as plain data."""
        row: dict[str, Any] = {
            "name": self.name,
            "points": self.points,
            "outcome": self.outcome,
            "direction": self.direction,
            "kind": self.kind,
            "scale": self.asked.scale,
            "smallest_effect": self.smallest_effect,
            "counts": self.counts,
            "verdict": self.verdict,
            "effect": self.effect,
            "deciding": self.deciding,
            "p_value": self.p_value,
            "share_kept": self.share_kept,
            "sign_fixed_by": self.sign_fixed_by,
            "note": self.asked.note,
        }
        if self.beside is not None:
            row["beside"] = self.beside
        if self.elsewhere:
            row |= {"elsewhere": self.elsewhere, "success_owed": self.owed}
        data: dict[str, Any] = plain_data(row)
        return data


@dataclass(frozen=True)
class ClaimVerdict:
    """What the model says of one claim."""

    asked: AskedClaim = field(repr=False)
    verdict: str
    rows: tuple[RowVerdict, ...] = field(repr=False)
    space: Any = field(default=None, repr=False)

    @property
    def id(self) -> str:
        """The claim's id in the file."""
        return self.asked.id

    @property
    def claim(self) -> str:
        """The claim, in a sentence."""
        return self.asked.claim

    def to_dict(self) -> dict[str, Any]:
        """Return the claim as plain data."""
        said: dict[str, Any] = {
            "id": self.id,
            "claim": self.claim,
            "verdict": self.verdict,
            "note": self.asked.note,
            "rows": [row.to_dict() for row in self.rows],
        }
        return said if self.space is None else said | {"space": self.space.to_dict()}


@dataclass(frozen=True)
class LineResults:
    """The results that a claim's rows are read off, at one line of the design; each is fetched once."""

    source: Source
    line: Row
    kept: dict[str, Result] = field(default_factory=dict, repr=False)

    def result(self, label: str) -> Result:
        """Return the result of a scenario under the values of the line."""
        if label not in self.kept:
            self.kept[label] = self.source.result(self.point(label))
        return self.kept[label]

    def point(self, label: str) -> str:
        """Return the name of the point that a scenario is played at in this line: it takes the factors it has."""
        return self._names[label]

    @cached_property
    def _names(self) -> dict[str, str]:
        """The name of each scenario's point."""
        experiment = self.source.experiment
        return {label: point_at(experiment, label, self.line) for label in experiment.scenarios}

    def paired(self, row: AskedRow) -> Paired:
        """Return the results of a row, paired over the replicates that its condition keeps."""
        return paired_results(row, [self.result(label) for label in row.points])

    def effect(self, row: AskedRow) -> Effect:
        """Return the effect that a row asks about."""
        return effect_on(row.outcome, row, self.paired(row))


def paired_results(row: AskedRow, results: Sequence[Result]) -> Paired:
    """Return results paired over the replicates that a row's condition keeps."""
    pairs = paired(results)
    return pairs.running_at(row.running_at) if row.running_at else pairs


def effect_on(column: str, row: AskedRow, pairs: Paired) -> Effect:
    """Return the effect on a column, on the scale that a row asks for."""
    return pairs.log_odds(column) if row.scale == LOG_ODDS else pairs.effect(column)


def point_at(experiment: Experiment, label: str, line: Row) -> str:
    """Return the name of a scenario's point at a line of the design: it takes the values of the factors that it has."""
    return line.called(label, experiment.held[label])


def ledger(source: Source) -> list[ClaimVerdict]:
    """Return the verdicts on each claim of an experiment: at the first line of its design, and over the places of a space.

    A design of few other lines shows each row there as well.
    """
    rows = source.experiment.rows
    others = [LineResults(source, line) for line in rows[1:]] if len(rows) <= _FEW_LINES + 1 else []
    here = LineResults(source, rows[0])
    return [_claim_verdict(claim, here, others) for claim in source.experiment.claims.values()]


def _claim_verdict(claim: AskedClaim, here: LineResults, others: Sequence[LineResults] = ()) -> ClaimVerdict:
    """Return the verdict on one claim, its rows judged together."""
    effects = [here.effect(row) for row in claim.rows]
    counting = [place for place, row in enumerate(claim.rows) if row.counts]
    found = [_nearest_verdict(row, effect) for row, effect in zip(claim.rows, effects, strict=True)]
    adjusted, levels = [p for _, p in found], [LEVEL] * len(found)
    together = [found[place][1] for place in counting]
    for place, p, level in zip(counting, holm(together), holm_levels(together), strict=True):
        adjusted[place], levels[place] = p, level
    rows = tuple(
        RowVerdict(
            asked=row,
            verdict=ABOUT_SPACE if claim.share else verdict if p <= 1.0 - LEVEL else NOT_RESOLVED,
            effect=effect.interval(),
            deciding=effect.interval(level),
            p_value=p,
            share_kept=_share_kept(row, here),
            beside=_numbers_beside(row, here) if row.is_success else None,
            elsewhere={_line_name(there.line): there.effect(row).interval() for there in others},
            owed={_line_name(there.line): _effect_owed(row, here, there).interval() for there in others},
        )
        for row, effect, (verdict, _), p, level in zip(claim.rows, effects, found, adjusted, levels, strict=True)
    )
    return ClaimVerdict(claim, together_verdict(row.verdict for row in rows if row.counts), rows)


def _nearest_verdict(row: AskedRow, effect: Effect) -> tuple[str, float]:
    """Return the verdict that an effect is nearest to, and the error level at which its interval just reaches it."""
    size = row.smallest
    claimed = (effect.above, effect.below) if row.sign > 0.0 else (_mirrored(effect.below), _mirrored(effect.above))
    above, below = claimed
    if row.kind == NON_INFERIORITY:
        tails = {SUPPORTED: above(-size), CONTRADICTED: below(-size)}
    else:
        tails = {SUPPORTED: above(size), CONTRADICTED: below(-size), NEGLIGIBLE: max(below(size), above(-size))}
    nearest = min(tails, key=tails.__getitem__)
    return nearest, min(1.0, 2.0 * tails[nearest])


def _mirrored(tail: Any) -> Any:
    """Return a p-value as a function of the bound with its sign changed."""
    return lambda bound: tail(-bound)


def together_verdict(verdicts: Iterable[str]) -> str:
    """Return the verdict on a claim from those on its rows."""
    listed = list(verdicts)
    if CONTRADICTED in listed:
        return CONTRADICTED
    for verdict in (ABOUT_SPACE, NOT_RESOLVED):
        if verdict in listed:
            return verdict
    return NEGLIGIBLE if NEGLIGIBLE in listed else SUPPORTED


def _share_kept(row: AskedRow, results: LineResults) -> float:
    """Return the share of replicates that a row's condition keeps."""
    finished = len(paired([results.result(label) for label in row.points]))
    return len(results.paired(row)) / finished if finished else math.nan


def _numbers_beside(row: AskedRow, results: LineResults) -> Beside:
    """Return what is shown beside a row on success."""
    pairs = results.paired(row)
    two = _contrast_of(row, results)
    return Beside(
        within=effect_on("success", row, pairs.where(pairs.values(_DEAL)[0] > 0.0)).interval(),
        missed=effect_on(_MISSED, row, pairs).interval(),
        futile=effect_on(_FUTILE, row, pairs).interval(),
        moved=two.moved if two else None,
        placebo=contrast(results.result(row.points[0]), results.result(row.placebo)).moved if row.placebo else None,
    )


def _effect_owed(row: AskedRow, here: LineResults, there: LineResults) -> Effect:
    """Return the effect on success at one line of the design less that at another, in the same replicates."""
    return paired_results(row, [at.result(label) for at in (there, here) for label in row.points]).effect("success")


def _contrast_of(row: AskedRow, results: LineResults) -> Contrast | None:
    """Return the contrast of a row with two points and no condition, None for others."""
    if len(row.points) != 2 or row.running_at:
        return None
    return contrast(results.result(row.points[0]), results.result(row.points[1]))


def _line_name(line: Row) -> str:
    """Return how a line of the design is called."""
    return line.called("", line.values).strip()


def play_now(experiment: Experiment, replicates: int, threads: int | None, tell: Progress) -> Runs:
    """Return the points that the claims of an experiment rest on, played now.

    tell   called with the replicates done and asked for, of all points together
    """
    points = needed_points(experiment)
    results = {
        point.name: run(
            point.scenario,
            replicates,
            experiment.seed,
            processes=threads,
            progress=progress_within(tell, number * replicates, len(points) * replicates),
        )
        for number, point in enumerate(points)
    }
    return Runs(experiment, results)


def needed_points(experiment: Experiment) -> list[Point]:
    """Return the points that the claims rest on, over all lines of the design, in the order of the experiment."""
    labels = {label for claim in experiment.claims.values() for row in claim.rows for label in row.labels}
    return [point for point in experiment.points if point.label in labels]
