"""A result folder as the sections of a page need it: what was played, under which names and looks, set against what."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from sim import words
from sim.report import numbers
from sim.report.palette import Look, looks
from sim.study.claims import ClaimVerdict, ledger
from sim.study.contrasts import Contrast, contrast
from sim.study.design import Point, pairs_of, written
from sim.study.results import Result
from sim.study.store import Folder

MOST_FOCUS = 6


@dataclass(frozen=True)
class Set:
    """One contrast as it is shown: its name in words, both points, and what changes from the first to the second."""

    name: str
    label: str
    a: Point
    b: Point
    contrast: Contrast = field(repr=False)


@dataclass(frozen=True)
class Gathered:
    """A result folder, read once."""

    folder: Folder

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of which something was played."""
        return tuple(point for point in self.folder.points if self._there(point))

    def _there(self, point: Point) -> bool:
        """Return whether anything of a point was played."""
        return not any(gap.point == point.number and gap.first == 0 for gap in self.folder.missing())

    @cached_property
    def looks(self) -> dict[str, Look]:
        """The look of each scenario by its name in the experiment; those in contrasts come first."""
        first = [point.label for pair in self._pairs() for point in pair[1:]]
        return looks([*first, *(point.label for point in self.points)])

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each scenario is called: its title, or its name in the experiment where that says what was changed."""
        titles = {label: one.title for label, one in self.folder.experiment.scenarios.items() if not self.set_of(label)}
        count = Counter(titles.values())
        return {
            label: titles[label] if count[titles.get(label, "")] == 1 else words.sentence(words.plain(label))
            for label in self.folder.experiment.scenarios
        }

    def set_of(self, label: str) -> dict[str, Any]:
        """Return what the experiment puts over a scenario, by whole key."""
        return _flat(self.folder.experiment.document.tree["scenarios"][label].get("set", {}))

    def briefly(self, points: Sequence[Point]) -> dict[str, str]:
        """Return what some points are called, by name: their scenarios alone where no two share one."""
        alone = len({point.label for point in points}) == len(points)
        return {point.name: self.labels[point.label] if alone else self.called(point) for point in points}

    def called(self, point: Point) -> str:
        """Return what a point is called: its scenario, and the values of the factors."""
        values = ", ".join(f"{words.plain(name)} {numbers.value(one)}" for name, one in point.values.items())
        label = self.labels[point.label]
        return f"{label}, {values}" if values else label

    def result(self, point: Point) -> Result:
        """Return the result of a point, read once."""
        if point.name not in self._kept:
            self._kept[point.name] = self.folder.result(point.name)
        return self._kept[point.name]

    @cached_property
    def _kept(self) -> dict[str, Result]:
        """The results that were read."""
        return {}

    @cached_property
    def sets(self) -> list[Set]:
        """The contrasts, each between two points."""
        pairs = list(self._pairs())
        return [
            Set(f"{name}-{number}", self._named(name, a, b, pairs), a, b, contrast(self.result(a), self.result(b)))
            for number, (name, a, b) in enumerate(pairs)
        ]

    def _pairs(self) -> Iterator[tuple[str, Point, Point]]:
        """Yield the pairs of points that the contrasts stand for."""
        for name, (a, b) in self.folder.experiment.contrasts.items():
            for one, other in pairs_of(a, b, self.points):
                yield name, one, other

    def _named(self, name: str, a: Point, b: Point, pairs: list[tuple[str, Point, Point]]) -> str:
        """Return a contrast in words: what comes, against what, unless all are set against the same."""
        if len({one.name for _, one, _ in pairs}) == 1:
            return self.called(b)
        if a.label == b.label:
            changed = ", ".join(
                f"{words.plain(key)} {numbers.value(one)}" for key, one in b.values.items() if a.values.get(key) != one
            )
            return f"{self.called(a)}: {changed}"
        return f"{self.called(b)}, against {self.labels[a.label]}"

    @cached_property
    def verdicts(self) -> list[ClaimVerdict]:
        """The claims with their verdicts, none where the experiment asks none."""
        return ledger(self.folder) if self.folder.experiment.claims else []

    @cached_property
    def focus(self) -> list[Point]:
        """The few points that are followed through time: those of the contrasts, then of the claims, then the others."""
        named = [point for pair in self.sets for point in (pair.a, pair.b)]
        asked = Counter(label for claim in self.verdicts for row in claim.rows for label in row.points)
        order = [label for label, _ in asked.most_common()]
        plain = [point for label in order for point in self.points if point.label == label]
        found: dict[str, Point] = {}
        for point in [*named, *plain, *self.points]:
            if point.label not in {one.label for one in found.values()}:
                found[point.name] = point
        return list(found.values())[:MOST_FOCUS]

    @cached_property
    def typical_point(self) -> Point:
        """The point whose typical replicate is told: of those in focus the last of the first contrast, or with a channel."""
        if self.sets:
            return self.sets[0].b
        return next((one for one in self.focus if one.scenario.eras[-1].world.channels), self.focus[0])

    def replay(self, point: Point) -> list[str]:
        """Return the words of the command that loads the scenario of a point: its name and what is set over it."""
        entry: dict[str, Any] = self.folder.experiment.document.tree["scenarios"][point.label]
        changed = {key for key, _, _ in point.base.differences(point.scenario)}
        sets = self.set_of(point.label) | {key: value for key, value in point.sets.items() if key in changed}
        parts = [str(entry["extends"])]
        for key, value in sets.items():
            parts += ["--set", f"{key}={written(value)}"]
        return parts


def _flat(tree: dict[str, Any], above: str = "") -> dict[str, Any]:
    """Return a table of tables as one table of whole keys."""
    found: dict[str, Any] = {}
    for name, value in tree.items():
        key = f"{above}.{name}" if above else name
        found |= _flat(value, key) if isinstance(value, dict) else {key: value}
    return found
