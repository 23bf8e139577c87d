"""How much each parameter explains, as text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator, Sequence

from sim import words
from sim.report.text_tables import WIDTH
from sim.study.claims.analysis import Question, Sensitivity
from sim.study.statistics.sensitivity import Influence

_LABEL, _NUMBER, _INTERVAL = 48, 8, 20
_MOST = 12


def sensitivity_lines(answers: Sequence[Sensitivity]) -> list[str]:
    """Return how much each parameter explains of each thing that was asked about, under a heading."""
    lines = ["How much each parameter explains"]
    for answer in answers:
        lines += ["", *_answer_lines(answer)]
    return lines


def _answer_lines(answer: Sensitivity) -> list[str]:
    """Return one answer: chance first, then the parameters told from chance, then how many are not."""
    chance = f"{words.number(answer.chance.estimate)} (95 % CI {words.interval(answer.chance.low, answer.chance.high)})"
    asked_by = f" ({': '.join(answer.question.asked_by)})" if answer.question.asked_by else ""
    lines = textwrap.wrap(f"{subject(answer.question)}{asked_by}: {chance} of its variance is chance alone.", WIDTH)
    if answer.told:
        lines.append(f"{'':<{_LABEL}}{'share':>{_NUMBER}}{'95 % CI':>{_INTERVAL}}")
        lines += [_influence_line(influence) for influence in answer.told[:_MOST]]
    return [*lines, *(line for text in _remarks(answer) for line in textwrap.wrap(text, WIDTH))]


def subject(question: Question) -> str:
    """Return what is asked about, in words."""
    pairs = [" less ".join(reversed(question.points[at : at + 2])) for at in range(0, len(question.points), 2)]
    compared = f"({pairs[1]}) less ({pairs[0]})" if len(pairs) == 2 else pairs[0]
    return f"{question.outcome}, {compared}"


def _remarks(answer: Sensitivity) -> Iterator[str]:
    """Yield what is to be said of the parameters that the table leaves out."""
    if len(answer.told) > _MOST:
        yield f"{len(answer.told) - _MOST} more are told from chance (--json shows all)."
    left = len(answer.influences) - len(answer.told)
    if left:
        of_all = words.count(len(answer.influences), "parameter")
        yield f"Cannot be told from chance at {words.count(answer.places, 'place')}: {left} of {of_all}."


def _influence_line(influence: Influence) -> str:
    """Return the line of one parameter."""
    name = influence.name if len(influence.name) < _LABEL else f"…{influence.name[-(_LABEL - 2) :]}"
    share = influence.share
    ends = words.interval(share.low, share.high)
    return f"{name:<{_LABEL}}{words.number(share.estimate):>{_NUMBER}}{ends:>{_INTERVAL}}"
