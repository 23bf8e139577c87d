"""Plays a module: the one place that knows wasmtime.

An engine and a compiled module serve all threads. A store belongs to one thread and one chunk (two threads in one store are
undefined: wasmtime-py issues 254 and 322), with a memory just large enough for the chunk's rows. Python's lock is released
while a module runs.
"""

from __future__ import annotations

import atexit
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines import checks
from sim.engines.arrays import Arrays
from sim.engines.layout import PLAN
from sim.engines.wasm import LENGTHS
from sim.errors import SimError
from sim.search.offers import work_size
from sim.search.sheet import sheet_size

PAGE = 65536
MOST_PAGES = 32768  # so that every address has 32 bits, whatever constant is added to it
BIGGEST_SHEET = sheet_size(8, 64, 64, 64)  # issues, belligerents, guarantees, rows: the most that a file may have
SHEET_AT = 8192  # bytes; tables of constants stand below
WORK_AT = SHEET_AT + 8 * BIGGEST_SHEET
BIGGEST_WORK = work_size(64)
FREE_AT = WORK_AT + 8 * BIGGEST_WORK
FIXED = {"sheet": SHEET_AT, "work": WORK_AT}


class TrapError(Exception):
    """A replicate in which the module stopped: the number of the replicate, its week, and where."""

    def __init__(self, replicate: int, week: int, where: str) -> None:
        """Keep what is known."""
        super().__init__(f"replicate {replicate}, week {week}: {where}")
        self.replicate = replicate


class EndlessError(SimError):
    """A replicate with a loop that does not end, which it would not in the open engine either."""


@dataclass(frozen=True)
class Machine:
    """A module compiled for this processor.

    entry   the name of what it exports
    sites   file, line and function of each place that may trap, of a module in the checking mode
    """

    engine: Any
    module: Any
    entry: str
    sites: Sequence[str] = ()

    def play(self, arrays: Arrays, seed: int, first: int, rows: NDArray[np.float64]) -> None:
        """Play as many replicates as `rows` has rows, from `first` on, into them; raise TrapError where one stops.

        Whatever way it came about, what is missing is one and the same NaN.
        """
        from wasmtime import Instance, Limits, Memory, MemoryType, Store, Trap

        count, width = rows.shape
        sizes = (len(arrays.whole), len(arrays.scenario), arrays.numbers_size, count * width)
        starts = [FREE_AT + 8 * sum(sizes[:place]) for place in range(len(sizes))]
        pages = -(-(starts[-1] + 8 * sizes[-1]) // PAGE)
        if pages > MOST_PAGES:
            raise SimError(f"{count:,} replicates of {width:,} numbers do not fit into one memory; play fewer at once")
        store = Store(self.engine)
        memory = Memory(store, MemoryType(Limits(pages, pages)))
        exports: Any = Instance(store, self.module, [memory]).exports(store)
        entry = exports[self.entry]
        if self.sites:
            lengths = (*sizes[:3], arrays.sheet_size, arrays.work_size, width)
            for array, length in zip(LENGTHS, lengths, strict=True):
                exports[f"{array}.length"].set_value(store, length)
        whole, scenario, numbers, at_rows = starts
        memory.write(store, arrays.whole.tobytes(), whole)
        memory.write(store, arrays.scenario.tobytes(), scenario)
        try:
            entry(store, whole, scenario, numbers, seed, first, at_rows, count, sizes[0], sizes[2], 8 * width)
        except Trap as trap:
            plan = np.frombuffer(memory.read(store, whole, whole + 8 * PLAN.size), dtype=np.int64)
            replicate, week = int(plan[PLAN["War.replicate"]]), int(plan[PLAN["War.week"]])
            done = replicate - first
            rows[:done] = _read(memory, store, at_rows, done, width)
            raise self._error(replicate, week, exports["site"].value(store), trap) from None
        rows[:] = _read(memory, store, at_rows, count, width)

    def _error(self, replicate: int, week: int, site: int, trap: Any) -> TrapError | EndlessError:
        """Return the error of a replicate that stopped at a place, or at none that is known."""
        where = self.sites[site] if self.sites and site else f"{_reason(trap, site)}, in {_function(trap)}"
        if checks.ENDLESS in where:
            return EndlessError(f"replicate {replicate}, week {week}: {where}")
        return TrapError(replicate, week, where)


def _read(memory: Any, store: Any, at: int, count: int, width: int) -> NDArray[np.float64]:
    """Return rows from a memory."""
    data = memory.read(store, at, at + 8 * count * width)
    rows = np.frombuffer(bytearray(data), dtype=np.float64).reshape(count, width)
    rows[np.isnan(rows)] = np.nan
    return rows


def _reason(trap: Any, site: int) -> str:
    """Return why a module stopped; outside of the checking mode loops alone have a site."""
    return checks.ENDLESS if site else str(trap).splitlines()[-1].strip()


def _function(trap: Any) -> str:
    """Return the function in which a module stopped, as it is called in the unit."""
    names = [frame.func_name.rpartition(".")[0] for frame in trap.frames if frame.func_name]
    return next((name for name in names if name), "the module")


@cache
def engine() -> Any:
    """Return the engine of this process."""
    from wasmtime import Engine

    return Engine()


atexit.register(engine.cache_clear)  # while what frees it is still there


def machine(module: bytes, entry: str, sites: Sequence[str] = ()) -> Machine:
    """Return a module made ready to be played."""
    from wasmtime import Module

    return Machine(engine(), Module(engine(), module), entry, sites)


def is_module(data: bytes) -> bool:
    """Return whether bytes are a module that can be played: a damaged file is not."""
    from wasmtime import Module, WasmtimeError

    try:
        Module.validate(engine(), data)
    except WasmtimeError:
        return False
    return True


def assembled(text: str) -> bytes:
    """Return the bytes of a module's text."""
    from wasmtime import wat2wasm

    return bytes(wat2wasm(text))
