"""A run kept as a result folder: the same folder a sweep of this one scenario would fill."""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from sim.scenario.keys import leaves
from sim.scenario.load import SET, Scenario
from sim.scenario.read import label_of, parsed
from sim.shipped import shipped_names
from sim.study.design.experiments import Experiment, read_experiment
from sim.study.play.results import Result
from sim.study.store.contents import as_bytes
from sim.study.store.folder import Folder, create_folder
from sim.study.store.locking import writing
from sim.study.store.parts import Played, gaps
from sim.study.sweep.sweeps import finish
from sim.words import toml

NOT_IN_NAMES = re.compile(r"[^a-z0-9]+")
LONGEST = 60


def save(result: Result, path: Path, command: str) -> Folder:
    """Return the new result folder that a result was written to."""
    experiment = experiment_of_run(result, path)
    with writing(path):
        folder = create_folder(path, experiment, command, result.engine)
        folder.write(parts_of(result))
        finish(folder)
    return folder


def parts_of(result: Result) -> Iterator[Played]:
    """Yield a result cut into parts."""
    for one in gaps(0, result.asked, []):
        end = one.first + one.count
        rows = (result.columns["replicate"] >= one.first) & (result.columns["replicate"] < end)
        failed = [failure for failure in result.failed if one.first <= failure.replicate < end]
        yield Played(one, as_bytes({name: values[rows] for name, values in result.columns.items()}, failed), b"")


def experiment_of_run(result: Result, path: Path) -> Experiment:
    """Return the experiment that plays one scenario as often as a result did."""
    scenario = result.scenario
    label = name_of(scenario.name)
    title = scenario.title or scenario.name
    lines = [
        f"title = {toml(title)}",
        f"question = {toml(f'How does it end: {title}?')}",
        f"seed = {result.seed}",
        f"replicates = {result.asked}",
        *scenario_lines(label, scenario, {}, path.parent),
    ]
    document = parsed(path / "manifest.json", label_of(path / "manifest.json"), "\n".join(lines) + "\n")
    return read_experiment(document, label, {label: scenario})


def scenario_lines(label: str, scenario: Scenario, more: Mapping[str, Any], folder: Path) -> list[str]:
    """Return the lines of an experiment file that name a scenario as it was loaded, with what was set over it.

    folder   where the experiment file will stand
    """
    sets = {".".join(key): value for key, value in leaves(scenario.given.tree) if scenario.given.places.get(key) == SET}
    said = ", ".join(f"{toml(key)} = {toml(value)}" for key, value in (sets | dict(more)).items())
    lines = ["", f"[scenarios.{label}]", f"extends = {toml(source_of(scenario, folder))}"]
    return [*lines, f"set = {{ {said} }}"] if said else lines


def source_of(scenario: Scenario, folder: Path) -> str:
    """Return how an experiment file in a folder names the file of a scenario."""
    if scenario.path is None or scenario.name in shipped_names("scenarios"):
        return scenario.name
    return Path(os.path.relpath(scenario.path, folder)).as_posix()


def name_of(text: str) -> str:
    """Return a name for files that looks like a text: track-1.5 as track_1_5."""
    name = NOT_IN_NAMES.sub("_", text.lower()).strip("_")
    return (name if name[:1].isalpha() else f"s_{name}")[:LONGEST].rstrip("_")
