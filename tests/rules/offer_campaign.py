"""The offer search against SciPy on random talks: `run(instances, seed)` returns the share it finds and where it fails.

SciPy's best is the best of SLSQP from every party's aim, the middle of the box and random points, each moved toward the
proposer's aim until the proposer gets its margin. `second_opinion` asks differential evolution (Storn & Price 1997) and
trust-constr instead. The loss is the share of the expected gain (V - r) P(nobody stands in the way) that is missed.
"""

from collections import Counter
from collections.abc import Callable
from math import exp
from random import Random
from time import perf_counter

import numpy as np
from scipy.optimize import Bounds, NonlinearConstraint, differential_evolution, minimize

from sim.numerics import log
from sim.search import deals, offers
from sim.search.sheet import MARGIN, PROPOSER, ROWS, aims_at, row_at
from tests.rules.sheets import Talks, random_talks

BAR = 0.001  # what a search may miss of SciPy's best
SHARE = 0.97  # of the instances in which it must miss no more
FLOOR = 1e-6  # below this gain (utility) the reference objective goes on in a straight line


def reference_objective(sheet, terms):
    """Return the log objective, continued smoothly where the proposer gains next to nothing or loses."""
    proposer = int(sheet[PROPOSER])
    gain = deals.surplus(sheet, row_at(sheet, proposer), terms, 0)
    value = log(gain) if gain > FLOOR else log(FLOOR) + (gain - FLOOR) / FLOOR
    for row in range(int(sheet[ROWS])):
        at = row_at(sheet, row)
        if row != proposer:
            value = value + offers.row_value(sheet, at, sheet[at], terms, 0)
    return value


def within_reach(can: Callable[[np.ndarray], bool], point: np.ndarray, anchor: np.ndarray) -> np.ndarray | None:
    """Return the point, moved toward the anchor as little as it takes to be possible; None if it never is."""
    if can(point):
        return point
    if not can(anchor):
        return None
    low, high = 0.0, 1.0
    while high - low > 1e-6:
        middle = 0.5 * (low + high)
        low, high = (low, middle) if can(point + middle * (anchor - point)) else (middle, high)
    return point + high * (anchor - point)


class Reference:
    """What SciPy is asked: the objective and the constraint of one sheet."""

    def __init__(self, sheet) -> None:
        proposer = row_at(sheet, int(sheet[PROPOSER]))
        self.issues = int(sheet[0])
        self.sheet = sheet
        self.scale = 10.0 / (sheet[proposer + MARGIN] + 0.1)
        self.aims = [self.aims_of(row) for row in range(int(sheet[ROWS]))]
        self.aim = self.aims_of(int(sheet[PROPOSER]))
        self.spare = lambda terms: deals.spare(sheet, proposer, self.boxed(terms), 0)
        self.cost = lambda terms: -reference_objective(sheet, self.boxed(terms))

    def aims_of(self, row: int) -> np.ndarray:
        at = aims_at(self.sheet, row_at(self.sheet, row))
        return np.array(self.sheet[at : at + self.issues])

    def boxed(self, terms):
        return np.minimum(np.maximum(terms, 0.0), 1.0).tolist()

    def value(self, terms) -> float:
        return offers.objective(self.sheet, offers.AS_THEY_ARE, 0.0, self.boxed(terms), 0)

    def anchors(self, generator: np.random.Generator) -> np.ndarray:
        """Return terms that leave the proposer most, or its aim: where other points are moved to become possible."""
        if self.spare(self.aim) > 0.0:
            return self.aim
        tries = [*self.aims, *generator.random((40, self.issues))]
        best = max(tries, key=self.spare)
        found = minimize(lambda x: -self.spare(x), best, method="SLSQP", bounds=[(0, 1)] * self.issues)
        return max([best, np.clip(found.x, 0.0, 1.0)], key=self.spare)

    def climb(self, start: np.ndarray, anchor: np.ndarray) -> float:
        """Return the log objective that SLSQP reaches from a start."""
        found = minimize(
            self.cost,
            start,
            method="SLSQP",
            bounds=[(0.0, 1.0)] * self.issues,
            constraints=[{"type": "ineq", "fun": lambda x: self.scale * self.spare(x)}],
            options={"maxiter": 200, "ftol": 1e-11},
        )
        end = within_reach(lambda x: self.spare(x) > 0.0, np.clip(found.x, 0.0, 1.0), anchor)
        return offers.OUT_OF_REACH if end is None else max(self.value(end), self.value(start))


def scipy_best(sheet, seed: int, random_starts: int) -> float:
    """Return the log objective of SciPy's best terms, OUT_OF_REACH if no terms give the proposer its margin."""
    asked = Reference(sheet)
    generator = np.random.default_rng(seed)
    anchor = asked.anchors(generator)
    if asked.spare(anchor) <= 0.0:
        return offers.OUT_OF_REACH
    starts = [*asked.aims, np.full(asked.issues, 0.5), *generator.random((random_starts, asked.issues))]
    possible = (within_reach(lambda x: asked.spare(x) > 0.0, np.array(start), anchor) for start in starts)
    return max(asked.climb(start, anchor) for start in possible if start is not None)


def second_opinion(sheet, seed: int) -> float:
    """Return the log objective that differential evolution finds, polished by trust-constr."""
    asked = Reference(sheet)

    def cost(terms):
        return -max(asked.value(terms), -1e6)

    found = differential_evolution(
        cost, [(0.0, 1.0)] * asked.issues, seed=seed, maxiter=400, popsize=20, tol=1e-10, polish=False
    )
    polished = minimize(
        asked.cost,
        found.x,
        method="trust-constr",
        bounds=Bounds(0.0, 1.0, keep_feasible=True),
        constraints=[NonlinearConstraint(asked.spare, 0.0, np.inf)],
        options={"maxiter": 300, "gtol": 1e-9},
    )
    return max(asked.value(found.x), asked.value(polished.x))


def described(talks: Talks, loss: float) -> dict[str, object]:
    """Return what kind of talks these are."""
    proposer = talks.parties[talks.proposer]
    asked = [party for row, party in enumerate(talks.parties) if row != talks.proposer]
    return {
        "loss": loss,
        "issues": talks.issues,
        "rows": len(talks.parties),
        "guarantees": len(talks.pledges),
        "aim inside the box": any(0.0 < pledge.aim < 1.0 for pledge in talks.pledges),
        "margin": proposer.margin > 0.0,
        "may block": sum(0.0 < party.blocking < 1.0 for party in asked),
        "surest belief": min(party.sd for party in asked),
        "fighters": len(talks.sides),
    }


def run(instances: int, seed: int, random_starts: int = 8) -> dict[str, object]:
    """Return how the search fares against SciPy on random talks, half of them with excluded states.

    share      of the instances in which it misses at most BAR of SciPy's best
    quantiles  of the loss; negative where the search beats SciPy
    failures   what kind of talks the others are;   passes: talks (not counted) in which nothing can be offered
    """
    losses, failures, passes, number = [], [], 0, 0
    seconds = 0.0
    while len(losses) < instances:
        talks = random_talks(Random(f"{seed}/{number}"), excluded=number % 2 == 1, many=number % 10 >= 8)
        sheet, work = talks.sheet(), [0.0] * offers.work_size(len(talks.parties))
        start = perf_counter()
        found = offers.best_offer(sheet, work)
        seconds += perf_counter() - start
        best = scipy_best(sheet, number, random_starts)
        number += 1
        if best <= offers.OUT_OF_REACH and found <= offers.OUT_OF_REACH:
            passes += 1
            continue
        losses.append(1.0 - exp(min(found - best, 50.0)))
        if losses[-1] > BAR:
            failures.append({"number": number - 1, "log value": best} | described(talks, losses[-1]))
    return {
        "instances": instances,
        "share": sum(loss <= BAR for loss in losses) / instances,
        "quantiles": {q: float(np.quantile(losses, q)) for q in (0.0, 0.01, 0.5, 0.9, 0.95, 0.97, 0.98, 0.99, 1.0)},
        "beats SciPy by more than the bar": sum(loss < -BAR for loss in losses) / instances,
        "failures": failures,
        "failures by issues": dict(Counter(failure["issues"] for failure in failures)),
        "passes": passes,
        "microseconds per search": 1e6 * seconds / number,
    }


def run_second_opinion(instances: int, seed: int) -> dict[str, object]:
    """Return how the search and SLSQP fare against differential evolution and trust-constr on random talks."""
    search_losses, slsqp_losses = [], []
    for number in range(instances):
        talks = random_talks(Random(f"{seed}/{number}"), excluded=number % 2 == 1, many=number % 10 >= 8)
        sheet, work = talks.sheet(), [0.0] * offers.work_size(len(talks.parties))
        found, slsqp = offers.best_offer(sheet, work), scipy_best(sheet, number, 8)
        other = second_opinion(sheet, number)
        if max(found, slsqp, other) > offers.OUT_OF_REACH:
            search_losses.append(1.0 - exp(min(found - other, 50.0)))
            slsqp_losses.append(1.0 - exp(min(slsqp - other, 50.0)))
    return {
        "instances": len(search_losses),
        "search within the bar": float(np.mean(np.array(search_losses) <= BAR)),
        "SLSQP within the bar": float(np.mean(np.array(slsqp_losses) <= BAR)),
        "search beats it": float(np.mean(np.array(search_losses) < -BAR)),
    }


if __name__ == "__main__":
    import json
    import sys

    print(json.dumps(run(int(sys.argv[1]), int(sys.argv[2])), indent=1))
