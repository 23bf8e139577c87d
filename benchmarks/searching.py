"""How much work an offer search is: counted in the open engine, whose searches are the compiled engine's."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any
from unittest.mock import patch

import sim
from benchmarks.clock import Effort
from benchmarks.rows import Row
from sim.search import offers

PART = "Work of an offer search"
CASE = "secret-track-1.5"
SEED = 6
SEARCHES = ("gain_reaches", "deal_exists", "best_offer")
WORK = {
    "line_search": "Newton steps",
    "write_slopes": "valuations with slopes",
    "objective": "valuations without",
}


def measurements(effort: Effort) -> Iterator[Row]:
    """Yield the rows of this part."""
    replicates = effort.of(20)
    scenario = sim.load(CASE)
    counted: Counter[tuple[str, str]] = Counter()
    with ExitStack() as stack:
        for name in SEARCHES:
            stack.enter_context(patch.object(offers, name, counted_search(name, counted)))
        for replicate in range(replicates):
            sim.War(scenario, SEED, replicate).run()
    for search in SEARCHES:
        times = counted[search, "searches"]
        yield Row(PART, f"{search}, calls", times / replicates, "a replicate", CASE)
        for work, name in WORK.items():
            yield Row(PART, f"{search}, {name}", counted[search, work] / max(1, times), "a search")


def counted_search(name: str, counted: Counter[tuple[str, str]]) -> Callable[..., Any]:
    """Return a search that counts what it does."""
    search = getattr(offers, name)

    def run(*arguments: Any) -> Any:
        counted[name, "searches"] += 1
        with ExitStack() as stack:
            for work in WORK:
                stack.enter_context(patch.object(offers, work, counted_rule((name, work), counted)))
            return search(*arguments)

    return run


def counted_rule(key: tuple[str, str], counted: Counter[tuple[str, str]]) -> Callable[..., Any]:
    """Return a rule that counts its calls."""
    real = getattr(offers, key[1])

    def run(*arguments: Any) -> Any:
        counted[key] += 1
        return real(*arguments)

    return run
