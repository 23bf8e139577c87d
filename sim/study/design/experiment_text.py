"""Experiment files that a command line stands for: one scenario played so often, or with a few of its keys varied."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable, Sequence
from pathlib import Path

from sim.errors import ScenarioError
from sim.scenario.keys import leaves, quoted
from sim.scenario.load import SET, Scenario, parse_set
from sim.shipped import shipped
from sim.study.design.experiment_file import MOST_STEPS
from sim.study.design.factors import RESERVED
from sim.words import toml

_NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
_LONGEST_NAME = 60
_MOST_FACTORS = 2


def run_text(scenario: Scenario, replicates: int, seed: int, folder: Path) -> tuple[str, str]:
    """Return the name and the text of the experiment that plays one scenario so often.

    folder   where the result folder stands, from which files are named
    """
    label, title = _name_of(scenario.name), scenario.title or scenario.name
    question = f"How does it end: {title}?"
    return label, _text(_heading(title, question, replicates, seed), _scenario_lines(label, scenario, folder))


def vary_text(
    scenarios: Sequence[Scenario], varied: Sequence[str], replicates: int, seed: int, folder: Path
) -> tuple[str, str]:
    """Return the name and the text of the experiment that varies some keys of one scenario, or of two set side by side.

    varied   as on the command line: KEY=LOW:HIGH:STEPS or KEY=VALUE,VALUE; KEY+KEY for keys that vary together
    folder   where the file will stand
    """
    if not 1 <= len(varied) <= _MOST_FACTORS:
        raise ScenarioError(
            "one or two parameters can be varied; for more, write an experiment: sim new experiment NAME"
        )
    labels = dict(zip(_labels_of(scenarios), scenarios, strict=True))
    factors: dict[str, list[str]] = {}
    for text in varied:
        name, lines = _factor_lines(text, factors)
        factors[name] = lines
    keys = " and ".join(text.partition("=")[0] for text in varied)
    title = " against ".join(scenario.title or scenario.name for scenario in scenarios)
    blocks = [_heading(f"{title}: {keys} varied", f"What if {keys} were different?", replicates, seed)]
    blocks += [_scenario_lines(label, scenario, folder) for label, scenario in labels.items()]
    blocks += factors.values()
    if len(labels) == 2:
        a, b = labels
        blocks.append(["[contrasts.difference]", f"a = {toml(a)}", f"b = {toml(b)}"])
    under = [f"under-{name}" for name in scenarios[0].assumptions]
    return "-".join(["vary", *(scenario.name for scenario in scenarios), *under, *factors]), _text(*blocks)


def _text(*blocks: Sequence[str]) -> str:
    """Return the text of a file whose blocks of lines stand apart."""
    return "\n\n".join("\n".join(block) for block in blocks) + "\n"


def _heading(title: str, question: str, replicates: int, seed: int) -> list[str]:
    """Return the first lines of an experiment file."""
    return [
        f"title = {toml(title)}",
        f"question = {toml(question)}",
        f"seed = {seed}",
        f"replicates = {replicates}",
    ]


def _scenario_lines(label: str, scenario: Scenario, folder: Path) -> list[str]:
    """Return the lines that name a scenario as it was loaded, with what was set over it, in a file of a folder."""
    under = assumptions_of(scenario, folder)
    sets = {".".join(key): value for key, value in leaves(scenario.given.tree) if scenario.given.places.get(key) == SET}
    lines = [f"[scenarios.{label}]", f"extends = {toml(source_of(scenario, folder))}"]
    if under:
        lines.append(f"under = {toml(under)}")
    if sets:
        lines.append(f"set = {{ {', '.join(f'{toml(key)} = {toml(value)}' for key, value in sets.items())} }}")
    return lines


def source_of(scenario: Scenario, folder: Path) -> str:
    """Return how an experiment file in a folder names the file of a scenario."""
    return _source_of(scenario.name, scenario.path, "scenarios", folder)


def assumptions_of(scenario: Scenario, folder: Path) -> list[str]:
    """Return how an experiment file in a folder names the sets of assumptions that were laid over a scenario."""
    return [_source_of(laid.name, laid.path, "assumptions", folder) for laid in scenario.given.laid]


def _source_of(name: str, path: Path | None, kind: str, folder: Path) -> str:
    """Return how an experiment file in a folder names a file: a shipped one by its name."""
    if path is None or path == shipped(kind) / f"{name}.toml":
        return name  # a file of one's own with the name of a shipped one is not that one
    source = Path(os.path.relpath(path, folder)).as_posix()
    if any("\ud800" <= letter <= "\udfff" for letter in source):
        raise ScenarioError(
            f"{source}: is no UTF-8, and no experiment file can name it; rename it, or choose another --out"
        )
    return source


def _labels_of(scenarios: Sequence[Scenario]) -> list[str]:
    """Return a name in the experiment for each scenario."""
    labels: list[str] = []
    for scenario in scenarios:
        label = _name_of(scenario.name)
        labels.append(f"{label}_again" if label in labels else label)
    return labels


def _factor_lines(text: str, taken: Iterable[str]) -> tuple[str, list[str]]:
    """Return the name of a factor, which must not be taken, and the lines that declare it as a command line says it."""
    left, equals, right = text.partition("=")
    keys = [key.strip() for key in left.split("+")]
    if not equals or not all(keys) or not right.strip():
        raise ScenarioError(f"{quoted(text)}: write KEY=LOW:HIGH:STEPS, as in front.sd=0:0.05:11, or KEY=VALUE,VALUE")
    short = _name_of(keys[0].rpartition(".")[2])
    name = _name_of(keys[0]) if short in (*taken, *RESERVED) else short
    if ":" in right:
        taking = _range_lines(text, right)
    else:
        taking = [f"values = {toml([parse_set(f'{keys[0]}={value}')[1] for value in right.split(',')])}"]
    return name, [f"[factors.{name}]", f"keys = {toml(keys)}", *taking]


def _range_lines(text: str, span: str) -> list[str]:
    """Return the lines of a factor that takes the evenly spaced values LOW:HIGH:STEPS."""
    try:
        low, high, count = span.split(":")
        first, last, steps = float(low), float(high), int(count)
    except ValueError:
        raise ScenarioError(f"{quoted(text)}: write LOW:HIGH:STEPS, as in 0:1:11") from None
    if not 2 <= steps <= MOST_STEPS:
        raise ScenarioError(f"{quoted(text)}: {steps} steps lie outside 2..{MOST_STEPS}")
    if not first < last < float("inf"):
        raise ScenarioError(f"{quoted(text)}: {low} must lie below {high}")
    return [f"low = {toml(first)}", f"high = {toml(last)}", f"steps = {steps}", 'scale = "differences"']


def _name_of(text: str) -> str:
    """Return a name for files that looks like a text: track-1.5 as track_1_5."""
    name = _NOT_IN_NAMES.sub("_", text.lower()).strip("_")
    return (name if name[:1].isalpha() else f"s_{name}")[:_LONGEST_NAME].rstrip("_")
