"""Which part of a replicate takes its time: the kernel once more, with timers around some of its functions."""

from __future__ import annotations

import ast
import ctypes
import shutil
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

import sim
from benchmarks.clock import Effort
from benchmarks.ports import FLAGS, NO_COMPILER, pointer
from benchmarks.rows import Row
from benchmarks.starting import SKIPPED
from sim.engines.compiled import week
from sim.engines.compiled.layout import KERNEL
from sim.engines.compiled.record import compiled
from sim.engines.compiled.unit import full_name, unit_of
from sim.engines.ensemble import INNER, OPTIONS, SIGNATURE, UNIT, imported, play_chunk, written
from sim.steps.columns import columns_of
from sim.rules.registry import RULES

PART = "Where the time of a replicate goes"
CASE = "secret-track-1.5"
SEED = 6
TIMERS = Path(__file__).parent / "c" / "timers.c"

# Functions of the unit that are timed, and what each is called in the report. Time within another of them is its own.
WATCHED = {
    "rules_offers_best_offer": "offer search: best offer",
    "rules_offers_gain_reaches": "offer search: would it gain enough to talk",
    "rules_offers_deal_exists": "offer search: does any deal exist",
    "compiled_sheets_write_proposal": "writing sheets of proposals",
    "compiled_sheets_begin_sheet": "writing sheets: head",
    "compiled_sheets_write_state": "writing sheets: rows",
    "compiled_states_write_estimate": "what a state makes of its beliefs and its sources",
    "compiled_peace_watch": "watch: an agreement is kept or broken",
    "compiled_peace_draw_conclusions": "draw_conclusions: trust from what was watched",
    "sim_chance_uniform": "chance: Philox",
    "rules_numerics_normal_quantile": "chance: normal quantile",
    "compiled_peace_fight": "fight",
    "compiled_talks_meet": "meet",
    "compiled_talks_expose": "expose",
    "compiled_peace_keep": "keep",
    "compiled_bench_negotiate": "negotiate",
    "compiled_week_write_down": "record",
    "compiled_week_perceive": "record: perception",
    "compiled_week_begin": "begin",
    "compiled_week_play": "the rest",
}


def measured(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    if not effort.thorough or shutil.which("gcc") is None:
        yield Row(PART, CASE, None, "us/replicate", SKIPPED if not effort.thorough else NO_COMPILER)
        return
    with tempfile.TemporaryDirectory() as folder:
        timers = built(Path(folder))
        text, names = timed_text(unit_of([*RULES, *KERNEL]))
        kernel = compiled_with(written(folder, UNIT, text), timers)
        shares, numbers, spent = profile(kernel, timers, len(names), effort.of(2_000, 20))
    yield Row(PART, CASE, 1e6 * spent, "us/replicate", "one thread, with the timers; their own cost is deducted below")
    for place in np.argsort(-shares):
        note = f"{numbers[place]:,.1f} calls a replicate"
        yield Row(PART, WATCHED[names[place]], 100 * shares[place], "%", note)


def built(folder: Path) -> ctypes.CDLL:
    """Return the timers, compiled now."""
    library = folder / "timers.so"
    subprocess.run(["gcc", *FLAGS, str(TIMERS), "-o", str(library)], check=True)
    return ctypes.CDLL(str(library))


def timed_text(text: str) -> tuple[str, list[str]]:
    """Return a unit with each watched function behind another of its name that times it, and the names in order."""
    tree = ast.parse(text)
    found = [node for node in tree.body if isinstance(node, ast.FunctionDef) and node.name in WATCHED]
    names = [node.name for node in found]
    for number, node in enumerate(found):
        arguments = ", ".join(argument.arg for argument in node.args.args)
        around = (
            f"def {node.name}({arguments}):\n    enter({number})\n"
            f"    result = {node.name}_itself({arguments})\n    leave({number})\n    return result"
        )
        tree.body.insert(tree.body.index(node) + 1, ast.parse(around).body[0])
        node.name = f"{node.name}_itself"
    return ast.unparse(tree), names


def compiled_with(path: Path, timers: ctypes.CDLL) -> Callable[..., None]:
    """Return the replicate loop of a unit with timers; never cached, for it holds their addresses."""
    import numba
    from numba.extending import register_jitable

    unit: Any = imported(path)
    for name in ("enter", "leave"):
        function = getattr(timers, name)
        function.argtypes, function.restype = [ctypes.c_long], None
        setattr(unit, name, function)
    entry = full_name(week.play_many)
    for name, function in list(vars(unit).items()):
        if callable(function) and getattr(function, "__module__", "") == unit.__name__ and name != entry:
            register_jitable(**INNER)(function)
    kernel: Callable[..., None] = numba.njit(SIGNATURE, **OPTIONS)(getattr(unit, entry))
    return kernel


def profile(
    kernel: Callable[..., None], timers: ctypes.CDLL, watched: int, replicates: int
) -> tuple[NDArray[np.float64], NDArray[np.float64], float]:
    """Return the share of each function, its calls a replicate, and the seconds a replicate took."""
    inside, outside = ctypes.c_double(), ctypes.c_double()
    timers.calibrate(ctypes.byref(inside), ctypes.byref(outside))
    arrays = compiled(sim.load(CASE))
    rows = np.zeros((replicates, len(columns_of(sim.load(CASE).eras[0].world))))
    started = time.process_time()
    play_chunk(kernel, arrays, SEED, 0, rows)
    spent = (time.process_time() - started) / replicates
    times, calls, inner = (np.zeros(watched) for _ in range(3))
    timers.read_all(pointer(times), pointer(calls), pointer(inner), ctypes.c_long(watched))
    own = times - inside.value * calls - outside.value * inner
    return own / own.sum(), calls / replicates, spent
