"""Running many replicates of a scenario, on as many processes as there are.

An engine answers `(scenario, seed, first, count)` with a Part. Which process plays which replicate, and in which order
they are finished, changes nothing: every random number has its address, and parts are merged in replicate order.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from sim.engines.model import Talks
from sim.errors import SimError
from sim.scenario import Scenario
from sim.study.compiled_runs import is_available, run_compiled
from sim.study.open_runs import Part, run_open, run_open_stored
from sim.study.results import Result, merged_columns

LARGEST_SEED = 2**63 - 1
MOST_REPLICATES = 2**40
CHUNK = 5
FEW = 40
OPEN, COMPILED = "open", "compiled"
ENGINES = (COMPILED, OPEN)
NO_COMPILER = "the compiled engine needs the package numba, which is not installed: use the open engine"
BROKEN = (
    "a process that played replicates died, perhaps for lack of memory: try fewer processes; "
    "a script that calls sim.run needs its calls below `if __name__ == '__main__':`"
)

Progress = Callable[[int, int], None]


class RunError(SimError):
    """A run that was asked for with impossible numbers."""

    exit_status = 2


def run(
    scenario: Scenario,
    replicates: int = 1000,
    seed: int = 0,
    *,
    first: int = 0,
    processes: int | None = None,
    model: type[Talks] | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """Return the result of `replicates` replicates of a scenario.

    seed        0 .. 2^63 - 1; two scenarios under one seed share their luck, replicate by replicate
    first       number of the first replicate
    processes   how many threads or processes play at once; without it as many as the machine has, or one for a few
                replicates or a `model`. The result is the same for any number.
    model       a subclass of Talks with methods of its own; with more than one process it must be importable
    engine      "compiled" or "open"; the bits are the same. Without it compiled, but open for a few replicates, for a
                `model`, and where no compiler is installed.
    progress    called with the replicates done and asked for, from the calling process
    """
    checked_numbers(replicates, seed, first)
    checked_model(model)
    if processes is None:
        processes = 1 if model is not None or replicates <= FEW else available_processors()
    elif processes < 1:
        raise RunError(f"processes = {processes} must be at least 1")
    tell = progress or _say_nothing
    if chosen_engine(engine, replicates, model) == COMPILED:
        parts = run_compiled(scenario, seed, first, replicates, processes, tell)
        return _result(scenario, seed, first, replicates, COMPILED, parts)
    chunks = [(start, min(CHUNK, first + replicates - start)) for start in range(first, first + replicates, CHUNK)]
    if min(processes, len(chunks)) == 1:
        parts = _play_here(scenario, seed, chunks, model, tell)
    else:
        parts = _play_elsewhere(scenario, seed, chunks, model, min(processes, len(chunks)), tell)
    played = OPEN if model is None or model is Talks else f"{OPEN} ({model.__name__})"
    return _result(scenario, seed, first, replicates, played, parts)


def chosen_engine(engine: str | None, replicates: int, model: type[Talks] | None) -> str:
    """Return the engine that plays: the one asked for, or else the one that suits."""
    if engine is None:
        suits = model is None and replicates > FEW and is_available()
        return COMPILED if suits else OPEN
    if engine not in ENGINES:
        raise RunError(f"engine = {engine!r} is not one of {', '.join(ENGINES)}")
    if engine == COMPILED and model is not None:
        raise RunError("a model of your own runs in the open engine")
    if engine == COMPILED and not is_available():
        raise RunError(NO_COMPILER)
    return engine


def _result(scenario: Scenario, seed: int, first: int, replicates: int, engine: str, parts: list[Part]) -> Result:
    """Return the parts of a run as its result; raise if every replicate failed."""
    failed = tuple(failure for part in parts for failure in part.failed)
    columns = merged_columns([part.columns for part in parts])
    result = Result(scenario, seed, first, replicates, engine, columns, failed)
    if len(result) == 0:
        raise SimError(f"{scenario.name}: every replicate failed, the first with {failed[0].error}")
    return result


def checked_numbers(replicates: int, seed: int, first: int) -> None:
    """Raise if the numbers of a run are impossible."""
    for name, value in (("replicates", replicates), ("seed", seed), ("first", first)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise RunError(f"{name} = {value!r} is not a whole number")
    if replicates < 1:
        raise RunError(f"replicates = {replicates} must be at least 1")
    if not 0 <= seed <= LARGEST_SEED:
        raise RunError(f"seed = {seed} lies outside 0..{LARGEST_SEED}")
    if first < 0 or first + replicates > MOST_REPLICATES:
        raise RunError(f"replicates {first}..{first + replicates - 1} lie outside 0..{MOST_REPLICATES - 1}")


def checked_model(model: object) -> None:
    """Raise if what was given as a model is not a subclass of Talks."""
    if model is not None and not (isinstance(model, type) and issubclass(model, Talks)):
        raise RunError(f"model = {model!r} is not a subclass of sim.Talks")


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _say_nothing(done: int, asked: int) -> None:
    """Ignore progress."""


def _play_here(
    scenario: Scenario, seed: int, chunks: list[tuple[int, int]], model: type[Talks] | None, tell: Progress
) -> list[Part]:
    """Return the parts, played in this process."""
    parts, done, asked = [], 0, sum(count for _, count in chunks)
    tell(0, asked)
    for first, count in chunks:
        parts.append(run_open(scenario, seed, first, count, model or Talks))
        done += count
        tell(done, asked)
    return parts


def _play_elsewhere(
    scenario: Scenario,
    seed: int,
    chunks: list[tuple[int, int]],
    model: type[Talks] | None,
    processes: int,
    tell: Progress,
) -> list[Part]:
    """Return the parts in the order of the chunks, played by several processes."""
    stored = scenario.to_dict()
    parts: dict[int, Part] = {}
    done, asked = 0, sum(count for _, count in chunks)
    tell(0, asked)
    waiting = list(reversed(chunks))
    playing: dict[Future[Part], int] = {}
    others = set(multiprocessing.active_children())
    # Spawned, not forked: a fork copies the locks of threads that do not run in it.
    executor = ProcessPoolExecutor(processes, mp_context=multiprocessing.get_context("spawn"))
    try:
        while waiting or playing:
            with _deaf_to_interrupts():
                while waiting and len(playing) <= processes:
                    first, count = waiting.pop()
                    playing[executor.submit(run_open_stored, stored, seed, first, count, model)] = first
            for future in wait(playing, return_when=FIRST_COMPLETED).done:
                part = future.result()
                parts[playing.pop(future)] = part
                done += len(part.columns["replicate"]) + len(part.failed)
            tell(done, asked)
    except BrokenProcessPool:
        raise SimError(BROKEN) from None
    except KeyboardInterrupt:
        for player in set(multiprocessing.active_children()) - others:
            player.terminate()
        raise
    finally:
        executor.shutdown(wait=True, cancel_futures=True)
    return [parts[first] for first, _ in chunks]


@contextmanager
def _deaf_to_interrupts() -> Iterator[None]:
    """Let processes started meanwhile ignore Ctrl-C: the one that started them hears it and tells them to stop."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before: Any = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
