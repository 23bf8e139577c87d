"""Options that several commands share, and the parser that says what is wrong in one line."""

from __future__ import annotations

import argparse
import re

TYPE_CHECKING = False  # what is imported here must come at once, and `typing` takes as long as all the rest
if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from typing import NoReturn

    from sim.scenario.load import Scenario

DEFAULT_REPLICATES = 1000
MOST_REPLICATES = 10_000_000
_DEFAULT_BUDGET = 1_000_000
WRONG_USAGE = 2
_INVALID_CHOICE = re.compile(r"invalid choice: '(?P<given>.*?)' \(choose from (?P<choices>.*)\)", re.DOTALL)


class _HelpLayout(argparse.RawDescriptionHelpFormatter):
    """Help of at most 80 columns that keeps the line breaks of its texts."""

    def __init__(self, prog: str) -> None:
        """Prepare for one program; a width that is given saves the import of what would ask the terminal."""
        super().__init__(prog, width=78)


class Parser(argparse.ArgumentParser):
    """A parser that knows no abbreviations and reports a wrong usage in one line."""

    def __init__(self, prog: str | None = None, description: str | None = None, epilog: str | None = None) -> None:
        """Prepare a parser with our layout of help."""
        super().__init__(
            prog=prog, description=description, epilog=epilog, formatter_class=_HelpLayout, allow_abbrev=False
        )

    def error(self, message: str) -> NoReturn:
        """Leave with status 2, the complaint, the nearest valid word, and where to read more."""
        found = _INVALID_CHOICE.search(message)
        if found:
            import difflib

            choices = re.findall(r"[\w.-]+", found["choices"])
            close = difflib.get_close_matches(found["given"], choices, n=1)
            hint = f"did you mean {close[0]}?" if close else f"one of {', '.join(choices)}"
            from sim.scenario.renamed import new_name

            name, remark = new_name("commands", found["given"], choices)
            hint = f"it is now {name}{remark}" if name else hint
            message = f"there is no {found['given']!a}; {hint}"
        self.exit(WRONG_USAGE, f"{self.prog}: {' '.join(message.split())} (see {self.prog} --help)\n")


def whole(least: int, most: int) -> Callable[[str], int]:
    """Return what reads a whole number between two limits."""

    def read(text: str) -> int:
        try:
            value = int(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!a} is not a whole number") from None
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(f"{value} lies outside {least}..{most}")
        return value

    return read


def share(most: float) -> Callable[[str], float]:
    """Return what reads a number above 0 and up to a limit."""

    def read(text: str) -> float:
        try:
            value = float(text)
        except ValueError:
            raise argparse.ArgumentTypeError(f"{text!a} is not a number") from None
        if not 0.0 < value <= most:
            raise argparse.ArgumentTypeError(f"{value:g} lies outside 0..{most:g}, 0 excluded")
        return value

    return read


def add_scenario(parser: argparse.ArgumentParser) -> None:
    """Add the scenario, what is laid and set over it, and the model class that plays it."""
    parser.add_argument("scenario", help="a shipped scenario (sim list) or a file")
    add_changes(parser)
    add_model(parser)


def add_changes(parser: argparse.ArgumentParser) -> None:
    """Add sets of assumptions laid over what a file says, and values set over that."""
    add_under(parser)
    parser.add_argument(
        "--set",
        dest="sets",
        metavar="KEY=VALUE",
        action="append",
        default=[],
        help="change a value, as in officials.envoy.candour=0.5 (may be given several times)",
    )


def add_under(parser: argparse.ArgumentParser) -> None:
    """Add sets of assumptions laid over what a file says."""
    parser.add_argument(
        "--under",
        metavar="NAME",
        action="append",
        default=[],
        help="lay a set of assumptions over it: a shipped one (sim list) or a file (may be given several times)",
    )


def add_model(parser: argparse.ArgumentParser) -> None:
    """Add the model class of one's own."""
    parser.add_argument(
        "--model",
        metavar="MODULE:CLASS",
        help="a subclass of sim.War of your own, which plays; its module is looked for in this folder first",
    )


def class_of(arguments: argparse.Namespace) -> type | None:
    """Return the model class of one's own that is named; None where ours plays."""
    if arguments.model is None:
        return None
    from sim.commands.own_model import class_named

    return class_named(arguments.model)


def add_replicates(parser: argparse.ArgumentParser, default: int | None, meaning: str) -> None:
    """Add how many replicates are played; without a default, as many as the experiment says."""
    parser.add_argument(
        "-n",
        "--replicates",
        metavar="N",
        type=whole(1, MOST_REPLICATES),
        default=default,
        help=f"{meaning} (default{f' {default}' if default else ': as the experiment says'})",
    )


def add_threads(parser: argparse.ArgumentParser) -> None:
    """Add how many replicates are played at once."""
    parser.add_argument(
        "--threads",
        metavar="T",
        type=whole(1, 4096),
        help="how many play at once (default: as many as the machine has); never changes a result",
    )


def add_luck(parser: argparse.ArgumentParser) -> None:
    """Add how many replicates are played, under which seed, on how many processors and in which engine."""
    add_replicates(parser, DEFAULT_REPLICATES, "how many replicates")
    add_seed(parser)
    add_threads(parser)
    parser.add_argument(
        "--engine",
        choices=("compiled", "open"),
        help="which engine plays (default: compiled, open for a few replicates); never changes a result",
    )


def add_precision(parser: argparse.ArgumentParser, of: str) -> None:
    """Add playing on until an interval is narrow enough; `of` says which."""
    parser.add_argument(
        "--precision",
        metavar="H",
        type=share(0.5),
        help=f"play on until {of} is known to +- H at 95 %%, whatever -n says",
    )
    parser.add_argument(
        "--budget",
        metavar="N",
        type=whole(1, MOST_REPLICATES),
        default=_DEFAULT_BUDGET,
        help=f"with --precision: at most so many replicates (default {_DEFAULT_BUDGET})",
    )


def add_seed(parser: argparse.ArgumentParser) -> None:
    """Add the seed."""
    parser.add_argument("--seed", metavar="S", type=whole(0, 2**63 - 1), default=0, help="the seed (default 0)")


def add_json(parser: argparse.ArgumentParser) -> None:
    """Add output as JSON."""
    parser.add_argument("--json", action="store_true", help="print one JSON object and nothing else")


def add_explain(parser: argparse.ArgumentParser) -> None:
    """Add the meaning of each number."""
    parser.add_argument("--explain", action="store_true", help="say under each number what it means")


def load_changed(source: str, under: Sequence[str], sets: Iterable[str], model: type | None = None) -> Scenario:
    """Return a scenario with sets of assumptions and the values of `--set` over it; say what is to be known of them.

    model   the class of one's own that plays it; ours if there is none
    """
    from sim.scenario.load import parse_set
    from sim.study.design.loading import load

    scenario = load(source, dict(parse_set(text) for text in sets), model=model, under=under)
    warn_of([scenario])
    return scenario


def warn_of(scenarios: Iterable[Scenario]) -> None:
    """Say beside the output what is to be known of the sets of assumptions over some scenarios."""
    from sim.commands.output import warn

    for remark in dict.fromkeys(remark for scenario in scenarios for remark in scenario.remarks):
        warn(remark)


def luck_options(arguments: argparse.Namespace) -> list[str]:
    """Return the options that decide which replicates are played."""
    return ["replicates", "seed"] if arguments.precision is None else ["precision", "budget", "seed"]


def repeating_command(arguments: argparse.Namespace, names: Iterable[str], options: Iterable[str]) -> str:
    """Return the command that gives the same again: its positional arguments, options, model, and what is laid and set."""
    from sim import words

    places: list[object] = []
    for name in names:
        value = getattr(arguments, name)
        places += value if isinstance(value, list) else [value]
    parts: list[object] = []
    for option in options:
        value = getattr(arguments, option)
        if value is not None:
            parts += ["-n" if option == "replicates" else f"--{option}", value]
    if getattr(arguments, "model", None) is not None:
        parts += ["--model", arguments.model]
    for name in getattr(arguments, "under", []):
        parts += ["--under", name]
    for text in getattr(arguments, "sets", []):
        parts += ["--set", text]
    return words.command(arguments.command, places, parts)
