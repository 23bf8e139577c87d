"""Starting files: a commented scenario or experiment to fill in, in which every line is valid once its # is taken away.

Values are read off the parent and their meaning off the declarations, so that a starting file never says anything else
than the model. Words stand behind "# ", settings behind "#".
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Iterator

from sim import words
from sim.errors import ScenarioError
from sim.parameters import Parameter, parameters_of
from sim.scenario.keys import leaves, parameter_of, quoted, split_key
from sim.scenario.load import load
from sim.shipped import shipped_names

PARENT = "secret-track-1.5"
_FILE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,59}")
_WIDTH = 100

_INTRODUCTION = """\
# {name}: a scenario of your own. As it stands it is {parent} under another title.
#
# Everything not said here is as in the scenario it extends. To change a line, take away its # and change the
# value; the one shown is the one that holds now. These commands say more:
#
"""

_COMMANDS = (
    ("sim validate {name}.toml", "is everything as it should be?"),
    ("sim show {name}.toml", "every value, and where it comes from"),
    ("sim run {name}.toml", "what happens"),
    ("sim compare {parent} {name}.toml", "what the changes do"),
    ("sim params", "every parameter: meaning, unit, default, plausible range"),
)

_START = """
extends = "{parent}"
title = "{name}: say the case in one line"
description = \"\"\"
Say here what happens in this case, and with what it should be compared.
\"\"\"
"""

_EXPERIMENT = '''\
# {name}: an experiment of your own. As it stands it asks what the secret channel does to the chance of peace.
#
#   sim validate {name}.toml            is everything as it should be?
#   sim sweep {name}.toml --dry-run     what would it take?
#   sim sweep {name}.toml               play it; killed or stopped, go on with --resume
#   sim list                            the scenarios and experiments that ship

title = "{name}: say the question in one line"
question = "What does the channel do to the chance of peace?"
description = """
Say here what is varied and why.
"""
replicates = 2000
'''

_OPTIONAL = (
    ("outcomes", '["success", "trust.ukraine.united_states"]'),
    ("precision", "0.01"),
    ("weekly", "true"),
    ("seed", "1001"),
    ("design", '"factorial"'),
)

_POINTS = """
# The scenarios: shipped ones, or files named from here. `set` changes values.

[scenarios.none]
extends = "reference"

[scenarios.secret]
extends = "{parent}"
#set = {{ "channels.back.cadence_weeks" = 8 }}

# Factors: each scenario is played under every combination of their values. Keys that a scenario has not are no matter
# to it. Two envoys speak in turn: what is true of both is set for both. A value may also be a set of keys with a name.

#[factors.candour]
#keys = ["officials.envoy.candour", "officials.second_envoy.candour"]
#values = [0.4, 0.7, 1.0]

#[factors.rounds.values]
#few = {{ "table.max_rounds" = 2 }}
#many = {{ "table.max_rounds" = 12 }}

# What is set against what, b minus a: scenarios, or points by their names, as in "secret candour=0.4".

[contrasts.channel]
a = "none"
b = "secret"
"""

_ENVOY = ("persona", "candour", "shading", "lean", "discretion")
_ASKED_MOST = (
    ("Who speaks: two envoys in turn, so that a change to one may have to be made to both.", "officials.envoy", _ENVOY),
    ("", "officials.second_envoy", _ENVOY),
    ("How they meet.", "channels.back", ("track", "cadence_weeks", "secret", "authorised", "verification")),
    ("Who sits at the table.", "table", ("parties", "max_rounds")),
    ("What is believed at the start.", "states.ukraine.toward.united_states", ("trust",)),
)

_WHAT_IFS = """
# A stop in Kyiv, from the first week on. Here and below, take away every # of the block.

#[channels.back.legs.kyiv]
#state = "ukraine"

# The channel comes to light in week 26 and the government denies it. Other acts: stay_silent, disown.

#[interventions.leak]
#week = 26
#expose = "back"
#deny = "back"

# From week 52 on the hearers check every second meeting with the home government.

#[interventions.distrust]
#week = 52
#set = { "channels.back.verification" = 0.5 }
"""


def starting_scenario(name: str) -> str:
    """Return the text of a commented scenario file called `name`, without its suffix."""
    _check_name(name, "scenario")
    names = {"name": name, "parent": PARENT}
    commands = [(command.format(**names), purpose) for command, purpose in _COMMANDS]
    widest = max(len(command) for command, _ in commands)
    lines = [f"#   {command:<{widest}}   {purpose}\n" for command, purpose in commands]
    return "".join([_INTRODUCTION.format(**names), *lines, _START.format(**names), *_settings(), _WHAT_IFS])


def _starting_experiment(name: str) -> str:
    """Return the text of a commented experiment file called `name`, without its suffix."""
    from sim.study.design.experiment_file import ExperimentFile

    _check_name(name, "experiment")
    lines = [_EXPERIMENT.format(name=name, parent=PARENT)]
    for key, value in _OPTIONAL:
        lines += ["\n", *_explanation(dict(parameters_of(ExperimentFile))[key]), f"#{key} = {value}\n"]
    return "".join([*lines, _POINTS.format(parent=PARENT)])


def _check_name(name: str, kind: str) -> None:
    """Raise unless a file of one kind may be called so."""
    if not _FILE_NAME.fullmatch(name):
        article = "an" if kind == "experiment" else "a"
        raise ScenarioError(
            f"{quoted(name)} cannot name {article} {kind}: use up to 60 letters, digits, dots, dashes and _"
        )
    if name in shipped_names(f"{kind}s"):
        raise ScenarioError(f"{quoted(name)} is the name of a shipped {kind}; choose another")


def _settings() -> Iterator[str]:
    """Yield the tables whose values are asked for most, each value commented out, with what it means the first time."""
    values = {".".join(key): value for key, value in leaves(load(PARENT).values)}
    explained: set[str] = set()
    for title, table, names in _ASKED_MOST:
        yield f"\n# {title}\n\n" if title else "\n"
        yield f"[{table}]\n"
        for name in names:
            parameter = parameter_of(split_key(f"{table}.{name}"))
            if parameter.meaning not in explained:
                yield from _explanation(parameter)
            explained.add(parameter.meaning)
            yield f"#{name} = {words.toml(values[f'{table}.{name}'])}\n"


def _explanation(parameter: Parameter) -> Iterator[str]:
    """Yield the lines that say what a parameter means and what it may be."""
    span = "{:g} to {:g}".format(*parameter.limits) if parameter.kind in ("number", "count") else ""
    allowed = ", ".join(part for part in (parameter.unit, span) if part)
    for line in textwrap.wrap(f"{parameter.meaning} ({allowed})", _WIDTH):
        yield f"# {line}\n"


STARTING: dict[str, Callable[[str], str]] = {"scenario": starting_scenario, "experiment": _starting_experiment}
