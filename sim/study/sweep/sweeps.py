"""Sweeps: everything a result folder still lacks is played, by any executor, and written by this process alone."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Future, wait
from typing import Any

from sim.plain import plain_data
from sim.study.statistics.estimates import wilson
from sim.study.store.folder import SUMMARY, Folder
from sim.study.store.parts import Played, Range
from sim.study.sweep.pools import Pool, ThreadPool
from sim.study.sweep.tasks import Job, job_of

SECOND = 1.0
FIRST_RATE = 500.0
WAITING = 2
LOOK_AROUND = 2.0  # seconds

Progress = Callable[[int, int], None]


def sweep(folder: Folder, threads: int | None = None, tell: Progress | None = None) -> None:
    """Play what a folder lacks on threads and write it; the lock must be held.

    threads   how many tasks run at once; without it as many as there are processors. It never changes a result.
    tell      called with the replicates played and those that were missing
    """
    with ThreadPool(threads) as pool:
        sweep_on(folder, pool, tell or (lambda done, asked: None))


def sweep_on(folder: Folder, pool: Pool, tell: Progress) -> None:
    """Play what a folder lacks on a pool and write it; the lock must be held."""
    while missing := folder.missing():  # a look at what is there may ask for more
        play(missing, folder, pool, tell)
    finish(folder)


def finish(folder: Folder) -> None:
    """Write the summary of a folder in which nothing is missing."""
    folder.write_file(SUMMARY, summary(folder))


def play(missing: Sequence[Range], folder: Folder, pool: Pool, tell: Progress) -> None:
    """Play ranges on a pool, a few tasks in waiting, and write each as it comes."""
    asked, done, at, rate = sum(one.count for one in missing), 0, 0, FIRST_RATE
    running: set[Future[list[Played]]] = set()
    started = time.monotonic()
    tell(0, asked)
    try:
        while running or at < len(missing):
            while at < len(missing) and len(running) < WAITING * pool.slots:
                end = bundle_end(missing, at, rate * SECOND)
                running.add(pool.submit(jobs_of(folder, missing[at:end])))
                at = end
            finished, running = wait(running, timeout=LOOK_AROUND, return_when=FIRST_COMPLETED)
            for future in finished:
                ready = future.result()
                folder.write(ready)
                done += sum(one.range.count for one in ready)
            if finished:
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


def jobs_of(folder: Folder, ranges: Sequence[Range]) -> list[Job]:
    """Return the jobs that play some ranges."""
    about, experiment = folder.manifest, folder.experiment
    points = ((folder.points[one.point], one) for one in ranges)
    stored = about["scenarios"]
    return [job_of(experiment, point, stored[point.label], one, about["engine"]) for point, one in points]


def summary(folder: Folder) -> dict[str, Any]:
    """Return the content hash and the headline of each point, as plain data."""
    sha, told = hashlib.sha256(), {}
    for point in folder.points:
        columns, failed = folder.columns(point.number)
        folder.hash_point(sha, point.number, columns)
        played = len(columns["replicate"])
        success = plain_data(wilson(int(columns["success"].sum()) if played else 0, played))
        told[point.name] = {"replicates": played, "failed": len(failed), "success": success}
    return {"content_sha256": sha.hexdigest(), "model_version": folder.manifest["model_version"], "points": told}
