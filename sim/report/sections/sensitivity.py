"""How much each parameter explains over the places of a space: of outcomes, or of the effects of claims."""

from __future__ import annotations

from collections.abc import Sequence

from sim import words
from sim.report import numbers
from sim.report.columns import column_words, key_words
from sim.report.figures import sensitivity
from sim.report.figures.exhibit import Exhibit, slug
from sim.report.findings import Findings
from sim.report.page import Block, Figure, Grid, Section
from sim.report.tables import Table
from sim.study.claims.analysis import Sensitivity, questions_of, sensitivities
from sim.study.claims.spaces import places_of

_FEWEST_SHOWN, _MOST_SHOWN = 12, 40
_MOST_NAMED = 5
_TEXT = (
    "Every parameter was drawn from its range. Places that are neighbours in one parameter share it and nothing else; "
    "what their outcomes have in common, it explains by itself. Even replicates are set against odd ones, so that "
    "chance drops out. All parameters are judged together: one analysis in twenty may name one that does nothing."
)


def section(findings: Findings) -> Section | None:
    """Return a figure for each outcome and scenario or contrast, or a table of claims' effects; None without places."""
    experiment = findings.folder.experiment
    if not places_of(experiment):
        return None
    answers = sensitivities(findings.folder, questions_of(experiment))
    blocks: list[Block] = [Figure(_exhibit(findings, answer)) for answer in answers]
    if experiment.claims:
        blocks = [_effects(findings, answers)]
    return Section("sensitivity", "How much each parameter explains", [_TEXT], blocks)


def _effects(findings: Findings, answers: Sequence[Sensitivity]) -> Grid:
    """Return a line for each row of a claim: chance's share, and the parameters that explain most of its effect."""
    claims = findings.folder.experiment.claims
    rows = [
        (
            claims[answer.question.asked_by[0]].claim,
            words.plain(answer.question.asked_by[1]),
            numbers.mean(answer.chance, 2),
            "; ".join(f"{key_words(found.name)} {numbers.mean(found.share, 2)}" for found in answer.told[:_MOST_NAMED])
            or sensitivity.UNTOLD,
        )
        for answer in answers
    ]
    head = ("claim", "row", "share of the variance that is chance", "explained by itself, of the rest")
    return Grid("What the effects depend on (95 % intervals)", Table(head, rows))


def _exhibit(findings: Findings, answer: Sensitivity) -> Exhibit:
    """Return the figure of what explains one outcome; of many parameters that cannot be told, the first are shown."""
    outcome, points = answer.question.outcome, answer.question.points
    noun = column_words(outcome)
    names = [findings.labels[label] for label in points]
    what = f"{noun} with “{names[0]}”" if len(names) == 1 else f"what “{names[1]}” changes in {noun}"
    count, told = len(answer.influences), len(answer.told)
    shown = answer.influences[: max(told, min(count, _FEWEST_SHOWN))][:_MOST_SHOWN]
    indices = [sensitivity.Index(key_words(found.name), found.share, found.told) for found in shown]
    name = f"explained-{slug(outcome)}-{'-'.join(map(slug, points))}"
    return sensitivity.exhibit(name, sensitivity.Study(what, answer.chance, count - told), indices)
