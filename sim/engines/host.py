"""Plays a module: the one place that knows wasmtime.

An engine and a compiled module serve all threads. A store belongs to one thread and one chunk (two threads in one store are
undefined: wasmtime-py issues 254 and 322), with a memory just large enough for the chunk's rows. Python's lock is released
while a module runs.
"""

from __future__ import annotations

import atexit
import threading
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from itertools import accumulate
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engines import checks
from sim.engines.arrays import Arrays
from sim.engines.layout import Layout
from sim.engines.lowering import ENTRY
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
ARGUMENTS = [
    "whole", "scenario", "numbers", "seed", "first", "rows", "count", "whole_length", "numbers_length", "row_bytes"
]  # fmt: skip
MOST_BYTES = 2**28  # of memory, of a module out of a folder
MOST_SECONDS = 60.0  # for what a module out of a folder is asked at once
RESERVED = 64 * 2**20  # bytes of address space that a memory takes where that is limited, for 4 GiB; a little slower


class NoMachineError(SimError):
    """Nothing here can play a module; the message says why."""


class TrapError(Exception):
    """A replicate in which the module stopped: the number of the replicate, its week, and where."""

    def __init__(self, replicate: int, week: int, where: str) -> None:
        """Keep what is known."""
        super().__init__(f"replicate {replicate}, week {week}: {where}")
        self.replicate = replicate


class EndlessError(SimError):
    """A replicate with a loop that does not end, which it would not in the open engine either."""


class Contract(NamedTuple):
    """What a module and who plays it agree on, as plain data.

    free_at     the address from which on arrays may stand
    entry       the name of what the module exports
    arguments   what that is called with, by name
    replicate   where in the whole numbers the replicate stands that is being played
    week        and the week
    """

    free_at: int
    entry: str
    arguments: Sequence[str]
    replicate: int
    week: int


class LaidOut(NamedTuple):
    """A scenario as a folder keeps it laid out: the arrays P and R, and the size of S."""

    whole: NDArray[np.int64]
    scenario: NDArray[np.float64]
    numbers_size: int


def contract_of(layout: Layout) -> Contract:
    """Return what a module of this program and who plays it agree on."""
    return Contract(FREE_AT, ENTRY, ARGUMENTS, layout.plan["War.replicate"], layout.plan["War.week"])


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
        wasmtime = _wasmtime()
        count, width = rows.shape
        plan = memory_plan(arrays, count, width)
        places = plan["places"]
        store = wasmtime.Store(self.engine)
        memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(plan["pages"], plan["pages"])))
        exports: Any = wasmtime.Instance(store, self.module, [memory]).exports(store)
        entry = exports[self.entry]
        if self.sites:
            known = (len(arrays.whole), len(arrays.scenario), arrays.numbers_size)
            for array, length in zip(LENGTHS, (*known, arrays.sheet_size, arrays.work_size, width), strict=True):
                exports[f"{array}.length"].set_value(store, length)
        memory.write(store, arrays.whole.astype("<i8", copy=False).tobytes(), places["whole"])
        memory.write(store, arrays.scenario.astype("<f8", copy=False).tobytes(), places["scenario"])
        given = places | plan["sizes"] | {"seed": seed, "first": first}
        try:
            entry(store, *(given[name] for name in plan["arguments"]))
        except wasmtime.Trap as trap:
            replicate, week = (_whole_number(memory, store, places[name]) for name in ("replicate", "week"))
            done = replicate - first
            rows[:done] = _read(memory, store, places["rows"], done, width)
            raise self._error(replicate, week, exports["site"].value(store), trap) from None
        rows[:] = _read(memory, store, places["rows"], count, width)

    def _error(self, replicate: int, week: int, site: int, trap: Any) -> TrapError | EndlessError:
        """Return the error of a replicate that stopped at a place, or at none that is known."""
        where = self.sites[site] if self.sites and site else f"{_reason(trap, site)}, in {_function(trap)}"
        if checks.ENDLESS in where:
            return EndlessError(f"replicate {replicate}, week {week}: {where}")
        return TrapError(replicate, week, where)


def memory_plan(arrays: Arrays, count: int, width: int) -> dict[str, Any]:
    """Return where everything stands in a memory with room for `count` rows of `width` columns, as plain data.

    Besides the module and the two arrays it is all that a host has to know; host.js plays by it too.

    pages       size of the memory, in pages of WebAssembly
    places      addresses, in bytes: of the two arrays, of the numbers that change, of the rows, and of the number of the
                replicate and of the week that is being played
    sizes       rows and columns, and what else the entry is told: lengths of arrays, and the bytes of a row
    arguments   what the entry is called with, by name: places are whole numbers of 32 bits, all others of 64
    """
    laid_out = LaidOut(arrays.whole, arrays.scenario, arrays.numbers_size)
    return _planned(laid_out, contract_of(arrays.layout), count, width)


def _planned(arrays: LaidOut, contract: Contract, count: int, width: int) -> dict[str, Any]:
    """Return the same for a module of any version, by its contract."""
    lengths = (len(arrays.whole), len(arrays.scenario), arrays.numbers_size, count * width)
    whole, scenario, numbers, rows, end = (contract.free_at + 8 * before for before in accumulate(lengths, initial=0))
    if -(-end // PAGE) > MOST_PAGES:
        raise SimError(f"{count:,} replicates of {width:,} numbers do not fit into one memory; play fewer at once")
    return {
        "pages": -(-end // PAGE),
        "places": {
            "whole": whole,
            "scenario": scenario,
            "numbers": numbers,
            "rows": rows,
            "replicate": whole + 8 * contract.replicate,
            "week": whole + 8 * contract.week,
        },
        "sizes": {
            "count": count,
            "width": width,
            "whole_length": len(arrays.whole),
            "numbers_length": arrays.numbers_size,
            "row_bytes": 8 * width,
        },
        "entry": contract.entry,
        "arguments": contract.arguments,
    }


@dataclass(frozen=True)
class KeptMachine:
    """A module out of a folder, which somebody else may have made: it has its memory, so long a time, and nothing else."""

    engine: Any
    module: Any
    contract: Contract

    def play(
        self, arrays: LaidOut, seed: int, first: int, rows: NDArray[np.float64], seconds: float = MOST_SECONDS
    ) -> None:
        """Play as many replicates as `rows` has rows, from `first` on, into them; raise TrapError where one stops.

        seconds   how long it may take; beyond, and for whatever else it does wrong, SimError is raised
        """
        wasmtime = _wasmtime()
        count, width = rows.shape
        if arrays.numbers_size < 0 or not 0 <= max(self.contract.replicate, self.contract.week) < len(arrays.whole):
            raise SimError("the module is said to want what cannot be")
        plan = _planned(arrays, self.contract, count, width)
        if plan["pages"] * PAGE > MOST_BYTES:
            raise SimError(f"the module asks for {plan['pages'] * PAGE:,} bytes of memory; it may have {MOST_BYTES:,}")
        store = wasmtime.Store(self.engine)
        store.set_limits(memory_size=MOST_BYTES, instances=1, memories=1, tables=1)
        store.set_epoch_deadline(1)
        memory = wasmtime.Memory(store, wasmtime.MemoryType(wasmtime.Limits(plan["pages"], plan["pages"])))
        places = plan["places"]
        memory.write(store, arrays.whole.astype("<i8", copy=False).tobytes(), places["whole"])
        memory.write(store, arrays.scenario.astype("<f8", copy=False).tobytes(), places["scenario"])
        given = places | plan["sizes"] | {"seed": seed, "first": first}
        clock = threading.Timer(seconds, self.engine.increment_epoch)
        clock.daemon = True
        clock.start()
        try:
            exports: Any = wasmtime.Instance(store, self.module, [memory]).exports(store)
            exports[plan["entry"]](store, *(given[name] for name in plan["arguments"]))
        except wasmtime.Trap as trap:
            if trap.trap_code == wasmtime.TrapCode.INTERRUPT:
                raise SimError(f"the module did not end within {seconds:g} s") from None
            done = _whole_number(memory, store, places["replicate"]) - first
            if not 0 <= done < count:
                raise SimError(f"the module stopped ({_reason(trap, 0)})") from None
            rows[:done] = _read(memory, store, places["rows"], done, width)
            raise TrapError(first + done, 0, _reason(trap, 0)) from None
        except (wasmtime.WasmtimeError, KeyError, TypeError) as error:
            raise SimError(f"the module cannot be played ({_first_line(error)})") from None
        finally:
            clock.cancel()
        rows[:] = _read(memory, store, places["rows"], count, width)


def kept_machine(module: bytes, contract: Contract) -> KeptMachine:
    """Return a module out of a folder, ready to be played; raise SimError if it asks for more than a memory."""
    wasmtime = _wasmtime()
    config = _config()
    config.epoch_interruption = True
    own = wasmtime.Engine(config)
    try:
        compiled = wasmtime.Module(own, module)
    except wasmtime.WasmtimeError as error:
        raise SimError(f"the module is none ({_first_line(error)})") from None
    if min(contract.free_at, contract.replicate, contract.week) < 0:
        raise SimError("the module is said to want what cannot be")
    if [type(one.type) for one in compiled.imports] != [wasmtime.MemoryType]:
        raise SimError("the module imports more than a memory, and is not played")
    return KeptMachine(own, compiled, contract)


def _read(memory: Any, store: Any, at: int, count: int, width: int) -> NDArray[np.float64]:
    """Return rows from a memory."""
    data = memory.read(store, at, at + 8 * count * width)
    rows = np.frombuffer(bytearray(data), dtype="<f8").reshape(count, width)
    rows[np.isnan(rows)] = np.nan
    return rows


def _whole_number(memory: Any, store: Any, at: int) -> int:
    """Return a whole number from a memory."""
    return int.from_bytes(memory.read(store, at, at + 8), "little", signed=True)


def _reason(trap: Any, site: int) -> str:
    """Return why a module stopped; outside of the checking mode loops alone have a site."""
    return checks.ENDLESS if site else str(trap).splitlines()[-1].strip()


def _function(trap: Any) -> str:
    """Return the function in which a module stopped, as it is called in the unit."""
    names = [frame.func_name.rpartition(".")[0] for frame in trap.frames if frame.func_name]
    return next((name for name in names if name), "the module")


def _wasmtime() -> Any:
    """Return the package that plays modules; say so where it is missing or is not made for this machine."""
    try:
        import wasmtime
    except (ImportError, OSError, RuntimeError) as error:  # the last where it knows neither system nor processor
        raise NoMachineError(f"the package wasmtime cannot be used ({_first_line(error)})") from None
    return wasmtime


def _first_line(error: Exception) -> str:
    """Return the first line of what an error says."""
    return (str(error) or type(error).__name__).splitlines()[0]


@cache
def engine() -> Any:
    """Return the engine of this process."""
    return _wasmtime().Engine(_config())


def _config() -> Any:
    """Return how an engine is set up here."""
    config = _wasmtime().Config()
    if _is_address_space_limited():
        config.memory_reservation = RESERVED
    return config


def _is_address_space_limited() -> bool:
    """Return whether this process may use so much address space only, as after `ulimit -v`; Windows has no such limit."""
    try:
        resource: Any = import_module("resource")
    except ImportError:
        return False
    return resource.getrlimit(resource.RLIMIT_AS)[0] != resource.RLIM_INFINITY


atexit.register(engine.cache_clear)  # while what frees it is still there


def machine(module: bytes, entry: str, sites: Sequence[str] = ()) -> Machine:
    """Return a module made ready to be played; raise NoMachineError where no machine code can be made of it."""
    wasmtime = _wasmtime()
    try:
        return Machine(engine(), wasmtime.Module(engine(), module), entry, sites)
    except wasmtime.WasmtimeError as error:
        raise NoMachineError(f"wasmtime cannot make machine code here ({_first_line(error)})") from None


def is_module(data: bytes) -> bool:
    """Return whether bytes are a module that can be played: a damaged file is not."""
    wasmtime = _wasmtime()
    try:
        wasmtime.Module.validate(engine(), data)
    except wasmtime.WasmtimeError:
        return False
    return True


def assembled(text: str) -> bytes:
    """Return the bytes of a module's text."""
    return bytes(_wasmtime().wat2wasm(text))
