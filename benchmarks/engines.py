"""Replicates a second in each engine, and that they give the same bits."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from statistics import median
from typing import Any

import mesa
import numpy as np
from mesa import batch_run
from numpy.typing import NDArray

import sim
from benchmarks.clock import Effort, interleaved_times, median_ratio
from benchmarks.rows import Row
from sim.engines.ensemble import rows_of
from sim.scenario.load import Scenario
from sim.study.play.open_runs import coded, forget, play

PART = "Replicates a second"
CASES = ("reference", "secret-track-1.5")
SEED = 3
ONE, TWO, OPEN, MESA = "compiled, 1 thread", "compiled, 2 threads", "open", "mesa.batch_run"
NO_DEALS = "compiled, 1 thread, no deals looked for"
APART = "compiled, 2 processes"  # what two cores of this machine can give at all

PER_SECOND = "replicates/s of one core"

Rows = NDArray[np.float64]


class Kept(sim.War):
    """A war that hands over its row at the end: batch_run returns what was collected and lets go of the models."""

    rows: dict[int, list[float]] = {}  # noqa: RUF012  (batch_run gives no way to hand in a place)

    def __init__(self, scenario: Scenario, seed: int = 0, replicate: int = 0) -> None:
        """Prepare, with nothing to be collected; batch_run asks for a collector."""
        super().__init__(scenario, seed, replicate)
        self.datacollector = mesa.DataCollector()

    def finish(self) -> None:
        """Settle the outcome and keep the row."""
        super().finish()
        self.rows[self.replicate] = list(coded(self.row()).values())
        forget(self)


def open_rows(scenario: Scenario, count: int) -> Rows:
    """Return the rows of the first replicates, played in the open engine."""
    return np.array([list(coded(play(sim.War, scenario, SEED, number)[0]).values()) for number in range(count)])


def mesa_rows(scenario: Scenario, count: int) -> Rows:
    """Return the same rows, played by mesa.batch_run.

    The replicate is the parameter that varies. Iterations would not do: batch_run hands every iteration the same
    arguments, so all would be one replicate.
    """
    Kept.rows.clear()
    parameters: dict[str, Any] = {"scenario": [scenario], "seed": [SEED], "replicate": range(count)}
    batch_run(Kept, parameters, iterations=1, number_processes=1, max_steps=10_000, display_progress=False)
    return np.array([Kept.rows[number] for number in range(count)])


def measurements(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    for name in CASES:
        yield from measurements_of_case(name, effort)


def half_rows(name: str, first: int, count: int) -> int:
    """Play half of the replicates in a process of its own; return how many there were."""
    return len(rows_of(sim.load(name), SEED, first, count, 1))


def measurements_of_case(name: str, effort: Effort) -> Iterator[Row]:
    """Yield the speed of each engine on one scenario, and the ratios."""
    with ProcessPoolExecutor(2, mp_context=get_context("spawn")) as pool:
        yield from measurements_with(pool, name, effort)


def measurements_with(pool: ProcessPoolExecutor, name: str, effort: Effort) -> Iterator[Row]:
    """Yield the same, with two processes for the control."""
    scenario = sim.load(name)
    many, few = effort.of(800, 20), effort.of(8, 2)
    counts = {ONE: many, TWO: many, OPEN: few, MESA: few}
    results: dict[str, Rows] = {}
    cases = {
        ONE: lambda: results.update({ONE: rows_of(scenario, SEED, 0, many, 1)}),
        TWO: lambda: results.update({TWO: rows_of(scenario, SEED, 0, many, 2)}),
        NO_DEALS: lambda: rows_of(scenario, SEED, 0, many, 1, ("success",)),
        APART: lambda: list(pool.map(half_rows, [name] * 2, [0, many // 2], [many // 2] * 2)),
        OPEN: lambda: results.update({OPEN: open_rows(scenario, few)}),
        MESA: lambda: results.update({MESA: mesa_rows(scenario, few)}),
    }
    rows_of(scenario, SEED, 0, 1)
    cases[APART]()
    taken = interleaved_times(cases, effort.rounds)
    for case in (ONE, OPEN, MESA):
        note = "" if case == ONE else agreement(results[ONE], results[case])
        yield Row(PART, f"{name}, {case}", counts[case] / median(taken[case].busy), PER_SECOND, note)
    for case in (OPEN, MESA):
        ratio = median_ratio(taken[case].busy, taken[ONE].busy) * many / few
        yield Row(PART, f"{name}, 1 thread against {case}", ratio, "times")
    ratio = median_ratio(taken[ONE].busy, taken[NO_DEALS].busy)
    yield Row(PART, f"{name}, no deals looked for against all columns", ratio, "times", 'as with keep = "outcomes"')
    for case in (ONE, TWO):
        note = "by the clock" if case == ONE else f"by the clock; {agreement(results[ONE], results[case])}"
        yield Row(PART, f"{name}, {case}, elapsed", many / median(taken[case].clock), "replicates/s", note)
    cores = median_ratio(taken[TWO].busy, taken[TWO].clock)
    for case, note in (
        (TWO, f"by the clock; {cores:.2f} cores in use"),
        (APART, "by the clock: a control of the machine"),
    ):
        ratio = median_ratio(taken[ONE].clock, taken[case].clock)
        yield Row(PART, f"{name}, {case.removeprefix('compiled, ')} against 1 thread, elapsed", ratio, "times", note)


def agreement(ours: Rows, theirs: Rows) -> str:
    """Return whether the replicates that both played have the same bits."""
    same = ours[: len(theirs)].tobytes() == np.ascontiguousarray(theirs).tobytes()
    return f"{'same bits' if same else 'DIFFERENT BITS'} in {len(theirs)} replicates"
