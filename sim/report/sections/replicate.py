"""One typical replicate: its line of time, its turning points, and its network."""

from __future__ import annotations

from sim.report.figures import network, weeks
from sim.report.findings import Findings
from sim.report.page import Block, Command, Events, Figure, Section, Turn
from sim.report.stories import story, typical


def section(findings: Findings) -> Section | None:
    """Return the typical replicate of one point.

    None where the scenario cannot be played today as it was: another version of the model would play another replicate
    under its number. One that a class of one's own played is named and not played again: a page imports nobody's code.
    """
    point, seed = findings.typical_point, findings.folder.manifest["seed"]
    scenario = findings.folder.playable(point.scenario)
    if scenario is None:
        return None
    number, why = typical(findings.result(point))
    command = findings.tracing_command(point, number)
    told = Command("Every event of this replicate, week by week, typed in the folder of this page:", command)
    text = f"Replicate {number:,} of “{findings.name_of(point)}”. {why}"
    if point.base.model is not None and point.base.model.played_by is None:
        return Section("replicate", "One typical replicate", [text], [told])
    played = story(scenario, seed, number)
    turns = [Turn(f"week {turn.week}", turn.text, str(place)) for place, turn in enumerate(played.turns(), start=1)]
    blocks: list[Block] = [
        Figure(weeks.exhibit(played)),
        Events(turns),
        told,
        Figure(network.exhibit(played)),
    ]
    return Section("replicate", "One typical replicate", [text], blocks)
