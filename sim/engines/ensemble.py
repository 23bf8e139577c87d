"""The compiled engine: many replicates at once, the same rules and the same bits as the open engine.

Rules and loops are written into one text (compiled/unit.py), which Numba compiles once for each version of it; the
machine code is kept in a folder of the user's cache named after the hash of the text and of Numba's version, so that an
edited rule never runs stale and two versions never meet. No lock is held while replicates run: threads play chunks.
"""

from __future__ import annotations

import hashlib
import importlib.util
import os
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
from numpy.typing import NDArray

from sim.engines.compiled.arrays import Arrays, arrays_of
from sim.engines.compiled.linking import optimised_once
from sim.engines.compiled.lowering import ENTRY, lowered_trees
from sim.engines.compiled.unit import named, unit_of
from sim.rules.registry import RULES
from sim.scenario.load import Scenario
from sim.steps.cast import War
from sim.steps.columns import columns_of, quantities_of
from sim.version import PACKAGE

UNIT = "unit.py"
OPTIONS: dict[str, Any] = {"error_model": "numpy", "_nrt": False}
INNER: dict[str, Any] = OPTIONS | {"no_cpython_wrapper": True, "no_cfunc_wrapper": True}
SIGNATURE = "void(i8[::1], f8[::1], f8[::1], f8[::1], f8[::1], i8, i8, f8[:, ::1])"
COMPILING = "compiling the model once for this version; it takes about half a minute"
NO_CACHE = "no folder for compiled code can be written: this compilation serves this run only"

Kernel = Callable[..., None]


def rows_of(scenario: Scenario, seed: int, first: int, count: int, threads: int = 1) -> NDArray[np.float64]:
    """Return the measured columns of replicates `first` .. `first + count - 1`, shape (count, columns).

    Columns stand in the order of `columns_of`, the outcome as its place in OUTCOMES. Any number of threads gives the
    same bits.
    """
    width = len(columns_of(scenario.eras[0].world))
    return played(arrays_of(scenario), np.zeros((count, width)), seed, first, threads)


def courses_of(
    scenario: Scenario, seed: int, first: int, count: int, threads: int = 1
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return the same columns, and the quantities of `quantities_of` by (replicate, week, quantity), from week 0 on."""
    world = scenario.eras[0].world
    width, quantities, weeks = len(columns_of(world)), len(quantities_of(world)), world.weeks + 1
    rows = np.zeros((count, width + weeks * quantities))
    played(arrays_of(scenario, quantities), rows, seed, first, threads)
    return rows[:, :width], rows[:, width:].reshape(count, weeks, quantities)


def played(arrays: Arrays, rows: NDArray[np.float64], seed: int, first: int, threads: int) -> NDArray[np.float64]:
    """Play as many replicates as there are rows, from `first` on, into the rows, and return them."""
    kernel, count = compiled_kernel(), len(rows)
    size = max(1, -(-count // (4 * threads)))
    chunks = [(start, min(size, count - start)) for start in range(0, count, size)]

    def play(chunk: tuple[int, int]) -> None:
        start, length = chunk
        play_chunk(kernel, arrays, seed, first + start, rows[start : start + length])

    if threads == 1:
        for chunk in chunks:
            play(chunk)
    else:
        with ThreadPoolExecutor(threads) as pool:
            list(pool.map(play, chunks))
    return rows


def play_chunk(kernel: Kernel, arrays: Arrays, seed: int, first: int, rows: NDArray[np.float64]) -> None:
    """Play as many replicates as `rows` has rows, from `first` on, into them."""
    numbers, sheet, work = (np.zeros(size) for size in (arrays.numbers_size, arrays.sheet_size, arrays.work_size))
    kernel(arrays.whole.copy(), arrays.scenario, numbers, sheet, work, seed, first, rows)


@cache
def compiled_kernel() -> Kernel:
    """Return the compiled replicate loop, from the cache or compiled now."""
    folder = known_folder()
    if folder is None:
        text = unit_text()
        folder = cache_folder(text)
        if folder is None:
            with tempfile.TemporaryDirectory() as temporary:
                print(NO_CACHE, file=sys.stderr)
                return compile_unit(written(temporary, UNIT, text), keep=False)
        written(folder, UNIT, text)
        written(folder.parent, sources_key(), folder.name)
    if not any(folder.rglob("*.nbi")):
        print(COMPILING, file=sys.stderr)
    return compile_unit(folder / UNIT, keep=True)


def unit_text() -> str:
    """Return the text that is compiled."""
    names = named(RULES)
    trees, _ = lowered_trees(War, names)
    return unit_of(names, trees, ENTRY)


def known_folder() -> Path | None:
    """Return the folder these sources were compiled in before, None if they were not.

    Writing the text takes half a second, so that a folder is found by the hash of the files it is written from.
    """
    for base in cache_bases():
        try:
            folder = base / (base / sources_key()).read_text(encoding="ascii")
            if (folder / UNIT).is_file() and os.access(folder, os.W_OK | os.X_OK):
                return folder
        except OSError:
            continue
    return None


@cache
def sources_key() -> str:
    """Return the name under which the folder of these sources is noted: their hash, with the compiler's version."""
    sha = hashlib.sha256(compiler_version().encode())
    for path in source_files():
        sha.update(f"\n{path.relative_to(PACKAGE).as_posix()}\n".encode() + path.read_bytes())
    return f"sources-{sha.hexdigest()[:24]}"


def source_files() -> list[Path]:
    """Return the files that the unit is written from, or that decide how, sorted by relative path."""
    rooms = [path for room in ("rules", "search", "steps", "engines") for path in (PACKAGE / room).rglob("*.py")]
    files = [*rooms, *(PACKAGE / name for name in ("chance.py", "numerics.py", "parameters.py"))]
    return sorted(files, key=lambda path: path.relative_to(PACKAGE).as_posix())


def compiler_version() -> str:
    """Return what the machine code depends on besides the text."""
    import numba

    return f"{numba.__version__} {sys.implementation.cache_tag}"


def cache_folder(text: str) -> Path | None:
    """Return the user's folder for the machine code of a unit, made if need be; None if it can't be written."""
    key = hashlib.sha256(f"{compiler_version()}\n{text}".encode()).hexdigest()[:24]
    for base in cache_bases():
        folder = base / key
        try:
            folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            if os.access(folder, os.W_OK | os.X_OK):
                return folder
        except OSError:
            continue
    return None


def cache_bases() -> list[Path]:
    """Return where compiled code may be kept: $SIM_CACHE, else the user's cache folder."""
    named = os.environ.get("SIM_CACHE")
    if named:
        return [Path(named)]
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA")
    try:
        return [Path(base) / "backchannel"] if base else [Path.home() / ".cache" / "backchannel"]
    except RuntimeError:
        return []


def written(folder: str | Path, name: str, text: str) -> Path:
    """Return a file of that text, written aside and renamed if it is not there yet."""
    path = Path(folder) / name
    if not path.exists():
        handle, aside = tempfile.mkstemp(dir=folder, suffix=".part")
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(text)
        Path(aside).replace(path)
    return path


def compile_unit(path: Path, keep: bool) -> Kernel:
    """Return the replicate loop of a unit, compiled; `keep` stores the machine code beside the file."""
    import numba
    from numba.extending import register_jitable

    unit = imported(path)
    entry = ENTRY
    for name, function in vars(unit).items():
        if callable(function) and getattr(function, "__module__", "") == unit.__name__ and name != entry:
            register_jitable(**INNER)(function)
    with optimised_once(entry):
        kernel: Kernel = numba.njit(SIGNATURE, nogil=True, cache=keep, **OPTIONS)(getattr(unit, entry))
    return kernel


def imported(path: Path) -> ModuleType:
    """Return the module of a generated file."""
    spec = importlib.util.spec_from_file_location(f"backchannel_unit_{path.parent.name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} can't be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


if __name__ == "__main__":
    compiled_kernel()
