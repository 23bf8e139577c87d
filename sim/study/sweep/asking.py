"""How many replicates of which points an experiment asks for, given what has been played.

In a space with claims, the first line is played as often as the file says, every place 200 times, and those that leave a
claim unresolved more often (sim.study.claims.spaces).

With a fixed number it is that of every point. With a precision it is what the looks of sim.study.play.precision ask for:
each contrast is played until the interval of its difference in success is narrow enough, and so is each point that stands in
no contrast. A look sees the first so many replicates and nothing else, so what is asked for never hangs on the clock, the
machine, or where a sweep was stopped.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from sim.study.play.contrasts import contrast
from sim.study.play.precision import Look, looks, reach
from sim.study.play.results import Result, first_of
from sim.study.statistics.estimates import Estimate, wilson

if TYPE_CHECKING:
    from sim.study.design.experiments import Experiment
    from sim.study.store.folder import Folder


def asked_of(folder: Folder) -> dict[int, int]:
    """Return how many replicates of each point are asked for now, by the number of the point."""
    if folder.experiment.is_space and folder.experiment.claims:
        return asked_of_places(folder)
    if folder.experiment.precision is None:
        return asked_at_first(folder.experiment, folder.replicates)
    numbers = {point.name: point.number for point in folder.points}
    asked: dict[int, int] = {}
    for names in goals(folder):
        count = needed(folder, names, folder.experiment.precision)
        for name in names:
            asked[numbers[name]] = max(count, asked.get(numbers[name], 0))
    return asked


def grows(experiment: Experiment) -> bool:
    """Return whether more may be asked for once the first replicates have been looked at."""
    return experiment.precision is not None or (experiment.is_space and bool(experiment.claims))


def asked_at_first(experiment: Experiment, replicates: int) -> dict[int, int]:
    """Return how many replicates of each point are asked for before any have been looked at; `replicates` at most."""
    from sim.study.claims.spaces import LOOKS

    if experiment.is_space and experiment.claims:
        first = min(LOOKS[0], replicates)
        return {point.number: first if point.line.place else replicates for point in experiment.points}
    count = replicates if experiment.precision is None else next(looks(replicates)).replicates
    return dict.fromkeys(range(len(experiment.points)), count)


@dataclass(frozen=True)
class Seen:
    """A folder as a look sees it: the first so many replicates of each point."""

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
        point, about = self.folder.point(name), self.folder.manifest
        columns, failed = self.folder.columns(point.number)
        asked = self.folder.played(point.number)
        whole = Result(point.base, about["seed"], 0, asked, about["engine"], columns, failed)
        return first_of(whole, self.replicates)


def asked_of_places(folder: Folder) -> dict[int, int]:
    """Return how many replicates of each point of a space its claims ask for now; never more than the experiment says."""
    from sim.study.claims.spaces import LOOKS, places_of, still_asked

    most = folder.replicates
    asked = asked_at_first(folder.experiment, most)
    for look in LOOKS:
        if look >= most or any(folder.played(number) < count for number, count in asked.items()):
            break
        for number, count in still_asked(Seen(folder, look), places_of(folder.experiment), look).items():
            asked[number] = max(min(count, most), asked[number])
    return asked


def goals(folder: Folder) -> Iterator[tuple[str, ...]]:
    """Yield what is to be known precisely: each contrast by its two points, and each point that is in none."""
    pairs = list(folder.experiment.contrasts.values())
    inside = {name for pair in pairs for name in pair}
    yield from pairs
    for point in folder.points:
        if point.name not in inside:
            yield (point.name,)


def needed(folder: Folder, names: tuple[str, ...], half_width: float) -> int:
    """Return how many replicates a goal needs: up to the first look that is narrow enough or not yet played."""
    numbers = [folder.point(name).number for name in names]
    look = None
    for look in looks(folder.replicates):
        played = min(folder.played(number) for number in numbers)
        if played < look.replicates or reach(seen(folder, names, look)) <= half_width:
            break
    return look.replicates if look else 0


def seen(folder: Folder, names: tuple[str, ...], look: Look) -> Estimate:
    """Return the interval that a look sees."""
    results = [folder.result(name, look.replicates) for name in names]
    if len(results) == 1:
        return wilson(int(results[0].columns["success"].sum()), len(results[0]), look.level)
    return contrast(results[0], results[1]).effect("success").interval(look.level)
