"""`sim sweep`: an experiment, played into a result folder."""

from __future__ import annotations

import argparse
from pathlib import Path
from typing import TYPE_CHECKING

from sim.commands.options import (
    MOST_REPLICATES,
    WRONG_USAGE,
    add_json,
    add_model,
    add_replicates,
    add_threads,
    class_of,
    repeating_command,
    share,
    warn_of,
    whole,
)
from sim.commands.output import Bar, duration, say, say_json, warn
from sim.errors import SimError

if TYPE_CHECKING:
    from sim.study.design.experiments import Experiment
    from sim.study.store.folder import Folder
    from sim.study.sweep.cluster import Tls

RESULTS = Path("results")
_EXECUTORS = ("local", "dask")
_TLS = {
    "tls-ca-file": "the certificate of the authority that client, scheduler and workers trust",
    "tls-cert": "the certificate of this client",
    "tls-key": "its private key",
}


class _UsageError(SimError):
    """Options that do not go together."""

    exit_status = WRONG_USAGE


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare the arguments."""
    parser.add_argument("experiment", help="a shipped experiment (sim list), a file, or a result folder to go on with")
    parser.add_argument("--out", metavar="DIR", type=Path, help="the result folder (default results/NAME)")
    add_replicates(parser, None, "how often each point is played")
    parser.add_argument("--resume", action="store_true", help="go on where a sweep into this folder was stopped")
    parser.add_argument("--extend", metavar="replicates=N", type=_extension, help="more replicates of each point")
    parser.add_argument("--retry-failed", action="store_true", help="play the replicates again that failed")
    parser.add_argument("--report", action="store_true", help="write the page of the results as well (sim report)")
    parser.add_argument("--dry-run", action="store_true", help="say what it would take, and play nothing")
    add_model(parser)
    add_threads(parser)
    parser.add_argument(
        "--executor", choices=_EXECUTORS, default=_EXECUTORS[0], help="where it is played (default local)"
    )
    parser.add_argument("--address", metavar="A", help="of the Dask scheduler, as in tcp://127.0.0.1:8786")
    for name, file in _TLS.items():
        parser.add_argument(f"--{name}", metavar="FILE", type=Path, help=f"with tls://...: {file}")
    parser.add_argument(
        "--audit",
        metavar="SHARE",
        type=share(1.0),
        help="play this share of the parts again here, and compare what workers gave",
    )
    add_json(parser)


def _extension(text: str) -> int:
    """Return the number of replicates in `replicates=N`."""
    name, _, number = text.partition("=")
    if name.strip() != "replicates":
        raise argparse.ArgumentTypeError(f"{text!a} is not replicates=N")
    return whole(1, MOST_REPLICATES)(number)


def execute(arguments: argparse.Namespace) -> int:
    """Play what is missing and say what was found."""
    from sim.study.play.compiled_runs import suited_engine
    from sim.study.store.folder import create_folder, is_folder, resume_folder
    from sim.study.store.locking import write_lock

    source, model = Path(arguments.experiment), class_of(arguments)
    goes_on = arguments.resume or arguments.retry_failed or arguments.extend is not None
    if is_folder(source):
        experiment, path, goes_on = None, source, True
        if arguments.out is not None:
            raise _UsageError(f"{source} is a result folder; --out is for an experiment")
    else:
        experiment = _experiment_of(arguments, model)
        path = arguments.out or RESULTS / experiment.name
    if goes_on and arguments.replicates is not None:
        raise _UsageError("-n is for a new folder; --extend replicates=N adds replicates to one")
    if (arguments.executor == "dask") != (arguments.address is not None):
        raise _UsageError("--executor dask and --address go together")
    tls = _tls_of(arguments)
    if arguments.dry_run:
        return _say_cost(path, experiment, model, arguments)
    with write_lock(path):
        if experiment is not None and not (goes_on and is_folder(path)):
            command = repeating_command(arguments, ["experiment"], ["out", "replicates"])
            folder = create_folder(path, experiment, command, suited_engine(experiment.model))
        else:
            folder = resume_folder(path, experiment, model)
            folder.put_in_order(warn)
            _say_other_replicates(folder, experiment, arguments)
        folder = _folder_to_fill(folder, arguments)
        play_missing(folder, arguments.threads, arguments.address, tls, arguments.audit)
    return say_findings(folder, arguments)


def _tls_of(arguments: argparse.Namespace) -> Tls | None:
    """Return the files of a cluster under TLS; None where none are named."""
    files = [getattr(arguments, name.replace("-", "_")) for name in _TLS]
    if not any(files):
        return None
    if not all(files) or arguments.address is None:
        raise _UsageError(f"{', '.join(f'--{name}' for name in _TLS)} and --address go together")
    for file in files:
        if not file.is_file():
            raise _UsageError(f"{file}: there is no such file")
    from sim.study.sweep.cluster import Tls

    return Tls(*map(str, files))


def _experiment_of(arguments: argparse.Namespace, model: type | None) -> Experiment:
    """Return the experiment that is named, with as many replicates as are asked for."""
    from dataclasses import replace

    from sim.study.design.experiments import load_experiment

    experiment = load_experiment(arguments.experiment, model)
    warn_of(experiment.scenarios.values())
    return experiment if arguments.replicates is None else replace(experiment, replicates=arguments.replicates)


def _folder_to_fill(folder: Folder, arguments: argparse.Namespace) -> Folder:
    """Return the folder that is played into, with what is asked for besides."""
    if arguments.extend is not None:
        folder = folder.extend(arguments.extend)
    if arguments.retry_failed:
        folder.drop_failed()
    return folder


def _say_other_replicates(folder: Folder, experiment: Experiment | None, arguments: argparse.Namespace) -> None:
    """Say so where the file of an experiment asks for another number of replicates than its folder."""
    if experiment is not None and arguments.extend is None and experiment.replicates != folder.replicates:
        more = f"; to play more: {folder.command('sweep', '--extend', f'replicates={experiment.replicates}')}"
        warn(
            f"{arguments.experiment} asks for {experiment.replicates:,} replicates a point, {folder.path} for "
            f"{folder.replicates:,}, which stands{more if experiment.replicates > folder.replicates else ''}"
        )


def play_missing(
    folder: Folder,
    threads: int | None,
    address: str | None = None,
    tls: Tls | None = None,
    audited: float | None = None,
) -> None:
    """Play what is missing, and a share of it again to compare; if that is stopped, say how to go on."""
    from sim.study.play.compiled_runs import say_open_instead, suited_engine
    from sim.study.sweep.audit import audit
    from sim.study.sweep.forecast import forecast_sweep
    from sim.study.sweep.pools import open_pool
    from sim.study.sweep.sweeps import sweep_on

    if address is None and suited_engine() == "open":
        say_open_instead(forecast_sweep(folder.experiment, folder, None, threads).seconds)
    try:
        with open_pool(address, threads, warn, tls) as workers, Bar("replicates") as bar:
            sweep_on(folder, workers, bar)
        if audited is not None:
            audit(folder, audited, workers.givers, threads, warn)
    except KeyboardInterrupt:
        warn(f"Stopped; what was played is kept in {folder.path}. Go on with: {folder.resume_command()}")
        raise
    except SimError as error:
        raise type(error)(*error.args, f"Go on with: {folder.resume_command()}") from None


def say_findings(folder: Folder, arguments: argparse.Namespace) -> int:
    """Say what a finished folder holds."""
    from sim.report.sweep_text import failure_lines, sweep_lines, sweep_summary

    command = folder.manifest["command"]
    for text in failure_lines(folder):
        warn(text)
    pages = []
    if arguments.report:
        from sim.report.write import write_report

        pages.append(write_report(folder.path))
    if arguments.json:
        say_json(sweep_summary(folder) | {"written": [page.as_posix() for page in pages], "command": command})
    else:
        say([*sweep_lines(folder), *(f"Written: {page}" for page in pages), f"Repeat with: {command}"])
    return 0


def _say_cost(path: Path, experiment: Experiment | None, model: type | None, arguments: argparse.Namespace) -> int:
    """Say what a sweep would take."""
    from sim.plain import plain_data
    from sim.study.store.folder import is_folder, open_folder
    from sim.study.sweep.asked_replicates import may_ask_for_more
    from sim.study.sweep.forecast import forecast_sweep

    folder = open_folder(path, model) if is_folder(path) else None
    if folder is not None:
        folder.check_playable()
    asked = experiment or (folder.experiment if folder else None)
    if asked is None:
        raise _UsageError(f"{path}: holds no results")
    cost = forecast_sweep(asked, folder, arguments.extend, arguments.threads)
    if arguments.json:
        say_json(plain_data(cost))
        return 0
    least = "at least " if may_ask_for_more(asked) else ""
    say(
        [
            f"{cost.points:,} points, {least}{cost.replicates:,} replicates to play, in {cost.parts:,} parts",
            f"about {duration(cost.seconds)} at {cost.rate:,.0f} replicates a second",
            f"about {cost.megabytes:,.1f} MB in {cost.files:,} files in {path}",
        ]
    )
    return 0
