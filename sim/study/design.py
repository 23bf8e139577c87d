"""Points of a design: which scenario is played under which values of which factors."""

from __future__ import annotations

import itertools
import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from sim.keys import parameter_at, split_key
from sim.scenario import Scenario


@dataclass(frozen=True)
class Factor:
    """Something that is varied.

    keys     every key it sets, of which a scenario takes those that it has
    values   the values it takes, or the names of them
    named    for values with a name: what each sets, by key
    place    where its values stand, as file:line
    """

    name: str
    keys: tuple[str, ...]
    values: tuple[Any, ...]
    named: Mapping[str, Mapping[str, Any]] = field(repr=False)
    place: str = field(repr=False)

    def sets(self, value: Any) -> dict[str, Any]:
        """Return what one of its values, or a value by its name, sets, by key."""
        return dict(self.named[value]) if self.named else dict.fromkeys(self.keys, value)

    def held(self, scenario: Scenario) -> list[str]:
        """Return the keys that a scenario has; where there are none, the factor is no matter to it."""
        return [key for key in self.keys if parameter_at(split_key(key), scenario.given.tree)[0] is not None]


@dataclass(frozen=True)
class Row:
    """One line of a design: the values of the factors; a cell written out also has a scenario and a name."""

    values: dict[str, Any]
    scenario: str = ""
    name: str = ""


@dataclass(frozen=True, eq=False)
class Point:
    """One cell of the design: a scenario of the experiment under the values of the factors that it has.

    number   place in the design, from 0
    name     how it is called in contrasts, tables and figures
    label    the scenario's name in the experiment
    row      the line of the design, from 0
    base     the scenario before the values of factors
    """

    number: int
    name: str
    label: str
    row: int
    values: dict[str, Any]
    base: Scenario = field(repr=False)
    factors: Mapping[str, Factor] = field(repr=False)

    @property
    def sets(self) -> dict[str, Any]:
        """What the factors put over the scenario, by key."""
        found: dict[str, Any] = {}
        for name, value in self.values.items():
            held = self.factors[name].held(self.base)
            found |= {key: one for key, one in self.factors[name].sets(value).items() if key in held}
        return found

    @property
    def scenario(self) -> Scenario:
        """The scenario as it is played, under the name of the point."""
        sets = self.sets
        if not sets:
            return replace(self.base, name=self.name)
        places = {key: self.factors[name].place for name in self.values for key in self.factors[name].keys}
        return replace(self.base.with_values(sets, places), name=self.name)


def factorial_rows(factors: Mapping[str, Factor]) -> list[Row]:
    """Return every combination of the values of the factors, the last factor varying fastest."""
    combinations = itertools.product(*(factor.values for factor in factors.values()))
    return [Row(dict(zip(factors, values, strict=True))) for values in combinations]


def points_of(rows: Sequence[Row], scenarios: Mapping[str, Scenario], factors: Mapping[str, Factor]) -> list[Point]:
    """Return the points of a design, scenario by scenario.

    A scenario takes the values of the factors whose keys it has; lines that then are the same are one point.
    """
    points: list[Point] = []
    for label, scenario in scenarios.items():
        known = [name for name, factor in factors.items() if factor.held(scenario)]
        seen = set()
        for number, row in enumerate(rows):
            values = {name: row.values[name] for name in known if name in row.values}
            name = row.name or point_name(label, values)
            if row.scenario not in ("", label) or name in seen:
                continue
            seen.add(name)
            points.append(Point(len(points), name, label, number, values, scenario, factors))
    return points


def point_name(label: str, values: Mapping[str, Any]) -> str:
    """Return the name of a point, as in "honest candour=0.5 table=open"."""
    return " ".join([label, *(f"{name}={written(value)}" for name, value in values.items())])


def written(value: Any) -> str:
    """Return a value as a name shows it: text as it is, 0.50 as 0.5, everything else as TOML would write it."""
    if isinstance(value, float):
        return f"{value:.12g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False)


def pairs_of(a: str, b: str, points: Iterable[Point]) -> list[tuple[Point, Point]]:
    """Return the pairs of points that two names stand for: points, or scenarios under the same values.

    Two scenarios are paired wherever the factors they share have the same values.
    """
    listed = list(points)
    first = [point for point in listed if point.name == a] or [point for point in listed if point.label == a]
    second = [point for point in listed if point.name == b] or [point for point in listed if point.label == b]
    if len(first) == 1 and len(second) == 1:
        return [(first[0], second[0])]
    shared = [name for point in first[:1] for name in point.values if second and name in second[0].values]
    places: dict[str, list[Point]] = {}
    for point in second:
        places.setdefault(setting(point, shared), []).append(point)
    return [(one, other) for one in first for other in places.get(setting(one, shared), [])]


def setting(point: Point, names: Iterable[str]) -> str:
    """Return the values of some factors as a text."""
    return " ".join(f"{name}={written(point.values.get(name))}" for name in names)
