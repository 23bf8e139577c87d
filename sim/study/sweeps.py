"""Sweeps: everything a result folder still lacks is played, by any executor, and written by this process alone."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from typing import Any

from sim.study.compiled_runs import is_available
from sim.study.estimates import Estimate, wilson
from sim.study.parts import Played, Range
from sim.study.replicates import available_processors
from sim.study.results import known
from sim.study.store import SUMMARY, Folder
from sim.study.tasks import Job, played

SECOND = 1.0
FIRST_RATE = 500.0
WAITING = 2

Progress = Callable[[int, int], None]


def sweep(folder: Folder, threads: int | None = None, tell: Progress | None = None) -> None:
    """Play what a folder lacks and write it; the lock must be held.

    threads   how many tasks run at once; without it as many as there are processors. It never changes a result.
    tell      called with the replicates played and those that were missing
    """
    workers = threads or available_processors()
    if is_available() and folder.manifest["engine"] == "compiled":
        from sim.engines.ensemble import compiled_kernel

        compiled_kernel()  # before two threads would both compile it
    with ThreadPoolExecutor(workers) as executor:
        while missing := folder.missing():  # a look at what is there may ask for more
            play(missing, folder, executor, workers, tell or (lambda done, asked: None))
    finish(folder)


def finish(folder: Folder) -> None:
    """Write the summary of a folder in which nothing is missing."""
    folder.write_file(SUMMARY, summary(folder))


def play(missing: Sequence[Range], folder: Folder, executor: Executor, workers: int, tell: Progress) -> None:
    """Play ranges on an executor, a few tasks in waiting, and write each as it comes."""
    asked, done, at, rate = sum(one.count for one in missing), 0, 0, FIRST_RATE
    running: set[Future[list[Played]]] = set()
    started = time.monotonic()
    tell(0, asked)
    try:
        while running or at < len(missing):
            while at < len(missing) and len(running) < WAITING * workers:
                end = bundle_end(missing, at, rate * SECOND)
                running.add(executor.submit(played, jobs_of(folder, missing[at:end])))
                at = end
            finished, running = wait(running, return_when=FIRST_COMPLETED)
            for future in finished:
                ready = future.result()
                folder.write(ready)
                done += sum(one.range.count for one in ready)
            rate = done / workers / max(time.monotonic() - started, 1e-3)
            tell(done, asked)
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
    about = folder.manifest
    weekly = folder.experiment.weekly
    return [Job(folder.points[one.point], one, about["seed"], about["engine"], weekly) for one in ranges]


def summary(folder: Folder) -> dict[str, Any]:
    """Return the content hash and the headline of each point, as plain data."""
    sha, told = hashlib.sha256(), {}
    for point in folder.points:
        columns, failed = folder.columns(point.number)
        folder.hash_point(sha, point.number, columns)
        played = len(columns["replicate"])
        success = told_estimate(wilson(int(columns["success"].sum()) if played else 0, played))
        told[point.name] = {"replicates": played, "failed": len(failed), "success": success}
    return {"content_sha256": sha.hexdigest(), "model_version": folder.manifest["model_version"], "points": told}


def told_estimate(one: Estimate) -> dict[str, float | None]:
    """Return an estimate as plain data."""
    return {"estimate": known(one.estimate), "low": known(one.low), "high": known(one.high)}
