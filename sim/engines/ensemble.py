"""The compiled engine: many replicates at once, the same rules and steps and the same bits as the open engine.

Steps, rules and search are written into one text (lowering.py, unit.py), typed (types.py), written as a WebAssembly module
(wasm.py) and played (host.py). The module depends on nothing but its sources, so it is kept in a folder of the user's cache
under their hash: an edited rule never runs stale. No lock is held while replicates run: threads play chunks.
"""

from __future__ import annotations

import ast
import atexit
import hashlib
import os
import sys
import tempfile
from collections.abc import Collection, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.arrays import Arrays, arrays_of
from sim.engines.host import FIXED, MOST_BYTES, KeptMachine, LaidOut, Machine, TrapError, assembled, is_module, machine
from sim.engines.layout import layout_of
from sim.engines.lowering import ENTRY, lowered_trees
from sim.engines.models import describe
from sim.engines.simplify import simplified
from sim.engines.sources import NotCompiledError, kept_by_class
from sim.engines.types import Types
from sim.engines.unit import named, text_of, unit_of
from sim.engines.wasm import Module
from sim.errors import SimError
from sim.rules.registry import RULES
from sim.scenario.load import Scenario
from sim.steps.cast import War
from sim.steps.columns import columns_of, quantities_of
from sim.version import PACKAGE

# What the entry is handed: see text_of_entry in lowering.py.
ARGUMENTS = ("P", "R", "S", "sheet", "work", "i", "i", "rows")
_MACHINES: dict[tuple[type[War], bool], Machine] = {}  # by model, and whether it is checked
atexit.register(_MACHINES.clear)  # while what frees them is still there
_HANDED: ContextVar[Machine | None] = ContextVar("handed", default=None)
_PROVEN: set[type[War]] = set()  # where nothing can be kept
MOST_AT_ONCE = 100  # replicates of a chunk: Ctrl-C is seen when one ends, a tenth of a second later or so
NO_CACHE = "no folder for the compiled model can be written: it is made for this run only"


def rows_of(
    scenario: Scenario, seed: int, first: int, count: int, threads: int = 1, columns: Collection[str] = ()
) -> NDArray[np.float64]:
    """Return the measured columns of replicates `first` .. `first + count - 1`, shape (count, columns).

    Columns stand in the order of `columns_of`, the outcome as its place in OUTCOMES. A replicate in which the module stopped
    is NaN throughout. Any number of threads gives the same bits.

    columns   those that are asked for, all where none are named; what stands in others is not to be read
    """
    width = len(columns_of(scenario))
    return _played(arrays_of(scenario, 0, columns), np.zeros((count, width)), seed, first, threads)


def courses_of(
    scenario: Scenario, seed: int, first: int, count: int, threads: int = 1, columns: Collection[str] = ()
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the same columns, and the quantities of `quantities_of` by (replicate, week, quantity), from week 0 on."""
    width, quantities = len(columns_of(scenario)), len(quantities_of(scenario))
    weeks = scenario.eras[0].world.weeks + 1
    rows = np.zeros((count, width + weeks * quantities))
    _played(arrays_of(scenario, quantities, columns), rows, seed, first, threads)
    return rows[:, :width], rows[:, width:].reshape(count, weeks, quantities)


def _played(arrays: Arrays, rows: NDArray[np.float64], seed: int, first: int, threads: int) -> NDArray[np.float64]:
    """Play as many replicates as there are rows, from `first` on, into the rows, and return them.

    Where that is broken off, chunks not yet begun are left.
    """
    model, count = _player_of(arrays.layout.model), len(rows)
    size = min(MOST_AT_ONCE, max(1, -(-count // (4 * threads))))
    chunks = [(start, min(size, count - start)) for start in range(0, count, size)]

    def play(chunk: tuple[int, int]) -> None:
        start, length = chunk
        play_chunk(model, arrays, seed, first + start, rows[start : start + length])

    if threads == 1:
        for chunk in chunks:
            play(chunk)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(play, chunks))
    return rows


def _player_of(model: type[War]) -> Machine:
    """Return the module that plays a model: one that checks its indices, as long as a class of one's own is new."""
    if model is War or is_proven(model):
        return compiled_model(model)
    return checked_model(model)


def kept_rows(
    machine: KeptMachine, arrays: LaidOut, seed: int, wanted: tuple[int, int], width: int
) -> NDArray[np.float64]:
    """Return the rows of replicates `wanted` (first, count), of so many numbers, as a module out of a folder gives them."""
    first, count = wanted
    if 8 * count * width > MOST_BYTES:
        raise SimError(f"{count:,} replicates of {width:,} numbers are more than a module out of a folder may give")
    rows = np.zeros((count, width))
    play_chunk(machine, arrays, seed, first, rows)
    return rows


def play_chunk(model: Machine | KeptMachine, arrays: Any, seed: int, first: int, rows: NDArray[np.float64]) -> None:
    """Play as many replicates as `rows` has rows, from `first` on, into them; one in which the module stops is NaN."""
    start = 0
    while start < len(rows):
        try:
            model.play(arrays, seed, first + start, rows[start:])
            return
        except TrapError as trap:
            start = trap.replicate - first
            rows[start] = np.nan
            start += 1


def compiled_model(model: type[War] = War) -> Machine:
    """Return a model as a module that plays: the one that was handed over, or from the cache, or made now."""
    handed = _HANDED.get() if model is War else None
    if handed is not None:
        return handed
    if (model, False) not in _MACHINES:
        _MACHINES[model, False] = machine(module_bytes(model), ENTRY)
    return _MACHINES[model, False]


@contextmanager
def playing_module(module: bytes) -> Iterator[None]:
    """While it lasts, play our model on this thread by a module that was handed over as bytes; it is written nowhere."""
    before = _HANDED.set(_machine_of(module))
    try:
        yield
    finally:
        _HANDED.reset(before)


@lru_cache(maxsize=4)
def _machine_of(module: bytes) -> Machine:
    """Return a module that was handed over, made ready once."""
    return machine(module, ENTRY)


atexit.register(_machine_of.cache_clear)


def module_bytes(model: type[War] = War) -> bytes:
    """Return the module of a model: from the cache, or made now and kept there under the hash of all it is made from."""
    name = f"{sources_key()}.wasm" if model is War else f"{sources_key()}-{describe(model).fingerprint[:24]}.wasm"
    for base in cache_bases():
        try:
            kept = (base / name).read_bytes()
        except OSError:
            continue
        if is_module(kept):
            return kept
    module = assembled(module_text(model))
    if not any(_is_kept(base, name, module) for base in cache_bases()):
        print(NO_CACHE, file=sys.stderr)
    return module


@kept_by_class
def why_not_compiled(model: type[War]) -> str:
    """Return why the compiled engine can't play a model, by file and line; nothing if it can."""
    try:
        compiled_model(model)
    except NotCompiledError as error:
        return str(error)
    return ""


def unit_text(model: type[War] = War) -> str:
    """Return the text of rules, search and lowered steps that a model needs."""
    return text_of(_unit(model))


def _unit(model: type[War]) -> list[ast.FunctionDef]:
    """Return rules, search and lowered steps that a model needs."""
    names = named(RULES)
    trees, _ = lowered_trees(model, names)
    return unit_of(names, trees, ENTRY)


def is_proven(model: type[War]) -> bool:
    """Return whether a class of one's own has been seen to give the same bits in both engines."""
    return model in _PROVEN or any((base / _proof_name(model)).exists() for base in cache_bases())


def note_proven(model: type[War]) -> None:
    """Keep that a class of one's own gives the same bits in both engines."""
    _PROVEN.add(model)
    for base in cache_bases():
        _is_kept(base, _proof_name(model), b"")


def _proof_name(model: type[War]) -> str:
    """Return the name of the file that says that a class of one's own gives the same bits in both engines."""
    return f"{sources_key()}-{describe(model).fingerprint[:24]}.proven"


def module_text(model: type[War] = War) -> str:
    """Return the WebAssembly text of a model."""
    return _written(model, checked=False)[0]


def checked_model(model: type[War] = War) -> Machine:
    """Return a model as a module in the checking mode: it traps where Python would raise, or leave 64 bits (wasm.py)."""
    if (model, True) not in _MACHINES:
        text, sites = _written(model, checked=True)
        _MACHINES[model, True] = machine(assembled(text), ENTRY, sites)
    return _MACHINES[model, True]


def _written(model: type[War], checked: bool) -> tuple[str, list[str]]:
    """Return the WebAssembly text of a model, and the places at which it is checked."""
    trees = _unit(model)
    types = Types(trees if checked else simplified(trees))
    module = Module(types, FIXED, checked, settled_places(model))
    return module.text(types.of(ENTRY, ARGUMENTS)), module.sites


def settled_places(model: type[War] = War) -> dict[str, int]:
    """Return the place in P before which stands what the scenario fixes; seed and replicate, there too, the entry writes."""
    return {"P": layout_of(model).first_changing}


@cache
def sources_key() -> str:
    """Return the hash of the files that the module is written from, or that decide how."""
    sha = hashlib.sha256()
    for path in source_files():
        sha.update(f"\n{path.relative_to(PACKAGE).as_posix()}\n".encode() + path.read_bytes())
    return sha.hexdigest()[:24]


def source_files() -> list[Path]:
    """Return the files that the module is written from, or that decide how, sorted by relative path."""
    rooms = [path for room in ("rules", "search", "steps", "engines") for path in (PACKAGE / room).rglob("*.py")]
    files = [*rooms, *(PACKAGE / name for name in ("chance.py", "numerics.py", "parameters.py"))]
    return sorted(files, key=lambda path: path.relative_to(PACKAGE).as_posix())


def cache_bases() -> list[Path]:
    """Return where the module may be kept: $SIM_CACHE, else the user's cache folder."""
    chosen = os.environ.get("SIM_CACHE")
    if chosen:
        return [Path(chosen)]
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return [Path(base) / "backchannel"] if base else [Path.home() / ".cache" / "backchannel"]
    except RuntimeError:
        return []


def _is_kept(folder: Path, name: str, data: bytes) -> bool:
    """Keep a file, written aside and renamed, and return whether that could be done."""
    aside = None
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(aside).replace(folder / name)
    except OSError as error:
        if aside is not None:
            Path(aside).unlink(missing_ok=True)
        # Windows, while another process reads the one that is there
        return isinstance(error, PermissionError) and (folder / name).is_file()
    return True


if __name__ == "__main__":
    compiled_model()
