"""The result of a run: columns by replicate, and the estimates read off them."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim import words
from sim.extras import optional_package
from sim.plain import plain_data
from sim.scenario.load import Scenario
from sim.steps.columns import Column, columns_of, outcomes_of
from sim.study.play.notebooks import html_table
from sim.study.play.weekly import Weekly
from sim.study.statistics.estimates import LEVEL, Estimate, mean, wilson
from sim.version import model_version

if TYPE_CHECKING:
    import pyarrow

Columns = dict[str, NDArray[Any]]

_PAIRED_GROUPS = ("trust", "misperception", "calibration")
_WEEKS = "weeks_to_"
_TYPES = {"flag": np.int8, "category": np.int8, "count": np.int32, "number": np.float64}


@dataclass(frozen=True, slots=True)
class Failure:
    """A replicate that could not be finished: its number, the error in a line, and its traceback."""

    replicate: int
    error: str
    traceback: str = field(repr=False)


class Part(NamedTuple):
    """What consecutive replicates gave: columns of those finished, their weeks if asked for, and those that failed."""

    columns: Columns
    failed: tuple[Failure, ...]
    weekly: Weekly | None = None


@dataclass(frozen=True, slots=True)
class TrustChange:
    """A state's trust in another: the belief of the scenario before the first week, and the mean at the end."""

    before: float
    after: float
    low: float
    high: float


@dataclass(frozen=True, eq=False)
class Result:
    """What the replicates of one scenario gave.

    columns    by name, in the order of the replicates that were finished; `replicate` gives their numbers, `outcome`
               codes of the words of `outcomes_of`; flags are int8, counts int32, numbers float64 with NaN where
               there is no value
    asked      how many replicates were asked for, from number `first` on
    failed     the replicates that could not be finished
    weekly     how quantities went week by week, if that was asked for
    """

    scenario: Scenario
    seed: int
    first: int
    asked: int
    engine: str
    columns: Columns = field(repr=False)
    failed: tuple[Failure, ...] = ()
    weekly: Weekly | None = None

    def __len__(self) -> int:
        """Return how many replicates were finished."""
        return len(self.columns["replicate"])

    @property
    def model_version(self) -> str:
        """The version of the model that played it: of a result read from a folder, that of the folder."""
        return model_version() if self.scenario.archive is None else self.scenario.archive.model_version

    @cached_property
    def success(self) -> Estimate:
        """The share of replicates in which an agreement held."""
        return self.share("success")

    @cached_property
    def outcomes(self) -> dict[str, Estimate]:
        """The share of each outcome."""
        codes = self.columns["outcome"]
        return {
            name: wilson(int((codes == code).sum()), len(self)) for code, name in enumerate(outcomes_of(self.scenario))
        }

    @cached_property
    def trust(self) -> dict[str, TrustChange]:
        """Trust of each ordered pair, as in trust["ukraine->united_states"], at the start and at the end."""
        changes = {}
        for pair, after in self.group("trust").items():
            one, _, other = pair.partition("->")
            changes[pair] = TrustChange(_trust_before(self.scenario, one, other), after.estimate, after.low, after.high)
        return changes

    @cached_property
    def misperception(self) -> dict[str, Estimate]:
        """How far off the belief of one state about the other's log cost of war is, by ordered pair."""
        return self.group("misperception")

    @cached_property
    def terms(self) -> dict[str, Estimate]:
        """The terms on each issue, over the replicates in which an agreement was signed."""
        return self.group("terms")

    def share(self, column: str, level: float = LEVEL) -> Estimate:
        """Return how often a flag is set."""
        return wilson(int(self.columns[column].sum()), len(self), level)

    def group(self, name: str) -> dict[str, Estimate]:
        """Return the mean of each column NAME.KEY by its key, over the replicates in which it has a value."""
        return {
            key: mean(self.columns[column.name].tolist())
            for column in self.declared
            for group, key in [grouped(column.name)]
            if group == name and key
        }

    @property
    def declared(self) -> list[Column]:
        """The declarations of the columns that are there, in their order."""
        return [column for column in columns_of(self.scenario) if column.name in self.columns]

    def summary(self) -> dict[str, Any]:
        """Return everything that `sim run --json` prints, as plain data; numbers that do not exist are None."""
        summary: dict[str, Any] = {
            "scenario": self.scenario.name,
            "title": self.scenario.title,
            "fingerprint": self.scenario.fingerprint,
            "model_version": self.model_version,
            "engine": self.engine,
            "seed": self.seed,
            "first": self.first,
            "replicates": self.asked,
            "finished": len(self),
            "success": self.success,
            "outcomes": self.outcomes,
            "trust": self.trust,
        }
        for column in self.declared:
            if column.name not in ("success", "outcome") and not column.name.startswith("trust."):
                file_under(summary, column.name, self.estimate(column))
        data: dict[str, Any] = plain_data(summary | {"failed_replicates": self.failed})
        return data

    def to_json(self) -> str:
        """Return the summary as one JSON object."""
        return json.dumps(self.summary(), allow_nan=False, ensure_ascii=False, indent=2)

    @cached_property
    def table(self) -> pyarrow.Table:
        """The columns as an Arrow table; `outcome` is a dictionary of words, missing values are null."""
        import pyarrow

        described = {column.name: column for column in self.declared}
        arrays, fields = [], []
        for name, values in self.columns.items():
            if name == "outcome":
                words_of_codes = pyarrow.array(outcomes_of(self.scenario))
                array = pyarrow.DictionaryArray.from_arrays(pyarrow.array(values), words_of_codes)
            else:
                array = pyarrow.array(values, from_pandas=True)
            about = described.get(name)
            metadata = {"unit": about.unit, "meaning": about.meaning} if about else None
            arrays.append(array)
            fields.append(pyarrow.field(name, array.type, metadata=metadata))
        return pyarrow.Table.from_arrays(arrays, schema=pyarrow.schema(fields))

    def to_pandas(self) -> Any:
        """Return the columns as a pandas DataFrame."""
        optional_package("pandas")
        return self.table.to_pandas()

    def to_polars(self) -> Any:
        """Return the columns as a Polars DataFrame."""
        return optional_package("polars").from_arrow(self.table)

    def __str__(self) -> str:
        """Return the headline."""
        one = self.success
        return (
            f"{self.scenario.name}: success {words.with_interval(one.estimate, one.low, one.high)}, "
            f"{len(self):,} replicates, seed {self.seed}, {self.engine} engine"
        )

    def _repr_html_(self) -> str:
        """Return the headline and tables of outcomes and trust for notebooks."""
        rows = [(words.outcome(name), one.estimate, one.low, one.high) for name, one in self.outcomes.items()]
        rows += [(f"trust, {words.pair(pair)}", one.after, one.low, one.high) for pair, one in self.trust.items()]
        return html_table(str(self), ("", "estimate", "95 %"), rows)

    def estimate(self, column: Column) -> Estimate:
        """Return the share of a flag, or the mean of another column over the replicates in which it has a value."""
        return self.share(column.name) if column.kind == "flag" else mean(self.columns[column.name].tolist())


def _trust_before(scenario: Scenario, one: str, other: str) -> float:
    """Return a state's trust in another before the first week; NaN where an older folder calls it otherwise."""
    level: Any = scenario.values
    for key in ("states", one, "toward", other, "trust"):
        level = level.get(key, {})
    return float(level) if isinstance(level, float) else math.nan


def grouped(column: str) -> tuple[str, str]:
    """Return the group and the key of a column: trust.a.b as trust and a->b, weeks_to_opening as weeks and opening."""
    if column.startswith(_WEEKS):
        return "weeks", column.removeprefix(_WEEKS)
    group, _, key = column.partition(".")
    return group, key.replace(".", "->") if group in _PAIRED_GROUPS else key


def file_under(summary: dict[str, Any], column: str, estimate: Estimate) -> None:
    """Add a column's estimate to a summary: within its group by its key, or by its name where it has none."""
    group, key = grouped(column)
    if key:
        summary.setdefault(group, {})[key] = estimate
    else:
        summary[group] = estimate


def as_declared(column: Column, values: NDArray[np.float64]) -> NDArray[Any]:
    """Return the values of a column in its own type."""
    return np.ascontiguousarray(values, dtype=_TYPES[column.kind])


def joined_results(one: Result, other: Result) -> Result:
    """Return two results of one scenario under one seed as one; the second begins where the first ends."""
    if (one.scenario, one.seed, one.engine) != (other.scenario, other.seed, other.engine):
        raise ValueError("results of different runs cannot be joined_results")
    if one.first + one.asked != other.first:
        raise ValueError(f"replicates from {other.first} on do not follow those up to {one.first + one.asked - 1}")
    columns = merged_columns([one.columns, other.columns])
    failed = (*one.failed, *other.failed)
    weekly = None if one.weekly is None or other.weekly is None else one.weekly + other.weekly
    return Result(one.scenario, one.seed, one.first, one.asked + other.asked, one.engine, columns, failed, weekly)


def first_of(result: Result, replicates: int) -> Result:
    """Return what the first so many replicates of a result gave."""
    rows = result.columns["replicate"] < replicates
    columns = {name: values[rows] for name, values in result.columns.items()}
    failed = tuple(one for one in result.failed if one.replicate < replicates)
    return Result(result.scenario, result.seed, 0, min(replicates, result.asked), result.engine, columns, failed)


def merged_columns(parts: Sequence[Mapping[str, NDArray[Any]]]) -> Columns:
    """Return the columns of parts one after another; a part that lacks a column gives no values for it."""
    if len(parts) == 1:
        return dict(parts[0])
    names = dict.fromkeys(name for part in parts for name in part)
    columns: Columns = {}
    for name in names:
        pieces = [part[name] if name in part else np.full(len(part["replicate"]), np.nan) for part in parts]
        columns[name] = np.concatenate(pieces)
    return columns
