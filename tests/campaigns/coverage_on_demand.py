"""An interval that is looked at until it is narrow enough covers as often as it says, wherever that stops it.

Success and differences of success with known shares are drawn at the looks of sim/study/play/precision.py. The looks may
cost width, never coverage: at least .95 of the intervals at which playing stops hold the truth.
"""

from typing import Any

import numpy as np
from scipy.stats import binom

from sim.chance import generator
from sim.study.play.precision import play_until
from sim.study.statistics.estimates import Estimate, paired_difference, wilson

SIZE, SEED = 4000, 67
FALSE_ALARM = 1e-3
BUDGET = 64_000
LEVEL = 0.95
CASES = {  # true shares of pairs that gain and that lose (a share of success: of those that gain), and the half-width
    "success .02 to .01": (0.02, None, 0.01),
    "success .33 to .02": (0.33, None, 0.02),
    "success .5 to .01": (0.5, None, 0.01),
    "difference .001 to .005": (0.002, 0.001, 0.005),
    "difference .05 to .01": (0.10, 0.05, 0.01),
    "difference .2 to .01": (0.01, 0.21, 0.01),
    "no difference to .02": (0.15, 0.15, 0.02),
}


def one_stop(gain: float, loss: float | None, half_width: float, luck: np.random.Generator) -> tuple[bool, int]:
    """Return whether the interval at which playing stops holds the truth, and after how many replicates that is."""

    def play(before: tuple[int, int, int] | None, first: int, count: int) -> tuple[int, int, int]:
        drawn = luck.multinomial(count, [gain, loss or 0.0, 1.0 - gain - (loss or 0.0)])
        gained, lost, total = before or (0, 0, 0)
        return gained + int(drawn[0]), lost + int(drawn[1]), total + count

    def read(counts: tuple[int, int, int], level: float) -> Estimate:
        gained, lost, total = counts
        return wilson(gained, total, level) if loss is None else paired_difference(gained, lost, total, level)

    reached = play_until(half_width, BUDGET, play, read)
    truth = gain - (loss or 0.0)
    return reached.estimate.low <= truth <= reached.estimate.high, reached.look.replicates


def run(replicates: int, seed: int) -> dict[str, Any]:
    """Return, by case, the share of intervals that hold the truth and the mean number of replicates."""
    luck = generator(seed, "coverage on demand")
    result: dict[str, Any] = {"trials": replicates, "covered": {}, "played": {}}
    for name, case in CASES.items():
        stops = [one_stop(*case, luck) for _ in range(replicates)]
        result["covered"][name] = float(np.mean([held for held, _ in stops]))
        result["played"][name] = float(np.mean([played for _, played in stops]))
    return result


def wrong(result: dict[str, Any]) -> list[str]:
    """Return the cases that cover less than they say, beyond chance."""
    trials, least = result["trials"], FALSE_ALARM / len(CASES)
    return [
        f"{name}: {share:.3f}"
        for name, share in result["covered"].items()
        if binom.cdf(round(share * trials), trials, LEVEL) < least
    ]


def found(result: dict[str, Any]) -> str:
    """Return the least coverage, in a line."""
    name = min(result["covered"], key=result["covered"].__getitem__)
    played = ", ".join(f"{case} {count:,.0f}" for case, count in result["played"].items())
    return f"least coverage {result['covered'][name]:.3f} ({name}); replicates on average: {played}"
