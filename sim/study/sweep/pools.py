"""Where tasks are played: threads of this process, or the workers of a Dask cluster.

A pool takes tasks and gives futures, as `concurrent.futures` does. Workers of a cluster are not trusted with a task before
they have shown that they are this model: each returns the version of its model and a bit probe, the hash of 64
replicates of three scenarios. One that differs is refused, with its name and the reason. A worker that is lost, with what
it was playing, costs nothing but time: tasks are pure, and are played again elsewhere.
"""

from __future__ import annotations

import contextlib
import hashlib
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from typing import Any, NamedTuple, Protocol

from sim.errors import SimError
from sim.scenario.load import load
from sim.study.play.compiled_runs import is_available, suited_engine
from sim.study.play.replicates import available_processors, run
from sim.study.play.results import imported
from sim.study.store.contents import digest
from sim.study.store.parts import Played
from sim.study.sweep.tasks import Job, played
from sim.version import model_version

PROBED = ("reference", "secret-track-1.5", "two-states-known-costs")
PROBE_REPLICATES = 64
PATIENCE = 10.0
PROBE_PATIENCE = 600.0
BETWEEN_LOOKS = 2.0

Task = Sequence[Job]
Warn = Callable[[str], None]


class Pool(Protocol):
    """Something that plays tasks."""

    @property
    def slots(self) -> int:
        """How many tasks run at once."""

    def submit(self, task: Task) -> Future[list[Played]]:
        """Return what a task will give."""

    def look_around(self) -> None:
        """See to workers that came or were lost meanwhile."""


class ThreadPool:
    """Threads of this process."""

    def __init__(self, threads: int | None = None) -> None:
        """Start so many threads, or as many as there are processors."""
        self.slots = threads or available_processors()
        self.executor = ThreadPoolExecutor(self.slots)

    def __enter__(self) -> ThreadPool:
        """Compile before two threads would both do it."""
        if is_available():
            from sim.engines.ensemble import compiled_kernel

            compiled_kernel()
        return self

    def __exit__(self, *about: object) -> None:
        """Wait for what is running; what is waiting is not played."""
        self.executor.shutdown(wait=True, cancel_futures=True)

    def submit(self, task: Task) -> Future[list[Played]]:
        """Return what a task will give."""
        return self.executor.submit(played, task)

    def look_around(self) -> None:
        """Nothing comes or goes."""


class Identity(NamedTuple):
    """What tells one model from another: its version, and the hash of fixed replicates."""

    model_version: str
    probe: str


def identity(expected: str) -> Identity:
    """Return what this process would play; without the probe where the version already differs from what is expected."""
    return Identity(model_version(), bit_probe() if expected == model_version() else "")


def bit_probe() -> str:
    """Return the SHA-256 of the columns of 64 replicates of three scenarios."""
    sha = hashlib.sha256()
    for name in PROBED:
        engine = suited_engine()
        result = run(load(name), PROBE_REPLICATES, seed=0, processes=1, engine=engine)
        sha.update(digest(result.columns).encode())
    return sha.hexdigest()


def refusal(own: Identity, other: Identity) -> str:
    """Return why a worker cannot be used, or nothing."""
    if own.model_version != other.model_version:
        return f"its model is {other.model_version}, this is {own.model_version}"
    if own.probe != other.probe:
        return f"it gives other bits under the same version (probe {other.probe[:12]}, here {own.probe[:12]})"
    return ""


class Running(NamedTuple):
    """A task on a worker: what was promised, what was asked, where it is, and the cluster's own future."""

    promise: Future[list[Played]]
    task: Task
    worker: str
    remote: Any


class Cluster:
    """The workers of a Dask cluster, each with its tasks; a task stands on one worker, and moves if that is lost."""

    def __init__(self, address: str, warn: Warn) -> None:
        """Connect to the scheduler at an address and check its workers; `warn` is told of those that are refused."""
        distributed = imported("distributed")
        self.address, self.warn = address, warn
        self.own = identity(model_version())
        self.accepted: dict[str, int] = {}
        self.refused: set[str] = set()
        self.running: list[Running] = []
        self.lock = threading.RLock()
        self.looked = 0.0
        try:
            self.client = distributed.Client(address, timeout=PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SimError(f"no Dask scheduler answers at {address} ({type(error).__name__})") from None

    def __enter__(self) -> Cluster:
        """Check the workers that are there."""
        try:
            self.look_around()
        except BaseException:
            self.client.close()
            raise
        return self

    def __exit__(self, *about: object) -> None:
        """Take back what is not yet played, and leave the cluster as it was."""
        with self.lock:
            self.client.cancel([one.remote for one in self.running])
            self.running.clear()
        self.client.close()

    @property
    def slots(self) -> int:
        """How many tasks run at once."""
        return sum(self.accepted.values())

    def submit(self, task: Task) -> Future[list[Played]]:
        """Return what a task will give."""
        promise: Future[list[Played]] = Future()
        self._place(promise, task)
        return promise

    def look_around(self) -> None:
        """Check workers that came, and play elsewhere what stood on workers that were lost."""
        if self.accepted and time.monotonic() - self.looked < BETWEEN_LOOKS:
            return
        self._choose_workers()
        with self.lock:
            lost = [one for one in self.running if one.worker not in self.accepted]
            self.running = [one for one in self.running if one.worker in self.accepted]
        for one in lost:
            with contextlib.suppress(Exception):
                self.client.cancel([one.remote])
            if not one.promise.done():
                self._place(one.promise, one.task)

    def _choose_workers(self) -> None:
        """Keep the workers that are there and are this model; wait a little where there are none."""
        until = time.monotonic() + PATIENCE
        while True:
            there = self._workers()
            with self.lock:
                self.accepted = {name: threads for name, threads in self.accepted.items() if name in there}
            for name in sorted(there.keys() - self.accepted.keys() - self.refused):
                self._check(name, there[name])
            self.looked = time.monotonic()
            if self.accepted:
                return
            if self.looked >= until:
                raise SimError(f"{self.address}: the cluster has no worker that can be used")
            time.sleep(BETWEEN_LOOKS / 4.0)

    def _workers(self) -> dict[str, int]:
        """Return the workers that the scheduler knows, by address, and how many threads each has."""
        try:
            return {str(name): int(threads) for name, threads in self.client.nthreads().items()}
        except (OSError, AttributeError, TimeoutError) as error:
            raise SimError(f"{self.address}: the Dask scheduler does not answer ({type(error).__name__})") from None

    def _check(self, name: str, threads: int) -> None:
        """Take a worker if it is this model; otherwise say why not."""
        try:
            asked = self.client.submit(identity, self.own.model_version, workers=[name], pure=False)
            reason = refusal(self.own, Identity(*asked.result(timeout=PROBE_PATIENCE)))
        except Exception as error:  # noqa: BLE001  (whatever a worker answers, it is not this model)
            reason = f"it does not answer as a worker of this package ({type(error).__name__}: {error})"
        if reason:
            self.refused.add(name)
            self.warn(f"worker {name} is refused: {reason}")
        else:
            self.accepted[name] = threads

    def _place(self, promise: Future[list[Played]], task: Task) -> None:
        """Put a task on the worker that has least to do for its threads."""
        with self.lock:
            load_of = {name: sum(1 for one in self.running if one.worker == name) for name in self.accepted}
            name = min(self.accepted, key=lambda one: load_of[one] / self.accepted[one])
            remote = self.client.submit(played, task, workers=[name], pure=False, retries=0)
            self.running.append(Running(promise, task, name, remote))
        remote.add_done_callback(self._done)

    def _done(self, remote: Any) -> None:
        """Keep the promise that stands behind a remote future; what was lost is left to `look_around`."""
        if remote.status not in ("finished", "error"):
            return
        with self.lock:
            found = [one for one in self.running if one.remote is remote]
            self.running = [one for one in self.running if one.remote is not remote]
        for one in found:
            try:
                ready = remote.result()
            except Exception as error:  # noqa: BLE001  (told where the promise is awaited)
                if not one.promise.done():
                    one.promise.set_exception(error)
            else:
                if not one.promise.done():
                    one.promise.set_result(ready)


@contextlib.contextmanager
def pool(address: str | None, threads: int | None, warn: Warn) -> Iterator[Pool]:
    """Give the pool that is asked for: a cluster by its address, or threads."""
    if address is None:
        with ThreadPool(threads) as here:
            yield here
    else:
        with Cluster(address, warn) as there:
            yield there
