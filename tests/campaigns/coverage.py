"""Intervals of differences, paired replicate by replicate, cover what they should: on average .94 to .97 of the time.

Differences of shares, means of differences and 2x2 interactions, over 200, 1,000 and 10,000 replicates of which .002 to .3
differ. Where at least 10 are expected to differ, no case may cover less than .92; below that only the difference of shares,
which is never a point, is held to it. A case is two true shares and how often their twins differ, or a law of the
differences that are not 0: all one way, both ways, skewed.
"""

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from scipy.stats import binom

from sim.chance import generator
from sim.study.statistics.effects import Means, log_odds
from sim.study.statistics.estimates import paired_bounds

SIZE, SEED = 10_000, 61
FALSE_ALARM = 1e-3
COUNTS = (200, 1_000, 10_000)
DISCORDANCE = (0.002, 0.005, 0.01, 0.03, 0.1, 0.3)
SPLITS = (0.5, 0.6, 0.8, 0.95, 1.0)  # of the pairs that differ, those that gain
LEAST, LOWEST, HIGHEST = 0.92, 0.94, 0.97
ENOUGH = 10.0

Draw = Callable[[np.random.Generator, int], NDArray[np.float64]]

# What the differences that are not 0 are drawn from, and their mean.
LAWS: dict[str, tuple[float, Draw]] = {
    "all one": (1.0, lambda luck, count: np.ones(count)),
    "both ways": (0.0, lambda luck, count: luck.choice([-1.0, 1.0], count)),
    "seven in ten": (0.4, lambda luck, count: luck.choice([-1.0, 1.0], count, p=[0.3, 0.7])),
    "of two changes": (0.4, lambda luck, count: luck.choice([-2.0, -1.0, 1.0, 2.0], count, p=[0.05, 0.3, 0.5, 0.15])),
    "uniform": (0.5, lambda luck, count: luck.uniform(0.0, 1.0, count)),
    "exponential": (1.0, lambda luck, count: luck.exponential(1.0, count)),
    "normal": (0.0, lambda luck, count: luck.normal(0.0, 1.0, count)),
    "normal above 0": (1.0, lambda luck, count: luck.normal(1.0, 1.0, count)),
}
# Shares of success under neither change, the first, the second, both.
SQUARES = ((0.3, 0.25, 0.2, 0.1), (0.5, 0.5, 0.5, 0.5), (0.3, 0.1, 0.08, 0.03))


def shares(trials: int, luck: np.random.Generator) -> dict[str, float]:
    """Return how often the interval of a difference of shares covers, by case."""
    covered = {}
    for count in COUNTS:
        for discordance in DISCORDANCE:
            for split in SPLITS:
                gain, loss = discordance * split, discordance * (1.0 - split)
                drawn = luck.multinomial(count, [gain, loss, 1.0 - gain - loss], trials)[:, :2]
                cells, times = np.unique(drawn, axis=0, return_counts=True)
                low, high = paired_bounds(cells[:, 0], cells[:, 1], count)
                inside = (low <= gain - loss) & (gain - loss <= high)
                covered[f"shares, {count} with {discordance:g} differing, {split:g} up"] = float(
                    (inside * times).sum() / trials
                )
    return covered


def means(trials: int, luck: np.random.Generator) -> dict[str, float]:
    """Return how often the interval of a mean of differences covers, by case."""
    covered = {}
    for count in COUNTS:
        for discordance in DISCORDANCE:
            if count * discordance < ENOUGH:
                continue
            for name, (centre, draw) in LAWS.items():
                hits = sum(holds(draw, count, discordance, centre, luck) for _ in range(trials))
                covered[f"means, {count} with {discordance:g} differing, {name}"] = hits / trials
    return covered


def holds(draw: Draw, count: int, discordance: float, centre: float, luck: np.random.Generator) -> bool:
    """Return whether one interval covers the true mean."""
    differing = int(luck.binomial(count, discordance))
    values = np.zeros(count)
    values[:differing] = draw(luck, differing)
    one = Means.of(values).interval()
    truth = centre * discordance
    return bool(one.low <= truth <= one.high)


def interactions(trials: int, luck: np.random.Generator) -> dict[str, float]:
    """Return how often the interval of an interaction in log-odds covers, by case; luck is shared as in the model."""
    covered = {}
    for count in COUNTS:
        for square in SQUARES:
            truth = sum(sign * np.log(one / (1.0 - one)) for one, sign in zip(square, (1, -1, -1, 1), strict=True))
            hits = 0
            for _ in range(trials):
                common, own = luck.random(count), luck.random((4, count)) < 0.2
                draws = np.where(own, luck.random((4, count)), common)
                columns = [(draw < one).astype(float) for draw, one in zip(draws, square, strict=True)]
                one = log_odds(columns, (1, -1, -1, 1)).interval()
                hits += one.low <= truth <= one.high
            covered[f"log-odds, {count} at {', '.join(map(str, square))}"] = hits / trials
    return covered


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return the coverage of every case, over so many simulated data sets (a tenth as many where they are slow)."""
    fewer = max(replicates // 10, 20)
    covered = shares(replicates, generator(seed, "coverage of shares"))
    covered |= means(fewer, generator(seed, "coverage of means"))
    covered |= interactions(fewer, generator(seed, "coverage of interactions"))
    trials = {name: replicates if name.startswith("shares") else fewer for name in covered}
    return {"covered": covered, "trials": trials}


def expected(name: str) -> float:
    """Return how many pairs a case expects to differ; infinite for interactions, whose shares are given."""
    words = name.replace(",", "").split()
    return float(words[1]) * float(words[3]) if "with" in words else np.inf


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the averages outside their bounds, and the cases that cover less than they may, beyond chance."""
    complaints = []
    for kind in ("shares", "means", "log-odds"):
        enough = [one for name, one in result["covered"].items() if name.startswith(kind) and expected(name) >= ENOUGH]
        trials = min(times for name, times in result["trials"].items() if name.startswith(kind))
        average, slack = float(np.mean(enough)), 3.3 * 0.25 / np.sqrt(trials * len(enough))
        if not LOWEST - slack <= average <= HIGHEST + slack:
            complaints.append(f"{kind} cover {average:.3f} on average")
    cases = [name for name in result["covered"] if expected(name) >= ENOUGH]
    for name in cases:
        share, trials = result["covered"][name], result["trials"][name]
        if binom.cdf(round(share * trials), trials, LEAST) < FALSE_ALARM / len(cases):
            complaints.append(f"{name}: {share:.3f}")
    return complaints


def found(result: dict[str, Any]) -> str:
    """Return the averages and the least coverage of each kind, in a line."""
    parts = []
    for kind in ("shares", "means", "log-odds"):
        enough = {
            name: one for name, one in result["covered"].items() if name.startswith(kind) and expected(name) >= ENOUGH
        }
        least = min(enough, key=enough.__getitem__)
        parts.append(f"{kind} {np.mean(list(enough.values())):.3f} on average, least {enough[least]:.3f} ({least})")
    few = [one for name, one in result["covered"].items() if expected(name) < ENOUGH]
    return "; ".join(parts) + f"; where fewer than 10 differ, shares no less than {min(few):.3f}"
