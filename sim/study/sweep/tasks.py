"""Tasks: the work of a sweep, cut into pure pieces that any executor can do, and do twice.

A task is a few ranges of replicates, about a second's work. It depends on nothing but what it is given, so that it may
run in a thread, a process or on another machine, and gives the same bytes wherever it runs.
"""

from __future__ import annotations

import traceback
from collections.abc import Mapping, Sequence
from dataclasses import replace
from importlib import import_module
from operator import attrgetter
from typing import Any, NamedTuple

import numpy as np

from sim.errors import ScenarioError, SimError
from sim.scenario.load import Scenario
from sim.study.design.experiments import Experiment
from sim.study.design.loading import with_class
from sim.study.design.points import Point
from sim.study.play.compiled_runs import Wanted, run_compiled, suited_engine
from sim.study.play.results import Failure, Part
from sim.study.play.weekly import Follow
from sim.study.store.contents import Origin, kept_columns, parts_as_bytes
from sim.study.store.folder import Folder
from sim.study.store.manifests import origin_of, stored_scenarios
from sim.study.store.parts import PartBytes, Range


class Job(NamedTuple):
    """One range of replicates of one point, as plain data, and how it is played.

    scenario   as `Scenario.to_dict` stores it, before the values of factors
    sets       what the factors put over it, by key
    name       of the point
    origin     what the replicates come from; its seed is theirs
    kept       the columns that are kept; none where all are
    model      the class of one's own that plays, on another machine its name, module:Class; None for ours
    """

    scenario: Mapping[str, Any]
    sets: Mapping[str, Any]
    name: str
    range: Range
    origin: Origin
    engine: str
    weekly: bool
    kept: tuple[str, ...]
    model: type | str | None = None

    @property
    def weeks(self) -> int:
        """How many weeks a replicate may last."""
        return int(self.sets.get("weeks", self.scenario["values"]["weeks"]))

    def sent(self) -> Job:
        """Return the job for another machine: with the name of a class, for one that cannot be unpickled ends a worker."""
        if not isinstance(self.model, type):
            return self
        return self._replace(model=f"{self.model.__module__}:{self.model.__qualname__}")


Task = Sequence[Job]


def job_of(
    experiment: Experiment, point: Point, stored: Mapping[str, Any], where: Range, origin: Origin, engine: str
) -> Job:
    """Return the job that plays some replicates of a point of an experiment, whose scenario is stored."""
    weekly, kept = experiment.weekly, experiment.kept
    model = None if experiment.model is None else experiment.model.played_by
    return Job(stored, point.sets, point.name, where, origin, engine, weekly, kept, model)


def jobs_of(folder: Folder, ranges: Sequence[Range]) -> list[Job]:
    """Return the jobs that play some ranges of the points of a folder."""
    stored, origin, engine = stored_scenarios(folder.manifest), origin_of(folder.manifest), folder.manifest["engine"]
    points = [(folder.points[where.point], where) for where in ranges]
    return [job_of(folder.experiment, point, stored[point.label], where, origin, engine) for point, where in points]


def play_jobs(jobs: Sequence[Job]) -> list[PartBytes]:
    """Return what some jobs of one folder give."""
    bases = {id(job.scenario): job for job in jobs}
    scenarios = {key: _base_of(job) for key, job in bases.items()}
    return parts_as_bytes([(job.range, _play(job, scenarios[id(job.scenario)])) for job in jobs], jobs[0].origin)


def play_job(job: Job) -> Part:
    """Return what one job gives.

    Raises ScenarioError where the class of one's own is another than the one that was asked for.
    """
    return _play(job, _base_of(job))


def _base_of(job: Job) -> Scenario:
    """Return the scenario of a job before the values of factors."""
    return with_class(Scenario.from_dict(job.scenario), _class_of(job))


def _play(job: Job, base: Scenario) -> Part:
    """Return what one job gives; a point that makes no scenario fails in each of its replicates."""
    try:
        scenario = replace(base.with_values(job.sets), name=job.name)
    except ScenarioError as error:
        line = f"{type(error).__name__}: {error}".partition("\n")[0]
        numbers = range(job.range.first, job.range.end)
        failed = tuple(Failure(number, line, traceback.format_exc()) for number in numbers)
        return Part({"replicate": np.zeros(0, dtype=np.int64)}, failed)
    return _play_replicates(scenario, job)


def _class_of(job: Job) -> type | None:
    """Return the class of one's own that plays a job, imported if it is named."""
    if not isinstance(job.model, str):
        return job.model
    module, _, name = job.model.partition(":")
    try:
        found: type = attrgetter(name)(import_module(module))
    except (ImportError, AttributeError) as error:
        raise SimError(f"a worker has no {job.model} ({error}): put its file where the workers import from") from None
    return found


def _play_replicates(scenario: Scenario, job: Job) -> Part:
    """Return what a job's replicates gave, in the columns that are kept."""
    follow: Follow = "bands" if job.weekly else None
    if job.engine == "open" or suited_engine() == "open":
        from sim.study.play.open_runs import run_open  # brings Mesa, which takes long

        part = run_open(scenario, job.origin.seed, job.range.first, job.range.count, follow=follow)
        return kept_columns(part, job.kept)
    wanted = Wanted(job.range.first, job.range.count, job.kept)
    return run_compiled(scenario, job.origin.seed, wanted, 1, follow, lambda done, asked: None)
