"""`sim validate`: whether scenario and experiment files are right."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import Any

from sim.commands.options import add_json, add_model, class_of
from sim.commands.output import say, say_json, warn
from sim.errors import ScenarioError


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
        say(f"{file['file']}: valid ({file['title']})" for file in files if file["valid"])
    for file in wrong:
        for mistake in file["mistakes"]:
            warn(mistake)
    return ScenarioError.exit_status if wrong else 0


def _check_file(source: str, model: type | None) -> dict[str, Any]:
    """Return whether a file is valid, its title, and its mistakes."""
    try:
        title = _title_of(source, model)
    except ScenarioError as error:
        return {"file": source, "valid": False, "title": None, "mistakes": str(error).splitlines()}
    return {"file": source, "valid": True, "title": title, "mistakes": []}


def _title_of(source: str, model: type | None) -> str:
    """Return the title of a valid file; what asks a question or names scenarios is an experiment."""
    from sim.scenario.read import read_document
    from sim.shipped import shipped_names
    from sim.study.design.loading import load

    if source in shipped_names("scenarios"):
        return load(source, model=model).title
    if source in shipped_names("experiments") or (
        Path(source).is_file() and {"question", "scenarios"} & read_document(Path(source)).tree.keys()
    ):
        from sim.study.design.experiments import load_experiment

        return load_experiment(source, model).title
    return load(source, model=model).title
