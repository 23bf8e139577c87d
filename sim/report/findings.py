"""What a result folder holds, as the sections of a page need it: points under their names and looks, and contrasts."""

from __future__ import annotations

import shlex
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import islice
from pathlib import Path

from sim import words
from sim.report import numbers
from sim.report.palette import Look, looks
from sim.scenario.keys import split_key
from sim.scenario.load import Scenario
from sim.steps.columns import Column, columns_of
from sim.study.claims.spaces import with_spaces
from sim.study.claims.verdicts import ClaimVerdict, ledger
from sim.study.design.points import Point, pairs_of
from sim.study.play.contrasts import Contrast, contrast
from sim.study.play.results import Result
from sim.study.store.folder import Folder
from sim.study.store.typed import seen_from, with_options

_MOST_FOCUS, _MOST_CONTRASTS = 6, 60


@dataclass(frozen=True)
class PointContrast:
    """One contrast between two points as it is shown.

    name      its name in the experiment, which several pairs of points may share
    label     what it is called: that name in words, and the values of factors that tell its pairs apart
    """

    name: str
    label: str
    a: Point
    b: Point
    contrast: Contrast = field(repr=False)

    @property
    def title(self) -> str:
        """Its name in words."""
        return words.sentence(words.plain(self.name))

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios it rests on."""
        return tuple(dict.fromkeys([self.a.label, self.b.label]))


@dataclass(frozen=True)
class Findings:
    """What a result folder holds; each result is read once.

    page   the folder that the page will lie in, where its commands are typed
    """

    folder: Folder
    page: Path

    @cached_property
    def points(self) -> tuple[Point, ...]:
        """The points of which something was played, those at places of a space left out."""
        self.folder.check_parts()
        there, rows = self.folder.present, self.folder.experiment.rows
        return tuple(point for point in self.folder.points if point.number in there and not rows[point.row].place)

    @cached_property
    def looks(self) -> dict[str, Look]:
        """The look of each scenario by its name in the experiment; those in contrasts come first, then those of claims."""
        first = [point.label for pair in islice(self._pairs(), _MOST_CONTRASTS) for point in pair[1:]]
        return looks([*first, *self._asked(), *(point.label for point in self.points)])

    def _asked(self) -> list[str]:
        """Return the scenarios that claims set against each other, those in most rows first."""
        claims = self.folder.experiment.claims.values()
        return [
            label
            for label, _ in Counter(
                label for claim in claims for row in claim.rows for label in row.points
            ).most_common()
        ]

    @cached_property
    def labels(self) -> dict[str, str]:
        """What each scenario is called: its title, or its name in the experiment where a title would not hold.

        It would not where the experiment puts values over it, or varies a number that the title may speak of. A name
        in the experiment is ASCII; a file whose name is not gives its own.
        """
        scenarios = self.folder.experiment.scenarios
        files = Counter(scenario.name for scenario in scenarios.values())
        varied = {point.label for point in self.points if any(map(_is_number, point.values.values()))}
        titles = {
            label: scenario.title
            for label, scenario in scenarios.items()
            if not self.folder.experiment.overrides[label] and label not in varied
        }
        count = Counter(titles.values())
        named = {
            label: label if scenario.name.isascii() or files[scenario.name] > 1 else scenario.name
            for label, scenario in scenarios.items()
        }
        return {
            label: titles[label] if count[titles.get(label, "")] == 1 else words.sentence(words.plain(name))
            for label, name in named.items()
        }

    def short_names(self, points: Sequence[Point]) -> dict[str, str]:
        """Return what some points are called, by name: their scenarios alone where no two share one."""
        alone = len({point.label for point in points}) == len(points)
        return {point.name: self.labels[point.label] if alone else self.name_of(point) for point in points}

    def name_of(self, point: Point) -> str:
        """Return what a point is called: its scenario, and the values of the factors."""
        values = ", ".join(f"{words.plain(name)} {numbers.value(value)}" for name, value in point.values.items())
        label = self.labels[point.label]
        return f"{label}, {values}" if values else label

    def factor_words(self, name: str) -> str:
        """Return a factor in words, with the meaning and unit of what it varies where that is one parameter."""
        keys, word = self.folder.experiment.factors[name].keys, words.plain(name)
        if len(keys) == 1:
            for scenario in self.folder.experiment.scenarios.values():
                parameter, _ = scenario.given.parameter_at(split_key(keys[0]))
                if parameter is not None:
                    return f"{word}: {parameter.meaning}{f' ({parameter.unit})' if parameter.unit else ''}"
        return word

    @cached_property
    def columns(self) -> dict[str, Column]:
        """The columns that are measured, by name."""
        return {column.name: column for column in columns_of(self.points[0].scenario)}

    @cached_property
    def flags(self) -> frozenset[str]:
        """The columns whose mean is a share of replicates."""
        return frozenset(name for name, column in self.columns.items() if column.kind == "flag")

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
    def contrasts(self) -> list[PointContrast]:
        """The contrasts, each between two points."""
        pairs = list(islice(self._pairs(), _MOST_CONTRASTS))
        return [
            PointContrast(name, self._label(name, b, pairs), a, b, contrast(self.result(a), self.result(b)))
            for name, a, b in pairs
        ]

    def _pairs(self) -> Iterator[tuple[str, Point, Point]]:
        """Yield the pairs of points that the contrasts stand for, each under its contrast's name without its values."""
        for name, (a, b) in self.folder.experiment.contrasts.items():
            for first, second in pairs_of(a, b, self.points):
                yield name.partition(" ")[0], first, second

    def _label(self, name: str, b: Point, pairs: list[tuple[str, Point, Point]]) -> str:
        """Return a contrast in words: its name, and what tells this pair of points from its others."""
        others = [second for known, _, second in pairs if known == name]
        apart = [key for key in b.values if len({numbers.value(other.values.get(key)) for other in others}) > 1]
        values = ", ".join(f"{words.plain(key)} {numbers.value(b.values[key])}" for key in apart)
        label = words.sentence(words.plain(name))
        return f"{label}, {values}" if values else label

    @cached_property
    def verdicts(self) -> list[ClaimVerdict]:
        """The claims with their verdicts, none where the experiment asks none."""
        return with_spaces(self.folder, ledger(self.folder)) if self.folder.experiment.claims else []

    @property
    def verdicts_over_space(self) -> list[ClaimVerdict]:
        """The claims that have a verdict over the places of a space."""
        return [claim for claim in self.verdicts if claim.space is not None]

    @cached_property
    def focus(self) -> list[Point]:
        """The few points that are followed through time: those of the contrasts, then of the claims, then the others."""
        named = [point for pair in self.contrasts for point in (pair.a, pair.b)]
        plain = [point for label in self._asked() for point in self.points if point.label == label]
        found: dict[str, Point] = {}
        for point in [*named, *plain, *self.points]:
            if point.label not in {other.label for other in found.values()}:
                found[point.name] = point
        return list(found.values())[:_MOST_FOCUS]

    @cached_property
    def typical_point(self) -> Point:
        """The point whose typical replicate is told: of those in focus the last of the first contrast, or with a channel."""
        if self.contrasts:
            return self.contrasts[0].b
        return next((point for point in self.focus if _has_channel(point.scenario)), self.focus[0])

    def repeating_command(self) -> str:
        """Return the command that makes the same results in a folder beside theirs, with their page."""
        beside = self._folder_there.with_name(f"{self.folder.path.resolve().name}-again")
        making = with_options(self.folder.manifest["command"], {"--out": beside})
        return self._typed(making, words.command("report", [beside]))

    def reproducing_command(self) -> str:
        """Return the command that plays the results again and compares every bit."""
        return self._typed(replace(self.folder, path=self._folder_there).command("reproduce"))

    def tracing_command(self, point: Point, replicate: int) -> str:
        """Return the command that tells a replicate of a point, week by week."""
        changed = {key for key, _, _ in point.base.differences(point.scenario)}
        overrides = dict(self.folder.experiment.overrides[point.label])
        overrides |= {key: value for key, value in point.sets.items() if key in changed}
        options = ["--replicate", str(replicate), "--seed", str(self.folder.manifest["seed"])]
        options += [] if point.base.model is None else ["--model", point.base.model.name]
        under = self.folder.manifest.get("under", {}).get(point.label, [])  # folders older than sets have none
        options += [word for name in under for word in ("--under", name)]
        options += [word for key, value in overrides.items() for word in ("--set", f"{key}={words.value(value)}")]
        return self._typed(words.command("trace", [self.folder.manifest["sources"][point.label]], options))

    def _typed(self, *commands: str) -> str:
        """Return commands as they are typed in the folder of the page: they run where the results were made."""
        there = seen_from(self.page, self._made_in)
        return " && ".join([*([] if there == "." else [f"cd {shlex.quote(there)}"]), *commands])

    @property
    def _made_in(self) -> Path:
        """The folder in which the command was typed that made the results."""
        return self.folder.path / str(self.folder.manifest["typed_in"])

    @property
    def _folder_there(self) -> Path:
        """The result folder as it is seen from there."""
        return Path(seen_from(self._made_in, self.folder.path))


def _has_channel(scenario: Scenario) -> bool:
    """Return whether a scenario has a channel, from the first week on or later."""
    added = [change.get("add", {}) for change in scenario.values.get("interventions", {}).values()]
    return any(tables.get("channels") for tables in (scenario.values, *added))


def _is_number(value: object) -> bool:
    """Return whether the value of a factor is a number."""
    return isinstance(value, int | float) and not isinstance(value, bool)
