"""Where tasks are played: threads of this process, or the workers of a cluster (sim.study.sweep.cluster).

A pool takes tasks and gives futures of `concurrent.futures`.
"""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Protocol

from sim.study.play.compiled_runs import suited_engine
from sim.study.play.replicates import available_processors
from sim.study.store.parts import PartBytes, Range
from sim.study.sweep.cluster import Cluster, Tls, Warn
from sim.study.sweep.tasks import Task, play_jobs


class Pool(Protocol):
    """Something that plays tasks."""

    givers: dict[Range, str]  # who gave a part, unless this process did

    @property
    def slots(self) -> int:
        """How many tasks run at once."""

    def submit(self, task: Task) -> Future[list[PartBytes]]:
        """Return what a task will give; cancelled if it is to be given again."""

    def look_around(self) -> None:
        """See to workers that came or were lost meanwhile."""


class ThreadPool:
    """Threads of this process."""

    def __init__(self, threads: int | None = None) -> None:
        """Start so many threads, or as many as there are processors."""
        self.givers: dict[Range, str] = {}
        self.slots = threads or available_processors()
        self._executor = ThreadPoolExecutor(self.slots)

    def __enter__(self) -> ThreadPool:
        """Make the compiled model, where it can be played, before two threads would both do it."""
        suited_engine()
        return self

    def __exit__(self, *about: object) -> None:
        """Wait for what is running; what is waiting is not played."""
        self._executor.shutdown(wait=True, cancel_futures=True)

    def submit(self, task: Task) -> Future[list[PartBytes]]:
        """Return what a task will give."""
        return self._executor.submit(play_jobs, task)

    def look_around(self) -> None:
        """Nothing comes or goes."""


@contextlib.contextmanager
def open_pool(address: str | None, threads: int | None, warn: Warn, tls: Tls | None = None) -> Iterator[Pool]:
    """Give the pool that is asked for: a cluster by its address, or threads."""
    if address is None:
        with ThreadPool(threads) as here:
            yield here
    else:
        with Cluster(address, warn, tls) as there:
            yield there
