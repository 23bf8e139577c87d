"""`sim claims`: the ledger."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from sim import words
from sim.commands.options import (
    DEFAULT_REPLICATES,
    add_explain,
    add_json,
    add_replicates,
    add_threads,
    repeating_command,
    warn_of,
    whole,
)
from sim.commands.output import Bar, duration, say, say_json, warn
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.study.claims.analysis import Sensitivity
    from sim.study.claims.verdicts import ClaimVerdict
    from sim.study.design.experiments import Experiment

_SHIPPED, _SPACE = "claims", "plausible-space"
_DEFAULT_PLACES = 8
_LOOK = 200


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument(
        "source",
        metavar="FOLDER",
        nargs="?",
        default=_SHIPPED,
        help="a result folder; or an experiment, which is played now (default: the shipped ledger)",
    )
    add_replicates(parser, DEFAULT_REPLICATES, "how often each scenario is played, if it is played now")
    parser.add_argument(
        "--places",
        metavar="N",
        type=whole(0, 10_000),
        default=_DEFAULT_PLACES,
        help="for the shipped ledger: places of the plausible space that are played now, for a rough second verdict "
        f"(default {_DEFAULT_PLACES}; sim sweep {_SPACE} plays them all)",
    )
    add_threads(parser)
    add_json(parser)
    add_explain(parser)
    parser.add_argument("--brief", action="store_true", help="print the verdicts alone, without the rows")


def execute(arguments: argparse.Namespace) -> int:
    """Judge the claims and print the ledger."""
    from sim.study.store.folder import is_folder

    return _judge_folder(arguments) if is_folder(Path(arguments.source)) else _judge_experiment(arguments)


def _judge_folder(arguments: argparse.Namespace) -> int:
    """Judge the claims of a result folder, over its places too if its design has any; there, say what matters."""
    from sim.study.claims.analysis import questions_of, sensitivities
    from sim.study.claims.spaces import with_spaces
    from sim.study.claims.verdicts import ledger
    from sim.study.store.folder import open_folder

    folder = open_folder(arguments.source)
    experiment = folder.experiment
    if not experiment.is_space:
        _require_claims(experiment)
    verdicts = with_spaces(folder, ledger(folder))
    asked = experiment.is_space and (arguments.explain or not experiment.claims)
    explained = sensitivities(folder, questions_of(experiment)) if asked else []
    command = repeating_command(arguments, ["source"], [])
    if explained and experiment.claims:
        command += " --explain"  # without claims, nothing else is asked
    _say_ledger(arguments, experiment, verdicts, folder.replicates, command, explained)
    return 0


def _judge_experiment(arguments: argparse.Namespace) -> int:
    """Judge the claims of an experiment that is played now; those of the shipped ledger over a few places too."""
    from sim.study.claims.spaces import some_places, with_spaces
    from sim.study.claims.verdicts import ledger, play_now
    from sim.study.design.experiments import load_experiment

    experiment = load_experiment(arguments.source)
    warn_of(experiment.scenarios.values())
    _require_claims(experiment)
    places = some_places(load_experiment(_SPACE), arguments.places) if arguments.source == _SHIPPED else None
    _tell_time(replace(experiment, replicates=arguments.replicates), places, arguments.threads)
    with Bar("replicates", by_tenths=True) as bar:
        verdicts = ledger(play_now(experiment, arguments.replicates, arguments.threads, bar))
    options = ["replicates"]
    if places is not None:
        options.append("places")
        if places.points:
            with Bar("replicates of places", by_tenths=True) as bar:
                verdicts = with_spaces(play_now(places, _LOOK, arguments.threads, bar), verdicts)
    command = repeating_command(arguments, ["source"], options)
    _say_ledger(arguments, experiment, verdicts, arguments.replicates, command)
    return 0


def _tell_time(experiment: Experiment, places: Experiment | None, threads: int | None) -> None:
    """Say beside the output what will be played, and about how long that takes on this machine."""
    from sim.study.sweep.forecast import forecast_sweep

    seconds = forecast_sweep(experiment, threads=threads).seconds
    told = f"Playing {words.count(len(experiment.points), 'scenario')}, {experiment.replicates:,} replicates each"
    if places is not None and places.points:
        few = replace(places, replicates=_LOOK, claims={})
        seconds += forecast_sweep(few, threads=threads).seconds
        told += f", and {words.count(len(places.rows), 'place')} of the plausible space"
    warn(f"{told}: about {duration(seconds)}")


def _require_claims(experiment: Experiment) -> None:
    """Raise if an experiment makes no claims."""
    if not experiment.claims:
        raise SimError(f"{experiment.document.label}: makes no claims; write [claims.NAME]")


def _say_ledger(
    arguments: argparse.Namespace,
    experiment: Experiment,
    verdicts: list[ClaimVerdict],
    replicates: int,
    command: str,
    explained: Sequence[Sensitivity] = (),
) -> None:
    """Print the ledger, and how much each parameter explains."""
    from sim.report.claims_text import ledger_lines, summary_lines
    from sim.report.sensitivity_text import sensitivity_lines
    from sim.version import model_version

    archive = next(iter(experiment.scenarios.values())).archive
    made_by = model_version() if archive is None else archive.model_version

    if arguments.json:
        about = {"experiment": experiment.name, "seed": experiment.seed, "replicates": replicates}
        answers: dict[str, Any] = {"claims": [verdict.to_dict() for verdict in verdicts]}
        if explained:
            answers["explained"] = [answer.to_dict() for answer in explained]
        say_json(about | {"model_version": made_by, **answers, "command": command})
        return
    head = f"{replicates:,} replicates of each scenario, seed {experiment.seed}, model {made_by}"
    say([experiment.title, experiment.question, head])
    if arguments.brief and verdicts:
        say(["", *summary_lines(verdicts), "", f"Every row: {command}", f"Repeat with: {command} --brief"])
        return
    if verdicts:
        say(ledger_lines(verdicts, arguments.explain))
    if explained:
        say(["", *sensitivity_lines(explained)])
    say(["", f"Repeat with: {command}"])
