"""The command line: which commands there are, and how they end."""

from __future__ import annotations

import argparse
import errno
import io
import os
import sys
from collections.abc import Sequence
from typing import Protocol, cast

from sim.commands import (
    compare_scenarios,
    demonstrate,
    export_folder,
    judge_claims,
    list_shipped,
    print_schema,
    report_folder,
    reproduce_folder,
    run_scenario,
    search_parameters,
    show_status,
    show_values,
    start_file,
    sweep_experiment,
    trace_replicate,
    validate_files,
    vary_parameters,
)
from sim.commands.options import Parser
from sim.errors import SimError

FAILED = 1
INTERRUPTED = 130
PIPE_CLOSED = 141

DESCRIPTION = """\
An agent-based simulator of diplomatic negotiation tracks: who talks to whom,
what is believed, and whether an agreement comes of it and holds. It explores
the consequences of stated assumptions and forecasts nothing."""

EPILOG = """\
start here:
  sim list                                  what ships
  sim run reference                         how often an agreement holds
  sim compare reference ukraine-kept-out    what a seat at the table is worth
  sim trace reference --replicate 3         one war, week by week
  sim sweep tracks --dry-run                what an experiment would take

exit status: 0 done, 1 the question could not be answered, 2 wrong usage or file"""


class Command(Protocol):
    """What a module of sim.commands offers."""

    NAME: str
    HELP: str

    def add_arguments(self, parser: argparse.ArgumentParser) -> None:
        """Declare the arguments."""

    def execute(self, arguments: argparse.Namespace) -> int:
        """Do it and return the exit status."""


COMMANDS = cast(
    tuple[Command, ...],
    (
        list_shipped,
        run_scenario,
        compare_scenarios,
        trace_replicate,
        sweep_experiment,
        vary_parameters,
        show_status,
        export_folder,
        report_folder,
        reproduce_folder,
        judge_claims,
        demonstrate,
        show_values,
        validate_files,
        search_parameters,
        start_file,
        print_schema,
    ),
)


class Version(argparse.Action):
    """Print the versions of package and model; they are looked up only when asked for."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        """Print and leave."""
        from sim.version import DISTRIBUTION, model_version, package_version

        print(f"{DISTRIBUTION} {package_version()}, model {model_version()}")
        parser.exit()


def parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(prog="sim", description=DESCRIPTION, epilog=EPILOG)
    top.add_argument("--version", action=Version, nargs=0, help="print the versions of the package and of the model")
    below = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=Parser)
    for command in COMMANDS:
        one = below.add_parser(command.NAME, help=command.HELP, description=command.HELP)
        command.add_arguments(one)
        one.set_defaults(execute=command.execute)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; what goes wrong is told in a line, never in a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="replace")
    try:
        try:
            arguments = parser().parse_args(argv)
            status = int(arguments.execute(arguments))
        except SystemExit as leaving:
            status = leaving.code if isinstance(leaving.code, int) else 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except SimError as error:
        return complain(str(error), error.exit_status)
    except KeyboardInterrupt:
        return complain("sim: interrupted", INTERRUPTED)
    except BrokenPipeError:
        silence()
        return PIPE_CLOSED
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EIO):
            silence()
        return complain(f"sim: {error.filename or 'output'}: {error.strerror or error}", FAILED)
    except Exception as error:  # a reader is never shown a traceback
        if os.environ.get("SIM_TRACEBACK"):
            raise
        told = " ".join(f"{type(error).__name__}: {error}".split())
        return complain(f"sim: a mistake in the program: {told} (SIM_TRACEBACK=1 shows where)", FAILED)
    return status


def complain(message: str, status: int) -> int:
    """Print what went wrong and return the exit status."""
    print(message, file=sys.stderr)
    return status


def silence() -> None:
    """Let nothing more be written to a standard output that is closed or full, so that Python does not complain."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None
