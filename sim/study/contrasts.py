"""Two scenarios in the same replicates: what changes, with paired intervals."""

from __future__ import annotations

import html
import json
import math
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.outcomes import OUTCOMES
from sim.scenario import Scenario
from sim.study.estimates import Estimate, mean, paired_difference
from sim.study.replicates import run
from sim.study.results import Result, grouped, known
from sim.version import MODEL_VERSION

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
    bounds (Fréchet's) are what the two shares alone allow.
    """

    helped: float
    harmed: float
    helped_bounds: tuple[float, float]
    harmed_bounds: tuple[float, float]


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
        return self.flag(*self.values("success"))

    @cached_property
    def moved(self) -> SharesMoved:
        """The shares of replicates helped and harmed, with their bounds."""
        before, after = self.values("success")
        count, first, second = len(self), int(before.sum()), int(after.sum())
        if count == 0:
            return SharesMoved(math.nan, math.nan, (0.0, 1.0), (0.0, 1.0))
        return SharesMoved(
            helped=int((after > before).sum()) / count,
            harmed=int((after < before).sum()) / count,
            helped_bounds=(max(0, second - first) / count, min(second, count - first) / count),
            harmed_bounds=(max(0, first - second) / count, min(first, count - second) / count),
        )

    @cached_property
    def outcomes(self) -> dict[str, Difference]:
        """The difference of the share of each outcome."""
        before, after = self.values("outcome")
        return {
            name: self.flag((before == code).astype(np.float64), (after == code).astype(np.float64))
            for code, name in enumerate(OUTCOMES)
        }

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
        told = ("title", "description")
        return [one for one in self.a.scenario.differences(self.b.scenario) if one[0] not in told]

    def replicates_of(self, kind: str) -> list[int]:
        """Return the numbers of the replicates that were "helped" or "harmed"."""
        before, after = self.values("success")
        chosen = {"helped": after > before, "harmed": after < before}[kind]
        return [int(number) for number in self.a.columns["replicate"][self.places[0]][chosen]]

    def values(self, column: str) -> tuple[Values, Values]:
        """Return a column of both results over the replicates that both finished."""
        return self.a.columns[column][self.places[0]], self.b.columns[column][self.places[1]]

    def flag(self, before: Values, after: Values) -> Difference:
        """Return the difference of two shares, with Tango's interval."""
        return _difference(paired_difference(int((after > before).sum()), int((after < before).sum()), len(before)))

    def number(self, column: str) -> Difference:
        """Return the mean difference of a column where both results have a value, with Student's interval."""
        before, after = self.values(column)
        return _difference(mean((after - before).tolist()))

    def group(self, name: str) -> dict[str, Difference]:
        """Return the mean difference of each column NAME.KEY that both results have, by its key."""
        return {
            key: self.number(column)
            for column in self.a.columns
            for group, key in [grouped(column)]
            if group == name and key and column in self.b.columns
        }

    def summary(self) -> dict[str, Any]:
        """Return everything that `sim compare --json` prints, as plain data; numbers that do not exist are None."""
        told: dict[str, Any] = {
            "a": self.a.scenario.name,
            "b": self.b.scenario.name,
            "fingerprints": [self.a.scenario.fingerprint, self.b.scenario.fingerprint],
            "model_version": MODEL_VERSION,
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
            flag = column.kind == "flag"
            one = self.flag(*self.values(column.name)) if flag else self.number(column.name)
            group, key = grouped(column.name)
            if key:
                told.setdefault(group, {})[key] = self._told(one)
            else:
                told[group] = self._told(one)
        told["differences"] = [{"key": key, "a": mine, "b": theirs} for key, mine, theirs in self.differences]
        told["failed_replicates"] = {
            name: [{"replicate": one.replicate, "error": one.error} for one in result.failed]
            for name, result in (("a", self.a), ("b", self.b))
        }
        return told

    def to_json(self) -> str:
        """Return the summary as one JSON object."""
        return json.dumps(self.summary(), allow_nan=False, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        """Return the headline."""
        one = self.success
        return (
            f"{self.b.scenario.name} against {self.a.scenario.name}: success {one.difference:+.3f} "
            f"({one.low:+.3f} to {one.high:+.3f}), {len(self):,} pairs, seed {self.a.seed}"
        )

    def _repr_html_(self) -> str:
        """Return a small table for notebooks."""
        body = "".join(
            f"<tr><th>{html.escape(name)}</th><td>{one.difference:+.3f}</td>"
            f"<td>{one.low:+.3f} – {one.high:+.3f}</td></tr>"
            for name, one in [("success", self.success), *self.outcomes.items()]
        )
        head = "<tr><th>outcome</th><th>difference</th><th>95 %</th></tr>"
        return f"<table><caption>{html.escape(str(self))}</caption>{head}{body}</table>"

    def _told(self, one: Difference) -> dict[str, float | int | None]:
        """Return a difference as plain data, with its number of pairs where it rests on fewer than the others."""
        told: dict[str, float | int | None] = {
            "difference": known(one.difference),
            "low": known(one.low),
            "high": known(one.high),
        }
        return told if one.pairs == len(self) else told | {"replicates": one.pairs}

    def _told_moved(self) -> dict[str, Any]:
        """Return the shares helped and harmed as plain data."""
        moved = self.moved
        return {
            "helped": known(moved.helped),
            "harmed": known(moved.harmed),
            "helped_bounds": list(moved.helped_bounds),
            "harmed_bounds": list(moved.harmed_bounds),
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


def _difference(one: Estimate) -> Difference:
    """Return an estimate of a difference under that name."""
    return Difference(one.estimate, one.low, one.high, one.replicates)


def _share(result: Result) -> dict[str, float | None]:
    """Return the share of success of one result as plain data."""
    return {"estimate": known(result.success.estimate), "low": result.success.low, "high": result.success.high}
