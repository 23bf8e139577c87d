"""`sim validate`: whether files of scenarios, experiments and sets of assumptions are right."""

from __future__ import annotations

import argparse
import math
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim.commands.options import add_json, add_model, add_under, class_of
from sim.commands.output import say, say_json, warn
from sim.errors import ScenarioError

if TYPE_CHECKING:
    from sim.scenario.assumptions import Assumptions
    from sim.scenario.load import Scenario
    from sim.study.design.experiments import Experiment


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "files",
        metavar="FILE",
        nargs="+",
        help="a file of a scenario, an experiment or a set of assumptions, or the name of a shipped one",
    )
    add_under(parser)
    add_model(parser)
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Check each file; status 2 if any is wrong."""
    model = class_of(arguments)
    files = [_check_file(source, arguments.under, model) for source in arguments.files]
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


def _check_file(source: str, under: list[str], model: type | None) -> dict[str, Any]:
    """Return whether a file is valid, its title, what is to be known of it, and its mistakes."""
    try:
        checked = _read(source, under, model)
    except ScenarioError as error:
        return {"file": source, "valid": False, "title": None, "notes": [], "mistakes": str(error).splitlines()}
    from sim.scenario.load import Scenario

    notes = [*checked.remarks, *_scaled(checked)] if isinstance(checked, Scenario) else []
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


def _read(source: str, under: list[str], model: type | None) -> Scenario | Experiment | Assumptions:
    """Return what a valid file holds, a scenario with sets of assumptions over it."""
    from sim.study.design.loading import described, load

    kind = _kind_of(source)
    if kind == "scenarios":
        return load(source, model=model, under=under)
    if under:
        raise ScenarioError(f"{source}: --under lays a set of assumptions over a scenario, and this is none")
    if kind == "assumptions":
        from sim.scenario.assumptions import read_assumptions

        return read_assumptions(source) if model is None else read_assumptions(source, described(model).scope)
    from sim.study.design.experiments import load_experiment

    return load_experiment(source, model)


def _kind_of(source: str) -> str:
    """Return of which kind a file is; what asks a question or names scenarios is an experiment."""
    from sim.scenario.assumptions import says_assumptions
    from sim.scenario.read import read_document
    from sim.shipped import shipped_names

    for kind in ("scenarios", "assumptions", "experiments"):
        if source in shipped_names(kind):
            return kind
    document = read_document(Path(source)) if Path(source).is_file() else None
    if document is not None and {"question", "scenarios"} & document.tree.keys():
        return "experiments"
    return "assumptions" if document is not None and says_assumptions(document) else "scenarios"
