"""A cluster whose workers lie, stop, or die: the sweep ends in the right bytes, and says in a line who did what.

The scheduler and its workers are made up, and so is the clock: each look at it is a second later than the one before.
"""

import re
import tempfile
from concurrent.futures import Future
from functools import cache
from pathlib import Path
from types import SimpleNamespace

import pytest

from sim.errors import SimError
from sim.study.design.experiments import load_experiment
from sim.study.store.folder import create_folder, open_folder
from sim.study.store.locking import write_lock
from sim.study.sweep import cluster as clusters
from sim.study.sweep import sweeps
from sim.study.sweep.audit import audit, audited_parts
from sim.study.sweep.cluster import Cluster, patience_with
from sim.study.sweep.sweeps import sweep_on
from sim.study.sweep.workers import identity_answer, task_answer
from tests.study.sweeping import small, swept


def sound(function, *given):
    """Answer as a sound worker does."""
    return done(function(*given))


def silent(function, *given):
    """Never answer a task, though it shows what it is."""
    return sound(function, *given) if function is identity_answer else Future()


def paused(function, *given):
    """Answer nothing at all."""
    return Future()


def garbled(function, *given):
    """Answer a task with bytes that are no answer."""
    return sound(function, *given) if function is identity_answer else done(b"\x80\x04garbage")


def raising(function, *given):
    """Raise an error in each task."""
    if function is identity_answer:
        return sound(function, *given)
    answer = Future()
    answer.set_exception(MemoryError("no more"))
    return answer


def lying(function, *given):
    """Answer a task with what another seed gives: numbers that look right."""
    if function is identity_answer:
        return sound(function, *given)
    task, module = given
    return done(
        task_answer([job._replace(origin=job.origin._replace(seed=job.origin.seed + 1)) for job in task], module)
    )


def done(value):
    """Return a future that has come."""
    answer = Future()
    answer.set_result(value)
    return answer


class Scheduler:
    """A scheduler with made-up workers: what each does, by its name."""

    def __init__(self, **workers):
        self.workers = workers
        self.played = dict.fromkeys(workers, 0)
        self.looks = 0
        self.at_look = {}

    def nthreads(self, callback_timeout):
        """Return the workers; at some looks something happens before."""
        self.looks += 1
        self.at_look.pop(self.looks, lambda: None)()
        return dict.fromkeys(self.workers, 1)

    def get_executor(self, workers, **how):
        """Return what submits to one worker."""
        (name,) = workers
        return SimpleNamespace(submit=lambda function, *given: self.submitted(name, function, given))

    def submitted(self, name, function, given):
        """Return what one worker answers."""
        self.played[name] = self.played.get(name, 0) + (function is task_answer)
        return self.workers[name](function, *given)

    def close(self, timeout):
        """Leave."""


class Security:
    """How a connection is secured: not at all."""

    def __init__(self, **files):
        """Take no files."""

    def get_connection_args(self, role):
        """Nothing more is given."""
        return {}


class Connection:
    """A connection that can always be made."""

    @staticmethod
    async def connect(address, timeout):
        """Connect."""
        return Connection

    @staticmethod
    async def close():
        """Leave."""


class AtOnce:
    """Does what it is given at once."""

    def submit(self, function, *given):
        """Do it."""
        function(*given)

    def shutdown(self, **how):
        """Nothing is waiting."""


@pytest.fixture
def clock(monkeypatch):
    """A made-up clock of the pool."""
    now = [0.0]

    def later(seconds=1.0):
        now[0] += seconds
        return now[0]

    monkeypatch.setattr(clusters, "time", SimpleNamespace(monotonic=later, sleep=later))
    monkeypatch.setattr(sweeps, "_BETWEEN_LOOKS", 0.0)
    monkeypatch.setattr(sweeps, "bundle_end", lambda missing, start, room: start + 1)  # however long answers take
    monkeypatch.setattr(clusters, "ThreadPoolExecutor", lambda threads: AtOnce())
    return now


@cache
def hash_here(points):
    """Return the content hash of the small experiment, played by threads."""
    with tempfile.TemporaryDirectory() as name:
        return swept(small(Path(name), points=points), Path(name) / "whole").content_hash()


class Played:
    """What a sweep on made-up workers ended in."""

    def __init__(self, scheduler, path, monkeypatch, share=None, points=6):
        """Play a small experiment, and audit a share of it."""
        self.said = []
        library = SimpleNamespace(Client=lambda *where, **how: scheduler, Security=Security, comm=Connection)
        monkeypatch.setattr(clusters, "optional_package", lambda name: library)
        file, out = small(path, points=points), path / "out"
        self._points = points
        with write_lock(out):
            self.folder = create_folder(out, load_experiment(file), "")
            with Cluster("tcp://made-up", self.said.append) as pool:
                sweep_on(self.folder, pool, lambda done, asked: None)
            if share is not None:
                audit(self.folder, share, pool.givers, 1, self.said.append)
        self.givers = pool.givers

    @property
    def is_right(self):
        """Whether the folder holds what it should."""
        return open_folder(self.folder.path).content_hash() == hash_here(self._points)


@pytest.fixture
def play(tmp_path, monkeypatch, clock):
    """Return what plays a small experiment on a scheduler."""
    return lambda scheduler, **how: Played(scheduler, tmp_path, monkeypatch, **how)


def test_a_task_may_take_ten_times_the_usual_and_never_less_than_half_a_minute():
    assert patience_with(size=50_000, usual=1e-3, misses=0) == 500.0
    assert patience_with(size=100, usual=1e-3, misses=0) == 30.0
    assert patience_with(size=50_000, usual=1e-3, misses=1) == 4 * 500.0
    assert patience_with(size=1e5, usual=1e-3, misses=0) == 2 * patience_with(size=5e4, usual=1e-3, misses=0)


def test_workers_that_do_their_work_are_not_spoken_of(play):
    played = play(Scheduler(one=sound, two=sound))
    assert played.is_right
    assert played.said == []
    assert set(played.givers.values()) == {"one", "two"}


@pytest.mark.parametrize(
    ("worker", "said"),
    [
        (garbled, "worker bad is refused: its answer cannot be read"),
        (raising, "worker bad is refused: it gave no answer (MemoryError)"),
    ],
)
def test_a_worker_whose_answer_is_not_believed_is_named_once_and_used_no_more(play, worker, said):
    scheduler = Scheduler(bad=worker, good=sound)
    played = play(scheduler)
    assert played.is_right
    assert played.said == [said]
    assert set(played.givers.values()) == {"good"}
    assert scheduler.played["bad"] <= 2  # those that were on their way


def test_a_worker_that_never_answers_loses_its_tasks_and_is_asked_again(play):
    scheduler = Scheduler(bad=silent, good=sound)
    played = play(scheduler)
    assert played.is_right
    assert re.fullmatch(
        r"worker bad has not answered for \d+ s, .*: others play its tasks, and it is used .*", played.said[0]
    )
    assert set(played.givers.values()) == {"good"}


def test_a_worker_that_goes_on_after_a_pause_is_used_again(play):
    scheduler = Scheduler(slow=silent, good=sound)

    def wake():
        scheduler.workers["slow"] = sound

    scheduler.at_look[12] = wake
    played = play(scheduler, points=30)
    assert played.is_right
    assert len(played.said) == 1
    assert "slow" in played.givers.values()


def test_where_the_only_worker_is_silent_the_client_says_what_it_waits_for(play):
    scheduler = Scheduler(one=silent)
    scheduler.at_look[150] = lambda: scheduler.workers.update(two=sound)
    played = play(scheduler)
    assert played.is_right
    assert re.match(r"worker one has not .* there is no other: waiting for it, or for another to join", played.said[0])
    assert re.match(r"worker one has not .*: others play its tasks", played.said[1])
    assert set(played.givers.values()) == {"two"}


def test_a_paused_worker_that_never_shows_what_it_is_holds_nobody_up(play):
    played = play(Scheduler(bad=paused, good=sound))
    assert played.is_right
    assert played.said == []


def test_where_all_are_paused_from_the_start_the_client_says_so_and_ends(play):
    with pytest.raises(SimError, match="tcp://made-up: the cluster has no worker that can be used"):
        play(Scheduler(one=paused, two=paused))


def test_a_cluster_without_workers_ends_the_sweep(play, capsys):
    with pytest.raises(SimError, match="the cluster has no worker that can be used"):
        play(Scheduler())


def test_a_lost_workers_tasks_go_to_another(play):
    scheduler = Scheduler(one=silent, two=silent)

    def lose():
        scheduler.workers = {"three": sound}

    scheduler.at_look[4] = lose
    played = play(scheduler)
    assert played.is_right
    assert played.said == [f"worker {name} is lost: others play its tasks" for name in ("one", "two")]


def test_a_task_over_which_three_workers_are_lost_ends_the_sweep_and_names_it(play):
    with pytest.raises(
        SimError, match=r"one worker after another was lost over two sd=\S+, replicates 0\.\.49; the last"
    ):
        play(Scheduler(**dict.fromkeys("abcdefgh", raising)), points=2)


def test_a_scheduler_that_does_not_answer_ends_the_sweep(play):
    scheduler = Scheduler(one=silent)

    def die():
        raise TimeoutError

    scheduler.at_look[5] = die
    with pytest.raises(SimError, match=r"the Dask scheduler does not answer \(TimeoutError\)"):
        play(scheduler)


def test_a_scheduler_that_comes_back_has_lost_the_tasks_and_they_are_played(play):
    scheduler = Scheduler(one=silent)
    lost = []

    def lose(function, *given):
        lost.append(Future())
        return lost[-1] if function is task_answer else sound(function, *given)

    def come_back():
        scheduler.workers["one"] = sound
        for answer in lost:
            answer.cancel()

    scheduler.workers["one"] = lose
    scheduler.at_look[5] = come_back
    played = play(scheduler)
    assert played.is_right
    assert played.said == []


def test_time_in_which_the_client_itself_stood_still_is_not_held_against_workers(play, clock):
    given = []

    def slow(function, *task):
        if function is identity_answer or scheduler.looks >= 5:
            return sound(function, *task)
        given.append((Future(), function, task))
        return given[-1][0]

    def stand_still():
        clock[0] += 10_000.0

    def answer():
        for promise, function, task in given:
            promise.set_result(function(*task))

    scheduler = Scheduler(one=slow, two=slow)
    scheduler.at_look |= {3: stand_still, 5: answer}
    played = play(scheduler)
    assert played.is_right
    assert len(given) == 4
    assert played.said == []


def test_a_worker_whose_proof_was_lost_with_the_scheduler_is_asked_again(play):
    asked = []

    def lose(function, *given):
        asked.append(Future())
        return asked[-1]

    def come_back():
        scheduler.workers["two"] = sound
        asked[0].cancel()

    scheduler = Scheduler(one=sound, two=lose)
    scheduler.at_look[3] = come_back
    played = play(scheduler, points=30)
    assert played.is_right
    assert played.said == []
    assert set(played.givers.values()) == {"one", "two"}


def test_numbers_that_look_right_are_found_by_the_audit_and_played_here(play):
    played = play(Scheduler(liar=lying, good=sound), share=0.1)
    assert played.is_right
    assert re.match(r"Audit: 2 of 6 parts were played again here; 1 differ", played.said[0])
    assert re.match(
        r"worker liar gave other values than come out here \(two sd=.*: \d parts, all that it gave", played.said[1]
    )
    gave = [where for where, giver in played.givers.items() if giver == "liar"]
    assert len(gave) > 1
    assert list(played.folder.damaged.glob("*.sha256")) != []


def test_an_audit_of_sound_workers_says_that_all_is_the_same(play):
    played = play(Scheduler(one=sound, two=sound), share=1.0)
    assert played.said == ["Audit: 6 of 6 parts were played again here; all are the same"]
    assert not played.folder.damaged.exists()


def test_without_an_audit_the_lie_stands(play):
    assert not play(Scheduler(liar=lying, good=sound)).is_right


def test_an_audit_takes_at_least_one_part_of_each_worker_and_the_same_ones_each_time(tmp_path):
    folder = swept(small(tmp_path, points=8), tmp_path / "out")
    there = [where for ranges in folder.present.values() for where in ranges]
    givers = {where: "one" if where.point < 2 else "two" for where in there}
    chosen = audited_parts(folder, 0.01, givers)
    assert {givers[where] for where in chosen} == {"one", "two"}
    assert chosen == audited_parts(folder, 0.01, givers)
    assert len(audited_parts(folder, 0.5, givers)) == 1 + 3
    assert audited_parts(folder, 1.0, {}) == there
