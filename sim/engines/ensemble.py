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
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from sim.engines.arrays import Arrays, arrays_of
from sim.engines.host import FIXED, Machine, TrapError, assembled, is_module, machine
from sim.engines.layout import FIRST_CHANGING
from sim.engines.lowering import ENTRY, lowered_trees
from sim.engines.simplify import simplified
from sim.engines.types import Types
from sim.engines.unit import named, text_of, unit_of
from sim.engines.wasm import Module
from sim.rules.registry import RULES
from sim.scenario.load import Scenario
from sim.steps.cast import War
from sim.steps.columns import columns_of, quantities_of
from sim.version import PACKAGE

# What the entry is handed: see PLAY_MANY in lowering.py.
ARGUMENTS = ("P", "R", "S", "sheet", "work", "i", "i", "rows")
# Before this place of P stands what the scenario fixes; who plays first writes seed and replicate there.
SETTLED = {"P": FIRST_CHANGING}
MOST_AT_ONCE = 100  # replicates of a chunk: Ctrl-C is seen when one ends, a tenth of a second later or so
NO_CACHE = "no folder for the compiled model can be written: it is made for this run only"


def rows_of(scenario: Scenario, seed: int, first: int, count: int, threads: int = 1) -> NDArray[np.float64]:
    """Return the measured columns of replicates `first` .. `first + count - 1`, shape (count, columns).

    Columns stand in the order of `columns_of`, the outcome as its place in OUTCOMES. A replicate in which the module stopped
    is NaN throughout. Any number of threads gives the same bits.
    """
    width = len(columns_of(scenario.eras[0].world))
    return _played(arrays_of(scenario), np.zeros((count, width)), seed, first, threads)


def courses_of(
    scenario: Scenario, seed: int, first: int, count: int, threads: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the same columns, and the quantities of `quantities_of` by (replicate, week, quantity), from week 0 on."""
    world = scenario.eras[0].world
    width, quantities, weeks = len(columns_of(world)), len(quantities_of(world)), world.weeks + 1
    rows = np.zeros((count, width + weeks * quantities))
    _played(arrays_of(scenario, quantities), rows, seed, first, threads)
    return rows[:, :width], rows[:, width:].reshape(count, weeks, quantities)


def _played(arrays: Arrays, rows: NDArray[np.float64], seed: int, first: int, threads: int) -> NDArray[np.float64]:
    """Play as many replicates as there are rows, from `first` on, into the rows, and return them.

    Where that is broken off, chunks not yet begun are left.
    """
    model, count = compiled_model(), len(rows)
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


def play_chunk(model: Machine, arrays: Arrays, seed: int, first: int, rows: NDArray[np.float64]) -> None:
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


@cache
def compiled_model() -> Machine:
    """Return the model as a module that plays, from the cache or made now."""
    return machine(module_bytes(), ENTRY)


atexit.register(compiled_model.cache_clear)  # while what frees it is still there


def module_bytes() -> bytes:
    """Return the module of these sources: from the cache, or made now and kept there."""
    name = f"{sources_key()}.wasm"
    for base in cache_bases():
        try:
            kept = (base / name).read_bytes()
        except OSError:
            continue
        if is_module(kept):
            return kept
    module = assembled(module_text())
    if not any(_is_kept(base, name, module) for base in cache_bases()):
        print(NO_CACHE, file=sys.stderr)
    return module


def unit_text(model: type[War] = War) -> str:
    """Return the text of rules, search and lowered steps that a model needs."""
    return text_of(_unit(model))


def _unit(model: type[War]) -> list[ast.FunctionDef]:
    """Return rules, search and lowered steps that a model needs."""
    names = named(RULES)
    trees, _ = lowered_trees(model, names)
    return unit_of(names, trees, ENTRY)


def module_text(model: type[War] = War) -> str:
    """Return the WebAssembly text of a model."""
    return _written(model, checked=False)[0]


def checked_model(model: type[War] = War) -> Machine:
    """Return a model as a module in the checking mode: it traps where Python would raise, or leave 64 bits (wasm.py)."""
    text, sites = _written(model, checked=True)
    return machine(assembled(text), ENTRY, sites)


def _written(model: type[War], checked: bool) -> tuple[str, list[str]]:
    """Return the WebAssembly text of a model, and the places at which it is checked."""
    types = Types(_unit(model) if checked else simplified(_unit(model)))
    module = Module(types, FIXED, checked, SETTLED)
    return module.text(types.of(ENTRY, ARGUMENTS)), module.sites


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
    try:
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        handle, aside = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(aside).replace(folder / name)
    except OSError:
        return False
    return True


if __name__ == "__main__":
    compiled_model()
