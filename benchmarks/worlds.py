"""Scenarios of any size, written for the measurement of how cost grows."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import sim
from sim.scenario.load import Scenario

ISSUES = ("territory", "security", "sanctions", "accountability")
BELLIGERENTS = ("russia", "ukraine")

BELLIGERENT = """
[states.{name}]
side = "{side}"
cost_median = {cost}
betrayal = {betrayal}
deterrence = {deterrence}
strength = {strength}
blocking = 1.0
ratifies = {ratifies}
"""
SILENT = """
[states.{name}]
side = "none"
blocking = 0.0
ratifies = false
"""
SEATED = """
[states.{name}]
side = "none"
blocking = 0.0
ratifies = true
"""
CHANNEL = """
[officials.envoy_{number}]
home = "united_states"
persona = "plain"

[channels.channel_{number}]
track = "1.5"
home = "united_states"
envoys = ["envoy_{number}"]
cadence_weeks = 4
secret = true

[channels.channel_{number}.legs.moscow]
state = "russia"
"""


def world_with_states(count: int, seated: bool, folder: Path) -> Scenario:
    """Return a war of two with third parties, `count` states in all; they only look on, or sit at the table."""
    others = [f"third_{number}" for number in range(count - len(BELLIGERENTS))]
    kind = SEATED if seated else SILENT
    text = [f'title = "{count} states"\nweeks = 156\n', *issues(), *belligerents()]
    text += [kind.format(name=name) + positions(name, 0.25) for name in others]
    parties = ", ".join(f'"{name}"' for name in [*BELLIGERENTS, *(others if seated else [])])
    return scenario_of(
        "\n".join([*text, f"[table]\nparties = [{parties}]\n"]), folder / f"states_{count}_{seated}.toml"
    )


def world_with_channels(count: int, folder: Path) -> Scenario:
    """Return the reference with this many secret channels, each with an envoy of its own."""
    text = f'extends = "reference"\ntitle = "{count} channels"\n'
    text += "".join(CHANNEL.format(number=number) for number in range(count))
    return scenario_of(text, folder / f"channels_{count}.toml")


def world_with_weeks(weeks: int) -> Scenario:
    """Return the essay's case over another horizon."""
    return sim.load("secret-track-1.5").with_values({"weeks": weeks})


def issues() -> Iterator[str]:
    """Yield the issues of the reference."""
    yield from ("[issues.territory]\ncontested = true\n", "[issues.security]\ncontested = true\n")
    yield from ("[issues.sanctions]\nstatus_quo = 0.0\n", "[issues.accountability]\nstatus_quo = 0.3\n")


def belligerents() -> Iterator[str]:
    """Yield the two fighters, with the values that the reference gives them."""
    first = {"side": "A", "cost": 0.03, "betrayal": 0.08, "deterrence": 0.6, "strength": 1.0, "ratifies": "false"}
    second = {"side": "B", "cost": 0.045, "betrayal": 0.2, "deterrence": 0.3, "strength": 0.75, "ratifies": "true"}
    for name, values, aim in zip(BELLIGERENTS, (first, second), (1.0, 0.0), strict=True):
        yield BELLIGERENT.format(name=name, **values) + positions(name, aim)


def positions(name: str, aim: float) -> str:
    """Return aims and weights: the same aim and the same weight on every issue."""
    aims = ", ".join(f"{issue} = {aim}" for issue in ISSUES)
    weights = ", ".join(f"{issue} = {1 / len(ISSUES)}" for issue in ISSUES)
    return f"aims = {{ {aims} }}\nweights = {{ {weights} }}\n"


def scenario_of(text: str, path: Path) -> Scenario:
    """Return the scenario of a text, read from a file as any is."""
    path.write_text(text, encoding="utf-8")
    return sim.load(path)
