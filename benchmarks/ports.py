"""The rules' arithmetic against a port to C: the same bits, and at what speed."""

from __future__ import annotations

import ctypes
import shutil
import subprocess
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from statistics import median
from typing import Any
from unittest.mock import patch

import numpy as np
from numpy.typing import NDArray

import sim
from benchmarks import loops
from benchmarks.clock import Effort, interleaved, median_ratio
from benchmarks.rows import Row
from sim.search import offers

PART = "Rules compiled by Numba against a port to C"
SOURCE = Path(__file__).parent / "c" / "ports.c"
FLAGS = ["-O2", "-ffp-contract=off", "-shared", "-fPIC"]
NO_COMPILER = "gcc is not installed"
SEED = 5
MOST = 9  # the log objective and up to eight terms

Floats = NDArray[np.float64]


class Recorded:
    """The sheets on which the open engine searched for offers."""

    def __init__(self) -> None:
        self.offers: list[list[float]] = []
        self.gates: list[tuple[list[float], float]] = []

    def best_offer(self, sheet: list[float], work: list[float]) -> float:
        self.offers.append(list(sheet))
        return BEST_OFFER(sheet, work)

    def gain_reaches(self, sheet: list[float], least: float, work: list[float]) -> int:
        self.gates.append((list(sheet), least))
        return GAIN_REACHES(sheet, least, work)


BEST_OFFER: Callable[..., float] = offers.best_offer
GAIN_REACHES: Callable[..., int] = offers.gain_reaches


def recorded(scenario: str, replicates: int) -> Recorded:
    """Return the sheets of some replicates of a scenario."""
    record = Recorded()
    loaded = sim.load(scenario)
    with (
        patch.object(offers, "best_offer", record.best_offer),
        patch.object(offers, "gain_reaches", record.gain_reaches),
    ):
        for replicate in range(replicates):
            sim.Talks(loaded, SEED, replicate).run()
    return record


@contextmanager
def c_port() -> Iterator[ctypes.CDLL | None]:
    """Give the port, compiled now; None where there is no compiler."""
    compiler = shutil.which("gcc")
    if compiler is None:
        yield None
        return
    with tempfile.TemporaryDirectory() as folder:
        library = Path(folder) / "ports.so"
        subprocess.run([compiler, *FLAGS, str(SOURCE), "-o", str(library), "-lm"], check=True)
        yield ctypes.CDLL(str(library))


def pointer(array: Floats) -> Any:
    """Return an array as C takes it."""
    return array.ctypes.data_as(ctypes.POINTER(ctypes.c_double))


class Task:
    """One thing both do: what Numba and C are called with, where each writes, and what Python makes of a few."""

    def __init__(self, name: str, unit: str, count: int, shape: tuple[int, ...]) -> None:
        self.name, self.unit, self.count = name, unit, count
        self.ours, self.theirs = np.zeros(shape), np.zeros(shape)
        self.compiled: Callable[[], object] = lambda: None
        self.ported: Callable[[], object] = lambda: None
        self.plain: Callable[[int], Any] = lambda place: None


def function_tasks(jitted: dict[str, Callable[..., Any]], port: ctypes.CDLL | None, count: int) -> Iterator[Task]:
    """Yield exp, log and the normal distribution function, over values as the model meets them and beyond."""
    from sim.numerics import exp, log, normal_cdf

    chosen = sim.chance.generator(SEED, "benchmarks")
    normals = 3.0 * chosen.standard_normal(count)
    cases = [("exp", exp, normals), ("log", log, np.exp(5.0 * normals)), ("normal_cdf", normal_cdf, normals)]
    for name, rule, values in cases:
        task = Task(name, "ns", count, (count,))
        call = jitted[f"many_{name}"]
        task.compiled = lambda call=call, values=values, task=task: call(values, task.ours)
        task.plain = lambda place, rule=rule, values=values: rule(float(values[place]))
        if port is not None:
            ported = port[f"many_{name}"]
            arguments = (pointer(values), pointer(task.theirs), ctypes.c_long(count))
            task.ported = lambda ported=ported, arguments=arguments: ported(*arguments)
        yield task


def draw_tasks(jitted: dict[str, Callable[..., Any]], port: ctypes.CDLL | None, count: int) -> Iterator[Task]:
    """Yield uniform and normal draws: Philox, and the quantile of it."""
    from sim.chance import normal, uniform

    for name, rule in (("uniform", uniform), ("normal", normal)):
        task = Task(f"{name} draw (Philox)", "ns", count, (count,))
        call = jitted[f"many_{name}"]
        task.compiled = lambda call=call, task=task: call(SEED, task.ours)
        task.plain = lambda place, rule=rule: rule(SEED, place, 7, 3, 11, 13)
        if port is not None:
            ported = port[f"many_{name}"]
            arguments = (ctypes.c_long(SEED), pointer(task.theirs), ctypes.c_long(count))
            task.ported = lambda ported=ported, arguments=arguments: ported(*arguments)
        yield task


def offer_task(jitted: dict[str, Callable[..., Any]], port: ctypes.CDLL | None, listed: list[list[float]]) -> Task:
    """Return the search for the best offer, on recorded sheets."""
    sheets, work = np.array(listed), np.zeros(workspace(listed))
    task = Task("best_offer", "us", len(listed), (len(listed), MOST))
    task.compiled = lambda: jitted["many_best_offers"](sheets, work, task.ours)
    task.plain = lambda place: plain_offer(listed[place])
    if port is not None:
        numbers = ctypes.c_long(sheets.shape[1]), ctypes.c_long(len(listed))
        task.ported = lambda: port.many_best_offers(
            pointer(sheets), numbers[0], pointer(work), pointer(task.theirs), numbers[1]
        )
    return task


def gate_task(
    jitted: dict[str, Callable[..., Any]], port: ctypes.CDLL | None, listed: list[tuple[list[float], float]]
) -> Task:
    """Return the question whether a state gains enough from talks, on recorded sheets."""
    sheets, least = np.array([sheet for sheet, _ in listed]), np.array([least for _, least in listed])
    work = np.zeros(workspace([sheet for sheet, _ in listed]))
    task = Task("gain_reaches", "us", len(listed), (len(listed),))
    task.compiled = lambda: jitted["many_gates"](sheets, work, least, task.ours)
    task.plain = lambda place: offers.gain_reaches(listed[place][0], listed[place][1], [0.0] * len(work))
    if port is not None:
        numbers = ctypes.c_long(sheets.shape[1]), ctypes.c_long(len(listed))
        task.ported = lambda: port.many_gates(
            pointer(sheets), numbers[0], pointer(work), pointer(least), pointer(task.theirs), numbers[1]
        )
    return task


def workspace(sheets: list[list[float]]) -> int:
    """Return the size of the workspace that is enough for every sheet."""
    from sim.search.sheet import ROWS

    return offers.work_size(int(max(sheet[ROWS] for sheet in sheets)))


def plain_offer(sheet: list[float]) -> list[float]:
    """Return what the search writes, from the rule itself."""
    from sim.search.sheet import ISSUES

    work = [0.0] * workspace([sheet])
    value = offers.best_offer(sheet, work)
    terms = work[offers.BEST : offers.BEST + int(sheet[ISSUES])] if value > offers.OUT_OF_REACH else []
    return [value, *terms, *[0.0] * (MOST - 1 - len(terms))]


def same_bits(task: Task, port: ctypes.CDLL | None, checked: int) -> bool:
    """Return whether Numba, C and Python wrote the same bits; Python only for the first `checked`."""
    if port is not None and task.ours.tobytes() != task.theirs.tobytes():
        return False
    few = min(checked, task.count)
    return all(task.ours[place].tobytes() == np.array(task.plain(place), dtype=float).tobytes() for place in range(few))


def rows_of(task: Task, port: ctypes.CDLL | None, effort: Effort) -> Iterator[Row]:
    """Yield what one call costs in each, and the ratios."""
    checked = effort.of(400, 20)
    few = min(checked, task.count)
    cases = {"compiled": task.compiled, "plain": lambda: [task.plain(place) for place in range(few)]}
    if port is not None:
        cases["ported"] = task.ported
    task.compiled()
    task.ported()
    taken = interleaved(cases, max(3, effort.rounds))
    scale = 1e9 if task.unit == "ns" else 1e6
    bits = "same bits" if same_bits(task, port, checked) else "DIFFERENT BITS"
    ours = median(taken["compiled"].busy)
    yield Row(PART, f"{task.name}, Numba", scale * ours / task.count, task.unit, f"{bits} as the Python rule")
    if port is None:
        yield Row(PART, f"{task.name}, C", None, task.unit, NO_COMPILER)
    else:
        theirs = median(taken["ported"].busy)
        ratio = median_ratio(taken["compiled"].busy, taken["ported"].busy)
        note = f"{bits}; Numba takes {ratio:.2f} times as long"
        yield Row(PART, f"{task.name}, C", scale * theirs / task.count, task.unit, note)
    slower = median_ratio(taken["plain"].busy, taken["compiled"].busy) * task.count / few
    yield Row(PART, f"{task.name}, Python against Numba", slower, "times")


def measured(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    jitted = loops.compiled_loops()
    record = recorded("secret-track-1.5", effort.of(20))
    with c_port() as port:
        tasks = [
            *function_tasks(jitted, port, effort.of(1_000_000, 1_000)),
            *draw_tasks(jitted, port, effort.of(1_000_000, 1_000)),
            offer_task(jitted, port, record.offers),
            gate_task(jitted, port, record.gates),
        ]
        for task in tasks:
            yield from rows_of(task, port, effort)
