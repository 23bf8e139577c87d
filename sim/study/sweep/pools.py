"""Where tasks are played: threads of this process, or the workers of a Dask cluster.

A pool takes tasks and gives futures of `concurrent.futures`. A worker of a cluster gets no task before it has shown that it
is this package and this model, and that it gives the same bits. What a lost worker was playing, Dask moves to another: tasks
are pure, and may be played twice.
"""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from types import TracebackType
from typing import NamedTuple, Protocol

from sim.errors import SimError
from sim.extras import optional_package
from sim.scenario.load import load
from sim.study.play.compiled_runs import suited_engine
from sim.study.play.replicates import available_processors, run
from sim.study.store.contents import digest
from sim.study.store.parts import PartBytes
from sim.study.sweep.tasks import Job, play_jobs
from sim.version import model_version, package_version

_PROBE, _PROBE_REPLICATES = "secret-track-1.5", 64
_PATIENCE = 10.0  # seconds
_PROBE_PATIENCE = 600.0
_BETWEEN_LOOKS = 2.0

Task = Sequence[Job]
Warn = Callable[[str], None]


class Pool(Protocol):
    """Something that plays tasks."""

    @property
    def slots(self) -> int:
        """How many tasks run at once."""

    def submit(self, task: Task) -> Future[list[PartBytes]]:
        """Return what a task will give; cancelled if all that might play it are lost."""

    def look_around(self) -> None:
        """See to workers that came or were lost meanwhile."""


class ThreadPool:
    """Threads of this process."""

    def __init__(self, threads: int | None = None) -> None:
        """Start so many threads, or as many as there are processors."""
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


class Identity(NamedTuple):
    """What tells one worker from another: the versions of its model and package, and the hash of fixed replicates."""

    model: str
    package: str
    probe: str


def identity(expected: str) -> Identity:
    """Return what this process is and would play; without the probe if its model is not the one that is expected."""
    return Identity(model_version(), package_version(), bit_probe() if model_version() == expected else "")


def bit_probe() -> str:
    """Return the SHA-256 of the columns of 64 replicates of one scenario."""
    return digest(run(load(_PROBE), _PROBE_REPLICATES, seed=0, processes=1, engine=suited_engine()).columns)


def refusal(own: Identity, other: Identity) -> str:
    """Return why a worker cannot be used, or nothing."""
    if own.model != other.model:
        return f"its model is {other.model}, this is {own.model}"
    if own.package != other.package:
        return f"its package is {other.package}, this is {own.package}"
    if own.probe != other.probe:
        return f"it gives other bits under the same version (probe {other.probe[:12]}, here {own.probe[:12]})"
    return ""


class Cluster:
    """The workers of a Dask cluster that are this model; each task may go to any that was there when it was submitted."""

    def __init__(self, address: str, warn: Warn) -> None:
        """Connect to the scheduler at an address; `warn` is told of workers that are refused."""
        self._distributed = optional_package("distributed")
        self._address, self._warn = address, warn
        self._own = identity(model_version())
        self._threads: dict[str, int] = {}  # of each worker that is used
        self._refused: set[str] = set()
        self._running: dict[Future[list[PartBytes]], set[str]] = {}  # with the workers it may go to
        self._looked = 0.0
        try:
            self._client = self._distributed.Client(address, timeout=_PATIENCE, set_as_default=False)
        except (OSError, ValueError) as error:
            raise SimError(f"no Dask scheduler answers at {address} ({type(error).__name__})") from None

    def __enter__(self) -> Cluster:
        """Check the workers that are there."""
        try:
            self.look_around()
        except BaseException:
            self._client.close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what is not yet played, and leave the cluster as it was."""
        for future in self._running:
            future.cancel()
        self._client.close()
        if isinstance(error, self._distributed.KilledWorker):
            raise SimError(f"{self._address}: one worker after another was lost ({error})") from None

    @property
    def slots(self) -> int:
        """How many tasks run at once."""
        return sum(self._threads.values())

    def submit(self, task: Task) -> Future[list[PartBytes]]:
        """Return what a task will give; cancelled if all workers that might play it are lost."""
        executor = self._client.get_executor(workers=sorted(self._threads), pure=False)
        future: Future[list[PartBytes]] = executor.submit(play_jobs, [job.sent() for job in task])
        self._running[future] = set(self._threads)
        return future

    def look_around(self) -> None:
        """Check workers that came, and cancel the tasks that none of the present ones may play."""
        if self._threads and time.monotonic() - self._looked < _BETWEEN_LOOKS:
            return
        self._choose_workers()
        self._running = {future: names for future, names in self._running.items() if not future.done()}
        for future, names in self._running.items():
            if names.isdisjoint(self._threads):
                future.cancel()

    def _choose_workers(self) -> None:
        """Keep the workers that are there and are this model; wait a little where there are none."""
        until = time.monotonic() + _PATIENCE
        while True:
            there = self._workers_there()
            self._threads = {name: threads for name, threads in self._threads.items() if name in there}
            for name in sorted(there.keys() - self._threads.keys() - self._refused):
                reason = self._reason_against(name)
                if reason:
                    self._refused.add(name)
                    self._warn(f"worker {name} is refused: {reason}")
                else:
                    self._threads[name] = there[name]
            self._looked = time.monotonic()
            if self._threads:
                return
            if self._looked >= until:
                raise SimError(f"{self._address}: the cluster has no worker that can be used")
            time.sleep(_BETWEEN_LOOKS / 4.0)

    def _workers_there(self) -> dict[str, int]:
        """Return the workers that the scheduler knows, by address, and how many threads each has."""
        try:
            return {str(name): int(threads) for name, threads in self._client.nthreads().items()}
        except (OSError, AttributeError, TimeoutError) as error:
            raise SimError(f"{self._address}: the Dask scheduler does not answer ({type(error).__name__})") from None

    def _reason_against(self, name: str) -> str:
        """Return why a worker cannot be used, or nothing."""
        try:
            answer = self._client.submit(identity, self._own.model, workers=[name], pure=False)
            return refusal(self._own, Identity(*answer.result(timeout=_PROBE_PATIENCE)))
        except Exception as error:  # noqa: BLE001  (whatever a worker answers, it is not this model)
            return f"it does not answer as a worker of this package ({type(error).__name__}: {error})"


@contextlib.contextmanager
def open_pool(address: str | None, threads: int | None, warn: Warn) -> Iterator[Pool]:
    """Give the pool that is asked for: a cluster by its address, or threads."""
    if address is None:
        with ThreadPool(threads) as here:
            yield here
    else:
        with Cluster(address, warn) as there:
            yield there
