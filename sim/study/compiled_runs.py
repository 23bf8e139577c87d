"""Replicates in the compiled engine, block after block so that progress can be told."""

from __future__ import annotations

from collections.abc import Callable
from importlib.util import find_spec
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.outcomes import Column, columns_of
from sim.scenario import Scenario
from sim.study.results import Failure, Part

BLOCK = 2_000
ONLY_COMPILED = "the compiled engine gave a number that is not finite, the open engine did not"
MAY_BE_MISSING = ("weeks_to_", "terms.", "exposed_week.")


def is_available() -> bool:
    """Return whether the compiler is installed."""
    return find_spec("numba") is not None


def run_compiled(
    scenario: Scenario, seed: int, first: int, count: int, threads: int, tell: Callable[[int, int], None]
) -> list[Part]:
    """Return the replicates `first` to `first + count - 1` in parts, played by so many threads."""
    from sim.engines.ensemble import rows_of

    parts = []
    tell(0, count)
    for done in range(0, count, BLOCK):
        length = min(BLOCK, count - done)
        parts.append(part_of(scenario, seed, first + done, rows_of(scenario, seed, first + done, length, threads)))
        tell(done + length, count)
    return parts


def part_of(scenario: Scenario, seed: int, first: int, rows: NDArray[np.float64]) -> Part:
    """Return rows of the compiled engine as a part; one that is not finite has failed, and the open engine says how."""
    listed = columns_of(scenario.eras[0].world)
    needed = [place for place, column in enumerate(listed) if not column.name.startswith(MAY_BE_MISSING)]
    sound = np.isfinite(rows[:, needed]).all(axis=1)
    columns = as_columns(listed, first + np.flatnonzero(sound), rows[sound])
    failed = [failed_openly(scenario, seed, first + int(number)) for number in np.flatnonzero(~sound)]
    return Part(columns, tuple(failed))


def failed_openly(scenario: Scenario, seed: int, replicate: int) -> Failure:
    """Return how a replicate fails in the open engine, or that it fails in the compiled one alone."""
    from sim.study.open_runs import run_open

    failed = run_open(scenario, seed, replicate, 1).failed
    return failed[0] if failed else Failure(replicate, ONLY_COMPILED, "")


def as_columns(
    listed: list[Column], replicates: NDArray[np.int64], rows: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """Return rows as columns by name, the replicates' numbers first."""
    columns: dict[str, NDArray[Any]] = {"replicate": replicates.astype(np.int64)}
    for place, column in enumerate(listed):
        values = np.ascontiguousarray(rows[:, place])
        columns[column.name] = values.astype(np.int8) if column.name == "outcome" else values
    return columns
