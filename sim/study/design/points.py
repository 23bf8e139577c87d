"""Points of a design: which scenario is played under which values of which factors."""

from __future__ import annotations

import itertools
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim import words
from sim.scenario.keys import split_key
from sim.scenario.load import Scenario


@dataclass(frozen=True)
class Factor:
    """Something that is varied.

    keys        every key it sets, of which a scenario takes those that it has
    values      the values it takes, or the names of them; none where it takes any in a range
    named       for values with a name: what each sets, by key
    place       where its values stand, as file:line
    bases       by key, the one value it is varied from: a scenario with another keeps that; without any, all are varied
    low, high   the ends of its range, where it has one
    by_ratio    whether places of the range are spaced by ratios instead of differences
    scenarios   the scenarios it is varied in, by their names in the experiment; empty where it is in all that have its keys
    """

    name: str
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    named: Mapping[str, Mapping[str, Any]] = field(repr=False)
    place: str = field(repr=False)
    bases: Mapping[str, Any] = field(default_factory=dict, repr=False)
    low: float = 0.0
    high: float = 0.0
    by_ratio: bool = False
    scenarios: tuple[str, ...] = ()

    def sets(self, value: Any) -> dict[str, Any]:
        """Return what one of its values, or a value by its name, sets, by key."""
        return dict(self.named[value]) if self.named else dict.fromkeys(self.keys, value)

    def held(self, label: str, scenario: Scenario) -> list[str]:
        """Return the keys of a scenario that it varies; where there are none, the factor is no matter to it.

        label   the scenario's name in the experiment
        """
        if self.scenarios and label not in self.scenarios:
            return []
        there = [key for key in self.keys if scenario.given.parameter_at(split_key(key))[0] is not None]
        if not self.bases:
            return there
        return [key for key in there if _value_at(scenario, key) == self.bases[key]]

    def at(self, place: float) -> Any:
        """Return the value at a place 0..1: of its range, by differences or by ratios, or of its list."""
        if self.values:
            return self.values[min(int(place * len(self.values)), len(self.values) - 1)]
        if self.by_ratio:
            return self.low * float((self.high / self.low) ** place)
        return self.low + (self.high - self.low) * place


def _value_at(scenario: Scenario, key: str) -> Any:
    """Return the value that a scenario has at a key."""
    level: Any = scenario.values
    for part in split_key(key):
        level = level[part]
    return level


@dataclass(frozen=True)
class Row:
    """One line of a design: the values of the factors; `place` numbers the places of a space, from 1, and is 0 elsewhere."""

    values: dict[str, Any]
    place: int = 0

    def called(self, label: str, known: Iterable[str]) -> str:
        """Return the name of a scenario's point at this line; `known` are the factors the scenario has."""
        if self.place:
            return f"{label} #{self.place}"
        return _point_name(label, {name: self.values[name] for name in known if name in self.values})


@dataclass(frozen=True, eq=False)
class Point:
    """One point of the design: a scenario of the experiment under the values of the factors that it has.

    number   place in the design, from 0
    name     how it is called in contrasts, tables and figures
    label    the scenario's name in the experiment
    row      the line of the design, from 0
    base     the scenario before the values of factors
    held     for each factor that the scenario has, the keys it varies there
    """

    number: int
    name: str
    label: str
    row: int
    line: Row = field(repr=False)
    base: Scenario = field(repr=False)
    factors: Mapping[str, Factor] = field(repr=False)
    held: Mapping[str, Sequence[str]] = field(repr=False)

    @property
    def values(self) -> dict[str, Any]:
        """The values of the factors that the scenario has."""
        return {name: self.line.values[name] for name in self.held if name in self.line.values}

    @property
    def sets(self) -> dict[str, Any]:
        """What the factors put over the scenario, by key."""
        found: dict[str, Any] = {}
        for name, value in self.values.items():
            sets = self.factors[name].sets(value)
            found |= {key: sets[key] for key in self.held[name]}
        return found

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is played, under the name of the point."""
        sets = self.sets
        if not sets:
            return replace(self.base, name=self.name)
        places = {key: self.factors[name].place for name in self.values for key in self.held[name]}
        return replace(self.base.with_values(sets, places), name=self.name)


def factorial_rows(factors: Mapping[str, Factor]) -> list[Row]:
    """Return every combination of the values of the factors, the last factor varying fastest."""
    combinations = itertools.product(*(factor.values for factor in factors.values()))
    return [Row(dict(zip(factors, values, strict=True))) for values in combinations]


def points_of(rows: Sequence[Row], scenarios: Mapping[str, Scenario], factors: Mapping[str, Factor]) -> list[Point]:
    """Return the points of a design: scenario by scenario, in a space line by line.

    A scenario takes the values of the factors whose keys it has; lines that then are the same are one point.
    """
    held = held_by(scenarios, factors)
    if any(row.place for row in rows):
        order = [(label, number) for number in range(len(rows)) for label in scenarios]
    else:
        order = [(label, number) for label in scenarios for number in range(len(rows))]
    points: dict[str, Point] = {}
    for label, number in order:
        row = rows[number]
        name = row.called(label, held[label])
        if name not in points:
            points[name] = Point(len(points), name, label, number, row, scenarios[label], factors, held[label])
    return list(points.values())


def held_by(scenarios: Mapping[str, Scenario], factors: Mapping[str, Factor]) -> dict[str, dict[str, list[str]]]:
    """Return by scenario and factor the keys that are varied there; without the factors that are no matter to it."""
    return {
        label: {name: keys for name, factor in factors.items() if (keys := factor.held(label, scenario))}
        for label, scenario in scenarios.items()
    }


def _point_name(label: str, values: Mapping[str, Any]) -> str:
    """Return the name of a point, as in "honest candour=0.5 table=open"."""
    return " ".join([label, *(f"{name}={words.value(value)}" for name, value in values.items())])


def pairs_of(a: str, b: str, points: Iterable[Point]) -> list[tuple[Point, Point]]:
    """Return the pairs of points that two names stand for: points, or scenarios under the same values.

    Two scenarios are paired at the same places of a space, elsewhere wherever the factors they share have the same
    values.
    """
    listed = list(points)
    first = [point for point in listed if point.name == a] or [point for point in listed if point.label == a]
    second = [point for point in listed if point.name == b] or [point for point in listed if point.label == b]
    if len(first) == 1 and len(second) == 1:
        return [(first[0], second[0])]
    shared = [name for name in first[0].held if second and name in second[0].held] if first else []
    places: dict[str, list[Point]] = {}
    for point in second:
        places.setdefault(setting(point, shared), []).append(point)
    return [(one, other) for one in first for other in places.get(setting(one, shared), [])]


def setting(point: Point, names: Iterable[str]) -> str:
    """Return where in a space a point lies, or the values of some factors, as a text."""
    if point.line.place:
        return f"#{point.line.place}"
    return " ".join(f"{name}={words.value(point.line.values[name])}" for name in names if name in point.line.values)
