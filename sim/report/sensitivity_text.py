"""What an outcome hangs on, as text of at most 80 columns."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator

from sim import words
from sim.report.text_tables import WIDTH
from sim.study.claims.analysis import MORRIS, SOBOL, Sensitivity
from sim.study.statistics.sensitivity import Influence

LABEL, NUMBER, INTERVAL = 32, 8, 16
MOST = 12

HEADS = {
    SOBOL: f"{'':<{LABEL}}{'alone':>{NUMBER}}{'95 %':>{INTERVAL}}{'in all':>{NUMBER}}{'95 %':>{INTERVAL}}",
    MORRIS: f"{'':<{LABEL}}{'effect':>{NUMBER}}{'95 %':>{INTERVAL}}",
}


def sensitivity_lines(one: Sensitivity) -> list[str]:
    """Return what an outcome hangs on: chance first, then the parameters that are resolved, then how many are not."""
    subject = " less ".join(reversed(one.points))
    chance = words.with_interval(one.chance.estimate, one.chance.low, one.chance.high)
    lines = textwrap.wrap(f"{one.outcome}, {subject}: {chance} of its variance is chance alone.", WIDTH)
    resolved = [found for found in one.influences if found.resolved]
    if not one.influences:
        return [*lines, *textwrap.wrap("Which parameters matter, a design that is morris or sobol can tell.", WIDTH)]
    if resolved:
        lines.append(HEADS[one.method])
        lines += [row(found, one.method) for found in resolved[:MOST]]
    lines += [line for text in rest(one, len(resolved)) for line in textwrap.wrap(text, WIDTH)]
    return lines


def rest(one: Sensitivity, resolved: int) -> Iterator[str]:
    """Yield what is to be said of the parameters that the table leaves out."""
    if resolved > MOST:
        yield f"{resolved - MOST} more are resolved (--json shows all)."
    left = len(one.influences) - resolved
    if left:
        yield f"Not resolved: {left} of {words.count(len(one.influences), 'parameter')}."


def row(found: Influence, method: str) -> str:
    """Return the line of one parameter."""
    name = found.name if len(found.name) < LABEL else f"…{found.name[-(LABEL - 2) :]}"
    parts = [found.first, found.total] if method == SOBOL else [found.total]
    numbers = [(words.number(part.estimate), words.interval(part.low, part.high)) for part in parts]
    return f"{name:<{LABEL}}{''.join(f'{number:>{NUMBER}}{ends:>{INTERVAL}}' for number, ends in numbers)}"
