"""Writes docs/outcomes.md: what each outcome means, the scenario made for it, and how often it then occurs.

python -m docs.tables.outcomes
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from sim.engines.model import Talks
from sim.rules.outcomes import OUTCOMES
from sim.scenario.load import Scenario, load

ROOT = Path(__file__).resolve().parents[2]
PAGE = ROOT / "docs" / "outcomes.md"
REPLICATES = 400
SEED = 0
SCORE = 1.959963984540054  # the normal quantile of a 95 % interval

MEANING = {
    "success": "an agreement was signed and held for the weeks that count as success",
    "in_force_unproven": "an agreement is in force at the horizon, but has not yet held that long",
    "never_opened": "the table never opened",
    "impasse": "the last table ran out of rounds, or was still open at the horizon",
    "vetoed": "a state kept out of the last table blocked what the others had agreed",
    "not_ratified": "a parliament voted the last deal down",
    "broken": "a belligerent broke the last agreement, or a state that was overruled spoiled it",
    "decided_by_force": "the front reached one end while no agreement was in force",
}

# A name is a shipped scenario; the others are files made for the tests.
MADE_FOR = {
    "success": "tests/scenarios/success.toml",
    "in_force_unproven": "tests/scenarios/in-force-unproven.toml",
    "never_opened": "tests/scenarios/never-opened.toml",
    "impasse": "tests/scenarios/impasse.toml",
    "vetoed": "tests/scenarios/vetoed.toml",
    "not_ratified": "tests/scenarios/not-ratified.toml",
    "broken": "tests/scenarios/broken.toml",
    "decided_by_force": "front-gives-way",
}

HEADING = """\
# Outcomes

Every replicate ends in one of {count} outcomes. Where talks failed more than once, the last failure counts; the columns
`failures.impasse`, `failures.vetoed`, `failures.not_ratified` and `failures.broken` count them all. For each outcome
there is a scenario made for it, to see what it takes. The shares are those of {replicates} replicates of seed {seed},
with 95 % Wilson intervals; in the reference the same outcomes occur as the last column says.

| outcome | meaning | scenario made for it | share there | share in the reference |
|---|---|---|---|---|
"""

FOOTER = """
Written by `python -m docs.tables.outcomes`.
"""


@dataclass(frozen=True)
class Share:
    """How often something occurred in a number of replicates."""

    times: int
    replicates: int

    @property
    def estimate(self) -> float:
        """Return the share."""
        return self.times / self.replicates

    def interval(self) -> tuple[float, float]:
        """Return the 95 % Wilson interval of the share."""
        n, share, spread = self.replicates, self.estimate, SCORE * SCORE / self.replicates
        middle = (share + spread / 2) / (1 + spread)
        half = SCORE / (1 + spread) * (share * (1 - share) / n + spread / (4 * n)) ** 0.5
        return max(0.0, middle - half), min(1.0, middle + half)

    def __str__(self) -> str:
        low, high = self.interval()
        return f"{self.estimate:.3f} ({low:.3f} to {high:.3f})"


def case(outcome: str) -> Scenario:
    """Return the scenario made for an outcome."""
    source = MADE_FOR[outcome]
    return load(ROOT / source if source.endswith(".toml") else source)


def counts(scenario: Scenario, replicates: int, seed: int = SEED) -> dict[str, Share]:
    """Return how often each outcome occurs in the first replicates of a seed."""
    ends = [Talks(scenario, seed, replicate).run().outcome for replicate in range(replicates)]
    return {outcome: Share(ends.count(outcome), replicates) for outcome in OUTCOMES}


def page(replicates: int = REPLICATES) -> str:
    """Return the text of docs/outcomes.md."""
    usual = counts(load("reference"), replicates)
    lines = [HEADING.format(count=len(OUTCOMES), replicates=replicates, seed=SEED)]
    for outcome in OUTCOMES:
        there = counts(case(outcome), replicates)[outcome]
        lines.append(f"| `{outcome}` | {MEANING[outcome]} | `{MADE_FOR[outcome]}` | {there} | {usual[outcome]} |\n")
    return "".join([*lines, FOOTER])


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
