"""Two changes at once: of two factors with two values each, and of claims' rows that set one change against another."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from sim import words
from sim.report import numbers
from sim.report.figures import twofold
from sim.report.figures.exhibit import slug
from sim.report.findings import Findings
from sim.report.page import Figure, Section
from sim.report.palette import looks
from sim.study.play.paired import paired

_TEXT = "Two changes, each alone and both together, in the same replicates."


def section(findings: Findings) -> Section | None:
    """Return the four shares of each pair of changes; None where there is no such pair."""
    labels = findings.folder.experiment.scenarios
    squares = [(label, square) for label in labels if (square := _of_factors(findings, label))]
    squares += _of_claims(findings)
    if not squares:
        return None
    figures = [Figure(twofold.exhibit(f"both-{slug(name)}", square)) for name, square in squares]
    return Section("together", "Two changes at once", [_TEXT], figures)


def _of_factors(findings: Findings, label: str) -> twofold.Square | None:
    """Return the four shares of a scenario over two factors with two values each; None where it has no such design."""
    points = [point for point in findings.points if point.label == label]
    names = list(points[0].values) if points else []
    if len(points) != 4 or len(names) != 2:
        return None
    first, second = (findings.folder.experiment.factors[name] for name in names)
    by_values = {tuple(words.value(point.values[name]) for name in names): point for point in points}
    corners = [by_values.get((words.value(a), words.value(b))) for b in second.values for a in first.values]
    results = [findings.result(point) for point in corners if point is not None]
    if len(corners) != 4 or len(results) != 4:
        return None
    neither, alone, other, both = results
    return twofold.Square(
        _pair(f"{words.plain(names[0])}: {words.plain(numbers.value(value))}" for value in first.values),
        _pair(f"{words.plain(names[1])}: {words.plain(numbers.value(value))}" for value in second.values),
        (findings.looks[label], looks(["", "second"])["second"]),
        (neither.success, alone.success, other.success, both.success),
        paired([neither, alone, other, both]).effect("success").interval(),
    )


def _of_claims(findings: Findings) -> Iterator[tuple[str, twofold.Square]]:
    """Yield the four shares of each row on success that sets one change against another with no scenario in common."""
    for claim in findings.verdicts:
        for row in claim.rows:
            if row.asked.is_success and len(set(row.points)) == 4:
                points = [next(point for point in findings.points if point.label == label) for label in row.points]
                a, b, c, d = (findings.result(point).success for point in points)
                names = [words.plain(label) for label in row.points]
                lines = (f"{names[0]} → {names[1]}", f"{names[2]} → {names[3]}")
                pair = (findings.looks[points[0].label], findings.looks[points[2].label])
                square = twofold.Square(("before", "after"), lines, pair, (a, b, c, d), row.effect)
                yield f"{claim.id}-{row.name}", square


def _pair(texts: Iterable[str]) -> tuple[str, str]:
    """Return two texts."""
    first, second = texts
    return first, second
