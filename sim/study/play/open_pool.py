"""Replicates in the open engine, here or on several processes.

Which process plays which replicate, and in which order they are finished, changes nothing: every random number has its
address, and parts are merged in replicate order.
"""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import contextmanager
from typing import Any

from sim.errors import SimError
from sim.scenario.load import Scenario
from sim.study.play.open_runs import run_open, run_open_stored
from sim.study.play.results import Part, merged_columns

CHUNK = 5
_BROKEN = (
    "a process that played replicates died, perhaps for lack of memory: try fewer processes; "
    "a script that calls sim.run needs its calls below `if __name__ == '__main__':`"
)

Progress = Callable[[int, int], None]
Chunk = tuple[int, int]


def run_processes(scenario: Scenario, seed: int, wanted: Chunk, processes: int, tell: Progress) -> Part:
    """Return the replicates `wanted` (first, count), played in the open by so many processes."""
    first, count = wanted
    chunks = [(start, min(CHUNK, first + count - start)) for start in range(first, first + count, CHUNK)]
    if min(processes, len(chunks)) == 1:
        parts = _play_here(scenario, seed, chunks, tell)
    else:
        parts = _play_elsewhere(scenario, seed, chunks, min(processes, len(chunks)), tell)
    failed = tuple(failure for part in parts for failure in part.failed)
    return Part(merged_columns([part.columns for part in parts]), failed)


def _play_here(scenario: Scenario, seed: int, chunks: list[Chunk], tell: Progress) -> list[Part]:
    """Return the parts, played in this process."""
    parts, done, asked = [], 0, sum(count for _, count in chunks)
    tell(0, asked)
    for first, count in chunks:
        parts.append(run_open(scenario, seed, first, count))
        done += count
        tell(done, asked)
    return parts


def _play_elsewhere(
    scenario: Scenario,
    seed: int,
    chunks: list[Chunk],
    processes: int,
    tell: Progress,
) -> list[Part]:
    """Return the parts in the order of the chunks, played by several processes."""
    stored = scenario.to_dict()
    model = None if scenario.model is None else scenario.model.played_by
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
        raise SimError(_BROKEN) from None
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
