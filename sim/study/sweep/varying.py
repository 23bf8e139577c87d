"""What-if over a few parameters: the experiment file that a command line stands for."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.keys import quoted
from sim.scenario.load import Scenario, parse_set
from sim.study.design.experiment_file import MOST_STEPS
from sim.study.design.factors import RESERVED
from sim.study.sweep.saved import name_of, scenario_lines, toml

MOST_FACTORS = 2


def vary_text(
    scenarios: Sequence[Scenario], varied: Sequence[str], replicates: int, seed: int, folder: Path
) -> tuple[str, str]:
    """Return the name and the text of the experiment that varies some keys of one scenario, or of two set side by side.

    varied   as on the command line: KEY=LOW:HIGH:STEPS or KEY=VALUE,VALUE; KEY+KEY for keys that vary together
    folder   where the file will stand
    """
    if not 1 <= len(varied) <= MOST_FACTORS:
        raise ScenarioError(
            "one or two parameters can be varied; for more, write an experiment: sim new experiment NAME"
        )
    labels = dict(zip(labels_of(scenarios), scenarios, strict=True))
    factors: dict[str, list[str]] = {}
    for text in varied:
        name, lines = factor_lines(text, factors)
        factors[name] = lines
    keys = " and ".join(text.partition("=")[0] for text in varied)
    title = " against ".join(one.title or one.name for one in scenarios)
    lines = [
        f"title = {toml(f'{title}: {keys} varied')}",
        f"question = {toml(f'What if {keys} were different?')}",
        f"seed = {seed}",
        f"replicates = {replicates}",
    ]
    for label, scenario in labels.items():
        lines += scenario_lines(label, scenario, {}, folder)
    for written in factors.values():
        lines += ["", *written]
    if len(labels) == 2:
        a, b = labels
        lines += ["", "[contrasts.difference]", f"a = {toml(a)}", f"b = {toml(b)}"]
    name = "-".join(["vary", *(one.name for one in scenarios), *factors])
    return name, "\n".join(lines) + "\n"


def labels_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Return a name in the experiment for each scenario."""
    labels: list[str] = []
    for scenario in scenarios:
        label = name_of(scenario.name)
        labels.append(f"{label}_again" if label in labels else label)
    return labels


def factor_lines(text: str, taken: Iterable[str]) -> tuple[str, list[str]]:
    """Return the name of a factor, which must not be taken, and the lines that declare it as a command line says it."""
    written, equals, said = text.partition("=")
    keys = [key.strip() for key in written.split("+")]
    if not equals or not all(keys) or not said.strip():
        raise ScenarioError(f"{quoted(text)}: write KEY=LOW:HIGH:STEPS, as in front.sd=0:0.05:11, or KEY=VALUE,VALUE")
    short = name_of(keys[0].rpartition(".")[2])
    name = name_of(keys[0]) if short in (*taken, *RESERVED) else short
    if ":" in said:
        taking = range_lines(text, said)
    else:
        taking = [f"values = {toml([parse_set(f'{keys[0]}={value}')[1] for value in said.split(',')])}"]
    return name, [f"[factors.{name}]", f"keys = {toml(keys)}", *taking]


def range_lines(text: str, said: str) -> list[str]:
    """Return the lines of a factor that takes the evenly spaced values LOW:HIGH:STEPS."""
    try:
        low, high, count = said.split(":")
        first, last, steps = float(low), float(high), int(count)
    except ValueError:
        raise ScenarioError(f"{quoted(text)}: write LOW:HIGH:STEPS, as in 0:1:11") from None
    if not 2 <= steps <= MOST_STEPS:
        raise ScenarioError(f"{quoted(text)}: {steps} steps lie outside 2..{MOST_STEPS}")
    if not first < last < float("inf"):
        raise ScenarioError(f"{quoted(text)}: {low} must lie below {high}")
    return [f"low = {toml(first)}", f"high = {toml(last)}", f"steps = {steps}", 'scale = "differences"']
