"""Two scenarios in the same replicates: what changes, with paired intervals."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim import words
from sim.engines.outcomes import OUTCOMES
from sim.scenario.load import Scenario
from sim.study.play.notebooks import shown_table
from sim.study.play.replicates import run
from sim.study.play.results import Result, grouped, imported, known
from sim.study.statistics.effects import Effect, Means, Shares, jointly
from sim.study.statistics.estimates import Estimate, exact_share
from sim.version import model_version

if TYPE_CHECKING:
    import pyarrow

Values = NDArray[np.float64]
Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Difference:
    """A difference, b minus a, over the same replicates, with its 95 % interval and the number of pairs."""

    difference: float
    low: float
    high: float
    pairs: int


@dataclass(frozen=True, slots=True)
class SharesMoved:
    """How often b succeeds where a does not (helped) and the reverse (harmed), under shared luck.

    Which replicate would have succeeded under both cannot be observed in the world, only how often each succeeds: the
    bounds (Fréchet's) are what the two shares alone allow. `helped_of_moved` is the share helped of the replicates that
    differ, with the exact interval that is conditional on their number: it holds for any number, however small.
    """

    helped: float
    harmed: float
    helped_bounds: tuple[float, float]
    harmed_bounds: tuple[float, float]
    helped_of_moved: Estimate


@dataclass(frozen=True, eq=False)
class Contrast:
    """Two results over the same replicates; every difference is b minus a.

    places   for each result, the rows of the replicates that both finished
    """

    a: Result
    b: Result
    places: tuple[NDArray[np.int64], NDArray[np.int64]] = field(repr=False)

    def __len__(self) -> int:
        """Return how many replicates both scenarios finished."""
        return len(self.places[0])

    @cached_property
    def success(self) -> Difference:
        """The difference of the shares of success."""
        return told(self.effect("success").interval())

    @cached_property
    def moved(self) -> SharesMoved:
        """The shares of replicates helped and harmed, with their bounds."""
        before, after = self.values("success")
        count, first, second = len(self), int(before.sum()), int(after.sum())
        if count == 0:
            return SharesMoved(math.nan, math.nan, (0.0, 1.0), (0.0, 1.0), exact_share(0, 0))
        helped, harmed = int((after > before).sum()), int((after < before).sum())
        return SharesMoved(
            helped=helped / count,
            harmed=harmed / count,
            helped_bounds=(max(0, second - first) / count, min(second, count - first) / count),
            harmed_bounds=(max(0, first - second) / count, min(first, count - second) / count),
            helped_of_moved=exact_share(helped, helped + harmed),
        )

    @cached_property
    def outcomes(self) -> dict[str, Difference]:
        """The difference of the share of each outcome."""
        return {name: told(effect.interval()) for name, effect in self.effects("outcome").items()}

    @cached_property
    def trust(self) -> dict[str, Difference]:
        """The difference of trust at the end, by ordered pair."""
        return self.group("trust")

    @property
    def settled(self) -> bool:
        """Whether the interval of the difference in success leaves out 0."""
        return self.success.low > 0.0 or self.success.high < 0.0

    @cached_property
    def variance_reduction(self) -> float:
        """How many times more replicates independent luck would have needed for the difference in success."""
        if len(self) == 0:
            return math.nan
        before, after = self.values("success")
        together = float(np.var(after - before))
        apart = float(np.var(before)) + float(np.var(after))
        return apart / together if together > 0.0 else math.nan

    @property
    def differences(self) -> list[tuple[str, Any, Any]]:
        """The keys whose values differ between the scenarios, with the value in a and in b."""
        texts = ("title", "description")
        return [one for one in self.a.scenario.differences(self.b.scenario) if one[0] not in texts]

    def replicates_of(self, kind: str) -> list[int]:
        """Return the numbers of the replicates that were "helped" or "harmed"."""
        before, after = self.values("success")
        chosen = {"helped": after > before, "harmed": after < before}[kind]
        return [int(number) for number in self.a.columns["replicate"][self.places[0]][chosen]]

    def values(self, column: str) -> tuple[Values, Values]:
        """Return a column of both results over the replicates that both finished."""
        return self.a.columns[column][self.places[0]], self.b.columns[column][self.places[1]]

    def effect(self, column: str) -> Effect:
        """Return the effect on a column: on a share where it is a flag, else on the mean where both have a value."""
        before, after = self.values(column)
        return Shares.of(before, after) if column in self._flags else Means.of(after - before)

    def effects(self, name: str) -> dict[str, Effect]:
        """Return the effect on each outcome for "outcome", else on each column NAME.KEY that both results have, by key."""
        if name == "outcome":
            before, after = self.values(name)
            ends = ((before == code, after == code) for code in range(len(OUTCOMES)))
            return {one: Shares.of(*pair) for one, pair in zip(OUTCOMES, ends, strict=True)}
        return {
            key: self.effect(column)
            for column in self.a.columns
            for group, key in [grouped(column)]
            if group == name and key and column in self.b.columns
        }

    def number(self, column: str) -> Difference:
        """Return the mean difference of a column where both results have a value, with its interval."""
        before, after = self.values(column)
        return told(Means.of(after - before).interval())

    def group(self, name: str) -> dict[str, Difference]:
        """Return the difference of each column NAME.KEY that both results have, by its key."""
        return {key: told(effect.interval()) for key, effect in self.effects(name).items()}

    def jointly(self, name: str) -> dict[str, Difference]:
        """Return the differences of a group, or of the outcomes, with intervals that hold all at once (Bonferroni)."""
        effects = self.effects(name)
        ends = jointly(list(effects.values()))
        return {key: told(one) for key, one in zip(effects, ends, strict=True)}

    @cached_property
    def _flags(self) -> frozenset[str]:
        """The columns that hold 0 or 1."""
        return frozenset(column.name for column in self.a.declared if column.kind == "flag")

    def summary(self) -> dict[str, Any]:
        """Return everything that `sim compare --json` prints, as plain data; numbers that do not exist are None."""
        said: dict[str, Any] = {
            "a": self.a.scenario.name,
            "b": self.b.scenario.name,
            "fingerprints": [self.a.scenario.fingerprint, self.b.scenario.fingerprint],
            "model_version": model_version(),
            "engine": self.a.engine,
            "seed": self.a.seed,
            "first": self.a.first,
            "replicates": self.a.asked,
            "finished": len(self),
            "shares": {"a": _share(self.a), "b": _share(self.b)},
            "success": self._told(self.success) | self._told_moved(),
            "variance_reduction": known(self.variance_reduction),
            "outcomes": {name: self._told(one) for name, one in self.outcomes.items()},
        }
        for column in self.a.declared:
            if column.name in ("success", "outcome") or column.name not in self.b.columns:
                continue
            one = told(self.effect(column.name).interval())
            group, key = grouped(column.name)
            if key:
                said.setdefault(group, {})[key] = self._told(one)
            else:
                said[group] = self._told(one)
        said["jointly"] = {name: self._joint(name) for name in ("outcome", "trust")}
        said["differences"] = [{"key": key, "a": mine, "b": theirs} for key, mine, theirs in self.differences]
        said["failed_replicates"] = {
            name: [{"replicate": one.replicate, "error": one.error} for one in result.failed]
            for name, result in (("a", self.a), ("b", self.b))
        }
        return said

    def to_json(self) -> str:
        """Return the summary as one JSON object."""
        return json.dumps(self.summary(), allow_nan=False, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        """Return the headline."""
        one = self.success
        return (
            f"{self.b.scenario.name} against {self.a.scenario.name}: success "
            f"{words.with_interval(one.difference, one.low, one.high, sign=True)}, {len(self):,} pairs, seed {self.a.seed}"
        )

    @cached_property
    def table(self) -> pyarrow.Table:
        """The differences as an Arrow table, one row a column: estimates in a and b, difference, interval, pairs."""
        import pyarrow

        fields = ("column", "a", "b", "difference", "low", "high", "pairs")
        return pyarrow.table(dict(zip(fields, zip(*self._rows(), strict=True), strict=True)))

    def to_pandas(self) -> Any:
        """Return the differences as a pandas DataFrame."""
        imported("pandas")
        return self.table.to_pandas()

    def to_polars(self) -> Any:
        """Return the differences as a Polars DataFrame."""
        return imported("polars").from_arrow(self.table)

    def _repr_html_(self) -> str:
        """Return the headline and tables of outcomes and trust for notebooks."""
        ends = {"success": self.success} | self.jointly("outcome") | self.jointly("trust")
        shares = {one: (self.a.outcomes[one].estimate, self.b.outcomes[one].estimate) for one in OUTCOMES}
        after = {pair: (self.a.trust[pair].after, self.b.trust[pair].after) for pair in self.effects("trust")}
        rows = [
            (words.OUTCOMES.get(name) or f"trust, {words.pair(name)}", *pair, one.difference, one.low, one.high)
            for name, pair in (shares | after).items()
            for one in [ends[name]]
        ]
        return shown_table(str(self), ("", "a", "b", "b - a", "95 % jointly"), rows, signed_from=2)

    def _rows(self) -> list[tuple[str | float, ...]]:
        """Return a row of the table for each column that both results have as a number."""
        rows: list[tuple[str | float, ...]] = []
        for column in self.a.declared:
            if column.name == "outcome" or column.name not in self.b.columns:
                continue
            before, after = self.values(column.name)
            both = np.isfinite(before) & np.isfinite(after)
            means = (float(np.mean(one[both])) if both.any() else math.nan for one in (before, after))
            one = self.effect(column.name).interval()
            rows.append((column.name, *means, one.estimate, one.low, one.high, one.replicates))
        return rows

    def _joint(self, name: str) -> dict[str, dict[str, float | None]]:
        """Return the ends of the intervals of a group that hold all at once, as plain data."""
        return {key: {"low": known(one.low), "high": known(one.high)} for key, one in self.jointly(name).items()}

    def _told(self, one: Difference) -> dict[str, float | int | None]:
        """Return a difference as plain data, with its number of pairs where it rests on fewer than the others."""
        said: dict[str, float | int | None] = {
            "difference": known(one.difference),
            "low": known(one.low),
            "high": known(one.high),
        }
        return said if one.pairs == len(self) else said | {"replicates": one.pairs}

    def _told_moved(self) -> dict[str, Any]:
        """Return the shares helped and harmed as plain data."""
        moved = self.moved
        return {
            "helped": known(moved.helped),
            "harmed": known(moved.harmed),
            "helped_bounds": list(moved.helped_bounds),
            "harmed_bounds": list(moved.harmed_bounds),
            "helped_of_moved": {
                "estimate": known(moved.helped_of_moved.estimate),
                "low": moved.helped_of_moved.low,
                "high": moved.helped_of_moved.high,
                "replicates": moved.helped_of_moved.replicates,
            },
        }


def compare(
    a: Scenario,
    b: Scenario,
    replicates: int = 1000,
    seed: int = 0,
    *,
    processes: int | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Contrast:
    """Return what changes from scenario a to scenario b, played in the same replicates under shared luck.

    progress   called with the replicates done and asked for, those of both scenarios together
    """
    tell = progress or (lambda done, asked: None)

    def played(scenario: Scenario, before: int) -> Result:
        def told(done: int, asked: int) -> None:
            tell(before * asked + done, 2 * asked)

        return run(scenario, replicates, seed, processes=processes, engine=engine, progress=told)

    return contrast(played(a, 0), played(b, 1))


def contrast(a: Result, b: Result) -> Contrast:
    """Return the contrast of two results under one seed, over the replicates that both finished."""
    if a.seed != b.seed:
        raise ValueError(f"results under seeds {a.seed} and {b.seed} share no luck: run both under one seed")
    _, mine, theirs = np.intersect1d(
        a.columns["replicate"], b.columns["replicate"], assume_unique=True, return_indices=True
    )
    return Contrast(a, b, (mine, theirs))


def told(one: Estimate) -> Difference:
    """Return an estimate of a difference under that name."""
    return Difference(one.estimate, one.low, one.high, one.replicates)


def _share(result: Result) -> dict[str, float | None]:
    """Return the share of success of one result as plain data."""
    return {"estimate": known(result.success.estimate), "low": result.success.low, "high": result.success.high}
