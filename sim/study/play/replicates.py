"""Running many replicates of a scenario, on as many processes as there are.

An engine answers `(scenario, seed, first, count)` with a Part. Which process plays which replicate, and in which order
they are finished, changes nothing: every random number has its address, and parts are merged in replicate order.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from numbers import Integral
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.scenario.load import Scenario
from sim.study.design.loading import load, not_at_hand, with_class
from sim.study.play.compiled_runs import (
    Wanted,
    played_as,
    run_compiled,
    say_open_instead,
    suited_engine,
    why_class_not_compiled,
    why_not_compiled,
)
from sim.study.play.results import Part, Result
from sim.study.play.weekly import Follow

if TYPE_CHECKING:
    from sim.engines.open import War

_LARGEST_SEED = 2**63 - 1
_MOST_REPLICATES = 2**40
_FEW = 40
_OPEN, _COMPILED = "open", "compiled"
_ENGINES = (_COMPILED, _OPEN)
_TRIAL = 2  # replicates, to tell how long many will take

Progress = Callable[[int, int], None]


class RunError(SimError):
    """A run that was asked for with impossible numbers."""

    exit_status = 2


def run(
    scenario: Scenario | str | os.PathLike[str],
    replicates: int = 1000,
    seed: int = 0,
    *,
    first: int = 0,
    processes: int | None = None,
    model: type[War] | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """Return the result of `replicates` replicates of a scenario, which is loaded if it is a name or a path.

    seed        0 .. 2^63 - 1; two scenarios under one seed share their luck, replicate by replicate
    first       number of the first replicate
    processes   how many threads or processes play at once; without it as many as the machine has, or one for a few
                replicates and for a model of one's own in the open. The result is the same for any number.
    model       a subclass of War that plays; without it the one the scenario was loaded for, else ours. With more than one
                process in the open it must be importable.
    engine      "compiled" or "open"; the bits are the same. Without it compiled, but open for a few replicates, with a
                warning for a model of one's own that can't be compiled, and where nothing can play the compiled one: a line
                on standard error says why and how long.
    progress    called with the replicates done and asked for, from the calling process
    """
    replicates, seed, first = check_numbers(replicates, seed, first)
    if processes is not None and processes < 1:
        raise RunError(f"processes = {processes} must be at least 1")
    scenario = _playable(scenario, model)
    tell, wanted = progress or _say_nothing, (first, replicates)
    chosen = _chosen_engine(engine, replicates, scenario)
    if chosen == _COMPILED:
        part = run_compiled(scenario, seed, Wanted(*wanted), processes or available_processors(), None, tell)
    else:
        from sim.study.play.open_pool import run_processes

        alone = replicates <= _FEW or scenario.model is not None
        processes = processes or (1 if alone else available_processors())
        if engine is None:
            _say_open_instead(scenario, seed, wanted, processes)
        part = run_processes(scenario, seed, wanted, processes, tell)
    return _result_of(scenario, seed, wanted, chosen, part)


def follow(
    scenario: Scenario | str | os.PathLike[str],
    replicates: int = 1000,
    seed: int = 0,
    *,
    first: int = 0,
    processes: int | None = None,
    model: type[War] | None = None,
    values: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Return the same result as `run`, with its `weekly`: trust, misperception, front and talks in every week.

    model    as in `run`
    values   keep every value of every replicate, not only sums and histograms; that takes much memory
    """
    replicates, seed, first = check_numbers(replicates, seed, first)
    scenario = _playable(scenario, model)
    tell = progress or _say_nothing
    how: Follow = "values" if values else "bands"
    engine = _chosen_engine(None, replicates, scenario)
    if engine == _COMPILED:
        part = run_compiled(scenario, seed, Wanted(first, replicates), processes or available_processors(), how, tell)
    else:
        from sim.study.play.open_runs import run_open

        _say_open_instead(scenario, seed, (first, replicates), 1)
        part = run_open(scenario, seed, first, replicates, follow=how)
    return _result_of(scenario, seed, (first, replicates), engine, part)


def _playable(scenario: Scenario | str | os.PathLike[str], model: type[War] | None) -> Scenario:
    """Return a scenario as the model plays it that is given, if one is; raise if the class it has is not at hand."""
    played = with_class(scenario.restored() if isinstance(scenario, Scenario) else load(scenario), model)
    if played.model is not None and played.model.played_by is None:
        raise RunError(f"{played.name}: {not_at_hand(played.model)}")
    return played


def _chosen_engine(engine: str | None, replicates: int, scenario: Scenario) -> str:
    """Return the engine that plays: the one asked for, or else the one that suits."""
    if engine is None:
        return suited_engine(scenario.model) if replicates > _FEW else _OPEN
    if engine not in _ENGINES:
        raise RunError(f"engine = {engine!r} is not one of {', '.join(_ENGINES)}")
    if engine == _COMPILED and why_not_compiled():
        raise RunError(f"{why_not_compiled()}: use the open engine, which gives the same bits")
    if engine == _COMPILED and (why := why_class_not_compiled(scenario.model)):
        raise RunError(f"{played_as(engine, scenario)}: can't be: {why}")
    return engine


def _say_open_instead(scenario: Scenario, seed: int, wanted: tuple[int, int], processes: int) -> None:
    """Say why more than a few replicates are played in the open engine, if nothing else can, and how long that takes.

    Told by the first of them.
    """
    from sim.study.play.open_runs import run_open

    first, count = wanted
    if count <= _FEW or not why_not_compiled():
        return
    started = time.perf_counter()
    run_open(scenario, seed, first, _TRIAL)
    say_open_instead((time.perf_counter() - started) / _TRIAL * count / processes)


def _result_of(scenario: Scenario, seed: int, wanted: tuple[int, int], engine: str, part: Part) -> Result:
    """Return the replicates `wanted` (first, count) as a result; raise if every one failed."""
    result = Result(scenario, seed, *wanted, played_as(engine, scenario), part.columns, part.failed, part.weekly)
    if len(result) == 0:
        raise SimError(f"{scenario.name}: every replicate failed, the first with {part.failed[0].error}")
    return result


def check_numbers(replicates: int, seed: int, first: int) -> tuple[int, int, int]:
    """Return the numbers of a run as Python's own, NumPy's too; raise if they are impossible."""
    given: dict[str, object] = {"replicates": replicates, "seed": seed, "first": first}
    for name, value in given.items():
        if isinstance(value, bool) or not isinstance(value, Integral):
            raise RunError(f"{name} = {value!r} is not a whole number")
    if replicates < 1:
        raise RunError(f"replicates = {replicates} must be at least 1")
    if not 0 <= seed <= _LARGEST_SEED:
        raise RunError(f"seed = {seed} lies outside 0..{_LARGEST_SEED}")
    if first < 0 or first + replicates > _MOST_REPLICATES:
        raise RunError(f"replicates {first}..{first + replicates - 1} lie outside 0..{_MOST_REPLICATES - 1}")
    return int(replicates), int(seed), int(first)


def available_processors() -> int:
    """Return how many processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def progress_within(progress: Progress | None, before: int, total: int) -> Progress | None:
    """Return the progress of one run as that of several: so many replicates came before it, of `total` in all."""
    if progress is None:
        return None
    tell = progress

    def tell_of_all(done: int, asked: int) -> None:
        tell(before + done, total)

    return tell_of_all


def _say_nothing(done: int, asked: int) -> None:
    """Ignore progress."""
