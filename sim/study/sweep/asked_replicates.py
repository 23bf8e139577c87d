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

from sim.study.claims import spaces
from sim.study.design.experiments import Experiment
from sim.study.play.precision import Look, farther_half, looks, success_of
from sim.study.statistics.estimates import Estimate
from sim.study.store.first_replicates import FirstReplicates
from sim.study.store.folder import Folder
from sim.study.store.parts import Range


def missing_ranges(folder: Folder) -> list[Range]:
    """Return the ranges of replicates that are asked for now and not in a folder."""
    return folder.missing(asked_replicates(folder))


def asked_replicates(folder: Folder) -> dict[int, int]:
    """Return how many replicates of each point are asked for now, by the number of the point."""
    if _is_space_with_claims(folder.experiment):
        return _asked_of_places(folder)
    if folder.experiment.precision is None:
        return initial_replicates(folder.experiment, folder.replicates)
    numbers = {point.name: point.number for point in folder.points}
    asked: dict[int, int] = {}
    for names in _goals(folder):
        count = _replicates_needed(folder, names, folder.experiment.precision)
        for name in names:
            asked[numbers[name]] = max(count, asked.get(numbers[name], 0))
    return asked


def may_ask_for_more(experiment: Experiment) -> bool:
    """Return whether more may be asked for once the first replicates have been looked at."""
    return experiment.precision is not None or _is_space_with_claims(experiment)


def initial_replicates(experiment: Experiment, replicates: int) -> dict[int, int]:
    """Return how many replicates of each point are asked for before any have been looked at; `replicates` at most."""
    if _is_space_with_claims(experiment):
        first = min(spaces.LOOKS[0], replicates)
        return {point.number: first if point.line.place else replicates for point in experiment.points}
    count = replicates if experiment.precision is None else next(looks(replicates)).replicates
    return dict.fromkeys(range(len(experiment.points)), count)


def _is_space_with_claims(experiment: Experiment) -> bool:
    """Return whether an experiment judges claims at places of a space."""
    return experiment.is_space and bool(experiment.claims)


def _asked_of_places(folder: Folder) -> dict[int, int]:
    """Return how many replicates of each point of a space its claims ask for now; never more than the experiment says."""
    most = folder.replicates
    asked = initial_replicates(folder.experiment, most)
    for look in spaces.LOOKS:
        if look >= most or any(folder.count_played(number) < count for number, count in asked.items()):
            break
        lines = spaces.places_of(folder.experiment)
        for number, count in spaces.still_asked(FirstReplicates(folder, look), lines, look).items():
            asked[number] = max(min(count, most), asked[number])
    return asked


def _goals(folder: Folder) -> Iterator[tuple[str, ...]]:
    """Yield what is to be known precisely: each contrast by its two points, and each point that is in none."""
    pairs = list(folder.experiment.contrasts.values())
    inside = {name for pair in pairs for name in pair}
    yield from pairs
    for point in folder.points:
        if point.name not in inside:
            yield (point.name,)


def _replicates_needed(folder: Folder, names: tuple[str, ...], half_width: float) -> int:
    """Return how many replicates a goal needs: up to the first look that is narrow enough or not yet played."""
    numbers = [folder.point(name).number for name in names]
    look = None
    for look in looks(folder.replicates):
        played = min(folder.count_played(number) for number in numbers)
        if played < look.replicates or farther_half(_interval_at(folder, names, look)) <= half_width:
            break
    return look.replicates if look else 0


def _interval_at(folder: Folder, names: tuple[str, ...], look: Look) -> Estimate:
    """Return the interval of a goal that a look sees."""
    results = [folder.result(name, look.replicates) for name in names]
    return success_of(results, look.level)
