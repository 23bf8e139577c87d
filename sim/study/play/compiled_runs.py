"""Replicates in the compiled engine, block after block so that progress can be told."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Callable
from functools import cache
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.errors import OpenEngineWarning
from sim.scenario.load import Scenario
from sim.scenario.models import Model
from sim.steps.columns import Column, columns_of, own_columns_of, quantities_of
from sim.study.play.results import Columns, Failure, Part, as_declared
from sim.study.play.weekly import Follow, Tally

BLOCK = 2_000
_PROVING = threading.Lock()  # what one thread has shown, another need not show again
FOLLOWED = 100  # replicates whose every week is held in memory at once
ONLY_COMPILED = "the compiled engine gave a number that is not finite, the open engine did not"
_MAY_BE_MISSING = ("weeks_to_", "terms.", "exposed_week.", "expected_")


class Wanted(NamedTuple):
    """What is wanted of a scenario: so many replicates from `first` on, and columns by name, all where none are named."""

    first: int
    replicates: int
    columns: tuple[str, ...] = ()


@cache
def why_not_compiled() -> str:
    """Return why the compiled engine cannot play on this machine; nothing where it can."""
    from sim.engines.ensemble import compiled_model
    from sim.engines.host import NoMachineError

    try:
        compiled_model()
    except NoMachineError as error:
        return str(error)
    return ""


def suited_engine(model: Model | None = None) -> str:
    """Return the engine for many replicates: compiled, which is then ready, or open where that can't be.

    Warns of a model class of one's own that can't be compiled.
    """
    if why_not_compiled():
        return "open"
    why = why_class_not_compiled(model)
    if why and model:
        slow = f"{model.called} is played in the open engine, about a hundred times slower: {why}"
        warnings.warn(slow, OpenEngineWarning, stacklevel=4)
    return "open" if why else "compiled"


def why_class_not_compiled(model: Model | None) -> str:
    """Return why a class of one's own can't be compiled, by file and line; nothing where it can, and for ours."""
    if model is None or model.played_by is None:
        return ""
    from sim.engines import ensemble

    return ensemble.why_not_compiled(model.played_by)


def played_as(engine: str, scenario: Scenario) -> str:
    """Return what played a scenario: the engine, and the name of a class of one's own."""
    return engine if scenario.model is None else f"{engine} ({scenario.model.called})"


def say_open_instead(seconds: float) -> None:
    """Print why the open engine is used instead of the compiled one, and roughly how long it will take."""
    told = f"{why_not_compiled()}: the open engine is used instead, with the same results"
    print(f"{told}; this takes about {seconds:,.0f} s", file=sys.stderr)


def run_compiled(
    scenario: Scenario,
    seed: int,
    wanted: Wanted,
    threads: int,
    follow: Follow,
    tell: Callable[[int, int], None],
) -> Part:
    """Return what is wanted of a scenario, played by so many threads.

    Columns are filled block after block, so that nothing is held twice; so is the tally of what is followed. A class of
    one's own that is new is first shown to agree with the open engine.
    """
    first, count, asked = wanted
    if scenario.model is not None:
        from sim.study.play.proof import prove  # brings Mesa, which takes long

        with _PROVING:
            prove(scenario, seed, first)
    listed = [column for column in columns_of(scenario) if not asked or column.name in asked]
    columns: Columns = {"replicate": np.zeros(count, dtype=np.int64)}
    columns |= {column.name: as_declared(column, np.zeros(count)) for column in listed}
    failed: list[Failure] = []
    tally = None if follow is None else Tally(quantities_of(scenario), scenario.eras[0].world.weeks, follow)
    finished = 0
    tell(0, count)
    block = BLOCK if tally is None else FOLLOWED
    for done in range(0, count, block):
        length = min(block, count - done)
        part = _play_block(scenario, seed, Wanted(first + done, length, asked), threads, tally)
        kept = len(part.columns["replicate"])
        for name, values in columns.items():
            values[finished : finished + kept] = part.columns[name]
        finished += kept
        failed += part.failed
        tell(done + length, count)
    columns = {name: values[:finished] for name, values in columns.items()}
    return Part(columns, tuple(failed), tally.weekly() if tally is not None else None)


def _play_block(scenario: Scenario, seed: int, wanted: Wanted, threads: int, tally: Tally | None) -> Part:
    """Return what is wanted as a part, its weeks counted by `tally`; columns that are not wanted are not to be read."""
    from sim.engines.ensemble import courses_of, rows_of

    first, count, asked = wanted
    if tally is None:
        return part_of_rows(scenario, seed, first, rows_of(scenario, seed, first, count, threads, asked))
    rows, values = courses_of(scenario, seed, first, count, threads, asked)
    part = part_of_rows(scenario, seed, first, rows)
    tally.add(values[part.columns["replicate"] - first])
    return part


def part_of_rows(scenario: Scenario, seed: int, first: int, rows: NDArray[np.float64]) -> Part:
    """Return rows of the compiled engine as a part; one that is not finite has failed, and the open engine says how."""
    listed = columns_of(scenario)
    ours = listed[: len(listed) - len(own_columns_of(scenario))]  # of a class of one's own, any column may be missing
    needed = [place for place, column in enumerate(ours) if not may_be_missing(column)]
    sound = np.isfinite(rows[:, needed]).all(axis=1)
    columns = _columns_of(listed, first + np.flatnonzero(sound), rows[sound])
    failed = [_failure_of(scenario, seed, first + int(number)) for number in np.flatnonzero(~sound)]
    return Part(columns, tuple(failed))


def may_be_missing(column: Column) -> bool:
    """Return whether one of our columns has no value in some replicates."""
    return column.name.startswith(_MAY_BE_MISSING)


def _failure_of(scenario: Scenario, seed: int, replicate: int) -> Failure:
    """Return how a replicate fails in the open engine, or that it fails in the compiled one alone."""
    from sim.study.play.open_runs import run_open

    failed = run_open(scenario, seed, replicate, 1).failed
    return failed[0] if failed else Failure(replicate, ONLY_COMPILED, "")


def _columns_of(
    listed: list[Column], replicates: NDArray[np.int64], rows: NDArray[np.float64]
) -> dict[str, NDArray[Any]]:
    """Return rows as columns by name, the replicates' numbers first."""
    columns: dict[str, NDArray[Any]] = {"replicate": replicates.astype(np.int64)}
    columns |= {column.name: as_declared(column, rows[:, place]) for place, column in enumerate(listed)}
    return columns
