"""The command line: which commands there are, and how they end."""

from __future__ import annotations

import argparse
import contextlib
import errno
import io
import os
import sys
import warnings
from importlib import import_module

from sim.commands.options import Parser
from sim.errors import OpenEngineWarning, SimError, one_line

_TYPE_CHECKING = False  # `typing` takes as long to import as all the rest
if _TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

_FAILED = 1
_INTERRUPTED = 130
_PIPE_CLOSED = 141

_DESCRIPTION = """\
An agent-based simulator of diplomatic negotiation tracks: who talks to whom,
what is believed, and whether an agreement comes of it and holds. It explores
the consequences of stated assumptions and forecasts nothing."""

_EPILOG = """\
start here:
  sim list                                  what ships
  sim run reference                         how often an agreement holds
  sim compare reference ukraine-kept-out    what a seat at the table is worth
  sim trace reference --replicate 3         one war, week by week
  sim sweep tracks --dry-run                what an experiment would take

exit status: 0 done, 1 the question could not be answered, 2 wrong usage or file"""


# Each command: its module in sim.commands, imported only when the command is called, and what it does.
COMMANDS = {
    "list": ("list_shipped", "scenarios, sets of assumptions and experiments that ship"),
    "run": ("run_scenario", "replicates of one scenario: success, outcomes, trust, terms"),
    "compare": ("compare_scenarios", "two scenarios in the same replicates: paired differences, helped and harmed"),
    "trace": (
        "trace_replicate",
        "the turning points of one replicate, or every week: who said what, how it ended",
    ),
    "sweep": ("sweep_experiment", "an experiment, played into a result folder; survives being killed"),
    "vary": ("vary_parameters", "what-if over one or two parameters; keeps the experiment file it ran"),
    "status": ("show_status", "what a result folder holds and what it lacks"),
    "export": ("export_folder", "a result folder as CSV, Parquet or a spreadsheet, with a dictionary"),
    "report": ("report_folder", "the page of a result folder: the answer, every figure, how it was made"),
    "reproduce": ("reproduce_folder", "play a result folder again from its manifest and compare every bit"),
    "claims": ("judge_claims", "the ledger: claims put to the test; of a space, what each parameter explains"),
    "show": ("show_values", "every effective value of a scenario and where it came from"),
    "validate": (
        "validate_files",
        "check scenarios, experiments, sets of assumptions; every mistake with its line",
    ),
    "params": ("search_parameters", "every parameter: meaning, unit, default, plausible range, standing, source"),
    "new": ("start_file", "a commented starting file for a scenario or an experiment of your own"),
    "schema": ("print_schema", "the JSON Schema of scenario and experiment files, for editors"),
}


class CommandParser(Parser):
    """The parser of one command, which has no arguments until the command is called."""

    def parse_known_args(self, args: Any = None, namespace: Any = None) -> tuple[Any, list[str]]:
        """Declare the arguments, and return those given and what was not understood."""
        self.declare()
        return super().parse_known_args(args, namespace)

    def declare(self) -> None:
        """Import the command's module and let it declare its arguments."""
        name = self.prog.rpartition(" ")[2]
        command = import_module(f"sim.commands.{COMMANDS[name][0]}")
        command.add_arguments(self)
        self.set_defaults(command=name, execute=command.execute)


class _Version(argparse.Action):
    """Print the versions of package and model; they are looked up only when asked for."""

    def __call__(
        self, parser: argparse.ArgumentParser, namespace: argparse.Namespace, values: object, option: str | None = None
    ) -> None:
        """Print and leave."""
        from sim.version import DISTRIBUTION, model_version, package_version

        print(f"{DISTRIBUTION} {package_version()}, model {model_version()}")
        parser.exit()


def _parser() -> Parser:
    """Return the parser of the whole command line."""
    top = Parser(prog="sim", description=_DESCRIPTION, epilog=_EPILOG)
    top.add_argument("--version", action=_Version, nargs=0, help="print the versions of the package and of the model")
    commands = top.add_subparsers(title="commands", metavar="COMMAND", required=True, parser_class=CommandParser)
    for name, (_, purpose) in COMMANDS.items():
        commands.add_parser(name, help=purpose, description=purpose)
    return top


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command line and return its exit status; what goes wrong is told in a line, never in a traceback."""
    if isinstance(sys.stdout, io.TextIOWrapper):
        sys.stdout.reconfigure(errors="backslashreplace")
    try:
        try:
            arguments = _parser().parse_args(argv)
            with _warnings_as_lines():
                status = int(arguments.execute(arguments))
        except SystemExit as leaving:
            status = leaving.code if isinstance(leaving.code, int) else 0
        if sys.stdout is not None:
            sys.stdout.flush()
    except SimError as error:
        return _complain(str(error), error.exit_status)
    except KeyboardInterrupt:
        return _complain("sim: interrupted", _INTERRUPTED)
    except BrokenPipeError:
        _silence()
        return _PIPE_CLOSED
    except MemoryError:
        return _complain("sim: there is not enough memory for this; less is needed with --threads 1", _FAILED)
    except OSError as error:
        if error.errno in (errno.ENOSPC, errno.EIO, errno.EBADF):
            _silence()
        return _complain(one_line(f"sim: {error.filename or 'output'}: {error.strerror or error}"), _FAILED)
    except Exception as error:  # a reader is never shown a traceback
        if os.environ.get("SIM_TRACEBACK"):
            raise
        what = one_line(" ".join(f"{type(error).__name__}: {error}".split()))
        return _complain(f"sim: a mistake in the program: {what} (SIM_TRACEBACK=1 shows where)", _FAILED)
    return status


@contextlib.contextmanager
def _warnings_as_lines() -> Iterator[None]:
    """Let what a reader is warned of be one line beside the output."""
    with warnings.catch_warnings():
        warnings.simplefilter("always", OpenEngineWarning)
        warnings.showwarning = lambda message, *about: _warn(str(message))
        yield


def _warn(message: str) -> None:
    """Print a line beside the output, where that can be done."""
    with contextlib.suppress(OSError):
        print(message, file=sys.stderr)


def _complain(message: str, status: int) -> int:
    """Print what went wrong and return the exit status, which alone tells it where nothing can be printed."""
    _warn(message)
    return status


def _silence() -> None:
    """Let nothing more be written to a standard output that is closed or full, so that Python does not complain."""
    try:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    except (OSError, ValueError):
        sys.stdout = None
