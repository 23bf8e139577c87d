"""A result folder as a look sees it, so that what a look finds does not hang on what has been played since."""

from __future__ import annotations

from dataclasses import dataclass

from sim.study.design.experiments import Experiment
from sim.study.play.compiled_runs import played_as
from sim.study.play.results import Result, first_of
from sim.study.store.folder import Folder


@dataclass(frozen=True)
class FirstReplicates:
    """The first so many replicates of each point of a folder."""

    folder: Folder
    replicates: int

    @property
    def experiment(self) -> Experiment:
        """The experiment."""
        return self.folder.experiment

    def result(self, name: str) -> Result:
        """Return the columns of a point, as far as the look sees them, under its scenario before values were put over it.

        To resolve the scenario of each of tens of thousands of points would take longer than to judge them.
        """
        point, manifest = self.folder.point(name), self.folder.manifest
        columns, failed = self.folder.columns(point.number)
        asked = self.folder.count_played(point.number)
        played = played_as(manifest["engine"], point.base)
        whole = Result(point.base, manifest["seed"], 0, asked, played, columns, failed)
        return first_of(whole, self.replicates)
