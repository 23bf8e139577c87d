"""The open and the compiled engine give the same bits in worlds drawn at random in which every kind of event occurs.

The compiled engine is run three times: its functions as Python runs them, on lists, as machine code, and as machine code in
the checking mode, which stops at an index outside of its array, a division by zero, or a whole number that is too large.
Columns are compared as bit patterns; a value that is missing must be missing in all. Where nobody asks if deals existed, no
other column may move.
"""

import atexit
from collections import Counter
from collections.abc import Callable, Sequence
from functools import cache
from math import isnan, nan
from types import SimpleNamespace
from typing import Any

import numpy as np
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import seed as with_seed

from sim.engines.arrays import arrays_of
from sim.engines.ensemble import checked_model, courses_of, unit_text
from sim.engines.host import Machine
from sim.engines.lowering import ENTRY
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import Scenario
from sim.steps.columns import OF_DEALS, columns_of, quantities_of
from sim.steps.events import KINDS
from tests.engines.drawn_worlds import Tree, trees
from tests.engines.worlds import Followed, followed, scenario_of

SIZE, SEED = 2000, 101
REPLICATES = 2  # of each world
LEAST = 20  # events of each kind, and replicates of each outcome, in a campaign of full size

Bits = dict[str, str]


def bits(values: list[float]) -> list[str]:
    """Return numbers to the last bit as text; missing is missing, whatever its bits."""
    return [(nan if isnan(value) else float(value)).hex() for value in values]


def names_of(scenario: Scenario) -> list[str]:
    """Return the names of the columns of a scenario, then those of what is followed, by week."""
    weeks = range(scenario.eras[0].world.weeks + 1)
    followed = [f"week {week}: {one.name}" for week in weeks for one in quantities_of(scenario)]
    return [*(column.name for column in columns_of(scenario)), *followed]


def openly(talks: Followed) -> Bits:
    """Return the bits of the columns and weeks of a finished replicate in the open engine, the outcome by its number."""
    row = talks.row() | {"outcome": float(OUTCOMES.index(talks.outcome_name))}
    values = [*row.values(), *(value for week in talks.course for value in week)]
    return dict(zip(names_of(talks.case), bits(values), strict=True))


def in_python(
    scenario: Scenario, seed: int, replicates: list[int], engine: Callable[..., None] | None = None
) -> list[Bits]:
    """Return the bits of the compiled engine's columns, its text run by Python on lists one replicate after another.

    engine   the entry of a unit; without one, that of the unit as it stands
    """
    arrays, names = arrays_of(scenario, len(quantities_of(scenario))), names_of(scenario)
    whole, numbers = arrays.whole.tolist(), arrays.scenario.tolist()
    state, sheet, work = ([0.0] * size for size in (arrays.numbers_size, arrays.sheet_size, arrays.work_size))
    rows = []
    for replicate in replicates:
        row = [nan] * len(names)
        (engine or unit_here())(whole, numbers, state, sheet, work, seed, replicate, [row])
        rows.append(dict(zip(names, bits(row), strict=True)))
    return rows


@cache
def unit_here() -> Callable[..., None]:
    """Return the entry of the unit as it stands, run by Python."""
    return unit_in_python(unit_text())


def unit_in_python(text: str) -> Callable[..., None]:
    """Return the entry of a compilation unit, run by Python."""
    names: dict[str, Any] = {}
    exec(compile(text, "unit", "exec"), names)
    entry: Callable[..., None] = names[ENTRY]
    return entry


def in_machine_code(
    scenario: Scenario, seed: int, replicates: list[int], threads: int = 1, columns: Sequence[str] = ()
) -> list[Bits]:
    """Return the bits of the compiled engine's columns for replicates that follow one another.

    columns   those that are asked for, all where none are named
    """
    names = names_of(scenario)
    rows, courses = courses_of(scenario, seed, replicates[0], len(replicates), threads, columns)
    return [
        dict(zip(names, bits([*row.tolist(), *course.ravel().tolist()]), strict=True))
        for row, course in zip(rows, courses, strict=True)
    ]


@cache
def checked_here() -> Machine:
    """Return the model as it stands in the checking mode."""
    return checked_model()


atexit.register(checked_here.cache_clear)  # while what frees it is still there


def in_the_checking_mode(scenario: Scenario, seed: int, replicates: list[int]) -> list[Bits]:
    """Return the same in the checking mode; TrapError with replicate, week and place where it stops."""
    names, arrays = names_of(scenario), arrays_of(scenario, len(quantities_of(scenario)))
    rows = np.zeros((len(replicates), len(names)))
    checked_here().play(arrays, seed, replicates[0], rows)
    return [dict(zip(names, bits(row), strict=True)) for row in rows.tolist()]


def beside_deals(row: Bits) -> Bits:
    """Return a row without the columns of deals that existed."""
    return {name: value for name, value in row.items() if name not in OF_DEALS}


def apart(one: Bits, other: Bits) -> list[str]:
    """Return the columns in which two rows differ, with both values, or that only one has."""
    names = dict.fromkeys([*one, *other])
    return [f"{name}: {one.get(name)} {other.get(name)}" for name in names if one.get(name) != other.get(name)]


def disagreements(scenario: Scenario, seed: int, replicates: list[int], talks: list[Followed]) -> list[str]:
    """Return in which columns of which replicate the engines differ; `talks` are the replicates in the open engine."""
    found = []
    ways = {"in Python": in_python, "compiled": in_machine_code, "in the checking mode": in_the_checking_mode}
    for way, play in ways.items():
        for number, one, row in zip(replicates, talks, play(scenario, seed, replicates), strict=True):
            found += [f"replicate {number}, open and {way}: {column}" for column in apart(openly(one), row)]
    unasked = in_machine_code(scenario, seed, replicates, columns=("success",))
    for number, one, row in zip(replicates, talks, unasked, strict=True):
        differ = apart(beside_deals(openly(one)), beside_deals(row))
        found += [f"replicate {number}, where no deals are looked for: {column}" for column in differ]
    return found


def run(examples: int, seed: int) -> dict[str, Any]:
    """Return the first world in which the engines differ, made as small as can be, and how often everything occurred."""
    counts = SimpleNamespace(worlds=0, replicates=0, events=Counter(), outcomes=Counter())
    numbers = list(range(REPLICATES))

    @with_seed(seed)
    @settings(
        max_examples=examples,
        database=None,
        deadline=None,
        phases=(Phase.generate, Phase.shrink),
        report_multiple_bugs=False,
        suppress_health_check=list(HealthCheck),
    )
    @given(trees())
    def engines_agree(tree: Tree) -> None:
        scenario = scenario_of(tree, name="drawn")
        talks = [followed(scenario, seed, number) for number in numbers]
        counts.worlds += 1
        counts.replicates += len(talks)
        counts.outcomes.update(one.outcome_name for one in talks)
        counts.events.update(event.kind for one in talks for event in one.events)
        if differ := disagreements(scenario, seed, numbers, talks):
            raise AssertionError(differ)

    first = None
    try:
        engines_agree()
    except Exception as error:  # noqa: BLE001  (an engine that dies where the other lives disagrees with it)
        first = "\n".join([repr(error), *getattr(error, "__notes__", [])])
    return {
        "worlds": counts.worlds,
        "replicates": counts.replicates,
        "events": {kind: counts.events[kind] for kind in KINDS},
        "outcomes": {outcome: counts.outcomes[outcome] for outcome in OUTCOMES},
        "places": len(checked_here().sites) - 1,
        "first": first,
    }


def wrong(result: dict[str, Any]) -> list[str]:
    """Return where the engines differ, and what occurred too seldom for their agreement to mean much."""
    complaints = [result["first"]] if result["first"] else []
    if result["worlds"] >= SIZE:
        complaints += [f"{name} only {number} times" for name, number in occurrences(result).items() if number < LEAST]
    return complaints


def occurrences(result: dict[str, Any]) -> dict[str, int]:
    """Return how often each kind of event and each outcome occurred."""
    return result["events"] | {f"outcome {name}": number for name, number in result["outcomes"].items()}


def found(result: dict[str, Any]) -> str:
    """Return the figures in a line."""
    rarest = sorted(occurrences(result).items(), key=lambda item: item[1])[:3]
    seldom = ", ".join(f"{name} {number}" for name, number in rarest)
    agree = "differ" if result["first"] else "agree in every bit"
    size = f"{result['replicates']} replicates of {result['worlds']} worlds, {result['places']} places checked"
    return f"the engines {agree} over {size} (rarest: {seldom})"
