"""`sim vary`: what if one or two parameters were different."""

from __future__ import annotations

import argparse
from pathlib import Path

from sim.commands.options import (
    add_changes,
    add_json,
    add_model,
    add_replicates,
    add_seed,
    add_threads,
    class_of,
    load_changed,
    repeating_command,
)
from sim.commands.output import say
from sim.commands.sweep_experiment import RESULTS, play_missing, say_findings

_REPLICATES = 1000


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("scenario", help="a shipped scenario (sim list) or a file")
    parser.add_argument(
        "varied",
        metavar="KEY=LOW:HIGH:STEPS",
        nargs="+",
        help="what is varied: evenly spaced, or KEY=VALUE,VALUE; KEY+KEY for keys that take the same value",
    )
    parser.add_argument("--against", metavar="SCENARIO", help="another scenario beside it, in the same replicates")
    add_changes(parser)
    add_model(parser)
    add_replicates(parser, _REPLICATES, "how often each point is played")
    add_seed(parser)
    add_threads(parser)
    parser.add_argument("--out", metavar="DIR", type=Path, help="the result folder (default results/vary-...)")
    parser.add_argument("--report", action="store_true", help="write the page of the results too, as sim report does")
    add_json(parser)


def execute(arguments: argparse.Namespace) -> int:
    """Write the experiment, play it and say what was found."""
    from sim.study.design.experiment_text import vary_text
    from sim.study.design.experiments import written_experiment
    from sim.study.play.compiled_runs import suited_engine
    from sim.study.store.folder import check_new, create_folder
    from sim.study.store.locking import explained_errors, write_lock
    from sim.study.store.parts import write_whole

    sources = [arguments.scenario, *([arguments.against] if arguments.against else [])]
    model = class_of(arguments)
    scenarios = [load_changed(source, arguments.under, arguments.sets, model) for source in sources]
    parent = arguments.out.parent if arguments.out else RESULTS
    name, text = vary_text(scenarios, arguments.varied, arguments.replicates, arguments.seed, parent)
    path = arguments.out or RESULTS / name
    file = path.with_name(f"{path.name}.toml")
    experiment = written_experiment(text, name, file, model=model)
    check_new(path)
    command = repeating_command(arguments, ["scenario", "varied"], ["against", "replicates", "seed", "out"])
    with write_lock(path):
        with explained_errors(file):
            write_whole(file, text.encode())
        folder = create_folder(path, experiment, command, suited_engine(experiment.model))
        play_missing(folder, arguments.threads)
    status = say_findings(folder, arguments)
    if not arguments.json:
        say([f"As an experiment: {file}"])
    return status
