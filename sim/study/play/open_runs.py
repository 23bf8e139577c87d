"""Replicates one after another in the open engine."""

from __future__ import annotations

import math
import traceback
from typing import Any

import mesa
import numpy as np
from numpy.typing import NDArray

from sim.engines.models import model_of
from sim.engines.open import War
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import Scenario
from sim.steps.columns import columns_of, quantities_of
from sim.study.design.loading import with_class
from sim.study.play.results import Columns, Failure, Part, as_declared
from sim.study.play.weekly import Follow, tally_of


def run_open(
    scenario: Scenario,
    seed: int,
    first: int,
    count: int,
    follow: Follow = None,
) -> Part:
    """Return the replicates `first` to `first + count - 1`; one that fails is recorded and does not stop the others."""
    model = player_of(scenario)
    finished: list[int] = []
    rows: list[dict[str, float]] = []
    courses: list[list[list[float]]] = []
    failed: list[Failure] = []
    for replicate in range(first, first + count):
        try:
            row, course = play(model, scenario, seed, replicate, follow)
            rows.append(coded(row))
            courses.append(course)
            finished.append(replicate)
        except Exception as error:  # noqa: BLE001  (whatever a replicate dies of, the others stand)
            line = f"{type(error).__name__}: {error}".partition("\n")[0]
            failed.append(Failure(replicate, line, traceback.format_exc()))
    weekly = None
    if follow is not None:
        quantities = tuple(quantities_of(scenario))
        shape = (len(courses), scenario.eras[0].world.weeks + 1, len(quantities))
        weekly = tally_of(quantities, np.array(courses, dtype=np.float64).reshape(shape), follow)
    return Part(_columns_of(scenario, finished, rows), tuple(failed), weekly)


def run_open_stored(stored: dict[str, Any], seed: int, first: int, count: int, model: type | None = None) -> Part:
    """Return the same for a scenario stored by `to_dict`, and its class: what another process can be asked to do."""
    return run_open(with_class(Scenario.from_dict(stored), model), seed, first, count)


def player_of(scenario: Scenario) -> type[War]:
    """Return the class that plays a scenario in the open."""
    model: Any = model_of(scenario)
    return War if scenario.model is None else model


def play(
    model: type[War], scenario: Scenario, seed: int, replicate: int, follow: Follow = None
) -> tuple[dict[str, float | str], list[list[float]]]:
    """Return the row of one replicate, and its followed quantities by week; the last week stands to the horizon."""
    talks = model(scenario, seed, replicate)
    course: list[list[float]] = []
    try:
        if follow is not None:
            course.append(talks.quantities())
        while talks.running:
            talks.step()
            if follow is not None:
                course.append(talks.quantities())
        course += course[-1:] * (talks.world.weeks - talks.week)
        return talks.row(), course
    finally:
        forget(talks)


def forget(talks: War) -> None:
    """Let go of a model: Mesa keeps a counter for each model that ever was, and with it the model."""
    counters = getattr(mesa.Agent, "_ids", None)
    if isinstance(counters, dict):
        counters.pop(talks, None)


def coded(row: dict[str, float | str]) -> dict[str, float]:
    """Return a row in numbers: the outcome by its place in OUTCOMES."""
    return {
        name: float(OUTCOMES.index(str(value))) if name == "outcome" else float(value) for name, value in row.items()
    }


def _columns_of(scenario: Scenario, finished: list[int], rows: list[dict[str, float]]) -> Columns:
    """Return rows as columns; those of the scenario first, then what a subclass adds."""
    declared = {column.name: column for column in columns_of(scenario)}
    names = dict.fromkeys([*declared, *(name for row in rows for name in row)])
    columns: dict[str, NDArray[Any]] = {"replicate": np.array(finished, dtype=np.int64)}
    for name in names:
        values = np.array([row.get(name, math.nan) for row in rows], dtype=np.float64)
        columns[name] = as_declared(declared[name], values) if name in declared else values
    return columns
