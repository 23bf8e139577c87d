"""`sim validate`: whether scenario and experiment files are right."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.options import add_json, add_model, class_of
from sim.commands.output import say, say_json, warn
from sim.errors import ScenarioError

if TYPE_CHECKING:
    from sim.scenario.load import Scenario
    from sim.study.design.experiments import Experiment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files", metavar="FILE", nargs="+", help="a scenario or experiment file, or the name of a shipped one"
    )
    add_model(parser)
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Check each file; status 2 if any is wrong."""
    model = class_of(arguments)
    files = [_check_file(source, model) for source in arguments.files]
    wrong = [file for file in files if not file["valid"]]
    if arguments.json:
        say_json({"files": files, "valid": not wrong})
    else:
        for file in files:
            say([f"{file['file']}: valid ({file['title']})"] if file["valid"] else [])
            say(f"  {note}" for note in file["notes"])
    for file in wrong:
        for mistake in file["mistakes"]:
            warn(mistake)
    return ScenarioError.exit_status if wrong else 0


def _check_file(source: str, model: type | None) -> dict[str, Any]:
    """Return whether a file is valid, its title, what is to be known of it, and its mistakes."""
    try:
        checked = _read(source, model)
    except ScenarioError as error:
        return {"file": source, "valid": False, "title": None, "notes": [], "mistakes": str(error).splitlines()}
    from sim.scenario.load import Scenario

    notes = [*_scaled(checked)] if isinstance(checked, Scenario) else []
    return {"file": source, "valid": True, "title": checked.title, "notes": notes, "mistakes": []}


def _scaled(scenario: Scenario) -> Iterator[str]:
    """Yield a note on numbers that do not add up to 1, and are scaled so that they do."""
    from sim.parameters import State
    from sim.scenario.keys import declared

    scaled = [name for name, parameter in declared(State).parameters.items() if parameter.scaled]
    for state, entry in scenario.given.tree["states"].items():
        for name in scaled:
            total = math.fsum(entry.get(name, {}).values())
            if entry.get(name) and not math.isclose(total, 1.0):
                yield f"states.{state}.{name} add up to {total:g}, and are scaled to 1"


def _read(source: str, model: type | None) -> Scenario | Experiment:
    """Return what a valid file holds; what asks a question or names scenarios is an experiment."""
    from sim.scenario.read import read_document
    from sim.shipped import shipped_names
    from sim.study.design.loading import load

    if source in shipped_names("scenarios"):
        return load(source, model=model)
    if source in shipped_names("experiments") or (
        Path(source).is_file() and {"question", "scenarios"} & read_document(Path(source)).tree.keys()
    ):
        from sim.study.design.experiments import load_experiment

        return load_experiment(source, model)
    return load(source, model=model)
