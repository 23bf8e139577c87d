"""Running many replicates of a scenario, on as many processes as there are.

An engine answers `(scenario, seed, first, count)` with a Part. Which process plays which replicate, and in which order
they are finished, changes nothing: every random number has its address, and parts are merged in replicate order.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable
from typing import TYPE_CHECKING

from sim.errors import SimError
from sim.scenario.load import Scenario
from sim.study.play.compiled_runs import run_compiled, say_open_instead, suited_engine, why_not_compiled
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
    scenario: Scenario,
    replicates: int = 1000,
    seed: int = 0,
    *,
    first: int = 0,
    processes: int | None = None,
    model: type[War] | None = None,
    engine: str | None = None,
    progress: Progress | None = None,
) -> Result:
    """Return the result of `replicates` replicates of a scenario.

    seed        0 .. 2^63 - 1; two scenarios under one seed share their luck, replicate by replicate
    first       number of the first replicate
    processes   how many threads or processes play at once; without it as many as the machine has, or one for a few
                replicates or a `model`. The result is the same for any number.
    model       a subclass of War with methods of its own; with more than one process it must be importable
    engine      "compiled" or "open"; the bits are the same. Without it compiled, but open for a few replicates, for a
                `model`, and where nothing can play the compiled one: a line on standard error says why and how long.
    progress    called with the replicates done and asked for, from the calling process
    """
    check_numbers(replicates, seed, first)
    _check_model(model)
    if processes is None:
        processes = 1 if model is not None or replicates <= _FEW else available_processors()
    elif processes < 1:
        raise RunError(f"processes = {processes} must be at least 1")
    tell = progress or _say_nothing
    if _chosen_engine(engine, replicates, model) == _COMPILED:
        part = run_compiled(scenario, seed, (first, replicates), processes, None, tell)
        return _result_of(scenario, seed, (first, replicates), _COMPILED, part)
    from sim.engines.open import War
    from sim.study.play.open_pool import run_processes

    if engine is None and model is None and replicates > _FEW:
        _say_open_instead(scenario, seed, (first, replicates), processes)
    part = run_processes(scenario, seed, (first, replicates), model, processes, tell)
    played = _OPEN if model is None or model is War else f"{_OPEN} ({model.__name__})"
    return _result_of(scenario, seed, (first, replicates), played, part)


def follow(
    scenario: Scenario,
    replicates: int = 1000,
    seed: int = 0,
    *,
    first: int = 0,
    processes: int | None = None,
    values: bool = False,
    progress: Progress | None = None,
) -> Result:
    """Return the same result as `run`, with its `weekly`: trust, misperception, front and talks in every week.

    values   keep every value of every replicate, not only sums and histograms; that takes much memory
    """
    check_numbers(replicates, seed, first)
    tell = progress or _say_nothing
    how: Follow = "values" if values else "bands"
    if _chosen_engine(None, replicates, None) == _COMPILED:
        part = run_compiled(scenario, seed, (first, replicates), processes or available_processors(), how, tell)
        return _result_of(scenario, seed, (first, replicates), _COMPILED, part)
    from sim.study.play.open_runs import run_open

    if replicates > _FEW:
        _say_open_instead(scenario, seed, (first, replicates), 1)
    return _result_of(
        scenario, seed, (first, replicates), _OPEN, run_open(scenario, seed, first, replicates, follow=how)
    )


def _chosen_engine(engine: str | None, replicates: int, model: type[War] | None) -> str:
    """Return the engine that plays: the one asked for, or else the one that suits."""
    if engine is None:
        return suited_engine() if model is None and replicates > _FEW else _OPEN
    if engine not in _ENGINES:
        raise RunError(f"engine = {engine!r} is not one of {', '.join(_ENGINES)}")
    if engine == _COMPILED and model is not None:
        raise RunError("a model of your own runs in the open engine")
    if engine == _COMPILED and why_not_compiled():
        raise RunError(f"{why_not_compiled()}: use the open engine, which gives the same bits")
    return engine


def _say_open_instead(scenario: Scenario, seed: int, wanted: tuple[int, int], processes: int) -> None:
    """Say why so many replicates are played in the open engine, and how long that takes by the first of them."""
    from sim.study.play.open_runs import run_open

    first, count = wanted
    started = time.perf_counter()
    run_open(scenario, seed, first, _TRIAL)
    say_open_instead((time.perf_counter() - started) / _TRIAL * count / processes)


def _result_of(scenario: Scenario, seed: int, wanted: tuple[int, int], engine: str, part: Part) -> Result:
    """Return the replicates `wanted` (first, count) as a result; raise if every one failed."""
    result = Result(scenario, seed, *wanted, engine, part.columns, part.failed, part.weekly)
    if len(result) == 0:
        raise SimError(f"{scenario.name}: every replicate failed, the first with {part.failed[0].error}")
    return result


def check_numbers(replicates: int, seed: int, first: int) -> None:
    """Raise if the numbers of a run are impossible."""
    for name, value in (("replicates", replicates), ("seed", seed), ("first", first)):
        if isinstance(value, bool) or not isinstance(value, int):
            raise RunError(f"{name} = {value!r} is not a whole number")
    if replicates < 1:
        raise RunError(f"replicates = {replicates} must be at least 1")
    if not 0 <= seed <= _LARGEST_SEED:
        raise RunError(f"seed = {seed} lies outside 0..{_LARGEST_SEED}")
    if first < 0 or first + replicates > _MOST_REPLICATES:
        raise RunError(f"replicates {first}..{first + replicates - 1} lie outside 0..{_MOST_REPLICATES - 1}")


def _check_model(model: object) -> None:
    """Raise if what was given as a model is not a subclass of War."""
    if model is None:
        return
    from sim.engines.open import War

    if not (isinstance(model, type) and issubclass(model, War)):
        raise RunError(f"model = {model!r} is not a subclass of sim.War")


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
