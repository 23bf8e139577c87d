"""Two scenarios in the same replicates: what changes, with paired intervals."""

from __future__ import annotations

import json
import math
import os
from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from sim import words
from sim.extras import optional_package
from sim.plain import plain_data
from sim.scenario.load import Scenario
from sim.steps.columns import outcomes_of
from sim.study.play.notebooks import html_table
from sim.study.play.paired import Paired, common_rows
from sim.study.play.replicates import Progress, progress_within, run
from sim.study.play.results import Result, file_under, grouped
from sim.study.statistics.effects import Effect, Shares, jointly
from sim.study.statistics.estimates import Estimate, exact_share

if TYPE_CHECKING:
    import pyarrow

    from sim.engines.open import War


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


class Contrast(Paired):
    """Two results over the replicates that both finished; every difference is b minus a."""

    @property
    def a(self) -> Result:
        """The first result."""
        return self.results[0]

    @property
    def b(self) -> Result:
        """The second result."""
        return self.results[1]

    @cached_property
    def success(self) -> Estimate:
        """The difference of the shares of success."""
        return self.effect("success").interval()

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
    def outcomes(self) -> dict[str, Estimate]:
        """The difference of the share of each outcome."""
        return {name: effect.interval() for name, effect in self.effects("outcome").items()}

    @cached_property
    def trust(self) -> dict[str, Estimate]:
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
        return [int(number) for number in self.a.columns["replicate"][self.rows[0]][chosen]]

    def effects(self, name: str) -> dict[str, Effect]:
        """Return the effect on each outcome for "outcome", else on each column NAME.KEY that both results have, by key."""
        if name == "outcome":
            before, after = self.values(name)
            ends = enumerate(outcomes_of(self.a.scenario))
            return {one: Shares.of(before == code, after == code) for code, one in ends}
        return {
            key: self.effect(column)
            for column in self.a.columns
            for group, key in [grouped(column)]
            if group == name and key and column in self.b.columns
        }

    def group(self, name: str) -> dict[str, Estimate]:
        """Return the difference of each column NAME.KEY that both results have, by its key."""
        return {key: effect.interval() for key, effect in self.effects(name).items()}

    def jointly(self, name: str) -> dict[str, Estimate]:
        """Return the differences of a group, or of the outcomes, with intervals that hold all at once (Bonferroni)."""
        effects = self.effects(name)
        return dict(zip(effects, jointly(list(effects.values())), strict=True))

    def summary(self) -> dict[str, Any]:
        """Return everything that `sim compare --json` prints, as plain data; numbers that do not exist are None."""
        summary: dict[str, Any] = {
            "a": self.a.scenario.name,
            "b": self.b.scenario.name,
            "fingerprints": [self.a.scenario.fingerprint, self.b.scenario.fingerprint],
            "model_version": self.a.model_version,
            "engine": " and ".join(dict.fromkeys([self.a.engine, self.b.engine])),
            "seed": self.a.seed,
            "first": self.a.first,
            "replicates": self.a.asked,
            "finished": len(self),
            "shares": {"a": self.a.success, "b": self.b.success},
            "success": plain_data(self.success) | plain_data(self.moved),
            "variance_reduction": self.variance_reduction,
            "outcomes": self.outcomes,
        }
        for column in self.a.declared:
            if column.name not in ("success", "outcome") and column.name in self.b.columns:
                file_under(summary, column.name, self.effect(column.name).interval())
        summary["jointly"] = {name: self.jointly(name) for name in ("outcome", "trust")}
        summary["differences"] = [{"key": key, "a": mine, "b": theirs} for key, mine, theirs in self.differences]
        summary["failed_replicates"] = {"a": self.a.failed, "b": self.b.failed}
        data: dict[str, Any] = plain_data(summary)
        return data

    def to_json(self) -> str:
        """Return the summary as one JSON object."""
        return json.dumps(self.summary(), allow_nan=False, ensure_ascii=False, indent=2)

    def __str__(self) -> str:
        """Return the headline."""
        one = self.success
        return (
            f"{self.b.scenario.name} against {self.a.scenario.name}: success "
            f"{words.with_interval(one.estimate, one.low, one.high, sign=True)}, {len(self):,} pairs, seed {self.a.seed}"
        )

    @cached_property
    def table(self) -> pyarrow.Table:
        """The differences as an Arrow table, one row a column: mean in a and in b, estimate of the difference, interval."""
        import pyarrow

        fields = ("column", "a", "b", "estimate", "low", "high", "replicates")
        return pyarrow.table(dict(zip(fields, zip(*self._rows(), strict=True), strict=True)))

    def to_pandas(self) -> Any:
        """Return the differences as a pandas DataFrame."""
        optional_package("pandas")
        return self.table.to_pandas()

    def to_polars(self) -> Any:
        """Return the differences as a Polars DataFrame."""
        return optional_package("polars").from_arrow(self.table)

    def _repr_html_(self) -> str:
        """Return the headline and tables of outcomes and trust for notebooks."""
        ends = {"success": self.success} | self.jointly("outcome") | self.jointly("trust")
        shares = {one: (self.a.outcomes[one].estimate, self.b.outcomes[one].estimate) for one in self.a.outcomes}
        after = {pair: (self.a.trust[pair].after, self.b.trust[pair].after) for pair in self.effects("trust")}
        rows = [
            (
                words.outcome(name) if name in shares else f"trust, {words.pair(name)}",
                *pair,
                one.estimate,
                one.low,
                one.high,
            )
            for name, pair in (shares | after).items()
            for one in [ends[name]]
        ]
        return html_table(str(self), ("", "a", "b", "b - a", "95 % jointly"), rows, signed_from=2)

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


def compare(
    a: Scenario | str | os.PathLike[str],
    b: Scenario | str | os.PathLike[str],
    replicates: int = 1000,
    seed: int = 0,
    *,
    processes: int | None = None,
    model: type[War] | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Contrast:
    """Return what changes from scenario a to scenario b, played in the same replicates under shared luck.

    a, b       scenarios, or their names or paths
    model      a subclass of War that plays both; without it each is played by the model it was loaded for, so that one and
               the same case can be set against itself with a mechanism of one's own
    progress   called with the replicates done and asked for, those of both scenarios together
    """
    results = [
        run(
            scenario,
            replicates,
            seed,
            processes=processes,
            model=model,
            engine=engine,
            progress=progress_within(progress, number * replicates, 2 * replicates),
        )
        for number, scenario in enumerate((a, b))
    ]
    return contrast(*results)


def contrast(a: Result, b: Result) -> Contrast:
    """Return the contrast of two results under one seed, over the replicates that both finished."""
    return Contrast((a, b), common_rows((a, b)))
