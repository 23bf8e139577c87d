"""A Dask cluster whose workers are not believed.

A worker gets no task before it has shown that it is this package and this model, and that it gives the same bits by the
module that it is sent. Each task goes to one worker. Its answer is checked before it counts (sim.study.sweep.answers); a
worker whose answer is not believed is used no more. One that takes ten times the usual time loses its tasks to others. Tasks
are pure, and may be played twice.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
import time
from collections import Counter, deque
from collections.abc import Callable, Iterable
from concurrent.futures import CancelledError, Future, ThreadPoolExecutor
from dataclasses import dataclass
from queue import Empty, SimpleQueue
from statistics import median
from types import TracebackType
from typing import Any, NamedTuple

from sim.errors import SimError
from sim.extras import optional_package
from sim.study.play.compiled_runs import suited_engine
from sim.study.store.parts import PartBytes, Range
from sim.study.sweep.answers import AnswerError, parts_of
from sim.study.sweep.tasks import Task
from sim.study.sweep.workers import (
    identity,
    identity_answer,
    identity_of,
    module_hash,
    refusal,
    task_answer,
)
from sim.version import model_version

_PATIENCE = 10.0  # seconds, with a scheduler that does not answer and a cluster without workers
_PROBE_PATIENCE = 120.0
_BETWEEN_LOOKS = 2.0
_TIMES_THE_USUAL, _LEAST_PATIENCE = 10.0, 30.0
_NEXT_TIME = 4.0  # as much patience, with a task that was late before
_SLOWEST = {"compiled": 1e-3, "open": 1e-2}  # seconds a replicate and week, until an answer is there
_REMEMBERED = 100  # answers that say what is usual
_MOST_LOST = 3  # workers that may be lost over one task, and times that a worker may be late
_LOGS = ("distributed", "distributed.client", "tornado.application")

Warn = Callable[[str], None]


class Tls(NamedTuple):
    """The files by which client, scheduler and workers know each other: of the authority, of the client, and of its key."""

    ca_file: str
    cert: str
    key: str


@dataclass(eq=False)
class _Sent:
    """A task at a worker.

    promise   what the sweep waits for
    answer    what the worker will give; None until it is on its way
    began     when its turn came at the worker, in seconds of the pool's clock
    """

    task: Task
    worker: str
    promise: Future[list[PartBytes]]
    answer: Future[bytes] | None = None
    began: float | None = None

    @property
    def size(self) -> float:
        """Replicates and weeks, one multiplied by the other."""
        return sum(job.range.count * job.weeks for job in self.task)


def patience_with(size: float, usual: float, misses: int) -> float:
    """Return how many seconds a task of a size may take: ten times what is usual, and more if it was late before.

    size     replicates and weeks, one multiplied by the other
    usual    seconds that one of these takes
    misses   how often it was late
    """
    return float(max(_LEAST_PATIENCE, _TIMES_THE_USUAL * usual * size) * _NEXT_TIME**misses)


class Cluster:
    """The workers of a Dask cluster that are this model.

    givers   which worker gave each part
    """

    def __init__(self, address: str, warn: Warn, tls: Tls | None = None) -> None:
        """Connect to the scheduler at an address; `warn` is told of workers that are refused or late."""
        self._distributed = optional_package("distributed")
        for name in _LOGS:  # what matters of what they would say at length is told here, in a line
            logging.getLogger(name).setLevel(logging.CRITICAL)
        self._address, self._warn = address, warn
        self._module = _own_module()
        self._own = identity(model_version())
        self._threads: dict[str, int] = {}  # of each worker that is used
        self._asked: dict[str, Future[bytes]] = {}  # what workers will show that they are
        self._refused: set[str] = set()
        self._sent: list[_Sent] = []
        self._checked: SimpleQueue[tuple[_Sent, str | None]] = SimpleQueue()  # with why it is not believed
        self._checker = ThreadPoolExecutor(1)
        self._closing = threading.Lock()  # of a promise
        self._lost: Counter[Range] = Counter()  # workers, over a range
        self._late: Counter[str] = Counter()
        self._waited_for: set[str] = set()
        self._usual: deque[float] = deque(maxlen=_REMEMBERED)
        self._now, self._ticked, self._looked = 0.0, time.monotonic(), -_BETWEEN_LOOKS
        self.givers: dict[Range, str] = {}
        self._client = self._connected(tls)

    def _connected(self, tls: Tls | None) -> Any:
        """Return a client of the scheduler; one that was made where none answers would complain when it is deleted."""
        security = self._distributed.Security(
            tls_ca_file=tls and tls.ca_file,
            tls_client_cert=tls and tls.cert,
            tls_client_key=tls and tls.key,
            require_encryption=tls is not None,
        )
        try:
            asyncio.run(self._try_connection(security))
            return self._distributed.Client(self._address, timeout=_PATIENCE, set_as_default=False, security=security)
        except (OSError, ValueError, TypeError, RuntimeError) as error:
            line = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            raise SimError(f"no Dask scheduler answers at {self._address} ({line})") from None

    async def _try_connection(self, security: Any) -> None:
        """Raise unless something answers at the scheduler's address."""
        given = security.get_connection_args("client")
        connection = await self._distributed.comm.connect(self._address, timeout=_PATIENCE, **given)
        await connection.close()

    def __enter__(self) -> Cluster:
        """Check the workers that are there."""
        try:
            self.look_around()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Take back what is not yet played, and leave the cluster as it was."""
        for sent in self._sent:
            self._take_back(sent)
        self._close()

    def _close(self) -> None:
        """Leave the cluster, also one that does not answer."""
        self._checker.shutdown(wait=False, cancel_futures=True)
        with contextlib.suppress(OSError, RuntimeError, TimeoutError):
            self._client.close(timeout=_PATIENCE)

    @property
    def slots(self) -> int:
        """How many tasks run at once."""
        return sum(self._threads.values())

    def submit(self, task: Task) -> Future[list[PartBytes]]:
        """Return what a task will give; cancelled if its worker is lost, late or not believed."""
        busy = Counter(sent.worker for sent in self._sent)
        worker = min(self._threads, key=lambda name: busy[name] / self._threads[name])
        module = self._module_for(task)
        sent = _Sent(task, worker, Future())
        self._sent.append(sent)
        sent.answer = self._submitted(worker, task_answer, [job.sent() for job in task], module)
        sent.answer.add_done_callback(lambda answer: self._checker.submit(self._check, sent, answer, module))
        self._give_turns()
        return sent.promise

    def _submitted(self, worker: str, function: Callable[..., bytes], *given: Any) -> Future[bytes]:
        """Return what a function will give on one worker."""
        executor = self._client.get_executor(workers=[worker], pure=False, allow_other_workers=False)
        future: Future[bytes] = executor.submit(function, *given)
        return future

    def _module_for(self, task: Task) -> bytes:
        """Return the module that goes with a task; none where the open engine plays it, or a class of one's own."""
        return self._module if all(job.engine == "compiled" and job.model is None for job in task) else b""

    def _check(self, sent: _Sent, answer: Future[bytes], module: bytes) -> None:
        """Keep the promise of a task if its answer is believed, else break it; both are seen to at the next look."""
        parts, reason = None, None
        try:
            parts = parts_of(answer.result(), sent.task, module_hash(module))
        except AnswerError as error:
            reason = str(error)
        except CancelledError:
            reason = ""
        except Exception as error:  # noqa: BLE001  (whatever the library made of what a worker sent)
            reason = f"it gave no answer ({type(error).__name__})"
        self._checked.put((sent, reason))
        self._end_promise(sent, parts)

    def _end_promise(self, sent: _Sent, parts: list[PartBytes] | None) -> None:
        """Keep the promise of a task with parts; without any, break it, so that the task is given to another."""
        with self._closing:
            if sent.promise.done():
                return
            if parts is None:
                sent.promise.cancel()
                sent.promise.set_running_or_notify_cancel()
            else:
                self.givers |= {where: sent.worker for part in parts for where in part.ranges}
                sent.promise.set_result(parts)

    def look_around(self) -> None:
        """Take note of answers, of workers that came, were lost or are late; give the tasks of these to others."""
        self._tick()
        connection_lost = self._take_checked()
        if connection_lost or not self._threads or self._now - self._looked >= _BETWEEN_LOOKS:
            self._choose_workers()
        self._give_turns()
        usual = median(self._usual) if self._usual else None
        for sent in [sent for sent in self._sent if self._is_late(sent, usual)]:
            if sent in self._sent:  # and was not taken back with another of its worker
                self._see_to_late(sent, usual)

    def _tick(self) -> None:
        """Set the clock; the time in which this process stood still itself does not count."""
        ticked = time.monotonic()
        self._now += min(ticked - self._ticked, 2.0 * _BETWEEN_LOOKS)
        self._ticked = ticked

    def _take_checked(self) -> bool:
        """Take note of the answers that were checked; return whether the connection to the scheduler was lost."""
        connection_lost = False
        with contextlib.suppress(Empty):
            while True:
                sent, reason = self._checked.get_nowait()
                if sent not in self._sent:  # was taken back
                    continue
                self._sent.remove(sent)
                if reason is None:
                    self._note_answer(sent)
                elif reason:
                    self._refuse(sent.worker, reason)
                    self._note_lost(sent, reason)
                else:
                    connection_lost = True
        return connection_lost

    def _note_answer(self, sent: _Sent) -> None:
        """Keep how long a task took."""
        if sent.began is not None:
            self._usual.append((self._now - sent.began) / sent.size)
        self._waited_for.discard(sent.worker)

    def _refuse(self, name: str, reason: str) -> None:
        """Use a worker no more, and say why."""
        if name not in self._refused:
            self._refused.add(name)
            self._warn(f"worker {name} is refused: {reason}")
        self._leave(name)

    def _leave(self, name: str) -> list[_Sent]:
        """Give a worker nothing more, and take its tasks back; return these."""
        self._threads.pop(name, None)
        if name in self._asked:
            self._asked.pop(name).cancel()
        left = [sent for sent in self._sent if sent.worker == name]
        for sent in left:
            self._take_back(sent)
        self._sent = [sent for sent in self._sent if sent.worker != name]
        return left

    def _take_back(self, sent: _Sent) -> None:
        """Take a task back from its worker."""
        if sent.answer is not None:
            sent.answer.cancel()
        self._end_promise(sent, None)

    def _note_lost(self, sent: _Sent, reason: str) -> None:
        """Count a worker that was lost over a task; raise where one after another was."""
        for job in sent.task:
            self._lost[job.range] += 1
            if self._lost[job.range] >= _MOST_LOST:
                raise SimError(
                    f"{self._address}: one worker after another was lost over {job.name}, replicates "
                    f"{job.range.first}..{job.range.end - 1}; the last: {reason}"
                )

    def _give_turns(self) -> None:
        """Start the clock of the tasks that their workers can have begun."""
        turns: Counter[str] = Counter()
        for sent in self._sent:
            turns[sent.worker] += 1
            if sent.began is None and turns[sent.worker] <= self._threads.get(sent.worker, 0):
                sent.began = self._now

    def _is_late(self, sent: _Sent, usual: float | None) -> bool:
        """Return whether a task has taken longer than its worker may; `usual` as in patience_with, None if not known."""
        if sent.began is None:
            return False
        rate = max(_SLOWEST[job.engine] for job in sent.task) if usual is None else usual
        return self._now - sent.began > patience_with(sent.size, rate, max(self._lost[job.range] for job in sent.task))

    def _see_to_late(self, sent: _Sent, usual: float | None) -> None:
        """Give the tasks of a worker that is late to others; where there is none, say what is waited for."""
        name, waited = sent.worker, self._now - (sent.began or 0.0)
        where = "" if usual is None else f", where {usual * sent.size:.1g} s is usual"
        late = f"worker {name} has not answered for {waited:.0f} s{where}"
        if len(self._threads) == 1:
            if name not in self._waited_for:
                self._waited_for.add(name)
                self._warn(f"{late}; there is no other: waiting for it, or for another to join")
            return
        self._late[name] += 1
        self._leave(name)
        if self._late[name] < _MOST_LOST:
            self._warn(f"{late}: others play its tasks, and it is used again when it shows what it is")
            self._ask(name)
        else:
            self._refused.add(name)
            self._warn(f"{late}, again: others play its tasks, and it is used no more")
        self._note_lost(sent, late)

    def _choose_workers(self) -> None:
        """Keep the workers that are there and are this model; wait a little where there are none."""
        since, told = self._now, False
        while True:
            there = self._workers_there()
            self._let_go(there)
            for name in sorted(there.keys() - self._threads.keys() - self._asked.keys() - self._refused):
                self._ask(name)
            for name in [*self._asked]:
                self._accept_if_shown(name, there[name])
            self._looked = self._now
            if self._threads:
                return
            if self._now - since > (_PROBE_PATIENCE if self._asked else _PATIENCE):
                raise SimError(f"{self._address}: the cluster has no worker that can be used")
            if not told and self._now - since >= _PATIENCE:
                told = True
                self._warn(f"{self._address}: waiting for {' and '.join(self._asked) or 'a worker that can be used'}")
            time.sleep(_BETWEEN_LOOKS / 20.0)
            self._tick()

    def _let_go(self, there: Iterable[str]) -> None:
        """Take the tasks back from workers that are not there any more."""
        for name in [*self._threads, *self._asked]:
            if name in there:
                continue
            left = [sent for sent in self._leave(name) if sent.began is not None]
            if left:
                self._warn(f"worker {name} is lost: others play its tasks")
            for sent in left:
                self._note_lost(sent, f"worker {name} is not there any more")

    def _workers_there(self) -> dict[str, int]:
        """Return the workers that the scheduler knows, by address, and how many threads each has."""
        try:
            there = self._client.nthreads(callback_timeout=_PATIENCE)
            return {str(name): int(threads) for name, threads in there.items()}
        except (OSError, AttributeError, TimeoutError, RuntimeError) as error:
            raise SimError(f"{self._address}: the Dask scheduler does not answer ({type(error).__name__})") from None

    def _ask(self, name: str) -> None:
        """Ask a worker to show what it is."""
        self._asked[name] = self._submitted(name, identity_answer, self._own.model, self._module)

    def _accept_if_shown(self, name: str, threads: int) -> None:
        """Use a worker that has shown that it is this model, refuse one that is not."""
        if not self._asked[name].done():
            return
        answer = self._asked.pop(name)
        if answer.cancelled():  # the scheduler was lost and came back
            self._ask(name)
            return
        reason = self._reason_against(answer)
        if reason:
            self._refuse(name, reason)
        else:
            self._threads[name] = threads

    def _reason_against(self, answer: Future[bytes]) -> str:
        """Return why a worker cannot be used, or nothing."""
        try:
            return refusal(self._own, identity_of(answer.result()))
        except Exception as error:  # noqa: BLE001  (whatever a worker answers, it is not this model)
            line = " ".join(f"{type(error).__name__}: {error}".split())[:300]
            return f"it does not answer as a worker of this package ({line if line.isprintable() else ascii(line)})"


def _own_module() -> bytes:
    """Return the module that plays our model; none where it cannot be played here."""
    if suited_engine() == "open":
        return b""
    from sim.engines.ensemble import module_bytes

    return module_bytes()
