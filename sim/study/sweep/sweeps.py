"""Sweeps: everything a result folder still lacks is played, by any executor, and written by this process alone."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from sim.plain import plain_data
from sim.study.play.replicates import Progress
from sim.study.statistics.estimates import wilson
from sim.study.store.folder import Folder
from sim.study.store.parts import PartBytes, Range
from sim.study.sweep.asked_replicates import missing_ranges
from sim.study.sweep.gatherer import Gatherer
from sim.study.sweep.pools import Pool, ThreadPool
from sim.study.sweep.tasks import jobs_of

_TASK_SECONDS = 1.0
_FIRST_RATE = 500.0  # replicates a second and slot, until the first task is back
_TASKS_A_SLOT = 2  # so that no slot waits for this process to write
_BETWEEN_LOOKS = 2.0  # seconds


def sweep(folder: Folder, threads: int | None = None, tell: Progress | None = None) -> None:
    """Play what a folder lacks on threads and write it; the lock must be held.

    threads   how many tasks run at once; without it as many as there are processors. It never changes a result.
    tell      called with the replicates played and those that were missing
    """
    with ThreadPool(threads) as pool:
        sweep_on(folder, pool, tell or (lambda done, asked: None))


def sweep_on(folder: Folder, pool: Pool, tell: Progress) -> None:
    """Play what a folder lacks on a pool and write it; the lock must be held."""
    while missing := missing_ranges(folder):  # a look at what is there may ask for more
        _play_ranges(missing, folder, pool, tell)
    write_summary(folder)


def write_summary(folder: Folder) -> None:
    """Write the summary of a folder in which nothing is missing."""
    folder.write_summary(_summary(folder))


def _play_ranges(missing: Sequence[Range], folder: Folder, pool: Pool, tell: Progress) -> None:
    """Play ranges on a pool, a few tasks in waiting, and write each as it comes."""
    waiting = list(missing)
    asked, done, at, rate = sum(where.count for where in missing), 0, 0, _FIRST_RATE
    running: dict[Future[list[PartBytes]], list[Range]] = {}
    started = time.monotonic()
    tell(0, asked)
    try:
        with Gatherer(folder) as gatherer:
            while running or at < len(waiting):
                while at < len(waiting) and len(running) < _TASKS_A_SLOT * pool.slots:
                    end = bundle_end(waiting, at, rate * _TASK_SECONDS)
                    running[pool.submit(jobs_of(folder, waiting[at:end]))] = waiting[at:end]
                    at = end
                finished, _ = wait(running, timeout=_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
                for future in finished:
                    ranges = running.pop(future)
                    if future.cancelled():  # all workers that might have played it are lost
                        waiting += ranges
                        continue
                    gatherer.add(future.result())
                    done += sum(where.count for where in ranges)
                if finished and done:
                    rate = done / pool.slots / max(time.monotonic() - started, 1e-3)
                    tell(done, asked)
                pool.look_around()
    finally:
        for future in running:
            future.cancel()


def bundle_end(missing: Sequence[Range], start: int, room: float) -> int:
    """Return where a bundle ends that starts at one range: it holds that one, and more while there is room."""
    end, size = start + 1, missing[start].count
    while end < len(missing) and size + missing[end].count <= room:
        size += missing[end].count
        end += 1
    return end


def _summary(folder: Folder) -> dict[str, Any]:
    """Return the content hash and the headline of each point, as plain data."""
    sha, headlines = hashlib.sha256(), {}
    for point in folder.points:
        columns, failed = folder.columns(point.number)
        folder.hash_point(sha, point.number, columns)
        played = len(columns["replicate"])
        success = plain_data(wilson(int(columns["success"].sum()) if played else 0, played))
        headlines[point.name] = {"replicates": played, "failed": len(failed), "success": success}
    return {"content_sha256": sha.hexdigest(), "points": headlines}
